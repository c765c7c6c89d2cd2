"""A round worked out in a test: people, places by round, the plan stored."""

from datetime import timedelta

from django.utils import timezone

from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import OpportunityRole
from takatuf.placement import commands
from takatuf.placement.commands.solving import work_out
from takatuf.placement.models import Application, Proposal, Round
from takatuf.placement.rounds.settings import PLAIN
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    days_ahead,
    desk_person,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry import commands as registry
from takatuf.registry.models import Body, PersonMerge, VolunteerProfile

NOW = timezone.now
FAR = 900  # km: nobody lives beyond it


def agreed(**fields):
    """A grown-up who may be proposed for anything anywhere."""
    person = volunteer(**fields)
    VolunteerProfile.objects.filter(person=person).update(
        proposals_agreed_at=NOW(), reach_km=FAR
    )
    return person


def place(hours=10, *, days=3, seats=2, minimum=1, role=None, **fields):
    """A role of a shift of three hours, filled by round unless told otherwise.

    :param role: what it asks for, as columns of the role.
    """
    opportunity = OpportunityFactory(**({"way": Way.ROUND} | fields))
    midnight = timezone.localtime(NOW()).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = midnight + timedelta(days=days, hours=hours)
    shift = ShiftFactory(
        opportunity=opportunity, starts_at=starts, ends_at=starts + timedelta(hours=3)
    )
    made = role and OpportunityRole.objects.create(opportunity=opportunity, title="دور", **role)
    return shift_role(shift=shift, seats=seats, minimum=minimum, role=made or None)


def step(name: str, value: int) -> str:
    """The step of a plain setting's slider that means the value."""
    return str([each for each, _word in PLAIN[name].choices].index(value) + 1)


def became(person):
    """The record that stays: the desk found that this person had two."""
    other, one, two = agreed(), desk_person(), desk_person()
    registry.merge_people(keep=other, drop=person, by=two, at=NOW())
    PersonMerge.objects.create(
        keep=other, drop=person, status="done", reason="same", proposed_by=one,
        proposed_at=NOW(), decided_by=two, decided_at=NOW(),
    )  # fmt: skip
    return other


def asks(person, role):
    [row] = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=NOW())
    return row


def opened(*, body=None, by=None, options=None, **scope) -> Round:
    """The desk's round of the next two weeks, or a body's."""
    by = by or desk_person()
    return commands.open_round(
        body=body or Body.objects.get(is_desk=True),
        scope=commands.Scope(**(days_ahead() | scope)), options=options, by=by, at=NOW(),
    )  # fmt: skip


def worked_out(matching_round: Round, **options) -> Round:
    commands.start_round(
        matching_round=matching_round, options=options, by=matching_round.opened_by, at=NOW()
    )
    matching_round.refresh_from_db()
    work_out(matching_round.pk, matching_round.attempt)
    matching_round.refresh_from_db()
    return matching_round


def solved(**scope) -> Round:
    return worked_out(opened(**scope))


def proposed(matching_round: Round) -> set[tuple[int, int]]:
    """(person, shift role) of what stands proposed."""
    rows = Proposal.objects.filter(round=matching_round, status="proposed")
    return set(rows.values_list("person_id", "shift_role_id"))


def approved(row: Round) -> list[Application]:
    """All that is undecided approved; the applications that came of it."""
    made = []
    for body in {p.body for p in Proposal.objects.filter(round=row, status="proposed")}:
        outcome = commands.approve_all(
            matching_round=row, bodies=[body.pk], by=manager_of(body), at=NOW()
        )
        made += outcome.approved
    row.refresh_from_db()
    return made


def one_of_three(**scope):
    """One seat, three people, the best one approved."""
    role = place(seats=1)
    for _ in range(3):
        agreed()
    row = solved(**scope)
    return row, role, approved(row)[0]


def leaves(row: Application) -> None:
    commands.withdraw(application_id=row.pk, by=row.person, at=NOW())
