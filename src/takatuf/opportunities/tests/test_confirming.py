"""The link that asks one manager whether a listing still stands: one button, no sign-in."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import signed_links
from takatuf.kernel.models import Job, Message, Transition
from takatuf.kernel.registries import reminders
from takatuf.kernel.transitions import history
from takatuf.opportunities import commands
from takatuf.opportunities.links import still_stands_link
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.notices import TakesPeopleAgain
from takatuf.opportunities.tests.factories import manager_of, published
from takatuf.registry.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONFIRM = "ما زالت قائمة"


@pytest.fixture
def made():
    return listed_until(published(at=timezone.now(), title="سقيا المصلين"), 3)


@pytest.fixture
def manager(made):
    return manager_of(made.body)


def listed_until(opportunity, days: int) -> Opportunity:
    last = timezone.localdate() + days * DAY
    Opportunity.objects.filter(pk=opportunity.pk).update(reconfirm_by=last)
    opportunity.reconfirm_by = last
    return opportunity


def path(opportunity, person, *, at=None) -> str:
    link = still_stands_link(
        opportunity, person, until=opportunity.reconfirm_by, at=at or timezone.now()
    )
    return link[link.index("/", len("https://")) :]


def text(response) -> str:
    return response.content.decode()


def stored(opportunity) -> tuple:
    return (
        Opportunity.objects.filter(pk=opportunity.pk).values().get(),
        Transition.objects.count(),
    )


def in_thirty_days():
    return timezone.localdate() + 30 * DAY


# ---------------------------------------------------------------- asked and answered
def test_each_manager_is_sent_a_link_of_their_own_in_their_language(made, manager):
    reader = manager_of(made.body)
    type(reader).objects.filter(pk=reader.pk).update(language="en")

    assert reminders["opportunities: ask whether listings still stand"](timezone.now()) == 1

    links = {
        row.person_id: row.context["link"]
        for row in Message.objects.filter(template="opportunities.reconfirm")
    }
    assert set(links) == {manager.pk, reader.pk}
    assert links[manager.pk] in Message.objects.get(person=manager).body
    assert "/en/still-stands/" in links[reader.pk]
    assert "/en/" not in links[manager.pk]


def test_opening_the_link_shows_the_listing_and_changes_nothing(client, made, manager):
    before = stored(made)

    for _scanner_then_person in range(2):
        page = client.get(path(made, manager))
        assert page.status_code == 200

    assert stored(made) == before
    words = text(page)
    assert "سقيا المصلين" in words
    assert made.body.name_ar in words
    assert words.count(f">{CONFIRM}</button>") == 1
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]


def test_the_button_confirms_in_the_name_of_whom_it_was_sent_to(client, made, manager):
    page = client.post(path(made, manager))

    assert page.status_code == 200
    made.refresh_from_db()
    assert made.reconfirm_by == in_thirty_days()
    entry = history(made).last()
    assert (entry.action, entry.actor) == ("confirmed again", manager.ref)


def test_whoever_is_signed_in_as_the_same_person_answers_too(client, made, manager):
    sign_in(client, manager)

    assert client.post(path(made, manager)).status_code == 200
    made.refresh_from_db()
    assert made.reconfirm_by == in_thirty_days()


def test_pressed_twice_it_says_the_same_and_changes_nothing_more(client, made, manager):
    link = path(made, manager)
    first = client.post(link)
    before = stored(made)

    again = client.post(link)

    assert again.status_code == 200
    assert text(again).count("شكرًا لك") == text(first).count("شكرًا لك") == 1
    assert stored(made) == before


def test_a_colleague_who_comes_later_reads_that_it_is_confirmed(client, made, manager):
    colleague = manager_of(made.body)
    link = path(made, colleague)
    client.post(path(made, manager))
    before = stored(made)

    page = client.get(link)
    assert page.status_code == 409
    assert "سبق تأكيدها" in text(page)
    assert f">{CONFIRM}</button>" not in text(page)
    client.post(link)

    assert stored(made) == before


def test_what_ran_out_is_listed_again_and_its_free_seats_are_told_of(client, made, manager):
    listed_until(made, -2)
    link = path(made, manager)
    assert "خرجت من القائمة" in text(client.get(link))

    client.post(link)

    [job] = Job.objects.all()
    assert job.args[0] == TakesPeopleAgain.notice_name
    assert job.args[2] == {"opportunity_id": made.pk}
    made.refresh_from_db()
    assert made.reconfirm_by == in_thirty_days()


def test_what_is_paused_stays_paused_and_the_page_says_so(client, made, manager):
    commands.pause(opportunity_id=made.pk, by=manager, at=timezone.now())
    link = path(made, manager)
    assert "متوقف مؤقتًا" in text(client.get(link))

    assert "متوقف مؤقتًا" in text(client.post(link))

    made.refresh_from_db()
    assert (made.status, made.reconfirm_by) == ("paused", in_thirty_days())


def test_asked_about_another_day_the_command_changes_nothing(made, manager):
    before = stored(made)

    commands.reconfirm(
        opportunity_id=made.pk, asked_until=made.reconfirm_by - DAY, by=manager,
        at=timezone.now(),
    )  # fmt: skip

    assert stored(made) == before


# ---------------------------------------------------------------- refused
def office_ended(made, manager, client):
    manager.offices.update(ends_on=timezone.localdate())
    return path(made, manager)


def office_of_another_kind(made, manager, client):
    return path(made, manager_of(made.body, "reviewer"))


def manager_elsewhere(made, manager, client):
    return path(made, manager_of(published().body))


def account_closed(made, manager, client):
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)
    return path(made, manager)


def erased(made, manager, client):
    type(manager).objects.filter(pk=manager.pk).update(erased_at=timezone.now())
    return path(made, manager)


def nobody(made, manager, client):
    manager.pk = 10**9
    return path(made, manager)


def a_colleague_signed_in(made, manager, client):
    sign_in(client, manager_of(made.body))
    return path(made, manager)


def a_volunteer_signed_in(made, manager, client):
    sign_in(client, PersonFactory())
    return path(made, manager)


def expired(made, manager, client):
    return path(made, manager, at=timezone.now() - signed_links.MONTH)


def damaged(made, manager, client):
    return path(made, manager)[:-3] + "xx/"


def of_another_purpose(made, manager, client):
    token = signed_links.make(
        "placement.answer",
        {"opportunity": made.pk, "person": manager.pk, "until": str(made.reconfirm_by)},
    )
    return f"/still-stands/{token}/"


def unsigned(made, manager, client):
    return f"/still-stands/{signing.b64_encode(b'[9999999999,{}]').decode()}.x/"


def cancelled(made, manager, client):
    link = path(made, manager)
    commands.cancel_opportunity(
        opportunity_id=made.pk, reason="عاصفة", by=manager, at=timezone.now()
    )
    return link


STRANGERS = [
    office_ended, office_of_another_kind, manager_elsewhere, account_closed, erased, nobody,
    a_colleague_signed_in, a_volunteer_signed_in, expired, damaged, of_another_purpose, unsigned,
]  # fmt: skip


@pytest.mark.parametrize("story", [*STRANGERS, cancelled])
def test_a_link_that_is_no_good_says_why_and_changes_nothing(client, made, manager, story):
    link = story(made, manager, client)
    before = stored(made)

    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 409
        assert answer.context["refusal"]
        assert f">{CONFIRM}</button>" not in text(answer)
        # Whoever may not answer learns nothing of the listing either.
        assert ("سقيا المصلين" in text(answer)) == (story is cancelled)

    assert stored(made) == before


def test_a_link_about_what_is_not_there_is_not_found(client, made, manager):
    made.pk = 10**9

    assert client.get(path(made, manager)).status_code == 404
    assert client.post(path(made, manager)).status_code == 404


def test_only_a_form_of_ours_answers(made, manager):
    before = stored(made)

    assert Client(enforce_csrf_checks=True).post(path(made, manager)).status_code == 403
    assert stored(made) == before
