"""A shift is cancelled and the opportunity goes on: another one instead, by the link alone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import signed_links
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message, TraceLink, Transition
from takatuf.kernel.references import reference
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import ShiftStatus, Way
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement import commands
from takatuf.placement.links import answer_link
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    manager_of,
    shift_role,
    taken,
    volunteer,
)
from takatuf.placement.tests.test_changing import another, standing

pytestmark = pytest.mark.django_db
NOW = timezone.now
WHY = "عاصفة رملية"


def cancel(*roles):
    """As a body does it, and everybody is told."""
    for role in roles:
        opportunities.cancel_shift(
            shift_id=role.shift_id, reason=WHY, by=manager_of(role.shift.opportunity.body),
            at=NOW(),
        )  # fmt: skip
    run_jobs()


@pytest.fixture
def here():
    return shift_role(seats=3, way=Way.BY_REQUEST)


@pytest.fixture
def there(here):
    return another(here, seats=1)


@pytest.fixture
def mine(here, there):
    """A place whose shift was cancelled while another has a seat."""
    row = application(role=here, person=volunteer(language="en"))
    cancel(here)
    row.refresh_from_db()
    return row


def told(person) -> str:
    return Message.objects.get(person=person, template="placement.cancelled").body


def linked(row) -> str:
    """The address in the message."""
    [address] = re.findall(r"https?://\S+/a/\S+/", told(row.person))
    return "/" + address.split("/", 3)[3]


def choices(page: str) -> list[int]:
    return [int(key) for key in re.findall(r'name="choice" value="(\d+)"', page)]


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, ShiftRole, Message, Transition, TraceLink)
    ]


# ---------------------------------------------------------------- the message
@pytest.mark.parametrize("status", ["confirmed", "offered"])
def test_whoever_had_a_seat_is_told_with_a_link_to_choose_another(here, there, client, status):
    row = application(role=here, status=status)
    cancel(here)

    assert WHY in told(row.person)
    page = client.get(linked(row)).content.decode()
    assert WHY in page
    assert "بقي مقعد واحد" in page
    assert choices(page) == [there.pk]


@pytest.mark.parametrize("status", ["waiting", "applied"])
def test_whoever_had_none_is_told_where_the_others_are_and_takes_none_by_the_link(
    here, there, client, status
):
    row = application(role=here, status=status, person=volunteer(language="en"))
    cancel(here)

    assert f"/en/opportunities/{here.shift.opportunity.code}/" in told(row.person)
    assert "/a/" not in told(row.person)
    before = everything()
    link = answer_link(row, at=NOW())
    assert choices(client.get(link).content.decode()) == []
    assert client.post(link, {"choice": there.pk}).status_code == 409
    assert everything() == before


def test_an_offer_that_was_over_before_does_not_come_back(here, there, client):
    row = application(role=here, status="offered")
    Application.objects.filter(pk=row.pk).update(offer_expires_at=NOW() - timedelta(hours=1))
    commands.expire_offers(at=NOW())
    cancel(here)

    assert choices(client.get(answer_link(row, at=NOW())).content.decode()) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_where_the_whole_is_cancelled_the_message_leads_to_what_is_like_it(here, language):
    row = application(role=here, person=volunteer(language=language))
    opportunity = here.shift.opportunity
    opportunities.cancel_opportunity(
        opportunity_id=opportunity.pk, reason=WHY, by=manager_of(opportunity.body), at=NOW()
    )
    run_jobs()

    alike = f"/opportunities/?field={opportunity.field.code}"
    assert ("/en" + alike if language == "en" else alike) in told(row.person)
    assert opportunity.code not in told(row.person)


# ---------------------------------------------------------------- choosing
def test_one_tap_gives_the_place_and_is_remembered(client, mine, there):
    link = linked(mine)
    before = everything()
    assert client.get(link).status_code == 200
    assert everything() == before

    answer = client.post(link, {"choice": there.pk})

    assert answer.status_code == 200
    assert "You have a place on" in answer.content.decode()
    assert standing(mine.person) == [(mine.shift_role_id, "expired"), (there.pk, "confirmed")]
    assert taken(there) == 1
    new = Application.objects.get(shift_role=there)
    assert (new.batch, new.origin) == (mine.batch, mine.origin)
    assert TraceLink.objects.filter(
        source=reference(new), relation="supersedes", target=reference(mine)
    ).exists()
    step = Transition.objects.get(subject=reference(new))
    assert (step.action, step.to_state) == ("came from another shift", "confirmed")
    assert Message.objects.filter(person=mine.person, template="placement.confirmed").exists()


def test_among_the_past_it_is_the_body_that_called_it_off(client, mine):
    client.force_login(mine.person)

    page = client.get(reverse("placement:mine")).content.decode()

    assert "ألغتها الجهة" in page
    assert "انتهت المدة" not in page


def test_pressed_twice_it_says_they_have_it(client, mine, there):
    link = linked(mine)
    client.post(link, {"choice": there.pk})
    before = everything()

    again = client.post(link, {"choice": there.pk})

    assert again.status_code == 200
    assert "You have a place on" in again.content.decode()
    assert everything() == before


def test_one_cancelled_place_gives_one_other(client, mine, there):
    third = another(there, days=2)
    link = linked(mine)
    client.post(link, {"choice": there.pk})
    before = everything()

    answer = client.post(link, {"choice": third.pk})

    assert answer.status_code == 409
    assert "already chosen another shift instead" in answer.content.decode()
    assert everything() == before


def test_the_choice_is_not_given_back_by_leaving_what_was_chosen(client, mine, there):
    client.post(linked(mine), {"choice": there.pk})
    new = Application.objects.get(shift_role=there)
    commands.withdraw(application_id=new.pk, by=mine.person, at=NOW())
    before = everything()

    page = client.get(linked(mine))

    assert page.status_code == 409
    assert "called this shift off" in page.content.decode()
    assert client.post(linked(mine), {"choice": there.pk}).status_code == 409
    assert everything() == before


def test_no_thanks_changes_nothing(client, mine, there):
    before = everything()
    for _time in range(2):
        answer = client.post(linked(mine), {"none": "1"})
        assert answer.status_code == 200
        assert "nothing more is needed" in answer.content.decode()
    assert everything() == before


def test_only_what_fits_is_shown_and_what_no_longer_does_is_refused(client, mine, there):
    third = another(there, days=2)
    link = linked(mine)
    assert choices(client.get(link).content.decode()) == [there.pk, third.pk]
    application(person=mine.person, role=shift_role(shift=ShiftFactory(
        starts_at=there.shift.starts_at, ends_at=there.shift.ends_at
    )))  # fmt: skip
    before = everything()

    answer = client.post(link, {"choice": there.pk})

    assert answer.status_code == 409
    assert choices(answer.content.decode()) == [third.pk]
    assert choices(client.get(link).content.decode()) == [third.pk]
    assert everything() == before


def test_a_full_one_gets_a_sentence_and_the_rest_of_the_choices(client, mine, there):
    third = another(there, days=2)
    application(role=there)
    before = everything()

    answer = client.post(linked(mine), {"choice": there.pk})

    assert answer.status_code == 409
    assert "The last seat there has just gone" in answer.content.decode()
    assert choices(answer.content.decode()) == [third.pk]
    assert everything() == before


def test_where_there_is_no_other_the_page_says_so_and_leads_on(client, mine, there):
    application(role=there)

    page = client.get(linked(mine))

    assert page.status_code == 200
    text = page.content.decode()
    assert "No other shift of this opportunity has a seat for you." in text
    assert f"/en/opportunities/?field={mine.opportunity.field.code}" in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]


def test_the_opportunity_cancelled_meanwhile(client, mine, there):
    opportunities.cancel_opportunity(
        opportunity_id=mine.opportunity_id, reason=WHY, by=manager_of(mine.opportunity.body),
        at=NOW(),
    )  # fmt: skip
    run_jobs()
    before = everything()

    page = client.get(linked(mine))
    assert (page.status_code, choices(page.content.decode())) == (200, [])
    assert client.post(linked(mine), {"choice": there.pk}).status_code == 409
    assert everything() == before


def test_a_shift_that_has_begun_is_no_choice(client, mine, there):
    Shift.objects.filter(pk=there.shift_id).update(status=ShiftStatus.RUNNING)
    before = everything()

    assert choices(client.get(linked(mine)).content.decode()) == []
    assert client.post(linked(mine), {"choice": there.pk}).status_code == 409
    assert everything() == before


# ---------------------------------------------------------------- whose link
def erased(client, mine, there):
    Person.objects.filter(pk=mine.person_id).update(erased_at=NOW())
    return linked(mine), "is closed"


def somebody_else_signed_in(client, mine, there):
    sign_in(client, volunteer())
    return linked(mine), "and here somebody else is signed in"


def expired(client, mine, there):
    link = answer_link(mine, at=NOW() - signed_links.MONTH)
    return "/" + link.split("/", 3)[3], "has expired"


def tampered(client, mine, there):
    good = linked(mine)
    return good[:-3] + ("AA" if good[-3:-1] != "AA" else "BB") + "/", "is not complete"


@pytest.mark.parametrize("story", [erased, somebody_else_signed_in, expired, tampered])
def test_a_link_that_is_no_good_says_why_and_changes_nothing(client, mine, there, story):
    address, why = story(client, mine, there)
    before = everything()

    for answer in (client.get(address), client.post(address, {"choice": there.pk})):
        assert answer.status_code == 409
        page = answer.content.decode()
        assert why in page
        assert mine.opportunity.title not in page
        assert choices(page) == []
    assert everything() == before


def test_signing_out_leads_back_to_the_link_of_somebody_else(client, mine, there):
    address, _why = somebody_else_signed_in(client, mine, there)
    assert f'name="next" value="{address}"' in client.get(address).content.decode()

    out = client.post(reverse("account_logout"), {"next": address})

    assert (out.status_code, out.url) == (302, address)
    assert choices(client.get(address).content.decode()) != []


# ---------------------------------------------------------------- the old link afterwards
@pytest.mark.parametrize("how", ["changed", "cancelled"])
def test_the_old_link_says_which_place_they_have_and_leads_to_it(client, how):
    here = shift_role(seats=2)
    there, third = another(here), another(here, days=2)
    old = application(role=here, person=volunteer(language="en"))
    if how == "cancelled":
        cancel(here)
    link = "/" + answer_link(old, at=NOW()).split("/", 3)[3]
    client.post(link, {"choice": there.pk})
    new = Application.objects.get(shift_role=there)
    # From there to a third: the first link follows.
    client.post(answer_link(new, at=NOW()), {"choice": third.pk})
    assert Application.objects.get(shift_role=third).status == "confirmed"
    before = everything()

    for page in (client.get(link), client.post(link), client.post(link + "?leave=1")):
        assert page.status_code == 409
        text = page.content.decode()
        assert "You have another place instead of this one" in text
        assert f"{timezone.localtime(third.shift.starts_at):%H:%M}" in text
        assert "You have already left" not in text
        [way] = re.findall(r'href="(/en/a/[^"]+/)"', text)
        assert "You have a place, and the unit knows" in client.get(way).content.decode()
    assert everything() == before
