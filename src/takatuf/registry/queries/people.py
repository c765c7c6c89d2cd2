"""Volunteers' profiles, skills and hours of the week, one by one and in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from takatuf.registry.enums import GrantStatus
from takatuf.registry.models import (
    Availability,
    Interest,
    LanguageSpoken,
    SkillGrant,
    VolunteerProfile,
)
from takatuf.registry.queries.offices import today_unless

# Both engines bound how many parameters one statement takes.
AT_A_TIME = 10_000

Held = tuple[int, str, date | None]


def profile_of(person) -> VolunteerProfile | None:
    """The person's regional profile with its governorate, or None before the welcome."""
    if not getattr(person, "is_authenticated", False):
        return None
    rows = VolunteerProfile.objects.select_related("governorate")
    return rows.filter(person_id=person.pk).first()


def profiles_of(person_ids: Iterable[int]) -> dict[int, VolunteerProfile]:
    """Profiles by person, with governorates: one query for each ten thousand people."""
    found: dict[int, VolunteerProfile] = {}
    for some in _portions(person_ids):
        rows = VolunteerProfile.objects.select_related("governorate")
        found.update({row.person_id: row for row in rows.filter(person_id__in=some)})
    return found


def valid_on(on: date | None) -> Q:
    """Grants that count on the day: active, and the last valid day not over."""
    on = today_unless(on)
    return Q(status=GrantStatus.ACTIVE) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def active_grants(person, on: date | None = None) -> QuerySet[SkillGrant]:
    """The person's grants that count on the day, with their skills and fields."""
    rows = SkillGrant.objects.filter(valid_on(on), person_id=person.pk)
    return rows.select_related("skill__field", "body").order_by(
        "skill__position", "skill_id", "pk"
    )


def availability_of(person_ids: Iterable[int]) -> dict[int, set[tuple[int, str]]]:
    """``{person: {(weekday, part), …}}``; weekday 0 is Sunday.

    Someone who filled in nothing is not in the answer: unknown, not "never".
    """
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for some in _portions(person_ids):
        rows = Availability.objects.filter(profile__person_id__in=some)
        for person, weekday, part in rows.values_list("profile__person_id", "weekday", "part"):
            found[person].add((weekday, part))
    return dict(found)


def languages_of(person_ids: Iterable[int]) -> dict[int, set[str]]:
    """``{person: {"ar", "en", …}}``; who named none is not in the answer."""
    found: dict[int, set[str]] = defaultdict(set)
    for some in _portions(person_ids):
        rows = LanguageSpoken.objects.filter(profile__person_id__in=some)
        for person, language in rows.values_list("profile__person_id", "language"):
            found[person].add(language)
    return dict(found)


def interests_of(person_ids: Iterable[int]) -> dict[int, set[int]]:
    """``{person: {field id, …}}``."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in _portions(person_ids):
        rows = Interest.objects.filter(profile__person_id__in=some)
        for person, field in rows.values_list("profile__person_id", "field_id"):
            found[person].add(field)
    return dict(found)


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    whole = list(ids)
    for start in range(0, len(whole), AT_A_TIME):
        yield whole[start : start + AT_A_TIME]
