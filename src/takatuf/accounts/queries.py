"""Reading people, consents, charters and recoveries."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from takatuf.accounts import links
from takatuf.accounts.enums import (
    ADULT_AGE,
    LIVE_CONSENT,
    OPEN_RECOVERY,
    BirthDateBasis,
    BirthDateRequestStatus,
    ConsentStatus,
)
from takatuf.accounts.models import (
    BirthDateRequest,
    CharterAcceptance,
    GuardianConsent,
    Person,
    RecoveryRequest,
    VolunteerCharter,
    years_old,
)
from takatuf.kernel.text.phones import to_e164
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.transitions import history

OF_COMING_IN = frozenset({EmailAddress, UserSession})  # rows that signing in alone leaves


# ---------------------------------------------------------------- people
def person_by_ref(ref: UUID | str) -> Person | None:
    return Person.objects.filter(ref=ref).first()


def is_adult_by_any_date(person: Person, *, on) -> bool:
    """Whether the birth date makes an adult, also one only a list suggested."""
    return (years_old(person.birth_date, on=on) or 0) >= ADULT_AGE


def is_minor_by_any_date(person: Person, *, on) -> bool:
    """Whether the birth date, also one only a list suggested, makes a minor."""
    age = years_old(person.birth_date, on=on)
    return age is not None and age < ADULT_AGE


def names_of(refs: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names for the actors of a history, in one query; the system and the erased are absent."""
    wanted = {ref for ref in refs if ref is not None}
    if not wanted:
        return {}
    people = Person.objects.filter(ref__in=wanted, erased_at__isnull=True)
    return {person.ref: str(person) for person in people}


def person_by_contact(contact: str) -> Person | None:
    """The one person with this e-mail (any case) or number, proved or only listed.

    For whoever has just typed its code, or to keep contacts apart. What somebody else names is
    looked for with ``person_who_proved``.
    """
    return _with_contact(contact).first()


def person_who_proved(contact: str) -> Person | None:
    """Who signs in with it: a list alone makes nobody its owner."""
    person = person_by_contact(contact)
    proved = person is not None and plain_contact(contact) in verified_contacts(person)
    return person if proved else None


def hold_by_contact(contact: str) -> Person | None:
    """As ``person_by_contact``, locked, and as it is then."""
    return _with_contact(contact).select_for_update().first()


def _with_contact(contact: str) -> QuerySet[Person]:
    contact = plain_contact(contact)
    return Person.objects.filter(**{"email" if "@" in contact else "phone": contact})


def plain_contact(contact: str) -> str:
    """As contacts are stored: an address in small letters, a number as E.164."""
    if "@" in contact:
        return contact.strip().lower()
    try:
        return to_e164(contact)
    except Unreadable:
        return contact


def is_own_contact(person: Person, contact: str) -> bool:
    return plain_contact(contact) in {person.email, person.phone}


def is_claimed(person: Person) -> bool:
    """Somebody proved a contact of it, or came in otherwise: it is no list's any more."""
    return person.email_verified or person.phone_verified or person.last_login is not None


def is_untouched(person: Person) -> bool:
    """An account opened by signing in with a contact, in which nobody has done anything yet:
    no name, no password, nothing of any module that hangs on it.
    """
    said = person.full_name or person.birth_date or person.has_usable_password()
    if said or person.is_staff:
        return False
    # Also relations that have no name of their own on the person.
    relations: Any = Person._meta.get_fields(include_hidden=True)
    rows = (
        relation.related_model._base_manager.filter(**{relation.field.name: person})
        for relation in relations
        if relation.auto_created and not relation.concrete
        if relation.related_model not in OF_COMING_IN
    )
    return not any(found.exists() for found in rows)


def verified_contacts(person: Person) -> list[str]:
    """Channels whose code the person once typed: e-mail first."""
    contacts = [person.email] if person.email and person.email_verified else []
    if person.phone and person.phone_verified:
        contacts.append(person.phone)
    return contacts


def has_second_factor(person: Person) -> bool:
    return second_factors().filter(user=person).exists()


def second_factors() -> QuerySet[Authenticator]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(type__in=kinds)


def is_profile_complete(person: Person) -> bool:
    """The person has said name and birth date: what every rule of joining starts from."""
    said = person.birth_date_basis == BirthDateBasis.SAID
    return bool(person.full_name and person.birth_date and said)


