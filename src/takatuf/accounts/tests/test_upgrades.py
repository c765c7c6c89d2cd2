"""What older databases hold, brought in step."""

import pytest
from django.apps import apps as today
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from takatuf.kernel.registries import invariants

MOBILE = "+966551234567"


@pytest.fixture
def before():
    """The database as it was before contacts were told apart; afterwards as it is today."""
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "accounts"]
    executor.migrate([("accounts", "0002_birth_date_basis")])
    yield MigrationExecutor(connection).loader.project_state(
        [("accounts", "0002_birth_date_basis"),
         ("account", "0009_emailaddress_unique_primary_email")]
    ).apps  # fmt: skip
    MigrationExecutor(connection).migrate(newest)


@pytest.mark.django_db(transaction=True)
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
