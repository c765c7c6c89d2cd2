"""Who may run the day, and who may count the hours."""

from collections.abc import Iterable

from takatuf.attendance.models import HourClaim
from takatuf.registry import policies as registry
from takatuf.registry.enums import Role


def may_run_day_sheet(person, opportunity) -> bool:
    """The opportunity's supervisor, the leader of its team, or the body's manager."""
    if not person.is_authenticated:
        return False
    if opportunity.supervisor_id == person.pk:
        return True
    if opportunity.team_id and registry.may_lead_team(person, opportunity.team):
        return True
    return registry.may_manage_body(person, opportunity.body)


def may_approve(person, claim: HourClaim, *, claimant, offices: Iterable | None = None) -> bool:
    """A manager of the body: neither whose hours they are, nor who first entered them.

    :param claimant: ``Person.ref`` of the first entry's actor; None: the system.
    :param offices: the person's offices, where a page has asked already.
    """
    return (
        claim.person_id != person.pk
        and claimant != person.ref
        and registry.holds(
            person,
            (Role.UNIT_MANAGER, Role.BODY_HEAD),
            claim.body,
            offices=None if offices is None else list(offices),
        )
    )


def may_reverse(person, claim: HourClaim) -> bool:
    """The body's head, or the desk: taking approved hours back is not the manager's alone."""
    return claim.person_id != person.pk and (
        registry.may_head_body(person, claim.body) or registry.may_act_for_desk(person)
    )
