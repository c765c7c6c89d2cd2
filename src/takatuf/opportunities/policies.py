"""Who may do what with an opportunity. Every function is a question."""

from collections.abc import Iterable
from datetime import date

from takatuf.kernel.registries import Registry
from takatuf.opportunities.enums import EDITABLE, OPEN, OpportunityStatus
from takatuf.opportunities.models import Opportunity
from takatuf.registry import policies as registry
from takatuf.registry import queries as registry_queries
from takatuf.registry.enums import MANAGERS, REGIONAL_ROLES, Role

# name -> function(keys of shifts) -> whether somebody counts on the times of one of them.
counted_on: Registry = Registry("what counts on the times of shifts")


def are_counted_on(shift_ids: Iterable[int]) -> bool:
    """Somebody has, or asked for, a place at these times: moving, which tells them, is left."""
    keys = list(shift_ids)
    return any(found(keys) for _name, found in counted_on)


def may_manage(user, opportunity: Opportunity, on: date | None = None) -> bool:
    return registry.may_manage_body(user, opportunity.body, on=on)


def may_edit(user, opportunity: Opportunity, on: date | None = None) -> bool:
    """Not while it is with a reviewer, nor when it is over."""
    return opportunity.status in (*EDITABLE, *OPEN) and may_manage(user, opportunity, on=on)


def may_submit(user, opportunity: Opportunity, on: date | None = None) -> bool:
    return opportunity.status in EDITABLE and may_manage(user, opportunity, on=on)


def may_review(user, opportunity: Opportunity, on: date | None = None) -> bool:
    """A reviewer or the desk, for the region; never of one's own, nor of one's own body's."""
    if opportunity.status != OpportunityStatus.IN_REVIEW:
        return False
    if user.pk in {opportunity.submitted_by_id, opportunity.created_by_id}:
        return False
    return may_see_queue(user, on=on) and not may_manage(user, opportunity, on=on)


def may_see_queue(user, on: date | None = None) -> bool:
    """Reviewers sit in the association that runs the desk."""
    offices = registry_queries.offices_of(user, on=on)
    return any(
        office.role in (Role.REVIEWER, Role.DESK) and office.body.is_desk for office in offices
    )


def may_see_history(user, opportunity: Opportunity, on: date | None = None) -> bool:
    offices = registry_queries.offices_of(user, on=on)
    return registry.holds(
        user, MANAGERS, opportunity.body, on=on, offices=offices
    ) or registry.holds(user, REGIONAL_ROLES, on=on, offices=offices)
