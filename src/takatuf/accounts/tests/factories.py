"""People for tests, and sign-ins as complete as the test needs."""

import itertools
import time
from datetime import UTC, date, datetime

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from django.test import Client

from takatuf.accounts import commands
from takatuf.accounts.models import GuardianConsent, Person, RecoveryRequest
from takatuf.kernel.text.arabic import sort_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "a long sentence of one's own"
NEW_PHONE = "+966551110002"  # to which somebody moves who lost the old one
_numbers = itertools.count(1)


def person(**given) -> Person:
    """An adult whose contacts are proved; every value can be given."""
    number = next(_numbers)
    values = {
        "full_name": f"شخص تجريبي {number}",
        "email": f"person{number}@example.org",
        "birth_date": date(1995, 5, 5),
    } | given
    for name in ("email", "phone"):
        values.setdefault(f"{name}_verified", bool(values.get(name)))
    password = values.pop("password", None)
    made = Person(**values, name_sort_key=sort_key(values["full_name"]))
    if password:
        made.set_password(password)
    else:
        made.set_unusable_password()
    made.save()
    if made.email_verified:
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def minor(**given) -> Person:
    """Sixteen years old on NOW."""
    return person(**{"birth_date": date(2010, 3, 1)} | given)


def consent(of: Person | None = None, **given) -> GuardianConsent:
    values = {
        "minor": of or minor(),
        "guardian_name": "ولي أمر تجريبي",
        "guardian_contact": "+966551230001",
        "relation": "father",
        "text_version": "1",
        "asked_at": NOW,
        "expires_on": date(2027, 11, 23),
    } | given
    if values.get("status") == "given":
        values.setdefault("answered_at", NOW)
    return GuardianConsent.objects.create(**values)


def sign_in(client, who: Person, *, methods=("password", "mfa")) -> None:
    """As after a real sign-in: with both proofs, unless the test says which."""
    client.force_login(who)
    session = client.session
    at = time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": m, "at": at} for m in methods]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
    session.save()


def signed_in(who: Person) -> Client:
    """A browser of their own, with both proofs shown."""
    client = Client()
    sign_in(client, who)
    return client


def ask_recovery(**given) -> RecoveryRequest:
    """What ``owner`` of the fixtures would ask, on NOW."""
    values = {
        "claimed_name": "هند العطوي", "claimed_contact": "+966551110001", "new_contact": NEW_PHONE,
        "birth_date": date(1999, 9, 9), "id_last_three": "525", "explanation": "ضاع الجوال",
        "lost_second_factor": False,
    } | given  # fmt: skip
    return commands.ask_recovery(**values, at=NOW)
