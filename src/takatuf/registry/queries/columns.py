"""Volunteers by the column, for who weighs many at once: few queries, streamed."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from takatuf.registry.models import Availability, Interest, SkillGrant, VolunteerProfile
from takatuf.registry.queries.passports import grant_rows, language_rows, time_rows, trait_rows
from takatuf.registry.queries.people import valid_on

AT_A_TIME = 5_000
PROFILE_COLUMNS = (
    "person_id", "person__birth_date", "person__birth_date_basis", "person__gender",
    "home_latitude", "home_longitude", "governorate__latitude", "governorate__longitude",
    "reach_km", "weekly_minutes", "recent_minutes", "proposals_agreed_at",
    "suggestions_a_week",
)  # fmt: skip


def who_may_be_placed(
    asked: QuerySet | Iterable[int], *, agreed: bool
) -> QuerySet[VolunteerProfile]:
    """Profiles of those who asked for something, and of all who agreed to be proposed.

    :param asked: the keys of the people who asked, as a query.
    """
    wanted = Q(person_id__in=asked)
    if agreed:
        wanted |= Q(proposals_agreed_at__isnull=False)
    return VolunteerProfile.objects.filter(
        wanted, person__is_active=True, person__erased_at__isnull=True
    )


def who_may_be_asked(
    *, skills: Iterable[int], times: Iterable[tuple[int, str]], near: int | None
) -> QuerySet[VolunteerProfile]:
    """Profiles of those who wish to hear of places, hold the skills asked for, and are usually
    free at these times or never said; the people of a governorate first, then the longest
    rested.

    :param times: weekday and part of the day.
    """
    rows = VolunteerProfile.objects.filter(
        suggestions_a_week__gt=0, person__is_active=True, person__erased_at__isnull=True
    )
    for skill in skills:
        held = SkillGrant.objects.filter(valid_on(None), skill_id=skill)
        rows = rows.filter(person__in=held.values("person_id"))
    said = Availability.objects.filter(profile=OuterRef("pk"))
    for weekday, part in times:
        free = said.filter(weekday=weekday, part=part)
        rows = rows.filter(Exists(free) | ~Exists(said))
    elsewhere = Case(When(governorate=near, then=0), default=1)
    return rows.order_by(elsewhere, "recent_minutes", "pk")


def profile_columns(profiles: QuerySet[VolunteerProfile]) -> Iterator[tuple[Any, ...]]:
    """Rows of ``PROFILE_COLUMNS``, by person."""
    rows = profiles.order_by("person_id").values_list(*PROFILE_COLUMNS)
    return rows.iterator(chunk_size=AT_A_TIME)


def traits(people: QuerySet, on: date | None = None) -> Iterator[tuple[Any, ...]]:
    """``(kind, person, first, second, words, until)`` of grants (skill, level, basis, last
    valid day), languages (words), usual times (weekday; words: the part) and interests (first:
    the field); one query.

    :param people: the keys of the people, as a query.
    :param on: the day on which skill grants must count; today unless named.
    """
    rows = grant_rows(people, on).union(
        language_rows(people), time_rows(people), _interests(people), all=True
    )
    return rows.iterator(chunk_size=AT_A_TIME)


def _interests(people: QuerySet) -> QuerySet:
    return trait_rows(
        Interest.objects.filter(profile__person_id__in=people), "interest",
        person=F("profile__person_id"), first=F("field_id"), second=Value(0), words=Value(""),
        until=Value(None),
    )  # fmt: skip
