"""Every page behind a signed link: it opens the one record it was made for, for one purpose.

A link of another record acts on that record alone; one made for another purpose, tampered with
or past its time opens nothing. Whatever is refused changes nothing, and opening alone changes
nothing either. Pages that show and do not act take no POST.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import links as account_links
from takatuf.accounts.tests import factories as accounts
from takatuf.kernel import outbox, signed_links
from takatuf.kernel.models import Message
from takatuf.needs import links as need_links
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities import links as opportunity_links
from takatuf.opportunities.commands import wishes
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.tests.factories import manager_of, soon
from takatuf.placement import links as placement_links
from takatuf.placement.models import Covenant
from takatuf.placement.tests.factories import application, minor, shift_role, volunteer
from takatuf.placement.tests.test_whose_link import wanted_in_exchange, wanted_instead
from takatuf.registry import links as registry_links
from takatuf.registry.tests.factories import InvitationFactory, PersonFactory, TeamFactory
from tests.address_table import TABLE

pytestmark = pytest.mark.django_db
NOW = timezone.now


@dataclass
class Sent:
    """A record, the address that was sent about it, and who is signed in to use it.

    :param shows: what its page alone says; "" where every such page is alike.
    """

    row: Any
    link: str
    shows: str = ""
    reader: Any = None

    @property
    def token(self) -> str:
        return self.link.rstrip("/").rpartition("/")[2]

    def browser(self) -> Client:
        client = Client()
        if self.reader is not None:
            accounts.sign_in(client, self.reader)
        return client


def offer() -> Sent:
    row = application(status="offered")
    link = placement_links.answer_link(row, at=NOW())
    return Sent(row, link, row.opportunity.title)


def asked_to(make: Callable) -> Callable[[], Sent]:
    def sent() -> Sent:
        row = make()
        link = placement_links.ask_link(row, at=NOW())
        return Sent(row, link, row.cover.application.opportunity.title)

    return sent


def covenant() -> Sent:
    young, opportunity = minor(), shift_role().shift.opportunity
    row = Covenant.objects.create(
        person=young, opportunity=opportunity, text_version="1", signed_name="سارة",
        signed_at=NOW(),
    )  # fmt: skip
    consent = young.guardian_consents.get()
    link = placement_links.guardian_link(young, opportunity, consent, at=NOW())
    return Sent(row, link, opportunity.title)


def consent() -> Sent:
    number = f"+96655123{PersonFactory().pk:04}"
    row = accounts.consent(
        accounts.minor(full_name=f"راكان {number[-4:]}"), guardian_contact=number,
        asked_at=NOW(), expires_on=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip
    return Sent(row, account_links.consent_link(row, at=NOW()), row.minor.full_name)


def recovery() -> Sent:
    owner = accounts.person()
    row = accounts.ask_recovery(
        claimed_name=owner.full_name, claimed_contact=owner.email,
        new_contact=f"new{owner.pk}@example.org",
    )  # fmt: skip
    return Sent(row, account_links.stop_link(row, at=NOW()))


def invitation() -> Sent:
    invited = accounts.person()
    row = InvitationFactory(contact=invited.email)
    return Sent(row, registry_links.invitation_link(row, at=NOW()), row.body.name_ar, invited)


def team() -> Sent:
    row = TeamFactory()
    return Sent(row, registry_links.team_link(row, at=NOW()), row.name, volunteer())


def need() -> Sent:
    row = NeedFactory()
    return Sent(row, need_links.follow_link(row, language="ar", at=NOW()), row.code)


def listing() -> Sent:
    row = soon()
    person, until = manager_of(row.body), row.reconfirm_by
    link = opportunity_links.still_stands_link(row, person, until=until, at=NOW())
    return Sent(row, link, row.title)


def wish(*, confirmed: bool) -> Sent:
    address = f"wish{PersonFactory().pk}@example.org"
    row = wishes.make_wish(
        filters=Filters.read({"q": "غرس"}), by=None, contact=address, language="ar", at=NOW()
    )
    if not confirmed:
        return Sent(row, outbox.messages_to_address(address)[0].context["link"])
    token = signed_links.make(wishes.STOP, {"wish": row.pk})
    return Sent(row, reverse("opportunities:wish_stop", args=[token]))


@dataclass
class Page:
    """:param acts: whether its button changes the record; else it only shows it."""

    name: str
    purpose: str
    make: Callable[[], Sent]
    acts: bool = True
    query: str = ""


PAGES = {
    "a place offered": Page("placement:answer", placement_links.PURPOSE, offer),
    "a place left": Page("placement:answer", placement_links.PURPOSE, offer, query="?leave=1"),
    "cover": Page("placement:asked", placement_links.ASK, asked_to(wanted_instead)),
    "swap": Page("placement:asked", placement_links.ASK, asked_to(wanted_in_exchange)),
    "no to a swap": Page(
        "placement:asked", placement_links.ASK, asked_to(wanted_in_exchange), query="?no=1"
    ),
    "covenant": Page("placement:guardian", placement_links.GUARDIAN, covenant, acts=False),
    "consent": Page("guardian_consent", account_links.CONSENT, consent),
    "recovery": Page("recovery_stop", account_links.STOP, recovery),
    "invitation": Page("registry:invitation", registry_links.INVITATION, invitation),
    "team": Page("registry:team_join", registry_links.TEAM, team),
    "need": Page("needs:follow", need_links.FOLLOW, need, acts=False),
    "listing": Page("opportunities:still_stands", opportunity_links.STILL_STANDS, listing),
    "wish": Page("opportunities:wish_confirm", wishes.CONFIRM, lambda: wish(confirmed=False)),
    "end of a wish": Page("opportunities:wish_stop", wishes.STOP, lambda: wish(confirmed=True)),
}
PURPOSES = sorted({page.purpose for page in PAGES.values()})


def stored() -> dict[str, list]:
    """Every row of the product, but what counts how often somebody asked."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model.__module__.startswith("takatuf") and model.__name__ != "RateWindow"
    }


