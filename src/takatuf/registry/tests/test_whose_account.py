"""An account that a list brought is whose contact is proved first, and nobody else's after."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts import commands as accounts
from takatuf.accounts.models import Person
from takatuf.accounts.tests import factories
from takatuf.imports.importers import Entry, Row, RunContext
from takatuf.kernel import outbox
from takatuf.kernel.references import reference
from takatuf.kernel.transitions import history
from takatuf.registry import commands
from takatuf.registry.enums import Role
from takatuf.registry.importing import PeopleImporter
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    desk_member,
    now,
)

pytestmark = pytest.mark.django_db
MOBILE, THIEF = "+966551234567", "thief@example.com"


def listed(**values) -> Person:
    """One row, written by a manager and taken."""
    body = BodyFactory()
    manager = OfficeFactory(role=Role.UNIT_MANAGER, body=body).person
    run = RunContext(
        kind="people", run=None, by=manager, at=timezone.now(), acting_body=reference(body),
        began=timezone.now(),
    )  # fmt: skip
    values = {"name": "سارة العطوي", "mobile": MOBILE, "email": THIEF} | values
    (taken,) = PeopleImporter().apply([Entry(Row(sheet="", line=1, values=values))], run)
    return Person.objects.get(pk=taken.rpartition(":")[2])


def code_of(contact: str) -> str:
    return outbox.messages_to_address(contact)[0].context["code"]


def come_in(contact: str, **browser) -> int:
    """By a code, as anybody; whose account that is."""
    client = Client(**browser)
    client.post(reverse("account_login"), {"contact": contact})
    client.post(reverse("join_code"), {"code": code_of(contact)})
    return int(client.session["_auth_user_id"])


def test_whoever_wrote_the_list_does_not_come_in_after_the_volunteer():
    volunteer = listed()

    assert come_in(MOBILE) == volunteer.pk
    assert come_in(THIEF) != volunteer.pk
    assert come_in(MOBILE) == volunteer.pk


def test_the_contact_nobody_proved_goes_and_the_log_says_so():
    volunteer = listed()

    come_in(MOBILE)

    volunteer.refresh_from_db()
    assert (volunteer.phone, volunteer.email, volunteer.channel) == (MOBILE, None, "sms")
    (dropped,) = [entry for entry in history(volunteer) if entry.action == "contact_dropped"]
    assert dropped.note.changes == {"contact": ["t…@example.com", ""]}


def test_what_is_written_to_the_volunteer_does_not_go_to_the_list_s_address():
    volunteer = listed()
    before = outbox.send(template="accounts.password_changed", to=volunteer, at=now())
    come_in(MOBILE)
    volunteer.refresh_from_db()

    after = outbox.send(template="accounts.password_changed", to=volunteer, at=now())

    assert (before.address, after.address) == (THIEF, MOBILE)


def test_whoever_wrote_the_list_may_come_first_and_the_volunteer_gets_an_own_account():
    stolen = listed()

    assert come_in(THIEF) == stolen.pk
    assert come_in(MOBILE) != stolen.pk
    stolen.refresh_from_db()
    assert stolen.phone is None


def test_the_contact_that_went_is_proved_again_on_the_account_s_page():
    volunteer = listed(email="sarah@example.com")
    client = Client()
    client.post(reverse("account_login"), {"contact": MOBILE})
    client.post(reverse("join_code"), {"code": code_of(MOBILE)})

    client.post(reverse("contact_change"), {"contact": "sarah@example.com"})
    client.post(reverse("contact_code"), {"code": code_of("sarah@example.com")})

    volunteer.refresh_from_db()
    assert (volunteer.phone, volunteer.email) == (MOBILE, "sarah@example.com")
    assert come_in("sarah@example.com") == come_in(MOBILE) == volunteer.pk


def test_a_forgotten_password_opens_no_account_of_a_list(client):
    """Else a password set with the list's address would still open what the mobile claims."""
    listed()

    client.post(reverse("account_reset_password"), {"email": THIEF})

    assert not outbox.messages_to_address(THIEF)


def test_the_desk_completes_nobody_who_proved_a_contact():
    volunteer = listed(email=None)
    come_in(MOBILE)
    Person.objects.filter(pk=volunteer.pk).update(last_login=None)
    row = Row(sheet="", line=1, values={"name": "سارة العطوي", "email": THIEF})
    run = RunContext(
        kind="people", run=None, by=None, at=timezone.now(), acting_body="",
        began=timezone.now(),
    )  # fmt: skip

    PeopleImporter().merge(row, reference(volunteer), run)

    volunteer.refresh_from_db()
    assert volunteer.email is None


def test_a_merge_brings_no_unproved_contact_into_a_claimed_account():
    keep, drop = factories.person(email=None, phone=MOBILE), PersonFactory(email=THIEF)

    commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    keep.refresh_from_db()
    assert (keep.phone, keep.email) == (MOBILE, None)
    assert come_in(THIEF) not in {keep.pk, drop.pk}


def test_a_merge_takes_a_proved_contact_before_a_listed_one():
    keep = PersonFactory(email=THIEF, phone="+966551110000")
    drop = factories.person(email="sarah@example.com")

    commands.merge_people(keep=keep, drop=drop, by=desk_member(), at=now())

    keep.refresh_from_db()
    assert (keep.email, keep.email_verified, keep.phone) == ("sarah@example.com", True, None)
    assert come_in("sarah@example.com") == keep.pk
    assert [e.action for e in history(keep)].count("contact_dropped") == 2


def test_the_first_of_the_desk_is_somebody_who_signs_in():
    volunteer = listed()
    BodyFactory(is_desk=True)

    with pytest.raises(CommandError):
        call_command("appoint_desk", THIEF)
    come_in(MOBILE)
    call_command("appoint_desk", MOBILE)

    assert volunteer.offices.get().role == Role.DESK


def test_the_account_of_a_list_is_no_guardians():
    listed()
    asked = factories.consent(guardian_contact=MOBILE)

    given = accounts.give_consent(consent=asked, at=factories.NOW)

    assert (given.status, given.guardian) == ("given", None)


def test_the_database_keeps_no_unproved_contact_beside_a_proved_one():
    volunteer = listed()

    for name in ("email_verified", "phone_verified"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=volunteer.pk).update(**{name: True})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_first_at_once_one_gets_the_account():
    volunteer, got = listed(), {}
    start = threading.Barrier(2)

    def enter(contact):
        translation.activate("ar")
        start.wait()
        person, _new = accounts.enter_by_contact(
            contact=contact, language="ar", by=None, at=timezone.now()
        )
        got[contact] = person.pk
        connection.close()

    both = [threading.Thread(target=enter, args=[contact]) for contact in (MOBILE, THIEF)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert len(set(got.values())) == 2
    assert volunteer.pk in got.values()
