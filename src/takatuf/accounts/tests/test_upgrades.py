"""What older databases hold, brought in step."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps as today
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from takatuf.accounts.models import Person
from takatuf.accounts.tests import factories
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history, record

MOBILE = "+966551234567"


@pytest.fixture
def before(request):
    """The database as a migration of accounts left it; afterwards as it is today."""
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "accounts"]
    executor.migrate([("accounts", request.param)])
    yield MigrationExecutor(connection).loader.project_state(
        [("accounts", request.param), ("account", "0009_emailaddress_unique_primary_email")]
    ).apps  # fmt: skip
    MigrationExecutor(connection).migrate(newest)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["0002_birth_date_basis"], indirect=True)
def test_what_a_list_wrote_beside_a_proved_contact_goes_and_all_else_stays(before):
    people = before.get_model("accounts", "Person").objects
    addresses = before.get_model("account", "EmailAddress").objects
    by_mobile = people.create(email="thief@example.com", phone=MOBILE, phone_verified=True)
    by_mail = people.create(email="own@example.com", phone="+966551234568", channel="sms")
    addresses.create(user=by_mail, email="own@example.com", verified=True, primary=True)
    on_a_list = people.create(email="listed@example.com", phone="+966551234569")
    admin = people.create(email="admin@example.com", is_superuser=True, is_staff=True)

    MigrationExecutor(connection).migrate([("accounts", "0003_proved_contacts")])

    people = today.get_model("accounts", "Person").objects
    assert {
        row[0]: row[1:]
        for row in people.values_list(
            "pk", "email", "email_verified", "phone", "phone_verified", "channel"
        )
    } == {
        by_mobile.pk: (None, False, MOBILE, True, "sms"),
        by_mail.pk: ("own@example.com", True, None, False, "email"),
        on_a_list.pk: ("listed@example.com", False, "+966551234569", False, "email"),
        admin.pk: ("admin@example.com", True, None, False, "email"),
    }
    assert not list(invariants["verified e-mails are their person's own"]())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["0004_birth_date_requests"], indirect=True)
def test_a_password_set_from_a_listed_address_opens_nothing_and_a_proved_ones_stays(before):
    people = before.get_model("accounts", "Person").objects
    word = make_password(factories.PASSWORD)
    listed = people.create(email="thief@example.com", phone=MOBILE, password=word)
    claimed = people.create(phone="+966551234568", phone_verified=True, password=word)
    own = people.create(email="own@example.com", email_verified=True, password=word)
    invented = people.create(phone="+966551234569", is_demo=True, password=word)
    plain = people.create(email="plain@example.com", password=make_password(None))
    for one in (listed, own):
        Authenticator.objects.create(user_id=one.pk, type=Authenticator.Type.TOTP, data={})
    record(subject=Person(pk=claimed.pk), action="joined", by=None, at=factories.NOW)

    MigrationExecutor(connection).migrate([("accounts", "0005_unproved_ways_in")])

    now = {one.pk: one for one in Person.objects.all()}
    for one in (listed, claimed):
        assert not now[one.pk].has_usable_password()
        assert now[one.pk].session_stamp == 1
        assert [e.action for e in history(now[one.pk])][-1] == "sign_in_reset"
    for one in (own, invented):
        assert now[one.pk].check_password(factories.PASSWORD)
    for one in (own, invented, plain):
        assert now[one.pk].session_stamp == 0
        assert not history(now[one.pk])
    assert list(Authenticator.objects.values_list("user_id", flat=True)) == [own.pk]
    assert not list(invariants["transition chains are whole"]())
