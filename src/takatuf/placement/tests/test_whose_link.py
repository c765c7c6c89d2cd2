"""A link that answers in somebody's name: for them alone, while they are here, and in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import signed_links
from takatuf.kernel.models import Message, Transition
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.links import answer_link, ask_link
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    manager_of,
    shift_role,
    volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
NAME = "ليلى بنت سالم العطوي"


def offered():
    return application(person=volunteer(full_name=NAME, language="en"), status="offered")


def wanted_instead() -> CoverAsk:
    """Somebody cannot come, and the next in line is asked."""
    place = application(role=shift_role(seats=1))
    person = volunteer(full_name=NAME, language="en")
    application(person=person, role=place.shift_role, status="waiting")
    cover = commands.ask_for_cover(application_id=place.pk, by=place.person, at=NOW())
    [ask] = commands.ask_around(cover_id=cover.pk, at=NOW())
    return ask


def wanted_in_exchange() -> CoverAsk:
    """Somebody offers their shift for this person's, of the day after."""
    mine = application(role=shift_role(seats=1))
    starts = mine.shift.starts_at + timedelta(days=1)
    there = ShiftFactory(
        opportunity=mine.opportunity, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    person = volunteer(full_name=NAME, language="en")
    application(person=person, role=shift_role(shift=there, role=mine.shift_role.role, seats=1))
    cover = commands.ask_for_cover(
        application_id=mine.pk, accepts=[there.pk], by=mine.person, at=NOW()
    )
    [ask] = commands.ask_around(cover_id=cover.pk, at=NOW())
    return ask


LINKS = {
    "offer": (offered, answer_link),
    "cover": (wanted_instead, ask_link),
    "swap": (wanted_in_exchange, ask_link),
}


@pytest.fixture(params=LINKS)
def made(request):
    """Who is asked, and the maker of links that answer for them."""
    make, link = LINKS[request.param]
    row = make()
    return row.person, lambda at=None: link(row, at=at or NOW())


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Cover, CoverAsk, ShiftRole, Message, Transition)
    ]


def closed(client, person, link):
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return link(), "is closed"


def erased(client, person, link):
    Person.objects.filter(pk=person.pk).update(erased_at=NOW())
    return link(), "is closed"


def a_volunteer_signed_in(client, person, link):
    sign_in(client, volunteer())
    return link(), "answers for ليلى alone"


def the_body_signed_in(client, person, link):
    sign_in(client, manager_of(Application.objects.first().opportunity.body))
    return link(), "answers for ليلى alone"


def without_a_name(client, person, link):
    Person.objects.filter(pk=person.pk).update(full_name="")
    sign_in(client, volunteer())
    return link(), "answers for whoever it was sent to alone"


def expired(client, person, link):
    return link(NOW() - signed_links.MONTH), "has expired"


def damaged(client, person, link):
    good = link()
    return good[:-3] + ("AA" if good[-3:-1] != "AA" else "BB") + "/", "is not complete"


@pytest.mark.parametrize("no", ["", "?no=1", "?leave=1"])
@pytest.mark.parametrize(
    "story",
    [
        closed, erased, a_volunteer_signed_in, the_body_signed_in, without_a_name, expired,
        damaged,
    ],
)  # fmt: skip
def test_a_link_that_is_no_good_says_why_and_changes_nothing(client, made, story, no):
    address, why = story(client, *made)
    title = Application.objects.first().opportunity.title
    before = everything()

    for answer in (client.get(address + no), client.post(address + no)):
        assert answer.status_code == 409
        page = answer.content.decode()
        assert why in page
        # Whoever may not answer learns nothing of the place either, nor a whole name.
        assert title not in page
        assert NAME not in page

    assert everything() == before


def test_signed_in_as_whom_it_was_sent_to_it_answers(client, made):
    person, link = made
    sign_in(client, person)
    before = everything()

    assert client.get(link()).status_code == 200
    assert everything() == before
    assert client.post(link()).status_code == 200
    assert everything() != before
    assert person.applications.filter(status="confirmed").count() == 1


@pytest.mark.parametrize(
    ("had", "says"),
    [("applied", "withdrawn the request"), ("waiting", "withdrawn the request"),
     ("confirmed", "left this place")],
)  # fmt: skip
def test_the_link_of_what_was_given_up_says_what_it_was(client, had, says):
    row = application(person=volunteer(language="en"), status=had)
    commands.withdraw(application_id=row.pk, by=row.person, at=NOW())

    page = client.get(answer_link(row, at=NOW())).content.decode()

    assert f"You have already {says}" in page
