"""The certificate of approved hours: asked for, and never saying more than the ledger does."""

from datetime import datetime
from textwrap import shorten

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.attendance import queries
from takatuf.attendance.models import HourClaim
from takatuf.credentials import commands as credentials
from takatuf.credentials import queries as certificates
from takatuf.credentials.enums import CertificateKind
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.references import reference
from takatuf.registry import policies as registry_policies


class NothingToCertify(DomainError):
    """No approved hours yet."""


@transaction.atomic
def request_certificate(*, person, opportunity, by, at: datetime):
    """The certificate for one person's approved hours at one opportunity.

    The same hours give the certificate that is already there; when hours were added since, a
    new one takes its place.

    :raises NothingToCertify: without approved hours.
    :raises NotAllowed: unless ``by`` is the person, or manages the body.
    :raises takatuf.credentials.commands.RevokedForCause: if somebody revoked the last one.
    """
    if by.pk != person.pk and not registry_policies.may_manage_body(by, opportunity.body):
        raise NotAllowed(_("The volunteer or the body asks for this certificate."))
    certificates.lock_holder(person.pk)  # nobody takes hours back between reading and printing
    return _issue(person, opportunity, by=by, at=at)


@transaction.atomic
def issue_certificate_anew(*, certificate_id: int, reason: str, by, at: datetime):
    """Another certificate after one revoked for cause, of the hours approved today.

    :param reason: why there is one again: kept in the log.
    :raises NothingToCertify: without approved hours.
    :raises NotAllowed: unless ``by`` may revoke it, on the side that did.
    :raises DomainError: without a reason; if it was not the last, or not revoked for cause.
    """
    found = certificates.lock_certificate(certificate_id)
    reason = credentials.reason_given(reason)
    opportunity = queries.opportunity_certified(found)
    if opportunity is None:
        raise NothingToCertify(_("Hours become a certificate once the body has approved them."))
    certificates.lock_holder(found.holder_id)
    return _issue(found.holder, opportunity, by=by, at=at, anew=reason)


def follow(claim: HourClaim, *, reason: str, by, at: datetime) -> None:
    """Approved hours were taken back, their person's row is locked: what a certificate printed
    of them is replaced by what is left, or revoked with the reason if nothing is.
    """
    holder, opportunity = claim.person, claim.opportunity
    if holder is None or opportunity is None:
        return
    certificate = certificates.valid_certificate(
        holder, reference(opportunity), CertificateKind.VOLUNTEERING
    )
    if certificate is None:
        return
    try:
        _issue(holder, opportunity, by=None, at=at)
    except (NothingToCertify, credentials.NamelessHolder):
        credentials.revoke_certificate(
            certificate_id=certificate.pk, by=by, at=at, hours_gone=True,
            reason=shorten(reason, credentials.REASON_LENGTH, placeholder="…"),
        )  # fmt: skip


def _issue(person, opportunity, *, by, at: datetime, anew: str = ""):
    claims = list(queries.approved_claims(person, opportunity))
    if not claims:
        raise NothingToCertify(_("Hours become a certificate once the body has approved them."))
    return credentials.issue_certificate(
        kind=CertificateKind.VOLUNTEERING,
        holder=person,
        body=opportunity.body,
        subject=opportunity,
        snapshot=queries.certificate_snapshot(opportunity, claims),
        by=by,
        at=at,
        is_demo=opportunity.is_demo,
        anew=anew,
    )
