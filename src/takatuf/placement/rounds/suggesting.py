"""For you: the places that suit one person best, as points less the price of the seat.

Worked out by the process that serves the page, with numpy alone. Every connection an
opportunity already has counts against it, so that all of them are seen by somebody.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.accounts.enums import ADULT_AGE
from takatuf.engine.matching.region import APPLIED, FINE, TIE, Region
from takatuf.engine.matching.single import RULES, Judged, judge
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus, Way
from takatuf.placement import queries
from takatuf.placement.enums import (
    ENDED,
    ENGAGED,
    LIVE,
    RUNNING_ROUNDS,
    SOLVED,
    UNANSWERED,
    ProposalStatus,
    RoundStatus,
)
from takatuf.placement.models import Application, Cover, Proposal, Round, RoundPlace
from takatuf.placement.rounds import gathering, settings, words
from takatuf.placement.rounds.explaining import numbered
from takatuf.placement.rounds.people import ENGAGED_COLUMNS, MARGIN, People
from takatuf.placement.rounds.places import Known, asked_rows, place_rows
from takatuf.placement.rounds.scales import UNASKED, day_number
from takatuf.registry import queries as registry

DAYS, LOOKED_AT = 28, 600
AGE = RULES.index("age")
LONG_YEAR = 366  # days: so many years ago somebody was surely born who is that old
CROWDED = 200  # tenths lost by an opportunity with as many connections as seats
PERSONAL = ("priority", "fit", "cause", "away")  # what is worth telling the person themselves
ANYWHERE, ANY_TIME = np.iinfo(np.int32).max, np.iinfo(np.uint64).max


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A place that suits, with why.

    :param needed: the shift cannot run yet: people are missing.
    :param passed_over: a round filled it, is closed, and the place is free all the same.
    """

    shift_role: Any
    reasons: list[Any]
    needed: bool
    passed_over: bool

    @property
    def opportunity(self):
        return self.shift_role.shift.opportunity


@dataclass(frozen=True, kw_only=True)
class OtherAges:
    """What the free places ask for where the age, before anything else, rules out each.

    :param least: the lowest age above the person's that one is from; None where all are for
        younger people.
    :param on: the day the person is that old.
    :param most: the highest age one is up to, where all are for younger people.
    :param own: theirs, where it is under 18.
    """

    least: int | None = None
    on: date | None = None
    most: int | None = None
    own: int | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """:param ready: the person may be judged at all: a profile, the charter, a birth date.
    :param wished: how many of each they wish to see.
    :param guardian_missing: under 18, and nothing fits until the guardian agrees.
    :param covers: places somebody else cannot come to, soonest first.
    :param other_ages: where nothing fits, and for the age alone.
    """

    ready: bool
    wished: int = 0
    guardian_missing: bool = False
    found: list[Suggestion] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    other_ages: OtherAges | None = None


def suggested_to(person, *, at: datetime) -> Suggestions:
    """Eight questions for any number of places."""
    today = timezone.localdate(at)
    horizon = Round(first_day=today, last_day=today + timedelta(days=DAYS - 1))
    options = settings.defaults()
    start, weeks = gathering.horizon(horizon)
    places = _places_for(person, at)
    known = Known(places)
    people = _known_of(person, known, weeks=weeks, at=at)
    if not len(people.keys):
        return Suggestions(ready=False)
    if not (wished := people.wished[0]):
        return Suggestions(ready=True)
    asked = asked_rows(places, known, start, options)
    held, ties = _standing_of(person.pk, places, start)
    people.rows["free"] |= np.uint64(UNASKED)  # they look for themselves
    region = Region(
        people=people.rows, asked=asked, grants=people.grants(),
        busy=people.engaged(held, start=start), ties=_rows_of(ties, asked),
        **gathering.limits(options),
    )  # fmt: skip
    judged = [judge(region, week) for week in range(weeks)]
    best = _best(places, asked["week"], judged, ties, most=wished)
    minor = person.is_minor(on=today)
    agreed = people.rows["consent_until"][0] > day_number(today)
    fits = _coverable(places, asked["week"], region, weeks)
    return Suggestions(
        ready=True, wished=wished, guardian_missing=minor and not agreed,
        found=_described(best, places, options),
        covers=queries.covers_left_to(person, roles=fits, most=wished, at=at, minor=minor)
        if fits else [],
        other_ages=_other_ages(person, places, asked["week"], judged, region, today=today),
    )  # fmt: skip


def _places_for(person, at: datetime) -> list[dict[str, Any]]:
    """Places with a free seat, and those somebody looks for cover in: what the latest running
    round says a seat is worth with each. Not where the body did not want the person.
    """
    covers = queries.open_covers(at).filter(application__shift_role=OuterRef("pk"))
    refused = Proposal.objects.filter(
        person=person, status=ProposalStatus.REJECTED, shift_role=OuterRef("pk")
    )
    planned = RoundPlace.objects.filter(
        shift_role=OuterRef("pk"), round__status__in=SOLVED
    ).order_by("-round__solved_at", "-round_id")  # fmt: skip
    running = planned.filter(round__status__in=RUNNING_ROUNDS)
    rows = opportunities.shift_roles().filter(
        shift__starts_at__gt=at, shift__starts_at__lt=at + timedelta(days=DAYS - 1),
        shift__status=ShiftStatus.PLANNED, shift__opportunity__status__in=PUBLIC,
        shift__opportunity__way__in=(Way.OPEN, Way.BY_REQUEST, Way.ROUND),
        shift__opportunity__intake_paused=False,
        shift__opportunity__reconfirm_by__gte=timezone.localdate(at),
    )  # fmt: skip
    rows = rows.exclude(Exists(refused)).annotate(
        covered=Exists(covers.order_by()),
        price=Subquery(running.values("price")[:1]),
        round_status=Subquery(planned.values("round__status")[:1]),
    )
    wanted = rows.filter(Q(taken__lt=F("seats")) | Q(covered=True))
    soonest = wanted.order_by("shift__starts_at", "pk")[:LOOKED_AT]
    return place_rows(soonest, "covered", "price", "round_status")


