"""Scarce people go first where an opportunity answers an urgent need."""

import pytest
from django.utils import timezone

from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.enums import Way
from takatuf.placement.models import Proposal, Round
from takatuf.placement.rounds.explaining import PlanReader
from takatuf.placement.rounds.gathering import gather
from takatuf.placement.rounds.settings import as_opened, defaults
from takatuf.placement.rounds.suggesting import suggested_to
from takatuf.placement.rounds.words import part_names, reasons
from takatuf.placement.tests.rounds import agreed, asks, opened, place, proposed, solved
from takatuf.registry.models import Interest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def need(**fields):
    return NeedFactory(**({"validated": True, "urgency": 3} | fields))


def cared_for_by(person, **fields):
    """A place of the same hours in a field the person chose."""
    role = place(**fields)
    Interest.objects.create(profile=person.volunteer, field=role.shift.opportunity.field)
    return role


def test_the_one_volunteer_both_could_have_goes_where_the_need_is_urgent():
    person, urgent = agreed(), place(need=need())
    cared_for_by(person)

    row = solved()

    assert proposed(row) == {(person.pk, urgent.pk)}
    proposal = Proposal.objects.get()
    assert proposal.parts["priority"] == 300
    assert "answers an urgent need" in reasons(proposal.parts, row.options)
    assert ("Answers an urgent need", 300) in part_names(proposal.parts)
    answer, parts = PlanReader(row).explained(person.pk, urgent.pk, at=NOW())
    assert (answer.points, parts) == (proposal.score, proposal.parts)


def test_it_does_not_take_anybody_from_what_they_asked_for():
    person = agreed()
    place(need=need())
    wanted = place()
    asks(person, wanted)
    assert proposed(solved()) == {(person.pk, wanted.pk)}


@pytest.mark.parametrize(
    "fields",
    [
        {"urgency": 2},
        {"status": "closed"},
        {"status": "rejected", "answer": "خارج نطاق العمل"},
        {"people_estimate": 40, "people_served": 40},
    ],
)
def test_a_need_that_can_wait_or_waits_no_more_gives_no_priority(fields):
    place(need=need(**fields))
    assert list(gather(opened(), at=NOW()).region.asked["priority"]) == [0]


@pytest.mark.parametrize("points", [0, 700])
def test_whoever_opens_the_round_says_how_much_it_counts(points):
    place(need=need(people_estimate=40, people_served=39))
    gathered = gather(opened(options={"priority": points}), at=NOW())
    assert list(gathered.region.asked["priority"]) == [points]


def test_a_round_opened_before_there_was_the_setting_is_read_as_it_was_weighed():
    person, role = agreed(), place(need=need())
    row = solved(options={"priority": 0})
    without = {name: value for name, value in row.options.items() if name != "priority"}
    Round.objects.filter(pk=row.pk).update(options=without)
    row.refresh_from_db()

    assert as_opened(row.options) == defaults() | {"priority": 0}
    answer = PlanReader(row).explain(person.pk, role.pk, at=NOW())
    assert answer.points == Proposal.objects.get().score


def test_for_you_names_it_and_puts_it_first():
    person, urgent = agreed(), place(way=Way.OPEN, need=need())
    other = cared_for_by(person, hours=15, way=Way.OPEN)

    first, second = suggested_to(person, at=NOW()).found

    assert (first.shift_role, second.shift_role) == (urgent, other)
    assert "answers an urgent need" in first.reasons
    assert "answers an urgent need" not in second.reasons
