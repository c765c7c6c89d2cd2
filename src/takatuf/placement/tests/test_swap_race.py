"""One shift offered goes to exactly one of those who say yes to the swap at once; two who
offer each other theirs change once. Without the guard the same crowd does what must not be.
"""

import pytest
from django.utils import timezone

from takatuf.kernel.errors import DomainError
from takatuf.kernel.registries import invariants
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands import covering
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.tests.factories import application, shift_role, volunteer
from takatuf.placement.tests.test_race import crowd
from takatuf.placement.tests.test_swapping import later, where

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 4  # as many as are asked at once
TAPS = 6


def offered() -> tuple[Application, list[CoverAsk]]:
    mine = application(role=shift_role(seats=1))
    there = later(mine.shift_role, seats=PEOPLE)
    for _ in range(PEOPLE):
        application(role=there)
    return mine, asked(mine, there.shift_id)


def offered_for_any() -> tuple[Application, list[CoverAsk]]:
    """Each who is asked has a shift of their own: the one who offers could come to all."""
    mine = application(role=shift_role(seats=1))
    shifts = []
    for n in range(PEOPLE):
        there = later(mine.shift_role, n + 1, seats=1)
        application(role=there)
        shifts.append(there.shift_id)
    return mine, asked(mine, *shifts)


def asked(mine: Application, *shift_ids: int) -> list[CoverAsk]:
    cover = commands.ask_for_cover(
        application_id=mine.pk, accepts=shift_ids, by=mine.person, at=timezone.now()
    )
    return commands.ask_around(cover_id=cover.pk, at=timezone.now())


def say_yes(asks: list[CoverAsk]) -> list[str]:
    """All at the same moment; what those were told who came too late."""
    refused, own = [], {ask.person_id: ask.pk for ask in asks}

    def act(person, _pk):
        try:
            commands.accept_ask(ask_id=own[person.pk], by=person, at=timezone.now())
        except DomainError as refusal:
            refused.append(str(refusal))

    crowd([ask.person for ask in asks], 0, join=act)
    return refused


def test_exactly_one_swaps_and_everybody_has_one_place():
    mine, asks = offered()
    assert len(asks) == PEOPLE
    theirs = asks[0].place.shift_id

    refused = say_yes(asks)

    assert len(refused) == PEOPLE - 1
    places = where()
    assert len(places) == PEOPLE + 1
    assert len({person for person, _shift in places}) == PEOPLE + 1
    assert (mine.person_id, theirs) in places
    cover = Cover.objects.get()
    assert (cover.status, cover.taken.shift_id) == ("taken", mine.shift_id)
    assert sorted(ShiftRole.objects.values_list("taken", flat=True)) == [1, PEOPLE]


def test_of_those_in_other_shifts_exactly_one_swaps():
    mine, asks = offered_for_any()
    assert len(asks) == PEOPLE

    refused = say_yes(asks)

    assert len(refused) == PEOPLE - 1
    assert [shift for _person, shift in where()].count(mine.shift_id) == 1
    assert len({person for person, _shift in where()}) == len(where()) == PEOPLE + 1
    assert list(invariants["seats taken are the places held"]()) == []


def test_without_asking_whether_it_is_open_several_would_swap_for_one_seat(monkeypatch):
    """Control: neither asked nor written conditionally."""
    mine, asks = offered_for_any()
    for guard in ("_must_be_open", "_end", "_leave"):
        monkeypatch.setattr(covering, guard, lambda *_given, **_more: None)

    assert say_yes(asks) == []

    came = Application.objects.filter(status="confirmed", origin="cover")
    assert came.filter(shift=mine.shift_id).count() == PEOPLE
    assert came.filter(person=mine.person_id).count() == PEOPLE
    assert list(invariants["seats taken are the places held"]()) != []


def test_whoever_taps_twice_swaps_once_and_reads_no_refusal():
    mine, asks = offered()
    one, theirs = asks[0], asks[0].place.shift_id

    assert say_yes([one] * TAPS) == []

    assert (one.person_id, mine.shift_id) in where()
    assert (mine.person_id, theirs) in where()
    assert Application.objects.filter(origin="cover").count() == 2
    assert sorted(ShiftRole.objects.values_list("taken", flat=True)) == [1, PEOPLE]


def test_calling_back_and_saying_yes_at_once_is_one_of_the_two():
    mine, asks = offered()
    before, answers = where(), []

    def act(person, _pk):
        at = timezone.now()
        try:
            if person == mine.person:
                commands.call_back_cover(cover_id=asks[0].cover_id, by=person, at=at)
            else:
                commands.accept_ask(ask_id=asks[0].pk, by=person, at=at)
            answers.append(person.pk)
        except DomainError:
            pass

    crowd([mine.person, asks[0].person], 0, join=act)

    status = Cover.objects.get().status
    assert answers == [mine.person_id if status == "back" else asks[0].person_id]
    assert status in ("back", "taken")
    assert (where() == before) == (status == "back")
    assert sorted(ShiftRole.objects.values_list("taken", flat=True)) == [1, PEOPLE]


def test_two_who_offer_each_other_their_shifts_change_once():
    one = application(role=shift_role(seats=1), person=volunteer())
    other = application(role=later(one.shift_role, seats=1), person=volunteer())
    asks = asked(one, other.shift_id) + asked(other, one.shift_id)
    assert len(asks) == 2

    refused = say_yes(asks)

    assert len(refused) == 1
    assert where() == {(one.person_id, other.shift_id), (other.person_id, one.shift_id)}
    assert sorted(Cover.objects.values_list("status", flat=True)) == ["lapsed", "taken"]
    assert set(ShiftRole.objects.values_list("taken", flat=True)) == {1}


def test_three_who_offer_round_the_circle_keep_a_place_each():
    """Each offers theirs for the next one's: one swap stands, or the two that go together."""
    first = application(role=shift_role(seats=1))
    places = [first, *(application(role=later(first.shift_role, n, seats=1)) for n in (1, 2))]
    asks = []
    for mine, theirs in zip(places, [*places[1:], places[0]], strict=True):
        asks += asked(mine, theirs.shift_id)
    assert len(asks) == 3

    say_yes(asks)

    now = where()
    assert {person for person, _shift in now} == {row.person_id for row in places}
    assert {shift for _person, shift in now} == {row.shift_id for row in places}
    assert set(ShiftRole.objects.values_list("taken", flat=True)) == {1}
    assert (
        not Cover.objects.filter(status="open")
        .exclude(application__status="confirmed")
        .exists()
    )
