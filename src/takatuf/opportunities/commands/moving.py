"""Shifts people count on: cancelled or moved, one, a series or the whole, with a reason.

A shift can be called off until it begins by its clock, whoever was marked on its sheet before.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel import traces
from takatuf.kernel.notices import announce
from takatuf.kernel.registries import Registry
from takatuf.kernel.transitions import change_state
from takatuf.opportunities import queries, weekly
from takatuf.opportunities.commands.drafting import judge_again, locked
from takatuf.opportunities.commands.shifts import in_scope, place_shifts
from takatuf.opportunities.enums import OPEN, SHIFT_STEPS, Scope, ShiftStatus
from takatuf.opportunities.errors import BadSchedule, CannotChange
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.opportunities.notices import ShiftCancelled, ShiftsMoved
from takatuf.registry import commands as registry

LATE = timedelta(hours=48)
# name -> function(shift_ids, by, at): take back what was marked on the sheets of shifts that
# are called off before they begin; in the same transaction, before anybody is told
marks_on_sheets: Registry = Registry("marks on sheets")


@transaction.atomic
def cancel_shift(*, shift_id: int, reason: str, by, at: datetime) -> Shift:
    """Cancel one shift for a public reason; everyone placed is told.

    :raises CannotChange: without a reason, or once it has begun.
    """
    reason = require_reason(reason)
    opportunity, shift = _public_shift(shift_id, at=at)
    _take_back_marks([shift.pk], by=by, at=at)
    _count_late([shift.pk], opportunity, at=at)
    _end(shift, ShiftStatus.CANCELLED, reason, opportunity, by=by, at=at)
    announce(ShiftCancelled(shift_id=shift.pk, reason=reason))
    judge_again(opportunity, at=at)
    return shift


@transaction.atomic
def move_shift(
    *,
    shift_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by,
    at: datetime,
    scope: str = Scope.THIS,
) -> list[Shift]:
    """The shift takes place at another time: a new shift with the same roles and seats.

    With a wider scope the following, or all, of its series move by as many days and take
    the same times of day. Everyone placed is told, and keeps, changes or leaves.

    :returns: the new shifts, in the order of those they stand for.
    :raises BadSchedule: if a new time cannot be; then nothing has moved.
    :raises CannotChange: without a reason, or once it has begun.
    """
    reason = require_reason(reason)
    opportunity, shift = _public_shift(shift_id, at=at)
    starts, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    later = starts.date() - timezone.localtime(shift.starts_at).date()
    rows = in_scope(opportunity.shifts.all(), shift, scope)
    meant = {
        row: (starts_at, ends_at) if row == shift else _at_time(row, later, starts, ends)
        for row in rows.filter(queries.to_come(at))
    }
    return _move(opportunity, meant, reason, by=by, at=at)


@transaction.atomic
def move_opportunity(
    *, opportunity_id: int, days: int, reason: str, by, at: datetime
) -> list[Shift]:
    """The whole takes place so many days later (or earlier), at the same times of day.

    :returns: the new shifts, in the order of those they stand for.
    :raises BadSchedule: if a new day cannot be; then nothing has moved.
    :raises CannotChange: without a reason, or where no shift is left to move.
    """
    reason = require_reason(reason)
    opportunity = locked(opportunity_id)
    _require_public(opportunity)
    if not days:
        raise BadSchedule(_("Choose another day than the one it has."), field="day")
    later = timedelta(days=days)
    meant = {
        row: (row.starts_at + later, row.ends_at + later)
        for row in opportunity.shifts.filter(queries.to_come(at))
    }
    if not meant:
        raise CannotChange(_("No shift to come is left to move."))
    return _move(opportunity, meant, reason, by=by, at=at)


def _at_time(shift: Shift, later: timedelta, starts: datetime, ends: datetime):
    day = timezone.localtime(shift.starts_at).date() + later
    zone = timezone.get_default_timezone()
    return weekly.span(day, starts.time(), ends.time(), zone)


def _move(opportunity: Opportunity, meant, reason: str, *, by, at: datetime) -> list[Shift]:
    """One after the other from the far end, so that each finds its new time free."""
    forward = any(span[0] > shift.starts_at for shift, span in meant.items())
    order = sorted(meant, key=lambda shift: shift.starts_at, reverse=forward)
    new = {}
    _take_back_marks([shift.pk for shift in order], by=by, at=at)
    for shift in order:
        seats = {row.role_id: (row.minimum, row.seats) for row in shift.roles.all()}
        there = place_shifts(opportunity, [meant[shift]], seats, at=at, series=shift.series)[0]
        _end(shift, ShiftStatus.MOVED, reason, opportunity, by=by, at=at, moved_to=there)
        traces.link(there, traces.Relation.SUPERSEDES, shift, at=at)
        new[shift] = there
    announce(
        ShiftsMoved(
            old_shift_ids=[shift.pk for shift in new],
            new_shift_ids=[there.pk for there in new.values()],
            reason=reason,
        )
    )
    judge_again(opportunity, at=at)
    return [new[shift] for shift in sorted(new, key=lambda shift: shift.starts_at)]


def _public_shift(shift_id: int, *, at: datetime) -> tuple[Opportunity, Shift]:
    """The opportunity, locked, and the shift, which is to come."""
    opportunity = locked(
        Shift.objects.values_list("opportunity_id", flat=True).get(pk=shift_id)
    )
    _require_public(opportunity)
    shift = opportunity.shifts.filter(queries.to_come(at), pk=shift_id).first()
    if shift is None:
        raise CannotChange(
            _("This shift has begun or is off already: it is neither cancelled nor moved.")
        )
    return opportunity, shift


def _take_back_marks(shift_ids: Collection[int], *, by, at: datetime) -> None:
    for _name, take_back in marks_on_sheets:
        take_back(shift_ids, by=by, at=at)


def _require_public(opportunity: Opportunity) -> None:
    if opportunity.status not in OPEN:
        raise CannotChange(_("This is not published: take the shift out of the draft instead."))


def _end(
    shift: Shift, to: str, reason: str, opportunity: Opportunity, *, by, at, **fields
) -> None:
    change_state(
        shift, to, table=SHIFT_STEPS, by=by, at=at, action=to, reason=reason,
        acting_body=opportunity.body, columns={"reason": reason}, **fields,
    )  # fmt: skip


def require_reason(reason: str) -> str:
    """:raises CannotChange: if nothing is said."""
    if not reason.strip():
        raise CannotChange(
            _("Write the reason: everybody who has a place will read it."), field="reason"
        )
    return reason.strip()[:300]


def cancel_planned(opportunity: Opportunity, reason: str, *, by, at: datetime) -> list[int]:
    """Cancel every planned shift at once; the opportunity's own history tells of it.

    Those that began without anybody in them go along.

    :returns: the shifts that were to come, soonest first.
    :raises CannotChange: if one has begun with people in it: what they did is for its sheet.
    """
    planned = opportunity.shifts.filter(status=ShiftStatus.PLANNED)
    begun = Q(status=ShiftStatus.RUNNING) | Q(
        ~queries.to_come(at), status=ShiftStatus.PLANNED, roles__taken__gt=0
    )
    if opportunity.shifts.filter(begun).exists():
        raise CannotChange(
            _(
                "A shift has begun and its day sheet is not closed: close it first. Shifts "
                "to come can be cancelled one by one meanwhile."
            )
        )
    coming = planned.filter(queries.to_come(at)).order_by("starts_at")
    keys = list(coming.values_list("pk", flat=True))
    _take_back_marks(keys, by=by, at=at)
    _count_late(keys, opportunity, at=at)
    planned.update(status=ShiftStatus.CANCELLED, reason=reason[:300])
    return keys


def _count_late(shifts: list[int], opportunity: Opportunity, *, at: datetime) -> None:
    """A cancellation less than 48 hours ahead that lets somebody down counts publicly."""
    late = Shift.objects.filter(
        pk__in=shifts, starts_at__lt=at + LATE, roles__taken__gt=0
    ).distinct()
    if count := late.count():
        registry.count_late_cancellations(body=opportunity.body, count=count)
