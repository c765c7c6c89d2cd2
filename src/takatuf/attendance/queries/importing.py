"""Whom, and which hours already known, the rows of a spreadsheet may be about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from takatuf.attendance.enums import HourState
from takatuf.attendance.models import HourClaim
from takatuf.kernel.text.names import ALIKE, name_parts, name_similarity
from takatuf.registry import queries as registry


class Volunteers:
    """People by what a row may name them with; by name only those the body knows."""

    def __init__(self, people, of_the_body: Iterable) -> None:
        self.people = people
        self.by_name: dict[str, list] = defaultdict(list)
        for person in of_the_body:
            parts = name_parts(person.full_name)
            if parts:
                self.by_name[parts[0]].append(person)

    def known(self, row: Mapping[str, Any]) -> tuple[str, list]:
        """Why, and who: by identity number, mobile or e-mail, wherever they volunteer."""
        return self.people.matches({**row, "birth_date": None})

    def named(self, name: str) -> tuple[list, list]:
        """Of the body's people: those of exactly this name, and those of a like one."""
        parts = name_parts(name)
        around = self.by_name.get(parts[0], []) if parts else []
        same = [person for person in around if name_parts(person.full_name) == parts]
        alike = [p for p in around if name_similarity(p.full_name, name) >= ALIKE]
        return same, alike


def volunteers_like(rows: Sequence[Mapping[str, Any]], body_id: int) -> Volunteers:
    """A fixed number of queries, however many rows; names are asked only where needed."""
    plain = [{**row, "birth_date": None} for row in rows]
    people = registry.people_like(plain)
    unmatched = [row for row in plain if not people.matches(row)[1]]
    first_names = {parts[0] for row in unmatched if (parts := name_parts(row["name"]))}
    of_the_body = _people_of(body_id).iterator(chunk_size=2000) if first_names else []
    return Volunteers(
        people,
        (p for p in of_the_body if (name_parts(p.full_name) or [""])[0] in first_names),
    )


def _people_of(body_id: int):
    """Who has worked, asked for a place or is in a team of the body."""
    rows = get_user_model()._default_manager.filter(erased_at=None).exclude(full_name="")
    met = (
        Q(hour_claims__body_id=body_id)
        | Q(applications__opportunity__body_id=body_id)
        | Q(team_memberships__team__body_id=body_id)
    )
    return rows.filter(met).distinct().order_by("pk")


def claims_around(
    person_ids: Iterable[int], body_id: int, start: datetime, end: datetime
) -> dict[int, list[HourClaim]]:
    """Hours of these people in the body that stand, within a span, by person."""
    rows = HourClaim.objects.filter(
        person_id__in=set(person_ids), body_id=body_id, started_at__lt=end, ended_at__gt=start
    ).exclude(state__in=[HourState.REJECTED, HourState.REVERSED])
    found: dict[int, list[HourClaim]] = defaultdict(list)
    for claim in rows.order_by("started_at", "pk"):
        found[claim.person_id or 0].append(claim)
    return found


def person_by_key(key: int):
    """:raises Person.DoesNotExist: if they are gone."""
    return get_user_model()._default_manager.get(pk=key, erased_at=None)
