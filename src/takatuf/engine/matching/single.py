"""One agent against every place, with numpy alone: for pages, which never load the kernels.

Says what ``eligibility`` and ``scoring`` say; a test asks both about every pair.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import MINUTES_A_DAY
from takatuf.engine.matching.region import (
    ANYBODY,
    APPLIED,
    BARRED,
    FINE,
    INCUMBENT,
    MINUTES_AN_HOUR,
    NO_DAY,
    NO_SKILL,
    RESTED_MINUTES,
    Region,
    way,
)

# As ``eligibility.RULES`` has them, in that order.
RULES = (
    "barred", "week", "age", "guardian", "gender", "language", "skill", "level", "basis",
    "expiry", "credential", "reach", "times", "hours", "clash",
)  # fmt: skip
MOST_MINUTES = 30_000


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One agent and all places.

    :param unmet: the first rule that does not hold, as its place in ``RULES``; -1 for none.
    :param score: steps; a number even where a rule stands against it.
    :param parts: what the score is made of, in tenths, the base left out.
    """

    unmet: NDArray[np.int8]
    score: NDArray[np.int64]
    parts: dict[str, NDArray[np.int64]]

    def parts_of(self, role: int) -> dict[str, int]:
        """Those of one place, nothing that is 0."""
        return {name: int(rows[role]) for name, rows in self.parts.items() if rows[role]}


def judge(region: Region, agent: int) -> Judged:
    """:raises IndexError: where there is no such agent."""
    if not 0 <= agent < len(region.people):
        raise IndexError(f"There is no agent {agent}.")
    person, asked = region.people[agent], region.asked
    tie, grant = _ties(region, agent), _nearest_grants(region, agent)
    held = _rules(region, agent, person, asked, tie, grant)
    failing = ~np.vstack([held[name] for name in RULES])
    unmet = np.where(failing.any(axis=0), failing.argmax(axis=0), -1).astype(np.int8)
    parts = _parts(region, person, asked, tie, grant)
    tenths = region.weights.base + sum(rows for name, rows in parts.items() if name != "rest")
    score = np.maximum(1, FINE * tenths + _lasting(region, person)) * int(person["size"])
    return Judged(unmet=unmet, score=score.astype(np.int64), parts=parts)


def _ties(region: Region, agent: int) -> NDArray[np.int64]:
    kind = np.zeros(len(region.asked), np.int64)
    mine = region.ties[region.ties["agent"] == agent]
    kind[mine["role"]] = mine["kind"]
    return kind


@dataclass(frozen=True, kw_only=True)
class _Grants:
    """For each place, the grant of its skill that answers the fewest questions badly."""

    has: NDArray[np.bool_]
    level: NDArray[np.int64]
    basis: NDArray[np.int64]
    until: NDArray[np.int64]
    credential: NDArray[np.bool_]


def _nearest_grants(region: Region, agent: int) -> _Grants:
    asked, n = region.asked, len(region.asked)
    found = _Grants(
        has=np.zeros(n, np.bool_), level=np.zeros(n, np.int64), basis=np.zeros(n, np.int64),
        until=np.zeros(n, np.int64), credential=np.zeros(n, np.bool_),
    )  # fmt: skip
    fewest = np.full(n, 4)
    for grant in region.grants[region.grants["agent"] == agent]:
        found.credential[
            (asked["credential"] == grant["skill"]) & (grant["until"] >= asked["day"])
        ] = True
        faults = (
            (grant["level"] < asked["level"]).astype(int)
            + (grant["basis"] < asked["basis"]) + (grant["until"] < asked["day"])
        )  # fmt: skip
        better = (asked["skill"] == grant["skill"]) & (faults < fewest)
        fewest[better] = faults[better]
        found.has[better] = True
        for name in ("level", "basis", "until"):
            getattr(found, name)[better] = grant[name]
    return found


