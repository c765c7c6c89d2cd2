"""Handing in, and what the gate or a reviewer makes of it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel import traces
from takatuf.kernel.four_eyes import require_another
from takatuf.kernel.links import absolute
from takatuf.kernel.notices import announce
from takatuf.kernel.sayings import write_down
from takatuf.kernel.traces import Relation
from takatuf.kernel.transitions import change_state
from takatuf.needs import commands as needs
from takatuf.needs.enums import OPEN_NEEDS
from takatuf.opportunities import queries
from takatuf.opportunities.commands.drafting import judge_again, locked
from takatuf.opportunities.commands.listing import beside
from takatuf.opportunities.enums import OPPORTUNITY_STEPS, Gate, OpportunityStatus
from takatuf.opportunities.errors import CannotChange
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.notices import OpportunityPublished
from takatuf.opportunities.quality import Verdict
from takatuf.registry import commands as registry
from takatuf.registry import policies as registry_policies
from takatuf.registry import queries as registry_queries
from takatuf.registry.enums import Role

FRESH = timedelta(days=30)  # a listing is confirmed again by then


@transaction.atomic
def submit(*, opportunity_id: int, by, at: datetime) -> Verdict:
    """Hand a draft in: it is published, goes to a reviewer, or comes back with reasons.

    :raises WrongState: if it is neither a draft nor returned.
    """
    opportunity = locked(opportunity_id)
    step(
        opportunity, OpportunityStatus.SUBMITTED, by=by, at=at, action="submitted",
        submitted_at=at, submitted_by=by,
    )  # fmt: skip
    verdict = queries.verdict_on(opportunity, at)
    if verdict.outcome == Gate.PUBLISHES:
        _publish(opportunity, by=by, at=at, action="published by the gate")
    elif verdict.outcome == Gate.REVIEWS:
        step(
            opportunity, OpportunityStatus.IN_REVIEW, by=by, at=at, action="sent to a reviewer"
        )
        registry.call_office(queue="opportunities.review", by=by)
    else:
        step(
            opportunity, OpportunityStatus.RETURNED, by=by, at=at,
            action="returned by the gate", reason="\n".join(map(write_down, verdict.reasons())),
        )  # fmt: skip
    judge_again(opportunity, at=at)
    return verdict


@transaction.atomic
def publish(*, opportunity_id: int, by, at: datetime) -> Opportunity:
    """A reviewer lets it pass.

    :raises SamePerson: if the reviewer handed it in or made it.
    :raises CannotChange: if it no longer passes what blocks.
    """
    opportunity = _to_review(opportunity_id, by=by)
    verdict = queries.verdict_on(opportunity, at)
    if verdict.blocked_by:
        raise CannotChange(verdict.reasons()[0])
    _publish(opportunity, by=by, at=at, action="published by a reviewer")
    judge_again(opportunity, at=at)
    _tell_unit(opportunity, "opportunities.published", by=by, at=at)
    return opportunity


@transaction.atomic
def return_with_reasons(*, opportunity_id: int, reason: str, by, at: datetime) -> Opportunity:
    """A reviewer sends it back.

    :raises CannotChange: without a reason.
    :raises SamePerson: if the reviewer handed it in or made it.
    """
    if not reason.strip():
        raise CannotChange(
            _("Say what to change, so that the unit can mend it."), field="reason"
        )
    opportunity = _to_review(opportunity_id, by=by)
    step(
        opportunity, OpportunityStatus.RETURNED, by=by, at=at, action="returned by a reviewer",
        reason=reason.strip(),
    )  # fmt: skip
    judge_again(opportunity, at=at)
    _tell_unit(opportunity, "opportunities.returned", by=by, at=at, reason=reason.strip())
    return opportunity


def _to_review(opportunity_id: int, *, by) -> Opportunity:
    opportunity = locked(opportunity_id)
    require_another(first=opportunity.submitted_by, second=by)
    require_another(first=opportunity.created_by, second=by)
    return opportunity


def _publish(opportunity: Opportunity, *, by, at: datetime, action: str) -> None:
    if not registry_policies.body_may_use_volunteers(
        registry_queries.hold_body(opportunity.body_id)  # it may be closing at this moment
    ):
        raise CannotChange(_("The body was suspended or closed meanwhile."))
    step(
        opportunity, OpportunityStatus.PUBLISHED, by=by, at=at, action=action,
        published_at=at, reconfirm_by=timezone.localdate(at) + FRESH,
    )  # fmt: skip
    if opportunity.need and opportunity.need.status in OPEN_NEEDS:
        needs.put_in_plan(need_id=opportunity.need.pk, by=by, at=at)
    if opportunity.need:
        traces.link(opportunity, Relation.ANSWERS, opportunity.need, at=at)
    announce(OpportunityPublished(opportunity_id=opportunity.pk))


def step(
    opportunity: Opportunity, to: str, *, by, at: datetime, action: str, reason="", **fields
):
    """One step along the opportunity's table, for its body."""
    change_state(
        opportunity, to, table=OPPORTUNITY_STEPS, by=by, at=at, action=action, reason=reason,
        acting_body=opportunity.body, **fields, **beside(to),
    )  # fmt: skip


def _tell_unit(opportunity: Opportunity, template: str, *, by, at: datetime, **context) -> None:
    """The unit's managers, and who handed it in."""
    registry.tell_office(
        body=opportunity.body, roles=[Role.UNIT_MANAGER], also=[opportunity.submitted_by],
        template=template, by=by, at=at,
        context={
            "title": opportunity.title,
            "link": absolute("opportunities:manage", opportunity.code),
            **context,
        },
    )  # fmt: skip