def is_suggested(person: Person) -> bool:
    """Name and birth date came from a sheet; the person has not confirmed them yet."""
    return person.birth_date_basis == BirthDateBasis.SHEET


# ---------------------------------------------------------------- guardians
def consents_visible_to(person) -> QuerySet[GuardianConsent]:
    """The minor's own, and those given by the person as a guardian."""
    if not person.is_authenticated:
        return GuardianConsent.objects.none()
    return GuardianConsent.objects.filter(Q(minor=person) | Q(guardian=person)).select_related(
        "minor"
    )


def live_consent_of(minor: Person) -> GuardianConsent | None:
    """The consent asked or given, if there is one."""
    return GuardianConsent.objects.filter(minor=minor, status__in=LIVE_CONSENT).first()


def is_guardians(contact: str, minor: Person) -> bool:
    """Whether the consent asked or given for the minor is answered with this contact."""
    consent = live_consent_of(minor)
    return consent is not None and plain_contact(contact) == plain_contact(
        consent.guardian_contact
    )


def answers_for(one: Person, minor: Person) -> bool:
    """Whether the minor's consent, asked or given, is answered by this person."""
    consent = live_consent_of(minor)
    return consent is not None and (
        consent.guardian_id == one.pk or is_own_contact(one, consent.guardian_contact)
    )


def latest_consent_of(minor: Person) -> GuardianConsent | None:
    return GuardianConsent.objects.filter(minor=minor).order_by("-asked_at", "-pk").first()


def consent_for_link(pk: int) -> GuardianConsent | None:
    """For the holder of a signed link, which is its own permission."""
    return GuardianConsent.objects.select_related("minor").filter(pk=pk).first()


def guardian_page(consent_id: int, minor: Person, *, at: datetime) -> str:
    """Where the guardian who gave this consent takes it back; "" once it holds no more."""
    given = GuardianConsent.objects.select_related("minor").filter(
        pk=consent_id, minor=minor, status=ConsentStatus.GIVEN,
        expires_on__gt=timezone.localdate(at),
    )  # fmt: skip
    consent = given.first()
    return links.consent_link(consent, at=at) if consent else ""


def guardian_of(person: Person, *, on: date) -> GuardianConsent | None:
    """Whom to reach about a minor: the guardian who said yes, as long as that holds.

    Their consent tells them who sees it: whoever organises the work. Nothing is asked about
    adults.
    """
    if not person.is_minor(on=on):
        return None
    given = GuardianConsent.objects.filter(status=ConsentStatus.GIVEN, expires_on__gt=on)
    return given.filter(minor=person).first()


def has_live_consent(person: Person, on) -> bool:
    """The guardian has said yes, and it holds on this date."""
    return GuardianConsent.objects.filter(
        minor=person, status=ConsentStatus.GIVEN, expires_on__gt=on
    ).exists()


def coming_of_age(birth_date: date, *, age: int = ADULT_AGE) -> date:
    """The first day a person is so many years old; for 29 February the day after the 28th."""
    year = birth_date.year + age
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def consents_to_expire(at: datetime) -> list[int]:
    today = timezone.localdate(at)
    rows = GuardianConsent.objects.filter(status__in=LIVE_CONSENT, expires_on__lte=today)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def consents_by_oneself() -> list[GuardianConsent]:
    """Those given with the young person's own contact; the young person at hand."""
    given = GuardianConsent.objects.filter(status=ConsentStatus.GIVEN).order_by("pk")
    return [
        consent
        for consent in given.select_related("minor").iterator()
        if is_own_contact(consent.minor, consent.guardian_contact)
    ]


# ---------------------------------------------------------------- the charter
def charter_in_force(at: datetime) -> VolunteerCharter | None:
    rows = VolunteerCharter.objects.filter(in_force_from__lte=at)
    return rows.order_by("-in_force_from", "-pk").first()


def has_accepted_current(person: Person, at: datetime) -> bool:
    """Also true while no charter is in force: there is nothing to accept."""
    charter = charter_in_force(at)
    return (
        charter is None
        or CharterAcceptance.objects.filter(person=person, charter=charter).exists()
    )


class Standing(NamedTuple):
    """What must be in order before anybody joins anything."""

    accepted: bool  # the charter in force, or there is none
    consent_until: date | None  # the guardian's consent holds before this day
    asked_at: datetime | None = None  # the guardian was sent a link and may still answer


def standing_of(person_ids: Iterable[int], at: datetime) -> dict[int, Standing]:
    """Charter and consent of many people; one query."""
    rows = standing_rows(list(person_ids), at=at)
    return {pk: Standing(*rest) for pk, *rest in rows}


