"""Certificates and cards."""

from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.tests import factories as credentials
from tests.invariants import case, spoil


@case("certificates say what was signed off")
def _snapshot():
    made = credentials.certificate()
    yield
    Certificate.objects.filter(pk=made.pk).update(snapshot=made.snapshot | {"minutes": 6000})


@case("certificates and their serials belong together")
def _serial():
    made = credentials.certificate()
    yield
    Certificate.objects.filter(pk=made.pk).update(serial="TK-2026-000099")


@case("cards and their numbers belong together")
def _card():
    made = credentials.card()
    yield
    IdCard.objects.filter(pk=made.pk).update(number="TC-2026-000099")


@case("one valid certificate per person and subject")
def _valid_twice():
    first = credentials.certificate()
    credentials.certificate(holder=first.holder, body=first.body, minutes=900)
    yield
    spoil(
        "UPDATE credentials_certificate SET status = 'valid', revoked_at = NULL, "
        "revoke_reason = ''",
        table="credentials_certificate",
        check="certificate_revoked_says_why_and_when",
        unique="certificate_one_valid_per_subject",
    )
