"""Reading certificates and cards."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from takatuf.credentials import frozen
from takatuf.credentials.enums import (
    CARD_REPLACED,
    SUPERSEDED,
    CertificateKind,
    CredentialStatus,
    Standing,
)
from takatuf.credentials.models import Certificate, IdCard
from takatuf.kernel.asked import row_key
from takatuf.kernel.models import IssuedNumber
from takatuf.kernel.registries import Registry
from takatuf.kernel.text import arabic
from takatuf.kernel.text.arabic import sort_key
from takatuf.kernel.text.digits import western
from takatuf.kernel.verify_codes import LENGTH, normalise
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, Role

PAGE = 50
PEOPLE_SHOWN = 20
# name -> function(body) -> ids of people, as a list or a query of one column: whom the body
# has met, so that its manager may see their names and give them its card.
ways_to_meet: Registry = Registry("ways a body meets people")


# ---------------------------------------------------------------- anyone, by the code
def by_code(typed: str) -> Certificate | IdCard | None:
    """What carries this code, as a person typed it: any case, spaces, dashes, Arabic digits."""
    code = normalise(western(typed))
    if len(code) != LENGTH or not code.isascii():
        return None
    certificate = Certificate.objects.select_related("body").filter(code=code).first()
    return certificate or IdCard.objects.select_related("body").filter(code=code).first()


def is_card(found: Certificate | IdCard) -> bool:
    return isinstance(found, IdCard)


def is_named(certificate: Certificate, typed: str) -> bool:
    """Whether this is the name the certificate was printed with."""
    return frozen.is_name(certificate.name_hash, typed, certificate.serial)


def other_names(certificate: Certificate) -> list[str]:
    """What else the holder's certificates and account are called; spellings of one name are
    one.
    """
    printed = Certificate.objects.filter(holder=certificate.holder_id).order_by("pk")
    called = [*printed.values_list("printed_name", flat=True), certificate.holder.full_name]
    names = {arabic.normalise(name): name for name in called if name}
    names.pop(arabic.normalise(certificate.printed_name), None)
    return list(names.values())


def standing_of(found: Certificate | IdCard, on: date) -> Standing:
    """How it stands on that day."""
    if found.status == CredentialStatus.REVOKED:
        replaced = found.revoke_reason in (SUPERSEDED, CARD_REPLACED)
        return Standing.REPLACED if replaced else Standing.REVOKED
    if isinstance(found, IdCard) and found.valid_until < on:
        return Standing.EXPIRED
    if isinstance(found, IdCard) and found.valid_from > on:
        return Standing.NOT_YET
    return Standing.VALID


# ---------------------------------------------------------------- lists
def certificates_of(person) -> QuerySet[Certificate]:
    """The person's own, newest first, revoked ones too."""
    return _certificates().filter(holder=person)


def cards_of(person) -> QuerySet[IdCard]:
    return _cards().filter(holder=person)


def cards_of_body(body) -> QuerySet[IdCard]:
    """Every card the body gave, newest first."""
    return _cards().filter(body=body)


def certificates_visible_to(user, on: date | None = None) -> QuerySet[Certificate]:
    """The holder's own, a manager's body's, and all of them for the desk."""
    return _visible(_certificates(), user, on)


def cards_visible_to(user, on: date | None = None) -> QuerySet[IdCard]:
    return _visible(_cards(), user, on)


def _certificates() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("body", "holder").order_by("-issued_at", "-pk")


def _cards() -> QuerySet[IdCard]:
    return IdCard.objects.select_related("body", "holder").order_by("-issued_at", "-pk")


def _visible(rows: QuerySet, user, on: date | None) -> QuerySet:
    if user is None or not user.is_authenticated:
        return rows.none()
    offices = registry.offices_of(user, on)
    if any(office.role == Role.DESK and office.body.is_desk for office in offices):
        return rows
    managed = [office.body_id for office in offices if office.role in MANAGERS]
    return rows.filter(Q(holder=user) | Q(body__in=managed))


def page_of(rows: QuerySet, before: str) -> tuple[Sequence, str]:
    """One page, newest first, from behind the row of this number; and where the next begins."""
    if last := row_key(before):
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def people_met(body, typed: str, on: date) -> tuple[list, bool]:
    """The first by name of the people the body has met who hold no card of it, and whether
    there are more than these.
    """
    met = Q(pk__in=[])
    for _name, way in ways_to_meet:
        met |= Q(pk__in=way(body))
    carded = IdCard.objects.filter(
        body=body, status=CredentialStatus.VALID, valid_until__gte=on
    ).values("holder")
    people = get_user_model()._default_manager.filter(met, is_active=True)
    if key := sort_key(typed, ignore_titles=True):
        people = people.filter(name_sort_key__contains=key)
    named = people.exclude(pk__in=carded).exclude(full_name="")
    found = list(named.order_by("name_sort_key", "pk")[: PEOPLE_SHOWN + 1])
    return found[:PEOPLE_SHOWN], len(found) > PEOPLE_SHOWN


