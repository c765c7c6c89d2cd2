"""People for tests, and sign-ins as complete as the test needs."""

import itertools
import time
from datetime import UTC, date, datetime

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress

from takatuf.accounts.models import GuardianConsent, Person
from takatuf.kernel.text.arabic import sort_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "a long sentence of one's own"
_numbers = itertools.count(1)


def person(**given) -> Person:
    """An adult with a confirmed e-mail; every value can be given."""
    number = next(_numbers)
    values = {
        "full_name": f"شخص تجريبي {number}",
        "email": f"person{number}@example.org",
        "birth_date": date(1995, 5, 5),
    } | given
    password = values.pop("password", None)
    made = Person(**values, name_sort_key=sort_key(values["full_name"]))
    if password:
        made.set_password(password)
    else:
        made.set_unusable_password()
    made.save()
    if made.email:
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
