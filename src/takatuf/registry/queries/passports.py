"""What joining asks of a volunteer's profile, for many people in one query; and who to ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from takatuf.registry.models import (
    Availability,
    LanguageSpoken,
    SkillGrant,
    VolunteerProfile,
)
from takatuf.registry.queries.people import Held, valid_on

Ids = list[int] | QuerySet  # of people
KM_PER_DEGREE = 111.0
WIDTH_AT_28_NORTH = 0.88  # a degree of longitude against one of latitude, in the region


@dataclass(kw_only=True)
class Passport:
    """A volunteer as the rules of joining see them. ``weekly_minutes`` None: no profile."""

    weekly_minutes: int | None = None
    recent_minutes: int = 0
    grants: dict[int, list[Held]] = field(default_factory=dict)  # strongest level first
    languages: set[str] = field(default_factory=set)
    free: set[tuple[int, str]] = field(default_factory=set)  # empty: never said


def passports_of(person_ids: Iterable[int], on: date | None = None) -> dict[int, Passport]:
    """One for every person asked about; a single query, for a few thousand people at most.

    :param on: the day on which skill grants must count; today unless named.
    """
    ids = list(person_ids)
    found = {pk: Passport() for pk in ids}
    rows = _profiles(ids).union(
        grant_rows(ids, on), language_rows(ids), time_rows(ids), all=True
    )
    for kind, person, first, second, words, until in rows:
        passport = found[person]
        if kind == "profile":
            passport.weekly_minutes, passport.recent_minutes = first, second
        elif kind == "grant":
            passport.grants.setdefault(first, []).append((second, words, until))
        elif kind == "language":
            passport.languages.add(words)
        else:
            passport.free.add((first, words))
    for passport in found.values():
        for held in passport.grants.values():
            held.sort(key=lambda grant: -grant[0])
    return found


def trait_rows(rows: QuerySet, kind: str, **columns) -> QuerySet:
    """The columns every part of the union has, of the same types on both engines."""
    return (
        rows.order_by()
        .annotate(
            kind=Value(kind, CharField()),
            first=Cast(columns["first"], IntegerField()),
            second=Cast(columns["second"], IntegerField()),
            words=Cast(columns["words"], CharField()),
            until=Cast(columns["until"], DateField()),
            person_key=columns["person"],
        )
        .values_list("kind", "person_key", "first", "second", "words", "until")
    )


def _profiles(ids: Ids) -> QuerySet:
    return trait_rows(
        VolunteerProfile.objects.filter(person_id__in=ids), "profile", person=F("person_id"),
        first=F("weekly_minutes"), second=F("recent_minutes"), words=Value(""),
        until=Value(None),
    )  # fmt: skip


def grant_rows(ids: Ids, on: date | None) -> QuerySet:
    return trait_rows(
        SkillGrant.objects.filter(valid_on(on), person_id__in=ids), "grant",
        person=F("person_id"), first=F("skill_id"), second=F("level"), words=F("basis"),
        until=F("valid_until"),
    )  # fmt: skip


def language_rows(ids: Ids) -> QuerySet:
    return trait_rows(
        LanguageSpoken.objects.filter(profile__person_id__in=ids), "language",
        person=F("profile__person_id"), first=Value(0), second=Value(0), words=F("language"),
        until=Value(None),
    )  # fmt: skip


def time_rows(ids: Ids) -> QuerySet:
    return trait_rows(
        Availability.objects.filter(profile__person_id__in=ids), "time",
        person=F("profile__person_id"), first=F("weekday"), second=Value(0), words=F("part"),
        until=Value(None),
    )  # fmt: skip


# ---------------------------------------------------------------- who to ask
def volunteers_to_ask(
    *,
    governorate_id: int,
    field_id: int | None,
    skills: Sequence[int],
    near: tuple[Decimal, Decimal] | None,
    limit: int,
    person_id: int | None = None,
) -> list[VolunteerProfile]:
    """Volunteers of a governorate who hold the skills, or where none is asked care for the
    field; nearest home first, then those who named no home. With person, and ``away`` in km
    (None without a home).

    :param person_id: ask about this one person only.
    """
    rows = VolunteerProfile.objects.filter(
        governorate_id=governorate_id, person__is_active=True, person__erased_at__isnull=True
    )
    for skill in skills:
        held = SkillGrant.objects.filter(valid_on(None), skill_id=skill)
        rows = rows.filter(person_id__in=held.values("person_id"))
    if not skills and field_id is not None:
        rows = rows.filter(Q(interests__field_id=field_id))
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    away = _squared(near) if near else Value(None, FloatField())
    rows = rows.annotate(squared=away).select_related("person")
    found: list[Any] = list(rows.order_by(F("squared").asc(nulls_last=True), "pk")[:limit])
    for profile in found:
        degrees = profile.squared
        profile.away = None if degrees is None else KM_PER_DEGREE * degrees**0.5
    return found


def _squared(near: tuple[Decimal, Decimal]):
    """Squared distance in degrees of latitude: enough to order what lies in one region."""
    north = Cast(F("home_latitude"), FloatField()) - Value(float(near[0]))
    east = (Cast(F("home_longitude"), FloatField()) - Value(float(near[1]))) * Value(
        WIDTH_AT_28_NORTH
    )
    return north * north + east * east
