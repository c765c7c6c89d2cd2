"""The region's rows as the engine's arrays: whoever takes part, and the places to fill.

What is written here and the rules of ``placement.eligibility`` answer alike for every pair; a
test asks both. People the rules would refuse everywhere (no charter accepted, no birth date)
are left out or fit nowhere; what one pair alone decides is a tie. Under 18 nobody is proposed
unasked: each place takes its own covenant, and who asked has signed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from takatuf.accounts import queries as accounts
from takatuf.accounts.enums import ADULT_AGE, BirthDateBasis
from takatuf.engine.matching.region import (
    APPLIED,
    ASKED,
    BARRED,
    BUSY,
    CELLS,
    FOR_EVER,
    GRANT,
    INCUMBENT,
    NO_DAY,
    NO_SKILL,
    PERSON,
    TIE,
    Region,
    Weights,
)
from takatuf.opportunities.enums import Mode
from takatuf.placement import queries
from takatuf.placement.eligibility import parts_of
from takatuf.placement.enums import ENDED, HOLDING, RUNNING_ROUNDS, UNANSWERED, ProposalStatus
from takatuf.placement.models import Application, Proposal, Round
from takatuf.placement.queries.facts import ENGAGED
from takatuf.placement.rounds import settings
from takatuf.registry import queries as registry
from takatuf.registry.enums import BASIS_STRENGTH, PARTS_OF_DAY, Basis, least_basis

EPOCH, MARGIN = date(1970, 1, 1), timedelta(days=1)
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
STEPS_A_DEGREE = 1110  # of latitude: 111 km in steps of 100 m
WIDTH = 0.88  # a degree of longitude against one of latitude, in the region
STEPS_A_KM = 10
# The last cell of the week is no time: every place touches it, and it is free for whoever may
# be proposed unasked. Who asked is not held to cells, so who only asked fits nowhere else.
UNASKED = 1 << (CELLS - 1)
EVERY_TIME = (1 << (7 * len(PARTS_OF_DAY))) - 1
PARTS = {str(part): number for number, part in enumerate(PARTS_OF_DAY)}
GENDERS, ADMITTED = {"female": 1, "male": 2}, {"women": 1, "men": 2}
PLACE_COLUMNS = (
    "pk", "shift_id", "shift__starts_at", "shift__ends_at", "minimum", "seats", "taken",
    "role__skill_id", "role__skill__needs_licence", "role__level", "role__least_basis",
    "shift__opportunity_id", "shift__opportunity__body_id", "shift__opportunity__mode",
    "shift__opportunity__field_id", "shift__opportunity__min_age",
    "shift__opportunity__max_age", "shift__opportunity__gender_rule",
    "shift__opportunity__languages", "shift__opportunity__latitude",
    "shift__opportunity__longitude", "shift__opportunity__governorate__latitude",
    "shift__opportunity__governorate__longitude",
)  # fmt: skip
PLACE_NAMES = (
    *(name.rpartition("__")[2] for name in PLACE_COLUMNS[:-2]), "centre_latitude",
    "centre_longitude",
)  # fmt: skip
WEIGHED = ("cause", "fit", "surplus", "away", "rest", "applied", "stay")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A round's inputs, with whose and which they are.

    :param person: the key of each volunteer; agent ``weeks * i + w`` is volunteer ``i`` in
        week ``w`` of the horizon.
    :param place: key, body, opportunity, shift and skill of each role, as dictionaries.
    :param start: the horizon's first midnight, a Sunday's.
    """

    region: Region
    person: NDArray[np.int64]
    place: list[dict[str, Any]]
    weeks: int
    start: datetime

    def person_of(self, agent: int) -> int:
        return int(self.person[agent // self.weeks])

    def digest(self) -> str:
        """SHA-256 of the region's rows: the same rows gathered again give it again."""
        found = sha256()
        for rows in (
            self.region.people, self.region.asked, self.region.grants, self.region.busy,
            self.region.ties, self.person,
        ):  # fmt: skip
            found.update(np.ascontiguousarray(rows).tobytes())
        return found.hexdigest()


def gather(matching_round: Round, *, at: datetime) -> Gathered:
    """Six queries for any number of people and places."""
    start, weeks = horizon(matching_round)
    rows = queries.places_in(matching_round, at=at).order_by("shift__starts_at", "pk")
    place = place_rows(rows)
    known = Known(place)
    shifts = rows.order_by().values("shift_id")
    asked = Application.objects.filter(shift_id__in=shifts, status__in=UNANSWERED)
    profiles = registry.who_may_be_placed(
        asked.values("person_id"), agreed=matching_round.with_agreed
    )
    people = People(
        profiles, weeks=weeks, known=known, at=at, unasked=matching_round.with_agreed
    )
    wanted = asked_rows(place, known, start, matching_round.options)
    busy = people.engagements(start=start)
    region = Region(
        people=people.rows, asked=wanted, grants=people.grants(), busy=busy,
        ties=_ties(matching_round, place, wanted, people, shifts),
        **limits(matching_round.options),
    )  # fmt: skip
    return Gathered(region=region, person=people.keys, place=place, weeks=weeks, start=start)


def place_rows(rows: QuerySet, *more: str) -> list[dict[str, Any]]:
    """Shift roles with all that is asked of whoever takes them, and ``more``; one query."""
    found = rows.values_list(*PLACE_COLUMNS, *more).iterator(chunk_size=2000)
    return [dict(zip((*PLACE_NAMES, *more), row, strict=True)) for row in found]


def horizon(matching_round: Round) -> tuple[datetime, int]:
    """From the Sunday before the first day, in whole weeks."""
    first, after = queries.days_of(matching_round)
    start, _end = queries.week_of(first)
    return start, -(-_minutes(after, start) // WEEK)


def _minutes(moment: datetime, start: datetime) -> int:
    return int((moment - start).total_seconds() // 60)


def _day(moment: date) -> int:
    return (moment - EPOCH).days


def weights(options: Mapping[str, int]) -> Weights:
    return Weights(**{name: options[name] for name in WEIGHED})


def limits(options: Mapping[str, int]) -> dict[str, Any]:
    """What a round's settings say of a whole plan; a setting newer than the round as usual."""
    known = settings.defaults() | dict(options)
    return {
        "weights": weights(known), "spread": known["spread"], "buffer": known["buffer"],
        "day_cap": known["day"], "rest": known["pause"],
    }  # fmt: skip


# ---------------------------------------------------------------- places
class Known:
    """Numbers for the skills, languages and fields that places ask for, and for no others."""

    def __init__(self, place: Iterable[Mapping[str, Any]]) -> None:
        rows = list(place)
        skills = {row["skill_id"] for row in rows} - {None}
        languages = {code for row in rows for code in row["languages"]}
        fields = {row["field_id"] for row in rows} - {None}
        self.skill = {pk: number for number, pk in enumerate(sorted(skills))}
        self.language = _bits(sorted(languages))
        self.cause = _bits(sorted(fields))


def _bits(values: list) -> dict[Any, int]:
    """A bit for each; no region has more languages or fields than a mask has room for."""
    return {value: 1 << number for number, value in enumerate(values[:63])}


def asked_rows(
    place: list[dict[str, Any]], known: Known, start: datetime, options: Mapping[str, int]
) -> NDArray[Any]:
    rows = np.zeros(len(place), ASKED)
    for row, each in zip(rows, place, strict=True):
        on = timezone.localdate(each["starts_at"])
        begins, ends = _minutes(each["starts_at"], start), _minutes(each["ends_at"], start)
        row["shift"], row["start"], row["end"] = each["shift_id"], begins, ends
        row["day"], row["week"] = _day(on), begins // WEEK
        row["maximum"] = each["seats"] - each["taken"]
        row["minimum"] = max(0, each["minimum"] - each["taken"])
        row["penalty"] = options["missing"]
        row["gender"] = ADMITTED.get(each["gender_rule"], 0)
        row["born_by"] = _day(latest_birth(on, each["min_age"]))
        row["born_after"] = (
            NO_DAY if each["max_age"] is None else _day(latest_birth(on, each["max_age"] + 1))
        )
        row["minor_after"] = _day(latest_birth(on, ADULT_AGE))
        row["skill"], row["credential"] = known.skill.get(each["skill_id"], NO_SKILL), NO_SKILL
        if each["skill_id"] is not None:
            row["level"], row["basis"] = each["level"] or 0, _basis_of(each)
        row["languages"] = sum(known.language[code] for code in set(each["languages"]))
        row["causes"] = known.cause.get(each["field_id"], 0)
        row["cells"] = _cells(parts_of(each["starts_at"], each["ends_at"])) | UNASKED
        _put_on_the_map(row, each)
    return rows


def _basis_of(each: Mapping[str, Any]) -> int:
    least = least_basis(each["least_basis"], needs_licence=each["needs_licence"])
    return BASIS_STRENGTH[Basis(least)]


def _put_on_the_map(row: Any, each: Mapping[str, Any]) -> None:
    north = each["latitude"] if each["latitude"] is not None else each["centre_latitude"]
    east = each["longitude"] if each["latitude"] is not None else each["centre_longitude"]
    if each["mode"] == Mode.REMOTE or north is None:
        row["anywhere"] = 1
    else:
        row["x"], row["y"] = _plane(north, east)


def _plane(north: Any, east: Any) -> tuple[int, int]:
    return round(float(east) * WIDTH * STEPS_A_DEGREE), round(float(north) * STEPS_A_DEGREE)


def latest_birth(on: date, age: int) -> date:
    """The last birth date of those who are so old on the day."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, of a year that has none
        return date(on.year - age, 2, 28)


def _cells(parts: Iterable[tuple[int, str]]) -> int:
    return sum(1 << (weekday * len(PARTS) + PARTS[part]) for weekday, part in parts)


# ---------------------------------------------------------------- people
class People:
    """Volunteers in the order of their keys, a row a week; filled by three queries."""

    def __init__(
        self, profiles: QuerySet, *, weeks: int, known: Known, at: datetime, unasked: bool
    ) -> None:
        self.weeks, self.known, self.unasked = weeks, known, unasked
        self.today = timezone.localdate(at)
        self.query = profiles.values("person_id")
        standing = accounts.standing_rows(self.query, at=at)
        may = {pk: until for pk, accepted, until, _asked in standing if accepted}
        found = [row for row in registry.profile_columns(profiles) if row[0] in may]
        self.keys = np.array([row[0] for row in found], np.int64)
        self.number = {row[0]: number for number, row in enumerate(found)}
        self.wished = [row[12] for row in found]  # suggestions a week at most
        self.cap = np.array([row[9] for row in found], np.int64)
        one = np.zeros(len(found), PERSON)
        for person, row in zip(one, found, strict=True):
            self._describe(person, row, may[row[0]])
        self._granted: list[tuple[int, int, int, int, int]] = []
        self._add_traits(one)
        self.rows = np.repeat(one, weeks)
        self.rows["week"] = np.tile(np.arange(weeks, dtype=np.int32), len(found))
        self.rows["cap"] = np.repeat(self.cap, weeks)

    def _describe(self, person: Any, row: tuple, consent_until: date | None) -> None:
        (_pk, born, basis, gender, north, east, centre_north, centre_east, reach, _weekly,
         recent, agreed_at, _wished) = row  # fmt: skip
        known = born is not None and basis != BirthDateBasis.SHEET
        person["born"] = _day(born) if known else NO_DAY
        person["gender"] = GENDERS.get(gender, 0)
        person["consent_until"] = NO_DAY if consent_until is None else _day(consent_until)
        person["x"], person["y"] = _plane(
            centre_north if north is None else north, centre_east if east is None else east
        )
        person["reach"] = reach * STEPS_A_KM
        person["recent"], person["size"] = recent, 1
        grown_up = known and born <= latest_birth(self.today, ADULT_AGE)
        if self.unasked and agreed_at is not None and grown_up:
            person["free"] = UNASKED

    def _add_traits(self, one: NDArray[Any]) -> None:
        said = np.zeros(len(one), np.bool_)
        for kind, pk, first, second, words, until in registry.traits(self.query, self.today):
            number = self.number.get(pk)
            if number is None:
                continue
            if kind == "grant" and first in self.known.skill:
                last = FOR_EVER if until is None else _day(until)
                strength = BASIS_STRENGTH[Basis(words)]
                self._granted.append((number, self.known.skill[first], second, strength, last))
            elif kind == "language":
                one[number]["languages"] |= np.uint64(self.known.language.get(words, 0))
            elif kind == "interest":
                one[number]["causes"] |= np.uint64(self.known.cause.get(first, 0))
            elif kind == "time":
                one[number]["free"] |= np.uint64(_cells([(first, words)]))
                said[number] = True
        one["free"][~said] |= np.uint64(EVERY_TIME)

    def grants(self) -> NDArray[Any]:
        """Each person's grants in each of their weeks."""
        one = np.zeros(len(self._granted), GRANT)
        if self._granted:
            one[:] = self._granted
        rows = np.repeat(one, self.weeks)
        week = np.tile(np.arange(self.weeks, dtype=np.int32), len(one))
        rows["agent"] = rows["agent"] * self.weeks + week
        return rows

    def engagements(self, *, start: datetime) -> NDArray[Any]:
        """Where people are anyway; what they hold of a week leaves so much less of it."""
        end = start + timedelta(minutes=self.weeks * WEEK)
        rows = Application.objects.filter(
            person_id__in=self.query, status__in=HOLDING, shift__ends_at__gt=start - MARGIN,
            shift__starts_at__lt=end + MARGIN,
        )  # fmt: skip
        columns = ("person_id", "status", "shift__starts_at", "shift__ends_at")
        return self.engaged(rows.order_by("pk").values_list(*columns), start=start)

    def engaged(self, held: Iterable[tuple], *, start: datetime) -> NDArray[Any]:
        """The same of rows read already: person, status, start, end."""
        busy: list[tuple[int, int, int]] = []
        for pk, status, starts_at, ends_at in held:
            number = self.number.get(pk)
            if number is not None:
                begins, ends = _minutes(starts_at, start), _minutes(ends_at, start)
                self._take(number, begins, ends)
                if status in ENGAGED:
                    busy.extend(self._clashes(number, begins, ends))
        found = np.zeros(len(busy), BUSY)
        if busy:
            found[:] = busy
        return found

    def _take(self, number: int, begins: int, ends: int) -> None:
        if 0 <= begins < self.weeks * WEEK:
            agent = number * self.weeks + begins // WEEK
            self.rows["cap"][agent] = max(0, self.rows["cap"][agent] - (ends - begins))

    def _clashes(self, number: int, begins: int, ends: int) -> Iterator[tuple[int, int, int]]:
        """In every week it could stand in somebody's way: a night may reach into the next."""
        first = max(0, (begins - DAY) // WEEK)
        for week in range(first, min(self.weeks - 1, (ends + DAY) // WEEK) + 1):
            yield number * self.weeks + week, begins, ends


# ---------------------------------------------------------------- ties
def _ties(
    matching_round: Round, place: list[dict[str, Any]], asked: NDArray[Any], people: People,
    shifts: QuerySet,
) -> NDArray[Any]:  # fmt: skip
    """Who asked for a place, was refused it or refused it, or was proposed for it before."""
    role_of = {each["pk"]: number for number, each in enumerate(place)}
    in_shift: dict[int, list[int]] = {}
    for each in place:
        in_shift.setdefault(each["shift_id"], []).append(each["pk"])
    kinds: dict[tuple[int, int], int] = {}

    def tie(person: int, role: int, kind: int) -> None:
        if person in people.number and role in role_of:
            kinds[person, role] = kinds.get((person, role), 0) | kind

    tie_to_asked(asked_for(Application.objects.filter(shift_id__in=shifts)), in_shift, tie)
    _tie_to_proposed(matching_round, shifts, tie)
    rows = np.zeros(len(kinds), TIE)
    for row, ((person, role), kind) in zip(rows, sorted(kinds.items()), strict=True):
        number = role_of[role]
        week = asked["week"][number]
        row["agent"], row["role"] = people.number[person] * people.weeks + week, number
        row["kind"] = kind
    return rows


def asked_for(applications: QuerySet[Application]) -> Iterator[tuple]:
    """Person, shift, role and state of what was asked for and is not had; one query."""
    # Ended by either side: not proposed again there.
    rows = applications.filter(status__in=(*UNANSWERED, *ENDED)).order_by("pk")
    columns = ("person_id", "shift_id", "shift_role_id", "status")
    return rows.values_list(*columns).iterator(chunk_size=5000)


def tie_to_asked(asked: Iterable[tuple], in_shift: Mapping[int, list[int]], tie) -> None:
    refused: set[tuple[int, int]] = set()
    asks: dict[tuple[int, int], int] = {}
    for person, shift, role, status in asked:
        if status in UNANSWERED:
            asks[person, shift] = role
        else:
            refused.add((person, role))
    for (person, shift), wanted in asks.items():
        for role in in_shift.get(shift, ()):  # who asked for one role of a shift means that one
            tie(person, role, APPLIED if role == wanted else BARRED)
        refused.discard((person, wanted))  # asked again since
    for person, role in refused:
        tie(person, role, BARRED)


def _tie_to_proposed(matching_round: Round, shifts: QuerySet, tie) -> None:
    """A plan that stands undecided, of this or another round, and what was not approved."""
    undecided = Q(status=ProposalStatus.PROPOSED) & (
        Q(round=matching_round) | Q(round__status__in=RUNNING_ROUNDS)
    )
    rows = Proposal.objects.filter(undecided | Q(status=ProposalStatus.REJECTED))
    rows = rows.filter(shift_id__in=shifts).order_by("pk")
    columns = ("person_id", "shift_role_id", "status")
    for person, role, status in rows.values_list(*columns).iterator(chunk_size=5000):
        tie(person, role, INCUMBENT if status == ProposalStatus.PROPOSED else BARRED)
