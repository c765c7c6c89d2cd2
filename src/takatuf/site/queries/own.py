"""A volunteer's own page: what is next, what waits, what was done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

from takatuf.accounts import queries as accounts
from takatuf.attendance import queries as attendance
from takatuf.attendance.enums import EvidenceClass
from takatuf.credentials import queries as credentials
from takatuf.needs import queries as needs
from takatuf.opportunities import queries as opportunities
from takatuf.placement import queries as placement
from takatuf.placement.enums import UNANSWERED, ApplicationStatus
from takatuf.registry import queries as registry

GAPS = 3
CERTIFICATES = 3
REPORTS = 3


@dataclass(frozen=True)
class Gap:
    """A skill the person does not have, and how many opportunities near them ask for it."""

    skill: str
    opportunities: int


@dataclass(frozen=True, kw_only=True)
class Own:
    is_minor: bool
    named: bool  # name and birth date are known
    accepted: bool  # the charter in force
    consent_until: date | None
    consent: object | None  # the latest one asked, where none holds
    profile: registry.Passport
    next: object | None
    places: list
    offers: list
    asked: list
    minutes: list[tuple[EvidenceClass, int]]
    certificates: list
    gaps: list[Gap]
    concerns: list
    needs: list = field(default_factory=list)

    @property
    def has_profile(self) -> bool:
        return self.profile.weekly_minutes is not None

    @property
    def may_join(self) -> bool:
        """Nothing of their own stands in the way of joining."""
        ready = self.named and self.has_profile and self.accepted
        return ready and (not self.is_minor or self.consent_until is not None)

    @property
    def total_minutes(self) -> int:
        return sum(n for evidence, n in self.minutes if evidence != EvidenceClass.IMPORTED)

    @property
    def imported_minutes(self) -> int:
        """Of a body's old lists: verified by nobody, in no total."""
        return dict(self.minutes).get(EvidenceClass.IMPORTED, 0)

    @property
    def is_new(self) -> bool:
        """Nothing was asked for and nothing done yet."""
        return not (self.places or self.offers or self.asked or self.minutes)


def own_page(person, *, at: datetime) -> Own:
    """Eight queries, however much somebody did."""
    today = timezone.localdate(at)
    coming = list(placement.places_of(person, at=at))
    standing = accounts.standing_of([person.pk], at)[person.pk]
    consent_until = standing.consent_until
    if consent_until is not None and consent_until <= today:
        consent_until = None
    is_minor = person.is_minor(on=today)
    waits_for_consent = is_minor and consent_until is None
    profile = registry.passports_of([person.pk], today)[person.pk]
    places = [row for row in coming if row.status == ApplicationStatus.CONFIRMED]
    return Own(
        is_minor=is_minor,
        named=accounts.is_profile_complete(person),
        accepted=standing.accepted,
        consent_until=consent_until,
        consent=accounts.latest_consent_of(person) if waits_for_consent else None,
        profile=profile,
        next=places[0] if places else None,
        places=places,
        offers=[row for row in coming if row.status == ApplicationStatus.OFFERED],
        asked=[row for row in coming if row.status in UNANSWERED],
        minutes=_by_evidence(attendance.minutes_by_evidence(person)),
        certificates=list(credentials.certificates_of(person)[:CERTIFICATES]),
        gaps=[] if waits_for_consent else gaps_of(person, profile.grants),
        concerns=list(registry.concerns_reported_by(person)[:REPORTS]),
        needs=list(needs.reported_by(person)[:REPORTS]),
    )


def _by_evidence(minutes: dict[str, int]) -> list[tuple[EvidenceClass, int]]:
    """Strongest evidence first, only classes with minutes."""
    return [
        (evidence, minutes[evidence]) for evidence in EvidenceClass if minutes.get(evidence)
    ]


def gaps_of(person, held: Iterable[int], *, limit: int = GAPS) -> list[Gap]:
    """Skills they lack that open opportunities of their governorate ask for most.

    :param held: the skills they have.
    """
    english = get_language() == "en"
    rows = opportunities.skills_asked(person, apart_from=held, limit=limit)
    return [Gap(row["name_en"] if english else row["name_ar"], row["n"]) for row in rows]