def standing_rows(person_ids: list[int] | QuerySet, *, at: datetime) -> QuerySet[Any, Any]:
    """Rows of a person's key and the columns of ``Standing``.

    :param person_ids: the keys, or a query of them.
    """
    in_force = VolunteerCharter.objects.filter(in_force_from__lte=at)
    newest = in_force.order_by("-in_force_from", "-pk").values("pk")[:1]
    accepted = CharterAcceptance.objects.filter(person=OuterRef("pk"), charter=Subquery(newest))
    consent = GuardianConsent.objects.filter(minor=OuterRef("pk"), status=ConsentStatus.GIVEN)
    asked = GuardianConsent.objects.filter(
        minor=OuterRef("pk"), status=ConsentStatus.ASKED, expires_on__gt=timezone.localdate(at)
    )
    return Person.objects.filter(
        pk__in=person_ids
    ).values_list(
        "pk",
        Exists(accepted) | ~Exists(in_force),  # type: ignore[arg-type]
        Subquery(consent.order_by("-expires_on").values("expires_on")[:1]),
        Subquery(asked.values("asked_at")[:1]),
    )


def acceptances_of(person: Person) -> QuerySet[CharterAcceptance]:
    return (
        CharterAcceptance.objects.filter(person=person)
        .select_related("charter")
        .order_by("-accepted_at", "-pk")
    )


# ---------------------------------------------------------------- recovery
def open_recoveries() -> QuerySet[RecoveryRequest]:
    """What waits for the desk or for time to pass, oldest first."""
    return (
        RecoveryRequest.objects.filter(status__in=OPEN_RECOVERY)
        .select_related("person", "approved_by", "confirmed_by")
        .order_by("asked_at", "pk")
    )


def ended_recoveries(*, since: datetime) -> QuerySet[RecoveryRequest]:
    """Refused, stopped or done since then, newest first."""
    return RecoveryRequest.objects.filter(ended_at__gte=since).order_by("-ended_at", "-pk")


def recovery_for_link(pk: int | None) -> RecoveryRequest | None:
    """For the holder of a signed link sent to the account's old channels, and for the browser
    it was asked from.
    """
    if pk is None:
        return None
    return RecoveryRequest.objects.select_related("person").filter(pk=pk).first()


def why_refused(request: RecoveryRequest | BirthDateRequest) -> str:
    """The desk's reason; nothing if it was not refused, or its words were erased since."""
    if request.status != "refused":
        return ""
    entry = history(request).filter(action="refused").last()
    note = getattr(entry, "note", None)
    return note.why if note else ""


def recoveries_to_finish(at: datetime) -> list[int]:
    rows = RecoveryRequest.objects.filter(status="confirmed", cooling_ends_at__lte=at)
    return list(rows.order_by("pk").values_list("pk", flat=True))


# ---------------------------------------------------------------- birth dates for the desk
def waiting_birth_dates(*, apart_from: Person) -> QuerySet[BirthDateRequest]:
    """What somebody of the desk decides, oldest first: all but their own."""
    rows = BirthDateRequest.objects.filter(status=BirthDateRequestStatus.ASKED)
    return rows.exclude(person=apart_from).select_related("person").order_by("asked_at", "pk")


def ended_birth_dates(*, since: datetime, apart_from) -> QuerySet[BirthDateRequest]:
    """Accepted, refused or withdrawn since then, newest first, but for this person's own."""
    rows = BirthDateRequest.objects.filter(ended_at__gte=since).exclude(person=apart_from)
    return rows.select_related("person").order_by("-ended_at", "-pk")


def birth_date_request(pk: int) -> BirthDateRequest | None:
    """One of them, with the person and who decided; whether it may be seen is asked after."""
    rows = BirthDateRequest.objects.select_related("person", "decided_by")
    return rows.filter(pk=pk).first()


def latest_birth_date_request(person: Person) -> BirthDateRequest | None:
    """The person's own last one, in whatever state."""
    return BirthDateRequest.objects.filter(person=person).order_by("-asked_at", "-pk").first()


def other_birth_date_requests(request: BirthDateRequest) -> QuerySet[BirthDateRequest]:
    """What the same person asked before or since, newest first."""
    rows = BirthDateRequest.objects.filter(person=request.person_id).exclude(pk=request.pk)
    return rows.order_by("-asked_at", "-pk")
