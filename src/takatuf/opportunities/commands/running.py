"""Shifts as they happen: begun, ended; and the opportunity with them."""

from datetime import datetime

from django.db import transaction

from takatuf.kernel.transitions import change_state
from takatuf.opportunities import queries
from takatuf.opportunities.commands.listing import beside, refresh_listing
from takatuf.opportunities.enums import (
    LIVE_SHIFTS,
    OPEN,
    OPPORTUNITY_STEPS,
    SHIFT_STEPS,
    OpportunityStatus,
    ShiftStatus,
)
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.registry import commands as registry


@transaction.atomic
def start_shift(*, shift_id: int, by, at: datetime) -> Shift:
    """The shift begins; a published opportunity runs from its first shift on.

    :raises WrongState: if the shift is not planned any more.
    """
    shift = queries.shift_for_update(shift_id)
    opportunity = shift.opportunity
    change_state(
        shift, ShiftStatus.RUNNING, table=SHIFT_STEPS, by=by, at=at, action="started",
        acting_body=opportunity.body,
    )  # fmt: skip
    if opportunity.status == OpportunityStatus.PUBLISHED:
        change_state(
            opportunity, OpportunityStatus.RUNNING, table=OPPORTUNITY_STEPS, by=by, at=at,
            action="first shift started", acting_body=opportunity.body,
        )  # fmt: skip
    refresh_listing(opportunity, at=at)
    return shift


@transaction.atomic
def close_shift(*, shift_id: int, by, at: datetime) -> Shift:
    """The shift is over and its sheet closed; the last one closes the opportunity.

    :raises WrongState: if the shift is neither planned nor running.
    """
    shift = queries.shift_for_update(shift_id)
    opportunity = shift.opportunity
    change_state(
        shift, ShiftStatus.CLOSED, table=SHIFT_STEPS, by=by, at=at, action="closed",
        acting_body=opportunity.body,
    )  # fmt: skip
    registry.count_shift_held(body=opportunity.body)
    refresh_listing(opportunity, at=at)
    close_if_done(opportunity_id=opportunity.pk, by=by, at=at)
    return shift


@transaction.atomic
def close_if_done(*, opportunity_id: int, by, at: datetime) -> bool:
    """Close what has no shift planned or running any more; say whether it did."""
    queries.lock_listing(opportunity_id)
    opportunity = Opportunity.objects.select_related("body").get(pk=opportunity_id)
    open_shifts = opportunity.shifts.filter(status__in=LIVE_SHIFTS)
    if opportunity.status not in OPEN or open_shifts.exists():
        return False
    change_state(
        opportunity, OpportunityStatus.CLOSED, table=OPPORTUNITY_STEPS, by=by, at=at,
        action="closed", acting_body=opportunity.body, closed_at=at,
        **beside(OpportunityStatus.CLOSED),
    )  # fmt: skip
    refresh_listing(opportunity, at=at)
    return True
