"""Whatever form of an account something is mistyped in, the answer is 422, in place."""

import pytest
from django.urls import reverse

from takatuf.accounts import links
from takatuf.accounts.models import Person
from takatuf.accounts.tests import factories
from takatuf.kernel.models import Message, Transition

pytestmark = pytest.mark.django_db
EMPTY = {"csrfmiddlewaretoken": "x"}  # what a form that nothing was written in still sends
WAYS_IN = [
    "account_login",
    "join",
    "recover",
    "account_password_login",
    "account_reset_password",
]
OWN = [
    "join_guardian", "my_profile", "my_birth_date", "my_birth_date_ask", "my_identity",
    "contact_change", "account_change_password", "mfa_activate_totp",
]  # fmt: skip


@pytest.fixture(params=["whole page", "HTMX"])
def ask(request):
    headers = {"HX-Request": "true"} if request.param == "HTMX" else {}
    return lambda client, address, **typed: client.post(address, EMPTY | typed, headers=headers)


def traces() -> list:
    rows = [Person.objects.order_by("pk").values(), Message.objects.values()]
    return [*map(list, rows), Transition.objects.count()]


@pytest.mark.parametrize("name", WAYS_IN)
def test_on_the_way_in(client, ask, name):
    before = traces()

    page = ask(client, reverse(name))

    assert page.status_code == 422
    assert page.context["form"].errors
    assert traces() == before


@pytest.mark.parametrize("name", OWN)
def test_in_ones_own_account(client, ask, name):
    someone = factories.minor()
    someone.set_password("a long enough word")
    someone.save()
    factories.sign_in(client, someone)
    before = traces()

    page = ask(client, reverse(name))

    assert page.status_code == 422
    assert page.context["form"].errors
    assert traces() == before


def test_where_a_name_is_asked_first(client, ask):
    factories.sign_in(client, factories.person(full_name="", birth_date=None))

    assert ask(client, reverse("join_name")).status_code == 422


@pytest.mark.parametrize(
    ("name", "code_page"), [("account_login", "join_code"), ("contact_change", "contact_code")]
)
def test_where_a_code_is_written(client, ask, name, code_page):
    if name == "contact_change":
        factories.sign_in(client, factories.person())
    ask(client, reverse(name), contact="0551234567")
    before = traces()

    page = ask(client, reverse(code_page), code="")

    assert page.status_code == 422
    assert traces() == before


def test_where_a_guardian_answers(client, ask):
    consent = factories.consent()
    address = links.consent_link(consent, at=consent.asked_at).split("/", 3)[3]
    ask(client, f"/{address}", action="code")
    before = traces()

    page = ask(client, f"/{address}", action="answer", answer="give", code="")

    assert page.status_code == 422
    assert traces() == before


def test_where_the_desk_refuses_a_way_back_in(client, ask, two_of_the_desk):
    row = factories.ask_recovery()
    factories.sign_in(client, two_of_the_desk[0])
    before = traces()

    page = ask(client, reverse("recovery_decide", args=[row.pk, "refuse"]), reason="")

    assert page.status_code == 422
    assert traces() == before