def _rules(
    region: Region, agent: int, person: Any, asked: NDArray[Any], tie: NDArray[np.int64],
    grant: _Grants,
) -> dict[str, NDArray[np.bool_]]:  # fmt: skip
    """Each rule's answer about each place."""
    wanted, none = tie & APPLIED != 0, asked["skill"] == NO_SKILL
    born = int(person["born"])
    reach = np.int64(person["reach"]) ** 2
    return {
        "barred": tie & BARRED == 0,
        "week": asked["week"] == person["week"],
        "age": (born != NO_DAY) & (asked["born_after"] < born) & (born <= asked["born_by"]),
        "guardian": (born <= asked["minor_after"]) | (person["consent_until"] > asked["day"]),
        "gender": (asked["gender"] == ANYBODY) | (asked["gender"] == person["gender"]),
        "language": asked["languages"] & ~person["languages"] == 0,
        "skill": none | grant.has,
        "level": none | (grant.level >= asked["level"]),
        "basis": none | (grant.basis >= asked["basis"]),
        "expiry": none | (grant.until >= asked["day"]),
        "credential": (asked["credential"] == NO_SKILL) | grant.credential,
        "reach": (asked["anywhere"] == 1) | wanted | (apart2(person, asked) <= reach),
        "times": wanted | (asked["cells"] & ~person["free"] == 0),
        "hours": asked["end"] - asked["start"] <= min(int(person["cap"]), MOST_MINUTES),
        "clash": ~_is_busy(region, agent),
    }


def apart2(person: Any, asked: Any) -> Any:
    """The square of the distance to a place, or to each, in steps of 100 m."""
    x, y = _between(person, asked)
    return x**2 + y**2


def ways(region: Region, one: Any, others: Any) -> Any:
    """Minutes of the way between one role or engagement and another, or each of several; 0 from
    and to what has no place.
    """
    placed = (one["anywhere"] == 0) & (others["anywhere"] == 0)
    return np.where(placed, way(*_between(one, others), region.pace), 0.0)


def _between(one: Any, others: Any) -> tuple[Any, Any]:
    """Steps east and north from one to the others."""
    x = np.int64(one["x"]) - np.asarray(others["x"], np.int64)
    y = np.int64(one["y"]) - np.asarray(others["y"], np.int64)
    return x, y


def _is_busy(region: Region, agent: int) -> NDArray[np.bool_]:
    start, end = (region.asked[name].astype(np.int64) for name in ("start", "end"))
    today, found = end - start, np.zeros(len(start), np.bool_)
    for busy in region.busy[region.busy["agent"] == agent]:
        apart = region.buffer + ways(region, busy, region.asked)
        found |= (start < busy["end"] + apart) & (busy["start"] < end + apart)
        same = busy["start"] // MINUTES_A_DAY == start // MINUTES_A_DAY
        today = today + np.where(same, busy["end"] - busy["start"], 0)
        found |= (
            ~same & (start < busy["end"] + region.rest) & (busy["start"] < end + region.rest)
        )
    return found | ((region.day_cap > 0) & (today > region.day_cap))


def _lasting(region: Region, person: Any) -> int:
    """The part that is the same for every place: rest, and the hours that decide a tie."""
    hours = min(FINE - 1, _recent(person) // MINUTES_AN_HOUR)
    return FINE * _rest(region, person) + FINE - 1 - hours


def _rest(region: Region, person: Any) -> int:
    rested = max(0, RESTED_MINUTES - _recent(person))
    return region.weights.rest * rested // RESTED_MINUTES


def _recent(person: Any) -> int:
    return min(int(person["recent"]), MOST_MINUTES)


def _parts(
    region: Region, person: Any, asked: NDArray[Any], tie: NDArray[np.int64], grant: _Grants
) -> dict[str, NDArray[np.int64]]:
    w, some = region.weights, asked["skill"] != NO_SKILL
    shared = asked["causes"] & person["causes"] != 0
    lost = (w.away * np.sqrt(apart2(person, asked).astype(np.float64)) / 10).astype(np.int64)
    return {
        "applied": np.where(tie & APPLIED != 0, w.applied, 0),
        "priority": asked["priority"].astype(np.int64),
        "cause": np.where(shared, w.cause, 0),
        "fit": np.where(some, w.fit - w.surplus * (grant.level - asked["level"]), 0),
        "away": -np.where(asked["anywhere"] == 1, 0, lost),
        "rest": np.full(len(asked), _rest(region, person), np.int64),
        "stay": np.where(tie & INCUMBENT != 0, w.stay, 0),
    }
