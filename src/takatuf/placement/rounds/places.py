"""The places of a round as the engine's rows: what each asks of whoever takes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from takatuf.accounts.enums import ADULT_AGE
from takatuf.engine.matching.region import ASKED, NO_DAY, NO_SKILL
from takatuf.needs import queries as needs
from takatuf.placement import ways
from takatuf.placement.eligibility import parts_of
from takatuf.placement.rounds.scales import (
    UNASKED,
    WEEK,
    cells_of,
    day_number,
    latest_birth,
    minutes_since,
)
from takatuf.placement.rounds.settings import as_opened
from takatuf.registry.enums import BASIS_STRENGTH, Basis, least_basis

ADMITTED = {"women": 1, "men": 2}
PLACE_COLUMNS = (
    "pk", "shift_id", "shift__starts_at", "shift__ends_at", "minimum", "seats", "taken",
    "urgent", "role__skill_id", "role__skill__needs_licence", "role__level",
    "role__least_basis", "role__credential_id",
    "shift__opportunity_id", "shift__opportunity__body_id", "shift__opportunity__mode",
    "shift__opportunity__field_id", "shift__opportunity__min_age",
    "shift__opportunity__max_age", "shift__opportunity__gender_rule",
    "shift__opportunity__languages", "shift__opportunity__latitude",
    "shift__opportunity__longitude", "role__credential__needs_licence",
    "shift__opportunity__governorate__latitude",
    "shift__opportunity__governorate__longitude",
)  # fmt: skip
PLACE_NAMES = (
    *(name.rpartition("__")[2] for name in PLACE_COLUMNS[:-3]), "credential_licensed",
    "centre_latitude", "centre_longitude",
)  # fmt: skip


def place_rows(rows: QuerySet, *more: str) -> list[dict[str, Any]]:
    """Shift roles with all that is asked of whoever takes them, and ``more``; one query."""
    need = needs.urgent().filter(pk=OuterRef("shift__opportunity__need"))
    rows = rows.annotate(urgent=Exists(need))
    found = rows.values_list(*PLACE_COLUMNS, *more).iterator(chunk_size=2000)
    return [dict(zip((*PLACE_NAMES, *more), row, strict=True)) for row in found]


class Known:
    """Numbers for the skills, languages and fields that places ask for, and for no others.

    As a second skill of a role, one has a number of its own: there licensed work counts by its
    licence alone, and any level does.
    """

    def __init__(self, place: Iterable[Mapping[str, Any]]) -> None:
        rows = list(place)
        skills = {row["skill_id"] for row in rows} - {None}
        credentials = {row["credential_id"]: row["credential_licensed"] for row in rows}
        credentials.pop(None, None)
        languages = {code for row in rows for code in row["languages"]}
        fields = {row["field_id"] for row in rows} - {None}
        self.skill = {pk: number for number, pk in enumerate(sorted(skills))}
        self.credential = {pk: len(skills) + n for n, pk in enumerate(sorted(credentials))}
        self.licensed = {pk for pk, licensed in credentials.items() if licensed}
        self.language = _bits(sorted(languages))
        self.cause = _bits(sorted(fields))

    def numbers_of(self, skill: int, basis: Basis) -> list[int]:
        """Under which numbers a grant of the skill counts."""
        second = skill not in self.licensed or basis == Basis.LICENCE
        numbers = (self.skill.get(skill), self.credential.get(skill) if second else None)
        return [number for number in numbers if number is not None]


def _bits(values: list) -> dict[Any, int]:
    """A bit for each; no region has more languages or fields than a mask has room for."""
    return {value: 1 << number for number, value in enumerate(values[:63])}


def asked_rows(
    place: list[dict[str, Any]], known: Known, start: datetime, options: Mapping[str, int]
) -> NDArray[Any]:
    rows, priority = np.zeros(len(place), ASKED), as_opened(options)["priority"]
    for row, each in zip(rows, place, strict=True):
        on = timezone.localdate(each["starts_at"])
        begins, ends = (
            minutes_since(each["starts_at"], start),
            minutes_since(each["ends_at"], start),
        )
        row["shift"], row["start"], row["end"] = each["shift_id"], begins, ends
        row["day"], row["week"] = day_number(on), begins // WEEK
        row["maximum"] = each["seats"] - each["taken"]
        row["minimum"] = max(0, each["minimum"] - each["taken"])
        row["penalty"] = options["missing"]
        row["priority"] = priority if each["urgent"] else 0
        row["gender"] = ADMITTED.get(each["gender_rule"], 0)
        row["born_by"] = day_number(latest_birth(on, each["min_age"]))
        row["born_after"] = (
            NO_DAY
            if each["max_age"] is None
            else day_number(latest_birth(on, each["max_age"] + 1))
        )
        row["minor_after"] = day_number(latest_birth(on, ADULT_AGE))
        row["skill"] = known.skill.get(each["skill_id"], NO_SKILL)
        row["credential"] = known.credential.get(each["credential_id"], NO_SKILL)
        if each["skill_id"] is not None:
            row["level"], row["basis"] = each["level"] or 0, _basis_of(each)
        row["languages"] = sum(known.language[code] for code in set(each["languages"]))
        row["causes"] = known.cause.get(each["field_id"], 0)
        row["cells"] = cells_of(parts_of(each["starts_at"], each["ends_at"])) | UNASKED
        _put_on_the_map(row, each)
    return rows


def _basis_of(each: Mapping[str, Any]) -> int:
    least = least_basis(each["least_basis"], needs_licence=each["needs_licence"])
    return BASIS_STRENGTH[Basis(least)]


def _put_on_the_map(row: Any, each: Mapping[str, Any]) -> None:
    columns = ("mode", "latitude", "longitude", "centre_latitude", "centre_longitude")
    put(row, ways.spot(*(each[name] for name in columns)))


def put(row: Any, spot: ways.Spot | None) -> None:
    """Write to a place's row, or an engagement's, where it is."""
    if spot is None:
        row["anywhere"] = 1
    else:
        row["x"], row["y"] = spot