def address(page: Page, token: str) -> str:
    return reverse(page.name, args=[token]) + page.query


def press(client: Client, page: Page, sent: Sent, at: str):
    """The button; a guardian also writes the code that was sent to them."""
    if page.name != "guardian_consent":
        return client.post(at)
    client.post(at, {"action": "code"})
    return client.post(at, {"action": "answer", "answer": "give", "code": code_of(sent)})


def code_of(sent: Sent) -> str:
    return outbox.messages_to_address(sent.row.guardian_contact)[0].context["code"]


def refused(client: Client, at: str, *, shows: str) -> None:
    """Whatever is asked there is answered with a no that says nothing of the record."""
    before = stored()
    for answer in (
        client.get(at),
        client.post(at),
        client.post(at, {"action": "code"}),
        client.post(at, {"action": "answer", "answer": "give", "code": "123456"}),
    ):
        assert answer.status_code in (405, 409)
        assert not shows or shows not in answer.content.decode()
    assert stored() == before


@pytest.fixture(params=PAGES)
def page(request) -> Page:
    return PAGES[request.param]


def test_every_address_with_a_link_in_it_is_among_these():
    with_token = {name for name, (_allowed, named) in TABLE.items() if "token" in named}

    assert with_token == {page.name for page in PAGES.values()}


def test_the_link_opens_its_own_record_and_opening_changes_nothing(page):
    one, other = page.make(), page.make()
    client, before = one.browser(), stored()

    shown = client.get(address(page, one.token))

    assert shown.status_code == 200
    assert one.shows in shown.content.decode()
    assert not other.shows or other.shows not in shown.content.decode()
    assert stored() == before


def test_the_button_changes_the_record_of_the_link_and_of_no_other(page):
    one, other = page.make(), page.make()
    client, before = one.browser(), stored()
    its_own = type(other.row)._base_manager.filter(pk=other.row.pk)
    untouched = its_own.values().get()
    at = address(page, one.token)

    answer = press(client, page, one, at)

    if not page.acts:
        assert (answer.status_code in (200, 405), stored()) == (True, before)
        return
    assert answer.status_code in (200, 302)
    assert stored() != before
    assert its_own.values().get() == untouched
    theirs = Message.objects.filter(created_at__gte=NOW() - timedelta(minutes=5))
    assert not theirs.filter(context__icontains=other.token).exclude(
        pk__in=[row["id"] for row in before["kernel.Message"]]
    )


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_made_for_another_purpose_opens_nothing(page, purpose):
    """Even where it names the very record this page is about."""
    if purpose == page.purpose:
        return
    sent = page.make()
    made = signed_links.make(purpose, signed_links.read(sent.token, page.purpose))

    refused(sent.browser(), address(page, made), shows=sent.shows)


def test_what_another_link_names_is_not_put_into_this_one(page):
    """The content of one with the signature of another, a letter changed, cut, or none."""
    one, other = page.make(), page.make()
    content, signature = one.token.split(".")
    others_content, _signature = other.token.split(".")
    last = "A" if signature[-2] != "A" else "B"

    for token in (
        f"{others_content}.{signature}",
        f"{content}.{signature[:-2]}{last}{signature[-1]}",
        f"{content}.{signature[:-4]}",
        content,
    ):
        refused(one.browser(), address(page, token), shows=other.shows)


def test_past_its_time_it_opens_nothing(page):
    sent = page.make()
    payload = signed_links.read(sent.token, page.purpose)
    over = signed_links.make(
        page.purpose, payload, timedelta(days=1), at=NOW() - timedelta(days=1)
    )
    good = signed_links.make(page.purpose, payload, timedelta(days=1))
    assert sent.browser().get(address(page, good)).status_code == 200

    refused(sent.browser(), address(page, over), shows=sent.shows)


@pytest.mark.parametrize("name", ["a place offered", "cover", "swap", "listing", "invitation"])
def test_a_link_that_answers_for_one_person_does_not_while_another_is_signed_in(name):
    page, somebody = PAGES[name], Client()
    sent = page.make()
    accounts.sign_in(somebody, volunteer())
    before = stored()

    answer = somebody.post(address(page, sent.token))

    assert answer.status_code == 409
    assert stored() == before


def test_the_code_of_one_guardian_does_not_answer_for_another_ones_child():
    page, one, other = PAGES["consent"], consent(), consent()
    client = Client()
    client.post(address(page, one.token), {"action": "code"})
    before = stored()

    answer = client.post(
        address(page, other.token),
        {"action": "answer", "answer": "give", "code": code_of(one)},
    )

    assert answer.status_code == 409
    assert stored() == before
