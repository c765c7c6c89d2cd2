"""People who may be one person under two records: for the desk to look at and decide."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from takatuf.kernel.asked import row_key
from takatuf.kernel.text.names import ALIKE, name_similarity
from takatuf.registry.enums import Basis, GrantStatus, MergeStatus
from takatuf.registry.models import PersonMerge, SkillGrant

NEWEST = 2_000  # new records are compared with all others of their birth date


@dataclass(frozen=True)
class Pair:
    keep: Any
    drop: Any
    percent: int

    @property
    def people(self) -> tuple:
        return self.keep, self.drop


def likely_duplicates(*, limit: int = 50) -> list[Pair]:
    """Same birth date and a like name, most alike first, without pairs already looked at."""
    people = get_user_model().objects.filter(erased_at=None, is_active=True)
    people = people.exclude(birth_date=None).exclude(full_name="")
    dates = set(people.order_by("-pk").values_list("birth_date", flat=True)[:NEWEST])
    by_date = defaultdict(list)
    for person in people.filter(birth_date__in=dates).order_by("pk").iterator():
        by_date[person.birth_date].append(person)
    seen = _looked_at()
    pairs = []
    for born_alike in by_date.values():
        for older, newer in combinations(born_alike, 2):
            alike = name_similarity(older.full_name, newer.full_name)
            if alike >= ALIKE and frozenset((older.pk, newer.pk)) not in seen:
                pairs.append(Pair(older, newer, round(100 * alike)))
    pairs.sort(key=lambda pair: (-pair.percent, pair.keep.pk, pair.drop.pk))
    return pairs[:limit]


def people_merged(keys: Iterable[int] | None = None) -> dict[int, int]:
    """``{key: the record it became}`` for those of the people who were merged into others;
    of everybody unless named.
    """
    return _ends("drop_id", "keep_id", keys)


def refs_merged() -> dict[UUID, UUID]:
    """``{Person.ref: the ref it became}`` of everybody who was merged into another record."""
    return _ends("drop__ref", "keep__ref")


def refs_of_the_merged() -> Iterable[frozenset[UUID]]:
    """For everybody who had several records, all of their refs."""
    records = defaultdict[UUID, set[UUID]](set)
    for given_up, became in refs_merged().items():
        records[became] |= {given_up, became}
    return map(frozenset, records.values())


def refs_of(person) -> frozenset[UUID]:
    """Every ``Person.ref`` that rows never changed may know somebody under."""
    refs, keys = {person.ref}, [person.pk]
    while keys:
        merges = PersonMerge.objects.filter(status=MergeStatus.DONE, keep__in=keys)
        given_up = dict(merges.values_list("drop__ref", "drop_id"))
        keys = [key for ref, key in given_up.items() if ref not in refs]
        refs |= given_up.keys()
    return frozenset(refs)


def _ends(drop: str, keep: str, of: Iterable | None = None) -> dict[Any, Any]:
    """Each record that was given up, and the one its merges end at."""
    merges = PersonMerge.objects.filter(status=MergeStatus.DONE)
    became = dict(merges.order_by("decided_at", "pk").values_list(drop, keep))
    found = {}
    for key in became if of is None else of:
        now, seen = key, {key}
        while now in became and became[now] not in seen:
            now = became[now]
            seen.add(now)
        if now != key:
            found[key] = now
    return found


def vouched_for(one, other) -> QuerySet[SkillGrant]:
    """Skills in force that one of two records confirmed to the other."""
    rows = SkillGrant.objects.filter(status=GrantStatus.ACTIVE).exclude(basis=Basis.DECLARED)
    return rows.filter(
        Q(person=one, granted_by=other) | Q(person=other, granted_by=one)
    ).order_by("pk")


def pair_of_people(keep: str, drop: str):
    """Two people by their keys as they came from a form, or None."""
    first, second = row_key(keep), row_key(drop)
    if first is None or second is None or first == second:
        return None
    found = get_user_model().objects.in_bulk([first, second])
    return (found[first], found[second]) if len(found) == 2 else None  # noqa: PLR2004 - a pair


def _looked_at() -> set[frozenset[int]]:
    rows = PersonMerge.objects.values_list("keep_id", "drop_id")
    return {frozenset(pair) for pair in rows}
