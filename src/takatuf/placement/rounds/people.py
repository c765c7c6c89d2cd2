"""Whoever takes part in a round as the engine's rows: one for each week of each person."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from takatuf.accounts import queries as accounts
from takatuf.accounts.enums import ADULT_AGE, BirthDateBasis
from takatuf.engine.matching.region import (
    BUSY,
    FOR_EVER,
    GRANT,
    NO_DAY,
    PERSON,
    STEPS_A_KM,
)
from takatuf.placement import ways
from takatuf.placement.enums import ENGAGED
from takatuf.placement.models import Application
from takatuf.placement.rounds.places import Known, put
from takatuf.placement.rounds.scales import (
    DAY,
    EVERY_TIME,
    UNASKED,
    WEEK,
    cells_of,
    day_number,
    latest_birth,
    minutes_since,
)
from takatuf.registry import queries as registry
from takatuf.registry.enums import BASIS_STRENGTH, Basis

# What lies between two shifts at most: the longest buffer and way, or the rest of a night.
MOST_APART = 2 * DAY
MARGIN = timedelta(minutes=MOST_APART)
ENGAGED_COLUMNS = (
    "person_id", "shift__starts_at", "shift__ends_at",
    *(f"opportunity__{name}" for name in ways.OF_OPPORTUNITY),
)  # fmt: skip
GENDERS = {"female": 1, "male": 2}


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
        person["born"] = day_number(born) if known else NO_DAY
        person["gender"] = GENDERS.get(gender, 0)
        person["consent_until"] = NO_DAY if consent_until is None else day_number(consent_until)
        person["x"], person["y"] = ways.plane(
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
            if kind == "grant":
                last = FOR_EVER if until is None else day_number(until)
                basis = Basis(words)
                self._granted += [
                    (number, skill, second, BASIS_STRENGTH[basis], last)
                    for skill in self.known.numbers_of(first, basis)
                ]
            elif kind == "language":
                one[number]["languages"] |= np.uint64(self.known.language.get(words, 0))
            elif kind == "interest":
                one[number]["causes"] |= np.uint64(self.known.cause.get(first, 0))
            elif kind == "time":
                one[number]["free"] |= np.uint64(cells_of([(first, words)]))
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

    def engagements(self, *, start: datetime, apart_from: Iterable[int] = ()) -> NDArray[Any]:
        """Where people are anyway; that of a week leaves so much less of it, and makes the
        next a further one. Who was excused or did not come has the time: so say the rules too.

        :param apart_from: places (``ShiftRole``) that are no engagement here.
        """
        end = start + timedelta(minutes=self.weeks * WEEK)
        rows = Application.objects.filter(
            person_id__in=self.query, status__in=ENGAGED, shift__ends_at__gt=start - MARGIN,
            shift__starts_at__lt=end + MARGIN,
        ).exclude(shift_role_id__in=list(apart_from))  # fmt: skip
        return self.engaged(rows.order_by("pk").values_list(*ENGAGED_COLUMNS), start=start)

    def engaged(self, held: Iterable[tuple], *, start: datetime) -> NDArray[Any]:
        """The same of rows read already, as ``ENGAGED_COLUMNS``."""
        busy: list[tuple[int, int, int, ways.Spot | None]] = []
        for pk, starts_at, ends_at, *where in held:
            number = self.number.get(pk)
            if number is not None:
                begins, ends = minutes_since(starts_at, start), minutes_since(ends_at, start)
                self._take(number, begins, ends)
                spot, weeks = ways.spot(*where), self._weeks_near(begins, ends)
                busy.extend((number * self.weeks + week, begins, ends, spot) for week in weeks)
        found = np.zeros(len(busy), BUSY)
        for row, (agent, begins, ends, spot) in zip(found, busy, strict=True):
            row["agent"], row["start"], row["end"] = agent, begins, ends
            put(row, spot)
        return found

    def _take(self, number: int, begins: int, ends: int) -> None:
        if 0 <= begins < self.weeks * WEEK:
            agent = number * self.weeks + begins // WEEK
            self.rows["cap"][agent] = max(0, self.rows["cap"][agent] - (ends - begins))
            self.rows["begun"][agent] = 1

    def _weeks_near(self, begins: int, ends: int) -> range:
        """In which it could stand in the way: a night, or a long way, reaches into the next."""
        first = max(0, (begins - MOST_APART) // WEEK)
        return range(first, min(self.weeks - 1, (ends + MOST_APART) // WEEK) + 1)
