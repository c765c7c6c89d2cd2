"""Issuing and revoking. One function, one thing that can happen, one transaction."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.credentials import frozen, policies, queries
from takatuf.credentials.enums import (
    CARD_REPLACED,
    CREDENTIAL_STEPS,
    SUPERSEDED,
    CertificateKind,
    CredentialStatus,
    Revoker,
)
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.notices import CertificateIssued, CertificateRevoked
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.links import absolute
from takatuf.kernel.notices import announce
from takatuf.kernel.references import reference
from takatuf.kernel.sequences import bind_number, issue_number
from takatuf.kernel.transitions import change_state, record
from takatuf.kernel.verify_codes import new_code
from takatuf.registry import policies as registry

CERTIFICATES, CARDS = "certificate", "id_card"
CARD_LASTS_AT_MOST = timedelta(days=731)
REASON_LENGTH = 300
CODE_ATTEMPTS = 8
Row = TypeVar("Row", bound=models.Model)


class NamelessHolder(DomainError):
    """There is no name to print."""


class RevokedForCause(DomainError):
    """Somebody revoked the last one: who may do so issues another, with a reason."""


# ---------------------------------------------------------------- certificates
@transaction.atomic
def issue_certificate(
    *,
    kind: str,
    holder,
    body,
    subject: models.Model,
    snapshot: dict[str, Any],
    by,
    at: datetime,
    is_demo: bool = False,
    anew: str = "",
) -> Certificate:
    """The certificate for one person's work on one subject, its serial and code with it.

    Asking again gives the one that is there. When what would be printed has changed since
    (hours added or taken back, the name corrected), a new one takes its place.

    After one that somebody revoked for cause there is none for the asking. Hours approved or
    taken back since do not change that: whoever revoked judged the paper, not its sum, and
    says so by issuing anew. One that fell because all of its hours were taken back bars
    nothing: hours approved later are an answer of the body themselves.

    :param subject: what it is about: with holder and kind, at most one is valid.
    :param snapshot: what is printed, in values JSON can hold.
    :param anew: why another is issued after one revoked for cause; kept in the log.
    :raises NotAllowed: unless ``by`` is the holder, manages the body, or is the system (None);
        with ``anew``, unless ``by`` may revoke on the side that did.
    :raises RevokedForCause: without ``anew``, where the last one was.
    :raises DomainError: with ``anew``, where the last one was not.
    :raises NamelessHolder: if the holder's name is not known.
    """
    if by is not None and not anew and not policies.may_issue_certificate(by, holder, body):
        raise NotAllowed(_("The volunteer or the body asks for this certificate."))
    holder = queries.lock_holder(holder.pk)
    if not holder.full_name.strip():
        raise NamelessHolder(_("A certificate needs a name: enter the full name first."))
    current = queries.valid_certificate(holder, reference(subject), kind)
    if current is None or anew:
        _check_anew(queries.barred_certificate(holder, reference(subject), kind), anew, by=by)
    if current and _prints_the_same(current, holder, snapshot):
        return current
    if current:
        _revoke(current, reason=SUPERSEDED, by=by, at=at, replaced=True)
    certificate = _store_certificate(
        kind=CertificateKind(kind),
        subject=reference(subject),
        holder=holder,
        body=body,
        snapshot=snapshot,
        digest=frozen.digest(snapshot),
        issued_at=at,
        issued_by=by,
        is_demo=is_demo,
    )
    record(
        subject=certificate, action="issued anew" if anew else "issued", by=by, at=at,
        to_state="valid", reason=anew, about=holder if anew else None,
    )  # fmt: skip
    announce(CertificateIssued(certificate_id=certificate.pk))
    if by is None or by.pk != holder.pk:
        said = "certificate_replaced" if current else "certificate_ready"
        _tell(f"credentials.{said}", certificate, at=at)
    return certificate


@transaction.atomic
def revoke_certificate(
    *, certificate_id: int, reason: str, by, at: datetime, hours_gone: bool = False
) -> Certificate:
    """Take a certificate back for good; its verify page says so from this moment.

    :param hours_gone: it falls because none of its hours are left, not for cause.
    :raises NotAllowed: unless ``by`` heads the body or acts for the desk; never the holder.
    :raises DomainError: without a reason.
    :raises WrongState: if it is revoked already.
    """
    certificate = queries.lock_certificate(certificate_id)
    if not policies.may_revoke_certificate(by, certificate):
        raise NotAllowed(_("The body's head or the regional desk revokes a certificate."))
    headed = registry.may_head_body(by, certificate.body)
    side = "" if hours_gone else Revoker.BODY if headed else Revoker.DESK
    _revoke(certificate, reason=reason_given(reason), by=by, at=at, replaced=False, side=side)
    _tell("credentials.certificate_revoked", certificate, at=at)
    return certificate


def _prints_the_same(certificate: Certificate, holder, snapshot: dict) -> bool:
    return certificate.digest == frozen.digest(snapshot) and frozen.is_name(
        certificate.name_hash, holder.full_name, certificate.serial
    )


def _store_certificate(*, holder, issued_at: datetime, **fields) -> Certificate:
    issued = issue_number(kind=CERTIFICATES, at=issued_at)
    serial = f"TK-{issued.sequence.year}-{issued.number:06d}"
    certificate = _with_new_code(
        lambda code: Certificate.objects.create(
            serial=serial,
            code=code,
            holder=holder,
            printed_name=holder.full_name,
            name_hash=frozen.name_hash(holder.full_name, serial),
            issued_at=issued_at,
            **fields,
        )
    )
    bind_number(issued, certificate)
    return certificate


def _check_anew(barred: Certificate | None, anew: str, *, by) -> None:
    if barred is None:
        if anew:
            raise DomainError(
                _("No certificate of this work waits for this: the last one was not revoked.")
            )
        return
    if not anew:
        said = {"reason": barred.revoke_reason, "body": barred.body.name}
        if barred.revoked_by == Revoker.DESK:
            raise RevokedForCause(
                _(
                    "The regional desk revoked this certificate: “%(reason)s” Only the desk "
                    "can issue it anew: write to it by a concern."
                )
                % said
            )
        raise RevokedForCause(
            _(
                "This certificate was revoked: “%(reason)s” The head of %(body)s can issue it "
                "anew. If you object, report a concern to the regional desk."
            )
            % said
        )
    if not policies.may_issue_anew(by, barred):
        raise NotAllowed(
            _("Who may revoke a certificate issues it anew; after the desk, the desk alone.")
        )


def _revoke(certificate, *, reason: str, by, at, replaced: bool, side: str = "") -> None:
    change_state(
        certificate,
        CredentialStatus.REVOKED,
        table=CREDENTIAL_STEPS,
        by=by,
        at=at,
        action="superseded" if replaced else "revoked",
        reason=reason,
        about=certificate.holder,
        acting_body=certificate.body,
        columns={"revoked_at": at, "revoke_reason": reason, "revoked_by": side},
    )
    announce(CertificateRevoked(certificate_id=certificate.pk, replaced=replaced))


def _tell(template: str, certificate: Certificate, *, at: datetime) -> None:
    holder = certificate.holder
    outbox.send(
        template=template,
        to=holder,
        at=at,
        context={
            "work": certificate.snapshot.get("work", ""),
            "body_ar": certificate.body.name_ar,
            "body_en": certificate.body.name_en or certificate.body.name_ar,
            "serial": certificate.serial,
            "reason": certificate.revoke_reason,
            "link": absolute("credentials:mine", language=holder.language),
        },
        collapse_key=f"{template}:{certificate.subject}",
    )


# ---------------------------------------------------------------- cards
@transaction.atomic
def issue_card(
    *,
    person_id: int,
    body,
    valid_from: date,
    valid_until: date,
    by,
    at: datetime,
    is_demo: bool = False,
) -> IdCard:
    """The body's card for one of its volunteers, in place of the one they had.

    Whether the body has met this person is known above: the caller asks first.
    A second tap gives the card of the first.

    :raises NotAllowed: unless ``by`` manages the body, and the body may use volunteers.
    :raises NamelessHolder: if the person's name is not known.
    :raises DomainError: if the days are not in order, over, or more than two years.
    """
    holder = queries.lock_holder(person_id)
    if not policies.may_issue_card(by, holder, body):
        raise NotAllowed(_("A manager of the body issues its cards, and not to themselves."))
    if not holder.full_name.strip():
        raise NamelessHolder(_("A card needs a name: enter the full name first."))
    _check_days(valid_from, valid_until, today=timezone.localdate(at))
    current = queries.valid_card(holder, body)
    asked = (valid_from, valid_until, holder.full_name)
    if current and (current.valid_from, current.valid_until, current.printed_name) == asked:
        return current
    if current:
        _revoke_card(current, reason=CARD_REPLACED, by=by, at=at)
    card = _store_card(
        holder=holder, body=body, valid_from=valid_from, valid_until=valid_until,
        issued_by=by, issued_at=at, is_demo=is_demo,
    )  # fmt: skip
    record(subject=card, action="issued", by=by, at=at, to_state="valid", acting_body=body)
    return card


@transaction.atomic
def revoke_card(*, card_id: int, reason: str, by, at: datetime) -> IdCard:
    """Take a card back: lost, or the engagement ended.

    :raises NotAllowed: unless ``by`` manages the body or acts for the desk.
    :raises DomainError: without a reason.
    :raises WrongState: if it is revoked already.
    """
    card = queries.lock_card(card_id)
    if not policies.may_revoke_card(by, card):
        raise NotAllowed(_("The body's manager or the regional desk revokes a card."))
    _revoke_card(card, reason=reason_given(reason), by=by, at=at)
    holder = card.holder
    outbox.send(
        template="credentials.card_revoked",
        to=holder,
        at=at,
        context={
            "body_ar": card.body.name_ar,
            "body_en": card.body.name_en or card.body.name_ar,
            "number": card.number,
            "reason": card.revoke_reason,
            "link": absolute("credentials:mine", language=holder.language),
        },
    )
    return card


def _store_card(*, holder, issued_at: datetime, **fields) -> IdCard:
    issued = issue_number(kind=CARDS, at=issued_at)
    card = _with_new_code(
        lambda code: IdCard.objects.create(
            number=f"TC-{issued.sequence.year}-{issued.number:06d}",
            code=code,
            holder=holder,
            printed_name=holder.full_name,
            issued_at=issued_at,
            **fields,
        )
    )
    bind_number(issued, card)
    return card


def _check_days(valid_from: date, valid_until: date, *, today: date) -> None:
    if valid_until < valid_from:
        raise DomainError(
            _("The last day lies before the first: choose a later one."), field="valid_until"
        )
    if valid_until < today:
        raise DomainError(_("This day has passed: choose a day to come."), field="valid_until")
    if valid_until - valid_from > CARD_LASTS_AT_MOST:
        raise DomainError(
            _("A card lasts two years at most: choose an earlier day."), field="valid_until"
        )


def _revoke_card(card: IdCard, *, reason: str, by, at: datetime) -> None:
    change_state(
        card,
        CredentialStatus.REVOKED,
        table=CREDENTIAL_STEPS,
        by=by,
        at=at,
        action="revoked",
        reason=reason,
        about=card.holder,
        acting_body=card.body,
        columns={"revoked_at": at, "revoke_reason": reason},
    )


# ---------------------------------------------------------------- both
def reason_given(typed: str) -> str:
    """:raises DomainError: if none was typed, or more than 300 characters."""
    reason = " ".join(typed.split())
    if not reason:
        raise DomainError(_("Say why: the holder is told."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise DomainError(_("Say it in at most 300 characters."), field="reason")
    return reason


def _with_new_code(create: Callable[[str], Row]) -> Row:
    """``create(code)`` with a code nothing carries yet; certificates and cards share them."""
    for _attempt in range(CODE_ATTEMPTS):
        code = new_code()
        if queries.code_is_taken(code):
            continue
        try:
            with transaction.atomic():
                return create(code)
        except IntegrityError:
            if not queries.code_is_taken(code):
                raise
    raise RuntimeError("No unused verify code in eight attempts: is the random source broken?")
