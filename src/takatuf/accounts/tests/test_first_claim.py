"""What opened a list's account before somebody proved a contact of it."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from takatuf.accounts import commands
from takatuf.accounts.tests import factories
from takatuf.accounts.tests.test_entrance import enter
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
MOBILE = "+966551234567"
THIEF = "thief@example.com"


@pytest.fixture
def taken():
    """On a list, with a password and a second factor of somebody who reads its e-mail."""
    one = factories.person(
        phone=MOBILE, email=THIEF, phone_verified=False, email_verified=False,
        password=factories.PASSWORD,
    )  # fmt: skip
    Authenticator.objects.create(user=one, type=Authenticator.Type.TOTP, data={})
    return one


def opened_by_nothing_of_before(one) -> bool:
    one.refresh_from_db()
    has_factor = Authenticator.objects.filter(user=one).exists()
    return not (one.has_usable_password() or has_factor)


def test_the_first_code_ends_the_password_the_factor_and_the_sessions(client, taken, last_code):
    strange = Client()
    factories.sign_in(strange, taken)
    assert strange.get(reverse("my_account")).status_code == 200

    assert enter(client, MOBILE, last_code).status_code == 302

    assert opened_by_nothing_of_before(taken)
    assert strange.get(reverse("my_account")).status_code == 302
    assert client.get(reverse("my_profile")).status_code == 200
    assert "sign_in_reset" in [entry.action for entry in history(taken)]


def test_the_next_codes_leave_the_owners_own_password(client, taken, last_code):
    enter(client, MOBILE, last_code)
    taken.refresh_from_db()
    taken.set_password("a sentence of the owner")
    taken.save(update_fields=["password"])

    enter(Client(), MOBILE, last_code)
    taken.refresh_from_db()
    commands.change_contact(person=taken, contact="own@example.com", by=taken, at=factories.NOW)

    taken.refresh_from_db()
    assert taken.check_password("a sentence of the owner")


def test_whoever_gets_the_account_from_the_desk_gets_it_without_the_password(taken):
    commands.change_contact(
        person=taken, contact="+966551234568", by=factories.person(), at=factories.NOW
    )

    assert opened_by_nothing_of_before(taken)
