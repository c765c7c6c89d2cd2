"""Asking somebody to cover, calling it back, and taking a place that looks for cover."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel.models import Message, Transition
from takatuf.opportunities.models import Opportunity, OpportunityRole, ShiftRole
from takatuf.placement import commands
from takatuf.placement.models import Application, Covenant, Cover
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    minor,
    shift_role,
    status_of,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
HTMX = {"HX-Request": "true"}
MINE, FOR_YOU = "/en/me/places/", "/en/me/for-you/"
ASK, TAKE, BACK = "Ask somebody to cover", "Take this place", "I am coming after all"
LOOKING = "Somebody is looked for to come instead"


def address(name: str, pk: int) -> str:
    return reverse(f"placement:{name}", args=[pk])


def shown(client, person, page: str) -> str:
    client.force_login(person)
    return client.get(page).content.decode()


def looking(**fields) -> Cover:
    """A place in a full shift, for which somebody is looked for."""
    place = application(role=shift_role(seats=1, **fields))
    return commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Cover, ShiftRole, Message, Transition)
    ]


# ---------------------------------------------------------------- asking
def test_one_asks_and_comes_after_all(client):
    place = application(role=shift_role(seats=1))
    assert ASK in shown(client, place.person, MINE)

    page = client.post(address("cover_ask", place.pk), follow=True).content.decode()

    assert (status_of(place), Cover.objects.get().status) == ("confirmed", "open")
    assert LOOKING in page
    assert ASK not in page
    for _ in range(2):
        page = client.post(address("cover_call_back", place.pk), follow=True).content.decode()
    assert Cover.objects.get().status == "back"
    assert LOOKING not in page
    assert ASK in page


def test_the_card_alone_is_swapped(client):
    place = application(role=shift_role(seats=1))
    client.force_login(place.person)
    for name, words in (("cover_ask", BACK), ("cover_call_back", ASK)):
        card = client.post(address(name, place.pk), headers=HTMX).content.decode()
        assert card.lstrip().startswith("<article")
        assert words in card


@pytest.mark.parametrize("name", ["cover_ask", "cover_call_back"])
def test_nobody_asks_or_calls_back_for_another(client, name):
    cover = looking()
    before = everything()
    client.force_login(volunteer())
    assert client.post(address(name, cover.application_id)).status_code == 404
    client.logout()
    assert client.post(address(name, cover.application_id)).status_code == 302
    assert everything() == before


def test_where_the_body_chooses_it_is_not_offered_and_refused_in_place(client):
    place = application(role=shift_role(way="request"))
    before = everything()
    assert ASK not in shown(client, place.person, MINE)
    answer = client.post(address("cover_ask", place.pk))
    assert answer.status_code == 409
    assert "body chooses who comes" in answer.content.decode()
    assert "My places" in answer.content.decode()
    aside = client.post(address("cover_ask", place.pk), headers=HTMX)
    assert (aside.status_code, aside["HX-Retarget"]) == (409, "#notices")
    assert everything() == before


@pytest.mark.parametrize("status", ["offered", "waiting", "applied", "withdrawn"])
def test_only_a_place_one_has_may_be_covered(client, status):
    place = application(status=status)
    assert ASK not in shown(client, place.person, MINE)
    assert client.post(address("cover_ask", place.pk)).status_code == 409
    assert not Cover.objects.exists()


# ---------------------------------------------------------------- taking
def test_somebody_who_fits_sees_the_place_not_whose_it_is_and_takes_it(client):
    cover, other = looking(), volunteer()
    place = cover.application
    page = shown(client, other, FOR_YOU)
    assert "Places that look for cover" in page
    assert place.opportunity.title in page
    assert place.shift_role.role.title in page
    assert place.opportunity.place in page
    assert place.person.full_name not in page

    answer = client.post(address("cover_take", cover.pk), follow=True)

    assert "You have a place" in answer.content.decode()
    assert (status_of(place), other.applications.get().status) == ("withdrawn", "confirmed")
    assert TAKE not in shown(client, other, FOR_YOU)


def test_a_place_just_taken_is_refused_above_those_that_are_left(client):
    gone, left = looking(), looking()
    commands.take_cover(cover_id=gone.pk, by=volunteer(), at=NOW())
    before = everything()
    client.force_login(volunteer())
    answer = client.post(address("cover_take", gone.pk))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody comes already" in page
    assert left.application.opportunity.title in page
    assert gone.application.opportunity.title not in page
    assert everything() == before


def test_one_s_own_and_what_is_not_there_cannot_be_taken(client):
    cover = looking()
    before = everything()
    client.force_login(cover.application.person)
    assert client.post(address("cover_take", cover.pk)).status_code == 403
    assert client.post(address("cover_take", 0)).status_code == 404
    client.logout()
    assert client.post(address("cover_take", cover.pk)).status_code == 302
    assert everything() == before


def test_who_does_not_fit_is_not_shown_it_and_is_told_why(client):
    cover = looking(min_age=60)
    before = everything()
    assert TAKE not in shown(client, volunteer(), FOR_YOU)
    answer = client.post(address("cover_take", cover.pk))
    assert answer.status_code == 409
    assert "from 60 on" in answer.content.decode()
    assert everything() == before


def test_places_alike_are_shown_once_the_soonest_first(client):
    role = shift_role(seats=3)
    later = shift_role(shift=ShiftFactory(starts_at=NOW() + timedelta(days=9)))
    for each in (later, role, role):
        place = application(role=each)
        commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    page = shown(client, volunteer(), FOR_YOU).partition("Places that look for cover")[2]
    titles = [each.shift.opportunity.title for each in (role, later)]
    assert page.count('class="btn main"') == 2
    assert page.index(titles[0]) < page.index(titles[1])


def test_where_others_wait_in_line_only_they_are_shown_it(client):
    waits = application(role=looking().application.shift_role, status="waiting")
    assert TAKE not in shown(client, volunteer(), FOR_YOU)
    assert TAKE in shown(client, waits.person, FOR_YOU)


def test_who_stands_in_the_shift_already_is_not_shown_it(client):
    cover = looking()
    shift = cover.application.shift
    part = OpportunityRole.objects.create(opportunity=shift.opportunity, title="سقي")
    other_role = shift_role(shift=shift, role=part)
    assert TAKE not in shown(client, cover.application.person, FOR_YOU)
    for status in ("applied", "confirmed"):
        person = application(role=other_role, status=status).person
        assert TAKE not in shown(client, person, FOR_YOU)


def test_a_minor_is_shown_what_they_signed_the_covenant_of(client):
    cover, person = looking(min_age=15), minor()
    assert TAKE not in shown(client, person, FOR_YOU)
    Covenant.objects.create(
        person=person, opportunity=cover.application.opportunity, text_version="1",
        signed_name="سارة", signed_at=NOW(),
    )  # fmt: skip
    assert TAKE in shown(client, person, FOR_YOU)


def test_where_nothing_looks_for_cover_the_page_is_as_ever(client):
    page = shown(client, volunteer(), FOR_YOU)
    assert "Places that look for cover" not in page
    assert "Nothing suits just now" in page
    looking()
    page = client.get(FOR_YOU).content.decode()
    assert "Nothing suits just now" not in page
    assert "See all opportunities" in page


def test_questions_do_not_grow_with_places_to_cover(client, django_assert_num_queries):
    client.force_login(volunteer())
    for count in (2, 10):
        for _ in range(count):
            start = NOW() + timedelta(days=1 + Cover.objects.count())
            place = application(role=shift_role(seats=1, shift=ShiftFactory(starts_at=start)))
            commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
        client.get(FOR_YOU)
        with django_assert_num_queries(10):
            page = client.get(FOR_YOU).content.decode()
        assert page.count(TAKE) == min(5, Opportunity.objects.count())
