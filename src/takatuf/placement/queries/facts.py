"""What the rules ask: places as they see them, and all that is known about people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.opportunities.enums import OPEN, ShiftStatus, Way
from takatuf.placement import ways
from takatuf.placement.eligibility import (
    Applicant,
    Engagement,
    Grant,
    Place,
    Verdict,
    judge,
)
from takatuf.placement.enums import ENGAGED, ApplicationStatus
from takatuf.placement.models import Application, Covenant
from takatuf.registry import queries as registry
from takatuf.registry.enums import least_basis

# Read for every change of a place: what the rules and the page ask of it, and no more.
ENGAGED_COLUMNS = (
    "person_id", "shift_id", "shift_role_id", "status", "offer_expires_at",
    "opportunity__code", "opportunity__title", "shift__starts_at", "shift__ends_at",
    *(f"opportunity__{name}" for name in ways.OF_OPPORTUNITY),
)  # fmt: skip


def week_of(moment: datetime) -> tuple[datetime, datetime]:
    """``[start, end)`` of the volunteer week around a moment: Sunday 00:00 local time."""
    local = timezone.localtime(moment)
    start = (local - timedelta(days=(local.weekday() + 1) % 7)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return start, start + timedelta(days=7)


def place_of(shift_role) -> Place:
    """A shift role as the rules see it: with shift, role, skills, opportunity and its
    governorate at hand.
    """
    shift, role = shift_role.shift, shift_role.role
    opportunity = shift.opportunity
    return Place(
        shift_id=shift.pk,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        title=opportunity.title,
        stands=opportunity.status in OPEN and shift.status == ShiftStatus.PLANNED,
        paused=opportunity.intake_paused,
        confirmed_until=opportunity.reconfirm_by,
        by_invitation=opportunity.way == Way.INVITATION,
        min_age=opportunity.min_age,
        max_age=opportunity.max_age,
        gender_rule=opportunity.gender_rule,
        gender_reason=opportunity.gender_reason,
        languages=frozenset(opportunity.languages),
        skill_id=role.skill_id,
        skill_name=role.skill.name if role.skill else "",
        level=role.level,
        least_basis=least_basis(role.least_basis, needs_licence=role.skill.needs_licence)
        if role.skill
        else "",
        credential_id=role.credential_id,
        credential_name=role.credential.name if role.credential else "",
        credential_licensed=role.credential is not None and role.credential.needs_licence,
        spot=ways.spot_of(opportunity),
    )


@dataclass(frozen=True, kw_only=True)
class Held:
    """A place somebody has or is offered."""

    application_id: int
    engagement: Engagement


@dataclass(frozen=True, kw_only=True)
class Known:
    """All the rules may ask about one person, before a shift is named."""

    person: Any
    passport: registry.Passport
    accepted: bool
    consent_until: date | None
    consent_asked_at: datetime | None = None
    signed: bool
    held: tuple[Held, ...]

    def may_be_minor(self, at: datetime) -> bool:
        return self.person.is_minor(on=timezone.localdate(at))

    def facing(
        self, moment: datetime, *, apart_from: int | None = None, invited: bool = False
    ) -> Applicant:
        """The person as the rules see them for a shift that starts at the moment.

        :param apart_from: an application left out (the one being judged).
        """
        on, passport = timezone.localdate(moment), self.passport
        held = [each for each in self.held if each.application_id != apart_from]
        return Applicant(
            age=self.person.age(on=on),
            gender=self.person.gender,
            has_profile=passport.weekly_minutes is not None,
            charter_accepted=self.accepted,
            # A year's consent may be over by the day of the shift.
            consent_given=self.consent_until is not None and self.consent_until > on,
            consent_asked_at=self.consent_asked_at,
            covenant_signed=self.signed,
            languages=frozenset(passport.languages),
            grants=tuple(
                Grant(skill_id=skill, level=level, basis=basis, valid_until=until)
                for skill, grants in passport.grants.items()
                for level, basis, until in grants
            ),
            engagements=tuple(each.engagement for each in held),
            weekly_minutes=passport.weekly_minutes or 0,
            minutes_in_week=_minutes_in(week_of(moment), held),
            free=frozenset(passport.free) or None,
            invited=invited,
        )

    def verdict(
        self,
        shift_role,
        *,
        at: datetime,
        apart_from: int | None = None,
        invited: bool = False,
    ) -> Verdict:
        """Every rule's answer about one role of one shift."""
        place = place_of(shift_role)
        applicant = self.facing(place.starts_at, apart_from=apart_from, invited=invited)
        return judge(applicant, place, at=at)


def _minutes_in(week: tuple[datetime, datetime], held: Iterable[Held]) -> int:
    start, end = week
    return sum(
        int((span.ends_at - span.starts_at).total_seconds() // 60)
        for span in (each.engagement for each in held)
        if start <= span.starts_at < end
    )


def known_about(
    people: Sequence, opportunity, *, at: datetime, rows: Iterable[Application] | None = None
) -> dict[int, Known]:
    """What the rules need about each person: four queries for any number of people.

    :param opportunity: the row or its key.
    :param rows: the people's ``engagement_rows``, where a page has read them already.
    """
    ids = [person.pk for person in people]
    passports = registry.passports_of(ids, on=timezone.localdate(at))
    standing = accounts.standing_of(ids, at=at)
    today = timezone.localdate(at)
    signed = _signed([p for p in people if p.is_minor(on=today)], opportunity)
    held = defaultdict(list)
    for row in engagement_rows(ids, at=at) if rows is None else rows:
        held[row.person_id].extend(held_by([row]))
    return {
        person.pk: Known(
            person=person,
            passport=passports[person.pk],
            accepted=standing[person.pk].accepted,
            consent_until=standing[person.pk].consent_until,
            consent_asked_at=standing[person.pk].asked_at,
            signed=person.pk in signed,
            held=tuple(held[person.pk]),
        )
        for person in people
    }


def _signed(people: Sequence, opportunity) -> set[int]:
    if not people:
        return set()
    rows = Covenant.objects.filter(person__in=people, opportunity=opportunity)
    return set(rows.values_list("person_id", flat=True))


def held_by(rows: Iterable[Application]) -> list[Held]:
    """Those of the rows that keep a person busy."""
    return [
        Held(
            application_id=row.pk,
            engagement=Engagement(
                shift_id=row.shift_id,
                starts_at=row.shift.starts_at,
                ends_at=row.shift.ends_at,
                title=row.opportunity.title,
                spot=ways.spot_of(row.opportunity),
                offered=row.status == ApplicationStatus.OFFERED,
            ),
        )
        for row in rows
        if row.status in ENGAGED
    ]


def engagement_rows(
    ids: Iterable[int], *, at: datetime, opportunity=None
) -> QuerySet[Application]:
    """Places held or offered, of the running week onwards and of the day before, for a way may
    take that long; of one opportunity, everything.
    """
    start = week_of(at)[0] - timedelta(days=1)
    wanted = Q(status__in=ENGAGED, shift__ends_at__gt=start)
    if opportunity is not None:
        wanted |= Q(opportunity=opportunity)
    rows = Application.objects.filter(wanted, person_id__in=list(ids))
    rows = rows.select_related("shift", "opportunity__governorate")
    return rows.only(*ENGAGED_COLUMNS).order_by("pk")