def _known_of(person, known, *, weeks: int, at: datetime) -> People:
    themselves = get_user_model().objects.filter(pk=person.pk)
    profiles = registry.who_may_be_placed(themselves.values("pk"), agreed=False)
    return People(profiles, weeks=weeks, known=known, at=at, unasked=False)


def _standing_of(
    person_id: int, places: list[dict[str, Any]], start: datetime
) -> tuple[list[tuple], dict[int, int]]:
    """Where the person is anyway, as ``People.engaged`` wants it, and number of a place -> what
    ties them to it; one question.
    """
    in_shift, number = numbered(places)
    here = Q(status__in=(*UNANSWERED, *ENDED), shift__in=list(in_shift))
    there = Q(status__in=ENGAGED, shift__ends_at__gt=start - MARGIN)
    rows = Application.objects.filter(here | there, person=person_id).order_by("pk")
    found = list(
        rows.values_list(
            "person_id", "shift_id", "shift_role_id", "status", *ENGAGED_COLUMNS[1:]
        )
    )
    kinds: dict[int, int] = {}

    def tie(_person: int, role: int, kind: int) -> None:
        if role in number:
            kinds[number[role]] = kinds.get(number[role], 0) | kind

    gathering.tie_to_asked((row[:4] for row in found if row[3] not in ENGAGED), in_shift, tie)
    return [(row[0], *row[4:]) for row in found if row[3] in ENGAGED], kinds


def _rows_of(ties: dict[int, int], asked: Any) -> Any:
    rows = np.zeros(len(ties), TIE)
    for row, (role, kind) in zip(rows, sorted(ties.items()), strict=True):
        row["agent"], row["role"], row["kind"] = asked["week"][role], role, kind
    return rows


def _coverable(
    places: list[dict[str, Any]], week: Any, region: Region, weeks: int
) -> list[int]:
    """Keys of the places to cover that the rules allow the person, wishes left aside: whoever
    reads the page sees for themselves how far it is.
    """
    numbers = [n for n, each in enumerate(places) if each["covered"]]
    if not numbers:
        return []
    people = region.people.copy()
    people["reach"], people["free"] = ANYWHERE, ANY_TIME
    lifted = replace(region, people=people, ties=np.zeros(0, TIE))
    judged = [judge(lifted, each) for each in range(weeks)]
    return [places[n]["pk"] for n in numbers if judged[week[n]].unmet[n] < 0]


def _other_ages(
    person, places: list[dict[str, Any]], week: Any, judged: list[Judged], region: Region,
    *, today: date,
) -> OtherAges | None:  # fmt: skip
    """None where one free place is for the person's age, where there is none, or where at the
    age they are from another rule would stand in the way: a day is only named that holds.
    """
    free = [(n, each) for n, each in enumerate(places) if each["taken"] < each["seats"]]
    if not free or any(judged[week[n]].unmet[n] != AGE for n, _each in free):
        return None
    age = person.age(on=today)
    own = age if age < ADULT_AGE else None
    above = [each["min_age"] for _n, each in free if each["min_age"] > age]
    if not above:
        return OtherAges(most=max(each["max_age"] for _n, each in free), own=own)
    least = min(above)
    older = region.people.copy()
    older["born"] -= (least - age) * LONG_YEAR
    older["consent_until"] = np.iinfo(older["consent_until"].dtype).max  # asked for by then
    grown = replace(region, people=older)
    judged = [judge(grown, each) for each in range(len(judged))]
    if all(judged[week[n]].unmet[n] >= 0 for n, _each in free):
        return None
    return OtherAges(
        least=least, on=accounts.coming_of_age(person.birth_date, age=least), own=own
    )


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
        for n, each in enumerate(places)
        if each["taken"] < each["seats"]
        and judged[week[n]].unmet[n] < 0
        and not ties.get(n, 0) & APPLIED
    ]
    crowd = _crowding(places, fitting)
    found: dict[int, _Ranked] = {}
    for n in fitting:
        each, mine = places[n], judged[week[n]]
        seat = each["price"] or 0.0
        lost = FINE * CROWDED * crowd.get(each["opportunity_id"], 0.0)
        ranked = _Ranked(
            value=float(mine.score[n]) - seat - lost, role=n, price=seat,
            parts=mine.parts_of(n),
        )  # fmt: skip
        kept = found.get(each["opportunity_id"])
        if kept is None or ranked.value > kept.value:
            found[each["opportunity_id"]] = ranked
    return sorted(found.values(), key=lambda each: (-each.value, each.role))[:most]


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
                passed_over=places[each.role]["round_status"] == RoundStatus.CLOSED,
            )
        )  # fmt: skip
    return found
