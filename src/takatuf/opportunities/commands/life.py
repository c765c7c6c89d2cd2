"""A published opportunity's life: paused, confirmed again, cancelled, closed."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import record
from takatuf.opportunities import queries
from takatuf.opportunities.commands.drafting import judge_again, locked
from takatuf.opportunities.commands.gate import FRESH, step
from takatuf.opportunities.commands.moving import cancel_planned, require_reason
from takatuf.opportunities.enums import EDITABLE, OPEN, OpportunityStatus, ShiftStatus
from takatuf.opportunities.errors import CannotChange, PeoplePlaced
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.notices import OpportunityCancelled, TakesPeopleAgain

# Kept in English as a shift's reason, read in the reader's language.
DISCARDED = gettext_noop("Draft discarded")
CLOSED_EARLY = gettext_noop("The opportunity was closed.")


@transaction.atomic
def pause(*, opportunity_id: int, by, at: datetime) -> Opportunity:
    """Take nobody new for a while; who has a place keeps it."""
    opportunity = locked(opportunity_id)
    step(opportunity, OpportunityStatus.PAUSED, by=by, at=at, action="paused")
    judge_again(opportunity, at=at)
    return opportunity


@transaction.atomic
def resume(*, opportunity_id: int, by, at: datetime) -> Opportunity:
    """Take people again; that is a confirmation too. Running ones go on running."""
    opportunity = locked(opportunity_id)
    fresh = {"reconfirm_by": timezone.localdate(at) + FRESH}
    step(opportunity, OpportunityStatus.PUBLISHED, by=by, at=at, action="resumed", **fresh)
    begun = [ShiftStatus.RUNNING, ShiftStatus.CLOSED]
    if opportunity.shifts.filter(status__in=begun).exists():
        step(opportunity, OpportunityStatus.RUNNING, by=by, at=at, action="running again")
    judge_again(opportunity, at=at)
    announce(TakesPeopleAgain(opportunity_id=opportunity.pk))
    return opportunity


@transaction.atomic
def reconfirm(
    *, opportunity_id: int, by, at: datetime, asked_until: date | None = None
) -> Opportunity:
    """Say that it still stands: listed for thirty more days.

    :param asked_until: the last day that a message asked about; who answers it once somebody
        has, changes nothing.
    :raises CannotChange: if people cannot join it anyway.
    """
    opportunity = locked(opportunity_id)
    if opportunity.status not in OPEN:
        raise CannotChange(
            _("This is now “%(state)s”: there is nothing to confirm.")
            % {"state": opportunity.get_status_display()}
        )
    if asked_until and opportunity.reconfirm_by != asked_until:
        return opportunity
    today = timezone.localdate(at)
    ran_out = opportunity.reconfirm_by is not None and opportunity.reconfirm_by < today
    until = today + FRESH
    Opportunity.objects.filter(pk=opportunity.pk).update(reconfirm_by=until)
    opportunity.reconfirm_by = until
    record(
        subject=opportunity,
        action="confirmed again",
        by=by,
        at=at,
        acting_body=opportunity.body,
    )
    judge_again(opportunity, at=at)
    if ran_out:
        announce(TakesPeopleAgain(opportunity_id=opportunity.pk))
    return opportunity


@transaction.atomic
def cancel_opportunity(*, opportunity_id: int, reason: str, by, at: datetime) -> Opportunity:
    """Give the whole up, for a public reason; everyone placed is told. A draft just goes.

    :raises CannotChange: without a reason, or while the sheet of a shift that has begun with
        people in it is not closed.
    """
    opportunity = locked(opportunity_id)
    if opportunity.status not in EDITABLE:
        reason = require_reason(reason)
    was_shown = opportunity.status in OPEN
    cancelled = cancel_planned(opportunity, reason or DISCARDED, by=by, at=at)
    step(
        opportunity, OpportunityStatus.CANCELLED, by=by, at=at, action="cancelled",
        reason=reason.strip(), closed_at=at,
    )  # fmt: skip
    judge_again(opportunity, at=at)
    if was_shown:
        announce(
            OpportunityCancelled(
                opportunity_id=opportunity.pk, shift_ids=cancelled, reason=reason.strip()
            )
        )
    return opportunity


@transaction.atomic
def close_opportunity(*, opportunity_id: int, by, at: datetime) -> Opportunity:
    """End it before its last shift, when nobody has a place in the rest; who asked is told.

    :raises PeoplePlaced: if somebody has a place in a shift to come.
    :raises CannotChange: while the sheet of a shift that has begun with people in it is not
        closed.
    """
    opportunity = locked(opportunity_id)
    coming = opportunity.shifts.filter(queries.to_come(at))
    if coming.filter(roles__taken__gt=0).exists():
        raise PeoplePlaced(
            _(
                "People have places in shifts to come: cancel instead, so that they "
                "are told why."
            )
        )
    cancelled = cancel_planned(opportunity, CLOSED_EARLY, by=by, at=at)
    step(
        opportunity, OpportunityStatus.CLOSED, by=by, at=at, action="closed", closed_at=at,
    )  # fmt: skip
    judge_again(opportunity, at=at)
    announce(
        OpportunityCancelled(
            opportunity_id=opportunity.pk, shift_ids=cancelled, reason=CLOSED_EARLY
        )
    )
    return opportunity
