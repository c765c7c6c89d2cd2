"""Whose contacts, channel and ways in stand when two records become one."""

import pytest

from takatuf.accounts import commands, queries
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
MOBILE, OTHER = "+966551234567", "+966551234568"
GIVEN_UP = "accounts.contact_given_up"


def listed(**given):
    return factories.person(**{"email": None} | given, email_verified=False,
                            phone_verified=False)  # fmt: skip


def unite(keep, drop):
    commands.unite_contacts(keep=keep, drop=drop, by=factories.person(), at=factories.NOW)
    keep.refresh_from_db()
    drop.refresh_from_db()
    return keep


def test_told_as_whoever_brings_the_contact_wants_it():
    keep = listed(channel="in_app")
    drop = factories.person(email=None, phone=MOBILE, channel="sms")

    assert unite(keep, drop).channel == "sms"


def test_told_by_a_contact_that_is_there():
    keep = listed(email="listed@example.com", channel="email")
    drop = factories.person(email=None, phone=MOBILE, channel="email")

    unite(keep, drop)

    assert (keep.email, keep.phone, keep.channel) == (None, MOBILE, "sms")


def test_who_keeps_their_own_contact_is_told_as_before():
    keep = factories.person(email=None, phone=MOBILE, channel="in_app")
    drop = factories.person(email="own@example.com", channel="email")

    unite(keep, drop)

    assert (keep.email, keep.phone, keep.channel) == ("own@example.com", MOBILE, "in_app")


def test_a_second_proved_contact_is_logged_and_hears_what_to_do():
    keep = factories.person(email="kept@example.com")
    drop = factories.person(email="gone@example.com", full_name="منى العطوي", language="en")

    unite(keep, drop)

    assert queries.person_by_contact("gone@example.com") is None
    message = outbox.messages_to_address("gone@example.com").get(template=GIVEN_UP)
    assert (message.person, message.language) == (None, "en")
    assert "k…@example.com" in message.body
    assert "/en/concerns/new/" in message.body
    assert keep.full_name not in message.body
    (entry,) = [e for e in history(keep) if e.action == "contact_given_up"]
    assert entry.note.changes == {"contact": ["g…@example.com", "k…@example.com"]}
    assert not outbox.messages_to_address("kept@example.com").exists()


def test_the_second_contact_of_a_list_goes_into_the_log_without_a_message():
    keep, drop = listed(phone=MOBILE), listed(phone=OTHER)

    unite(keep, drop)

    assert [e.action for e in history(keep)] == ["contact_dropped"]
    assert not outbox.messages_to_address(OTHER).exists()


@pytest.mark.parametrize("proved", [True, False])
def test_a_record_of_a_list_brings_no_password_to_a_proved_contact(proved):
    keep = listed(email="thief@example.com", password=factories.PASSWORD)
    drop = factories.person(email=None, phone=MOBILE, phone_verified=proved)

    unite(keep, drop)

    assert keep.has_usable_password() is not proved