def certified_by(body) -> QuerySet:
    """Ids of those the body has certified."""
    return Certificate.objects.filter(body=body).values("holder")


# ---------------------------------------------------------------- for commands
def lock_holder(holder_id: int):
    """The person's row, locked: of two who issue for one person, one waits.

    :raises Person.DoesNotExist: if there is no such person.
    """
    people = get_user_model()._default_manager
    return people.select_for_update(no_key=True).get(pk=holder_id)


def lock_certificate(certificate_id: int) -> Certificate:
    """:raises Certificate.DoesNotExist: if there is no such certificate."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("body", "holder")
    return rows.get(pk=certificate_id)


def lock_card(card_id: int) -> IdCard:
    """:raises IdCard.DoesNotExist: if there is no such card."""
    rows = IdCard.objects.select_for_update(of=("self",)).select_related("body", "holder")
    return rows.get(pk=card_id)


def valid_certificate(holder, subject: str, kind: str) -> Certificate | None:
    return Certificate.objects.filter(
        holder=holder, subject=subject, kind=kind, status=CredentialStatus.VALID
    ).first()


def barred_certificate(holder, subject: str, kind: str) -> Certificate | None:
    """The last one on this subject, if somebody revoked it for cause."""
    return barred_certificates_of(holder).filter(subject=subject, kind=kind).first()


def is_barred(certificate: Certificate) -> bool:
    """Whether nothing was issued on its subject since somebody revoked it for cause."""
    return barred_certificates_of(certificate.holder_id).filter(pk=certificate.pk).exists()


def barred_certificates_of(holder) -> QuerySet[Certificate]:
    """Those revoked for cause after which no other was issued on their subject."""
    later = Certificate.objects.filter(
        holder=OuterRef("holder"), subject=OuterRef("subject"), kind=OuterRef("kind"),
        pk__gt=OuterRef("pk"),
    )  # fmt: skip
    return _certificates().filter(~Exists(later), holder=holder).exclude(revoked_by="")


def valid_certificates_about(label: str) -> QuerySet[Certificate]:
    """Those of volunteering whose subject is of this model (``opportunities.opportunity``)."""
    return Certificate.objects.filter(
        kind=CertificateKind.VOLUNTEERING, status=CredentialStatus.VALID,
        subject__startswith=f"{label}:",
    )  # fmt: skip


def valid_card(holder, body) -> IdCard | None:
    """The card not revoked; its last day may have passed."""
    return IdCard.objects.filter(
        holder=holder, body=body, status=CredentialStatus.VALID
    ).first()


def code_is_taken(code: str) -> bool:
    """Certificates and cards share one verify page, hence one space of codes."""
    return (
        Certificate.objects.filter(code=code).exists()
        or IdCard.objects.filter(code=code).exists()
    )


# ---------------------------------------------------------------- figures and invariants
def in_force(at: datetime) -> QuerySet[Certificate]:
    """Certificates issued until that moment and not revoked by then."""
    return Certificate.objects.filter(issued_at__lte=at).exclude(revoked_at__lte=at)


def altered() -> Iterator[Certificate]:
    """Certificates whose digest is not that of their snapshot."""
    for row in Certificate.objects.iterator(chunk_size=2000):
        if frozen.digest(row.snapshot) != row.digest:
            yield row


def numbers_of(kind: str) -> Iterable[IssuedNumber]:
    return (
        IssuedNumber.objects.filter(sequence__kind=kind)
        .select_related("sequence")
        .order_by("pk")
        .iterator(chunk_size=2000)
    )


def valid_twice() -> QuerySet[Certificate]:
    """Valid certificates beside another of the same holder, subject and kind."""
    others = Certificate.objects.filter(
        holder=OuterRef("holder"), subject=OuterRef("subject"), kind=OuterRef("kind"),
        status=CredentialStatus.VALID, pk__lt=OuterRef("pk"),
    )  # fmt: skip
    return Certificate.objects.filter(Exists(others), status=CredentialStatus.VALID)


def numbers_printed(model, field: str) -> Iterator[tuple[int, str]]:
    return model.objects.values_list("pk", field).iterator(chunk_size=2000)


def values_held(model, person, field: str) -> list:
    """What the person's own copy shows of a field: one value per certificate or card."""
    return list(
        model.objects.filter(holder=person).order_by("pk").values_list(field, flat=True)
    )
