"""For you: the places that suit one person best, as points less the price of the seat.

Worked out by the process that serves the page, with numpy alone. Every connection an
opportunity already has counts against it, so that all of them are seen by somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db.models import Count, F
from django.utils import timezone

from takatuf.engine.matching.region import APPLIED, FINE, TIE, Region
from takatuf.engine.matching.single import Judged, judge
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus, Way
from takatuf.placement.enums import LIVE, RUNNING_ROUNDS
from takatuf.placement.models import Application, Round, RoundPlace
from takatuf.placement.rounds import gathering, settings, words
from takatuf.placement.rounds.explaining import ties_of
from takatuf.registry import queries as registry

SHOWN = 5  # however many would suit: more are not read
DAYS, LOOKED_AT = 28, 600
CROWDED = 200  # tenths lost by an opportunity with as many connections as seats
PERSONAL = ("fit", "cause", "away")  # what is worth telling the person themselves


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A place that suits, with why.

    :param needed: the shift cannot run yet: people are missing.
    """

    shift_role: Any
    reasons: list[Any]
    needed: bool

    @property
    def opportunity(self):
        return self.shift_role.shift.opportunity


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """:param ready: the person may be judged at all: a profile, the charter, a birth date."""

    ready: bool
    found: list[Suggestion]


def suggested_to(person, *, at: datetime, most: int = SHOWN) -> Suggestions:
    """Ten questions for any number of places."""
    today = timezone.localdate(at)
    horizon = Round(first_day=today, last_day=today + timedelta(days=DAYS - 1))
    options = settings.defaults()
    start, weeks = gathering.horizon(horizon)
    places = _open_places(at)
    known = gathering.Known(places)
    people = _known_of(person, known, weeks=weeks, at=at)
    if not len(people.keys):
        return Suggestions(ready=False, found=[])
    asked = gathering.asked_rows(places, known, start, options)
    ties = ties_of(person.pk, places)
    people.rows["free"] |= np.uint64(gathering.UNASKED)  # they look for themselves
    region = Region(
        people=people.rows, asked=asked, grants=people.grants(),
        busy=people.engagements(start=start), ties=_rows_of(ties, asked),
        weights=gathering.weights(options), buffer=options["buffer"],
    )  # fmt: skip
    judged = [judge(region, week) for week in range(weeks)]
    best = _best(places, asked["week"], judged, ties, most=most)
    return Suggestions(ready=True, found=_described(best, places, options))


def _open_places(at: datetime) -> list[dict[str, Any]]:
    rows = opportunities.shift_roles().filter(
        shift__starts_at__gt=at, shift__starts_at__lt=at + timedelta(days=DAYS - 1),
        shift__status=ShiftStatus.PLANNED, shift__opportunity__status__in=PUBLIC,
        shift__opportunity__way__in=(Way.OPEN, Way.BY_REQUEST, Way.ROUND),
        shift__opportunity__intake_paused=False, taken__lt=F("seats"),
        shift__opportunity__reconfirm_by__gte=timezone.localdate(at),
    )  # fmt: skip
    return gathering.place_rows(rows.order_by("shift__starts_at", "pk")[:LOOKED_AT])


def _known_of(person, known, *, weeks: int, at: datetime) -> gathering.People:
    themselves = get_user_model().objects.filter(pk=person.pk)
    profiles = registry.who_may_be_placed(themselves.values("pk"), agreed=False)
    return gathering.People(profiles, weeks=weeks, known=known, at=at, unasked=False)


def _rows_of(ties: dict[int, int], asked: Any) -> Any:
    rows = np.zeros(len(ties), TIE)
    for row, (role, kind) in zip(rows, sorted(ties.items()), strict=True):
        row["agent"], row["role"], row["kind"] = asked["week"][role], role, kind
    return rows


@dataclass(frozen=True, kw_only=True)
class _Ranked:
    value: float
    role: int
    price: float
    parts: dict[str, int]


def _best(
    places: list[dict[str, Any]], week: Any, judged: list[Judged], ties: dict[int, int],
    *, most: int,
) -> list[_Ranked]:  # fmt: skip
    """The best place of each opportunity, the best opportunities first."""
    fitting = [
        n
        for n in range(len(places))
        if judged[week[n]].unmet[n] < 0 and not ties.get(n, 0) & APPLIED
    ]
    price, crowd = _prices(places[n]["pk"] for n in fitting), _crowding(places, fitting)
    found: dict[int, _Ranked] = {}
    for n in fitting:
        each, mine = places[n], judged[week[n]]
        seat = price.get(each["pk"], 0.0)
        lost = FINE * CROWDED * crowd.get(each["opportunity_id"], 0.0)
        ranked = _Ranked(
            value=float(mine.score[n]) - seat - lost, role=n, price=seat,
            parts=mine.parts_of(n),
        )  # fmt: skip
        kept = found.get(each["opportunity_id"])
        if kept is None or ranked.value > kept.value:
            found[each["opportunity_id"]] = ranked
    return sorted(found.values(), key=lambda each: (-each.value, each.role))[:most]


def _prices(roles: Iterable[int]) -> dict[int, float]:
    """Of the latest running round that fills the role."""
    rows = RoundPlace.objects.filter(
        shift_role_id__in=list(roles), round__status__in=RUNNING_ROUNDS
    )
    return dict(rows.order_by("round__solved_at").values_list("shift_role_id", "price"))


def _crowding(places: list[dict[str, Any]], fitting: list[int]) -> dict[int, float]:
    """Opportunity -> people who asked for it or have a place in it, for each of its seats."""
    seats: dict[int, int] = {}
    for n in fitting:
        key = places[n]["opportunity_id"]
        seats[key] = seats.get(key, 0) + places[n]["seats"]
    rows = Application.objects.filter(opportunity_id__in=list(seats), status__in=LIVE)
    counted = rows.order_by().values("opportunity_id").annotate(n=Count("pk"))
    return {
        row["opportunity_id"]: row["n"] / max(1, seats[row["opportunity_id"]])
        for row in counted
    }


def _described(
    best: list[_Ranked], places: list[dict[str, Any]], options: dict[str, int]
) -> list[Suggestion]:
    keys = [places[each.role]["pk"] for each in best]
    rows = opportunities.shift_roles().filter(pk__in=keys)
    by_key = {
        row.pk: row
        for row in rows.select_related("shift__opportunity__body", "role__skill")
    }  # fmt: skip
    found = []
    for key, each in zip(keys, best, strict=True):
        role = by_key[key]
        parts = {name: each.parts[name] for name in PERSONAL if name in each.parts}
        found.append(
            Suggestion(
                shift_role=role, reasons=words.reasons(parts, options),
                needed=role.taken < role.minimum,
            )
        )  # fmt: skip
    return found
