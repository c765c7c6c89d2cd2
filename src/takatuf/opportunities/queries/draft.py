"""An opportunity as the quality gate sees it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Sum

from takatuf.opportunities.enums import OPEN, ShiftStatus
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.quality import Draft, RoleDraft, ShiftDraft, Verdict, judge
from takatuf.opportunities.queries.studio import to_come
from takatuf.registry import policies as registry_policies
from takatuf.registry.enums import Basis


def draft_of(opportunity: Opportunity, at: datetime) -> Draft:
    """Two queries besides the opportunity with its body and field."""
    return Draft(
        title=opportunity.title,
        klass=opportunity.klass,
        field=str(opportunity.field_id or ""),
        purpose=opportunity.purpose,
        beneficiaries=opportunity.beneficiaries,
        tasks=tuple(opportunity.tasks),
        gains=opportunity.gains,
        roles=tuple(_roles(opportunity)),
        shifts=tuple(_shifts(opportunity, at)),
        min_age=opportunity.min_age,
        minors_ready=opportunity.minors_ready,
        support=tuple(opportunity.support),
        safety=opportunity.safety,
        training=opportunity.training,
        has_supervisor=opportunity.supervisor_id is not None,
        supervisor_role=opportunity.supervisor_role,
        unpaid=opportunity.unpaid,
        hours_estimate=opportunity.hours_estimate,
        body_entitled=registry_policies.body_may_use_volunteers(opportunity.body),
        body_about=opportunity.body.about,
    )


def verdict_on(opportunity: Opportunity, at: datetime) -> Verdict:
    return judge(draft_of(opportunity, at))


def _roles(opportunity: Opportunity) -> Iterator[RoleDraft]:
    rows = opportunity.roles.order_by("pk").values_list(
        "title", "skill_id", "least_basis", "skill__needs_licence"
    )
    for title, skill, basis, licensed in rows:
        yield RoleDraft(
            title=title,
            has_skill=skill is not None,
            least_basis=basis,
            unlicensed=bool(licensed) and basis != Basis.LICENCE,
        )


def _shifts(opportunity: Opportunity, at: datetime) -> Iterator[ShiftDraft]:
    if opportunity.status in OPEN:
        # What has been held was offered too: a good opportunity is no worse for going on.
        rows = opportunity.shifts.exclude(status__in=(ShiftStatus.CANCELLED, ShiftStatus.MOVED))
    else:
        rows = opportunity.shifts.filter(to_come(at))
    rows = rows.annotate(seats=Sum("roles__seats")).order_by("starts_at", "pk")
    for starts_at, ends_at, seats in rows.values_list("starts_at", "ends_at", "seats"):
        yield ShiftDraft(starts_at=starts_at, ends_at=ends_at, seats=seats or 0)
