"""Who is told that a place looks for cover: the few who suit best, once, within their wishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.models import Message, Transition
from takatuf.kernel.transitions import history
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands.looking import AT_ONCE, JUDGED, NEXT_AFTER, NOBODY_LEFT
from takatuf.placement.enums import LAST_OFFER_BEFORE_START
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    in_the_morning,
    minor,
    shift_role,
    status_of,
    volunteer,
)
from takatuf.placement.tests.rounds import FAR
from takatuf.registry.models import Availability, Interest, VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


@pytest.fixture
def cover() -> Cover:
    """Somebody is looked for to come instead, in a full shift."""
    place = application(role=shift_role(seats=1))
    return commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())


def near(cover=None, *, person=None, **profile):
    """Who goes that far; with a cover, one who cares for its field."""
    person = person or volunteer()
    mine = VolunteerProfile.objects.filter(person=person)
    mine.update(**({"reach_km": FAR} | profile))
    if cover is not None:
        Interest.objects.create(profile=mine.get(), field=cover.application.opportunity.field)
    return person


def ask(cover, at=None) -> list[int]:
    found = commands.ask_around(cover_id=cover.pk, at=at or NOW())
    return [each.person_id for each in found]


def told() -> set[int]:
    rows = Message.objects.filter(template="placement.cover_wanted")
    return set(rows.values_list("person_id", flat=True))


def looks(cover, at) -> bool:
    """Whether people were weighed for it when the time came to ask others."""
    commands.ask_next(at=at)
    cover.refresh_from_db()
    return cover.looked_at == at


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Cover, CoverAsk, ShiftRole, Message, Transition)
    ]


def test_the_few_who_suit_best_are_told_once_with_a_link_that_takes_the_place(client, cover):
    others = [near() for _ in range(AT_ONCE)]
    best = near(cover, person=volunteer(language="en"))

    asked = ask(cover)

    assert asked[0] == best.pk
    assert len(asked) == AT_ONCE
    assert told() == set(asked) <= {best.pk, *(each.pk for each in others)}
    sent = Message.objects.get(person=best, template="placement.cover_wanted")
    assert sent.context["link"] in sent.body
    assert cover.application.person.full_name not in sent.body
    row = CoverAsk.objects.get(person=best)
    assert [entry.action for entry in history(row)] == ["asked to cover"]

    question = client.get(sent.context["link"]).content.decode()
    assert "Yes, I am coming" in question
    assert client.post(sent.context["link"]).status_code == 200

    assert status_of(cover.application) == "withdrawn"
    assert best.applications.get().status == "confirmed"
    late = Message.objects.filter(template="placement.cover_wanted").exclude(person=best)[0]
    before = everything()
    answer = client.post(late.context["link"])
    assert answer.status_code == 409
    assert client.get(late.context["link"]).status_code == 409
    assert everything() == before


def test_asked_again_only_others_are_told_and_after_some_hours(cover):
    for _ in range(AT_ONCE + 2):
        near()
    first = ask(cover)
    assert commands.ask_next(at=NOW()) == 0
    soon = NOW() + NEXT_AFTER + timedelta(minutes=1)
    assert commands.ask_next(at=soon) == 2
    assert commands.ask_next(at=soon + NEXT_AFTER + timedelta(minutes=1)) == 0
    assert CoverAsk.objects.count() == len(first) + 2 == len(told())


def test_where_all_who_fit_were_asked_it_is_weighed_but_once_a_day(cover):
    near()
    at, minute = NOW(), timedelta(minutes=1)
    assert len(ask(cover, at)) == 1
    in_vain = at + NEXT_AFTER + minute
    assert looks(cover, in_vain)

    half_hours = [in_vain + n * timedelta(minutes=30) for n in range(1, 48)]
    assert not any(looks(cover, each) for each in half_hours)
    came = near()
    assert looks(cover, in_vain + NOBODY_LEFT)
    assert CoverAsk.objects.filter(person=came).exists()
    # Now somebody was asked, so the next few are a few hours later.
    assert not looks(cover, in_vain + NOBODY_LEFT + NEXT_AFTER - minute)
    assert looks(cover, in_vain + NOBODY_LEFT + NEXT_AFTER)


def test_a_swap_nobody_could_say_yes_to_is_weighed_but_once_a_day(cover):
    starts = cover.application.shift.starts_at + timedelta(days=1)
    cover.accepts.add(ShiftFactory(opportunity=cover.application.opportunity, starts_at=starts))
    at = NOW()
    assert ask(cover, at) == []
    assert not looks(cover, at + NEXT_AFTER)
    assert looks(cover, at + NOBODY_LEFT)


def test_nobody_is_weighed_for_what_nobody_could_say_yes_to_in_time(cover):
    begins = cover.application.shift.starts_at
    latest = begins - LAST_OFFER_BEFORE_START
    assert not looks(cover, latest)
    assert not looks(cover, begins)
    assert looks(cover, latest - timedelta(minutes=1))


def test_who_has_been_told_as_often_as_they_wish_is_left_alone(cover):
    none, one, five = near(suggestions_a_week=0), near(suggestions_a_week=1), near()
    assert set(ask(cover)) == {one.pk, five.pk}
    place = application(role=shift_role(seats=1))
    again = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    assert one.pk not in ask(again)
    assert five.pk in told()
    CoverAsk.objects.update(told_at=NOW() - timedelta(days=7, minutes=1))
    place = application(role=shift_role(seats=1))
    later = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    asked = ask(later)
    assert one.pk in asked
    assert none.pk not in asked


def test_whoever_could_not_or_would_not_come_is_not_asked():
    place = application(
        role=shift_role(seats=1, shift=ShiftFactory(starts_at=in_the_morning()))
    )
    cover = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    opportunity = place.opportunity
    far = near(reach_km=1, home_latitude=16, home_longitude=42)
    busy = near()
    application(
        person=busy, role=shift_role(shift=ShiftFactory(starts_at=place.shift.starts_at))
    )
    gave_up = near()
    application(person=gave_up, role=place.shift_role, status="withdrawn")
    young = near(person=minor())
    evenings = near()
    weekday = (timezone.localtime(place.shift.starts_at).weekday() + 3) % 7
    Availability.objects.create(profile=evenings.volunteer, weekday=weekday, part="evening")
    closed = near()
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    unready = near()
    unready.charter_acceptances.all().delete()
    fits = near()
    assert ask(cover) == [fits.pk]
    assert opportunity.pk
    assert {far, busy, gave_up, young, evenings, closed, unready, place.person}


def test_whoever_waits_in_line_is_asked_before_all_others():
    role = shift_role(seats=1)
    place = application(role=role)
    waits = application(role=role, status="waiting")
    near()
    cover = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    assert ask(cover) == [waits.person_id]
    [row] = CoverAsk.objects.all()
    commands.accept_ask(ask_id=row.pk, by=waits.person, at=NOW())
    assert status_of(waits) == "confirmed"


def test_those_in_line_who_wish_for_no_messages_stand_in_nobody_s_way():
    role = shift_role(seats=1)
    place = application(role=role)
    line = [application(role=role, status="waiting") for _ in range(JUDGED + 1)]
    silent = [row.person_id for row in line[:JUDGED]]
    VolunteerProfile.objects.filter(person__in=silent).update(suggestions_a_week=0)
    cover = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())

    assert ask(cover) == [line[-1].person_id]
    assert ask(cover) == []


@pytest.mark.parametrize("ended", ["called back", "left", "soon"])
def test_where_nothing_is_to_be_had_nobody_is_told(cover, ended):
    near()
    at, place = NOW(), cover.application
    if ended == "called back":
        commands.call_back_cover(cover_id=cover.pk, by=place.person, at=at)
    elif ended == "left":
        commands.withdraw(application_id=place.pk, by=place.person, at=at)
    else:
        at = place.shift.starts_at - timedelta(hours=1)
    before = everything()
    assert ask(cover, at) == []
    assert everything() == before


def test_questions_do_not_grow_with_people(cover, django_assert_max_num_queries):
    for _ in range(12):
        near()
    with django_assert_max_num_queries(24 + 6 * AT_ONCE):
        ask(cover)
