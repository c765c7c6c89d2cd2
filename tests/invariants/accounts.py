"""Guardians' consents and confirmed addresses."""

from datetime import timedelta

from django.utils import timezone

from takatuf.accounts.tests import factories as accounts
from tests.invariants import case


@case("guardian consents belong to minors")
def _consent():
    minor = accounts.person(birth_date=timezone.localdate() - timedelta(days=16 * 365))
    ends = timezone.localdate() + timedelta(days=300)
    accounts.consent(minor, status="given", answered_at=timezone.now(), expires_on=ends)
    yield
    type(minor).objects.filter(pk=minor.pk).update(birth_date="1990-01-01")


@case("a guardian is reached by a contact of their own")
def _contact():
    minor = accounts.minor()
    accounts.consent(minor, status="given")
    yield
    type(minor).objects.filter(pk=minor.pk).update(
        email=None, email_verified=False, phone="+966551230001", phone_verified=True
    )


@case("verified e-mails are their person's own")
def _email():
    person = accounts.person()
    yield
    type(person).objects.filter(pk=person.pk).update(email="another@example.org")
