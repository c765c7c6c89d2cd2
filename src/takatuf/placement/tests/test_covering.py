"""Somebody else comes instead, or two change shifts; the seats stay as they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import WrongState, history
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.models import Application, Cover
from takatuf.placement.rounds.suggesting import suggested_to
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
    status_of,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def asked(place, **more):
    return commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW(), **more)


def taken(cover, by):
    return commands.take_cover(cover_id=cover.pk, by=by, at=NOW())


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Cover, ShiftRole, Message)
    ]


def two_shifts():
    """A place of one person in each of two shifts of one opportunity, both full."""
    first = shift_role(seats=1)
    starts = first.shift.starts_at + timedelta(days=1)
    later = ShiftFactory(
        opportunity=first.shift.opportunity, starts_at=starts,
        ends_at=starts + timedelta(hours=3),
    )  # fmt: skip
    second = shift_role(seats=1, shift=later, role=first.role)
    return application(role=first), application(role=second)


# ---------------------------------------------------------------- covered
def test_somebody_else_comes_and_the_seat_stays_taken():
    role = shift_role(seats=1)
    place, other = application(role=role), volunteer()
    cover = asked(place)
    assert status_of(place) == "confirmed"
    assert suggested_to(other, at=NOW()).covers == [cover]

    came = taken(cover, other)

    role.refresh_from_db()
    cover.refresh_from_db()
    assert (status_of(place), came.status, came.origin) == ("withdrawn", "confirmed", "cover")
    assert (role.taken, cover.status, cover.taken) == (1, "taken", came)
    assert [e.action for e in history(cover)] == ["asked for cover", "taken"]
    assert history(place).last().action == "covered by another"
    assert Message.objects.filter(person=place.person, template="placement.covered").exists()
    assert Message.objects.filter(person=other, template="placement.confirmed").exists()
    assert list(invariants["seats taken are the places held"]()) == []


def test_doing_it_twice_is_doing_it_once():
    place, other = application(role=shift_role(seats=1)), volunteer()
    cover = asked(place)
    assert asked(place) == cover
    came = taken(cover, other)
    before = everything()
    assert taken(cover, other) == came
    assert everything() == before


def test_who_waits_in_line_comes_first_and_keeps_their_own_application():
    role = shift_role(seats=1)
    place = application(role=role)
    waits, stranger = application(role=role, status="waiting"), volunteer()
    cover = asked(place)
    before = everything()
    with pytest.raises(commands.CannotCover, match="in line"):
        taken(cover, stranger)
    assert everything() == before
    assert taken(cover, waits.person).pk == waits.pk


def test_who_does_not_fit_is_told_why_and_nothing_changes():
    role = shift_role(seats=1, min_age=60)
    cover = asked(application(role=role))
    before = everything()
    with pytest.raises(commands.NotEligible, match="from 60"):
        taken(cover, volunteer())
    assert everything() == before


def test_nobody_covers_for_themselves_or_gives_what_is_not_theirs():
    place, other = application(role=shift_role(seats=1)), volunteer()
    cover = asked(place)
    before = everything()
    with pytest.raises(commands.CannotCover, match="own place"):
        taken(cover, place.person)
    for act in (
        lambda: commands.ask_for_cover(application_id=place.pk, by=other, at=NOW()),
        lambda: commands.call_back_cover(cover_id=cover.pk, by=other, at=NOW()),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert everything() == before


@pytest.mark.parametrize("way", ["request", "invitation"])
def test_where_the_body_decides_who_comes_a_place_is_left_not_covered(way):
    place = application(role=shift_role(way=way))
    before = everything()
    with pytest.raises(commands.CannotCover, match="body chooses"):
        asked(place)
    assert everything() == before


def test_called_back_left_or_too_late_it_is_not_to_be_had():
    other = volunteer()
    back, left, late = (asked(application(role=shift_role(seats=1))) for _ in range(3))
    commands.call_back_cover(cover_id=back.pk, by=back.application.person, at=NOW())
    commands.call_back_cover(cover_id=back.pk, by=back.application.person, at=NOW())
    commands.withdraw(application_id=left.application_id, by=left.application.person, at=NOW())
    begun = late.application.shift.starts_at + timedelta(minutes=1)
    assert commands.close_covers_over(at=begun) == 1
    assert commands.close_covers_over(at=begun) == 0
    before = everything()
    for cover in (back, left, late):
        with pytest.raises(WrongState):
            taken(cover, other)
    assert everything() == before
    assert sorted(Cover.objects.values_list("status", flat=True)) == [
        "back",
        "lapsed",
        "lapsed",
    ]


# ---------------------------------------------------------------- swapped
def swapped(cover, own):
    return commands.swap_places(
        cover_id=cover.pk, application_id=own.pk, by=own.person, at=NOW()
    )


def test_two_people_change_shifts_and_no_seat_is_free_for_a_moment():
    mine, theirs = two_shifts()
    cover = asked(mine, accepts=[theirs.shift_id])

    came = swapped(cover, theirs)

    where = set(
        Application.objects.filter(status="confirmed").values_list("person_id", "shift_id")
    )
    assert where == {(mine.person_id, theirs.shift_id), (theirs.person_id, mine.shift_id)}
    assert came.person == theirs.person
    assert list(ShiftRole.objects.values_list("taken", flat=True)) == [1, 1]
    assert list(invariants["seats taken are the places held"]()) == []
    assert Message.objects.filter(template="placement.confirmed").count() == 2
    assert swapped(cover, theirs) == came


def test_a_swap_needs_both_to_have_said_so_and_both_to_fit():
    mine, theirs = two_shifts()
    cover = asked(mine)
    with pytest.raises(commands.CannotCover, match="did not offer"):
        swapped(cover, theirs)
    commands.call_back_cover(cover_id=cover.pk, by=mine.person, at=NOW())
    cover = asked(mine, accepts=[theirs.shift_id])
    mine.person.charter_acceptances.all().delete()
    before = everything()
    with pytest.raises(commands.NotEligible):
        swapped(cover, theirs)
    with pytest.raises(NotAllowed):
        commands.swap_places(
            cover_id=cover.pk, application_id=theirs.pk, by=volunteer(), at=NOW()
        )
    assert everything() == before


def test_only_other_shifts_of_the_same_opportunity_are_taken_in_exchange():
    mine, elsewhere = application(), application()
    before = everything()
    with pytest.raises(commands.CannotCover, match="in exchange"):
        asked(mine, accepts=[elsewhere.shift_id])
    assert everything() == before
