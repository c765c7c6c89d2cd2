"""Who may run the day, and who may count the hours."""

from collections.abc import Collection, Iterable
from uuid import UUID

from takatuf.attendance import queries
from takatuf.attendance.models import HourClaim
from takatuf.attendance.queries import Reach


def may_run_day_sheet(person, opportunity, *, reach: Reach | None = None) -> bool:
    """The opportunity's supervisor, the leader of its team, or the body's manager.

    A manager of the body that sponsors the team leads it too.

    :param reach: ``queries.reach_of(person)``, where a page has asked already.
    """
    if not person.is_authenticated:
        return False
    if opportunity.supervisor_id == person.pk:
        return True
    reach = reach or queries.reach_of(person)
    led = opportunity.team_id is not None and (
        opportunity.team_id in reach.teams or opportunity.team.body_id in reach.bodies
    )
    return led or opportunity.body_id in reach.bodies


def may_confirm(person, claim: HourClaim, *, reach: Reach | None = None) -> bool:
    """Who runs the opportunity's days; never whose hours they are."""
    return (
        claim.person_id != person.pk
        and claim.opportunity is not None
        and may_run_day_sheet(person, claim.opportunity, reach=reach)
    )


def may_approve(
    person,
    claim: HourClaim,
    *,
    entered_by: Collection[UUID] = (),
    offices: Iterable | None = None,
    reach: Reach | None = None,
) -> bool:
    """A manager of the body: neither whose hours they are, nor who had a hand in them.

    :param entered_by: of ``queries.entered_by``; nobody, where the answer is a no.
    :param offices: the person's offices, where a page has asked already.
    """
    reach = reach or queries.reach_of(person, offices)
    return (
        claim.person_id != person.pk
        and person.ref not in entered_by
        and claim.body_id in reach.bodies
    )


def may_reverse(person, claim: HourClaim, *, reach: Reach | None = None) -> bool:
    """The body's head, or the desk: taking approved hours back is not the manager's alone."""
    reach = reach or queries.reach_of(person)
    return claim.person_id != person.pk and (reach.desk or claim.body_id in reach.headed)


def may_see_ledger(person, *, reach: Reach | None = None) -> bool:
    """Who may take hours back sees the list of what was approved; an auditor all of it."""
    reach = reach or queries.reach_of(person)
    return reach.desk or reach.audits or bool(reach.headed)
