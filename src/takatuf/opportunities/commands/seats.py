"""Seats of a role in a shift, and the opportunity's own count of them."""

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When

from takatuf.kernel.capacity import release_seat, take_seat
from takatuf.opportunities.commands.listing import next_stamp
from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.models import Opportunity, ShiftRole


@transaction.atomic(savepoint=False)
def take_role_seat(shift_role_id: int) -> bool:
    """Take one seat if one is free; say whether it was. Call inside the claim's transaction."""
    row = ShiftRole.objects.filter(pk=shift_role_id, taken__lt=F("seats"))
    opportunity_id = row.values_list("shift__opportunity_id", flat=True).first()
    if opportunity_id is None:  # full, told without waiting for anybody's lock
        return False
    stamp = next_stamp(opportunity_id)  # first: every change of this opportunity locks alike
    if not take_seat(ShiftRole, shift_role_id):
        return False
    _count(opportunity_id, shift_role_id, step=1, stamp=stamp)
    return True


@transaction.atomic(savepoint=False)
def release_role_seat(shift_role_id: int) -> None:
    """Give one seat back.

    :raises AssertionError: if none was taken, which is a bug of the caller.
    """
    row = ShiftRole.objects.filter(pk=shift_role_id)
    opportunity_id = row.values_list("shift__opportunity_id", flat=True).get()
    stamp = next_stamp(opportunity_id)
    release_seat(ShiftRole, shift_role_id)
    _count(opportunity_id, shift_role_id, step=-1, stamp=stamp)


def _count(opportunity_id: int, shift_role_id: int, *, step: int, stamp: dict) -> None:
    """The listing counts seats of planned shifts only; a walk-in to a running one is not."""
    planned = ShiftRole.objects.filter(
        pk=shift_role_id, shift__opportunity=OuterRef("pk"), shift__status=ShiftStatus.PLANNED
    )
    counted = Case(When(Exists(planned), then=Value(step)), default=Value(0))
    Opportunity.objects.filter(pk=opportunity_id).update(
        seats_taken=F("seats_taken") + counted, **stamp
    )
