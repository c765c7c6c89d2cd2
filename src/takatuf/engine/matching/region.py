"""People and places as rows of arrays: what a region knows before anybody is judged.

Days count from 1970-01-01, minutes from the start of the horizon (a midnight), places are on a
plane in steps of 100 m. Numbers of skills, languages, causes and cells are the caller's own.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import MINUTES_A_DAY, Malformed

NO_DAY = -(2**31)  # of a birth: never said
FOR_EVER = 2**31 - 1  # of a grant: without end; of a reach: anywhere
NO_SKILL = -1
APPLIED, INCUMBENT, LOCKED, BARRED = 1, 2, 4, 8  # kinds of tie, added together
ANYBODY, WOMEN, MEN = 0, 1, 2
CELLS = 63  # parts of a week a mask has room for
STEPS_A_KM = 10  # of the plane
# Points count in tenths, and each tenth in steps that nothing but recent hours fill.
FINE = 100
STEPS_A_POINT = 10 * FINE
RESTED_MINUTES = 2400  # hours in eight weeks after which rest counts no more
MINUTES_AN_HOUR = 60

PERSON = np.dtype(
    [
        ("week", "i4"),  # of the horizon, from 0: a row is one volunteer in one week
        ("gender", "i4"),  # WOMEN, MEN or 0 where it was never said
        ("born", "i4"),  # day, or NO_DAY
        ("consent_until", "i4"),  # a minor's guardian agreed until before this day
        ("x", "i4"),
        ("y", "i4"),
        ("reach", "i4"),
        ("cap", "i4"),  # minutes of the week that are not given away yet
        ("recent", "i4"),  # minutes given in the last eight weeks
        ("size", "i4"),  # heads: 1, or a team's, which comes whole or not at all
        ("begun", "i4"),  # 1: has a place of the week already, outside these
        ("languages", "u8"),
        ("causes", "u8"),
        ("free", "u8"),  # cells of the week the person is usually free in
    ],
    align=True,
)
GRANT = np.dtype(
    [("agent", "i4"), ("skill", "i4"), ("level", "i4"), ("basis", "i4"), ("until", "i4")],
    align=True,
)
BUSY = np.dtype(
    [
        ("agent", "i4"),
        ("start", "i4"),
        ("end", "i4"),
        ("anywhere", "i4"),  # as of a place
        ("x", "i4"),
        ("y", "i4"),
    ],
    align=True,
)
TIE = np.dtype([("agent", "i4"), ("role", "i4"), ("kind", "i4")], align=True)
ASKED = np.dtype(
    [
        ("shift", "i4"),
        ("start", "i4"),
        ("end", "i4"),
        ("day", "i4"),  # of the start, counted from 1970
        ("week", "i4"),
        ("minimum", "i4"),
        ("maximum", "i4"),
        ("penalty", "i4"),  # tenths of a point for each head missing below the minimum
        ("priority", "i4"),  # tenths of a point that anybody in the place is worth
        ("gender", "i4"),  # ANYBODY, or whom the body's lawful reason admits
        ("born_by", "i4"),  # the latest birth day that is old enough
        ("born_after", "i4"),  # the earliest that is young enough; NO_DAY: no upper age
        ("minor_after", "i4"),  # who was born after this day is a minor on the day
        ("skill", "i4"),  # or NO_SKILL
        ("level", "i4"),
        ("basis", "i4"),
        ("credential", "i4"),  # a second skill that must be held and valid, or NO_SKILL
        ("anywhere", "i4"),  # 1: no place to travel to
        ("x", "i4"),
        ("y", "i4"),
        ("languages", "u8"),
        ("causes", "u8"),
        ("cells", "u8"),  # cells of the week it touches
    ],
    align=True,
)


class Weights(NamedTuple):
    """What counts how much, in tenths of a point.

    :param cause: the work is for a cause the person named.
    :param fit: the asked level exactly; ``surplus`` is lost for each level beyond it.
    :param away: lost for each kilometre.
    :param rest: for nobody's hours lately, falling to 0 at ``RESTED_MINUTES`` of them.
    :param applied: the person asked for the place.
    :param stay: the person is in the plan that stands.
    """

    base: int = 300
    cause: int = 200
    fit: int = 150
    surplus: int = 40
    away: int = 4
    rest: int = 150
    applied: int = 300
    stay: int = 30


class Columns(NamedTuple):
    """A region as the kernels read it; the rows of agent ``a`` lie between two begins."""

    people: NDArray[Any]
    asked: NDArray[Any]
    grants: NDArray[Any]
    grant_begin: NDArray[np.int64]
    busy: NDArray[Any]
    busy_begin: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Region:
    """Volunteer-weeks and places, with the settings of a plan.

    :param people: rows of ``PERSON``; the row's number is the agent.
    :param asked: rows of ``ASKED``; the row's number is the role.
    :param grants: rows of ``GRANT``, kept by agent, skill and level.
    :param busy: rows of ``BUSY``: engagements of an agent outside these places.
    :param ties: rows of ``TIE``: what joins an agent and a role already.
    :param spread: tenths of a point lost for each role of an agent beyond its week's first.
    :param buffer: minutes between two roles of an agent, the way apart.
    :param pace: minutes a kilometre of the way between two roles takes, 0 where no way counts.
    :param day_cap: minutes an agent gives in one day, 0 for no limit.
    :param rest: minutes between an agent's roles on different days, 0 for no limit.
    """

    people: NDArray[Any]
    asked: NDArray[Any]
    grants: NDArray[Any] = field(default_factory=lambda: np.zeros(0, GRANT))
    busy: NDArray[Any] = field(default_factory=lambda: np.zeros(0, BUSY))
    ties: NDArray[Any] = field(default_factory=lambda: np.zeros(0, TIE))
    weights: Weights = field(default_factory=Weights)
    spread: int = 100
    buffer: int = 60
    day_cap: int = 0
    rest: int = 0
    pace: int = 0

    def __post_init__(self) -> None:
        """:raises Malformed: where the rows do not fit together."""
        kinds = (
            ("people", PERSON), ("asked", ASKED), ("grants", GRANT), ("busy", BUSY),
            ("ties", TIE),
        )  # fmt: skip
        for name, kind in kinds:
            if getattr(self, name).dtype != kind or getattr(self, name).ndim != 1:
                raise Malformed(f"{name} are not rows of their kind.")
        for name in ("grants", "busy", "ties"):
            _must_name(name, getattr(self, name)["agent"], len(self.people), "agent")
        _must_name("ties", self.ties["role"], len(self.asked), "role")
        _must_last(self.asked)
        for name, keys in (
            ("grants", ("level", "skill", "agent")), ("busy", ("start", "agent")),
            ("ties", ("role", "agent")),
        ):  # fmt: skip
            rows = getattr(self, name)
            order = np.lexsort([rows[key] for key in keys])
            object.__setattr__(self, name, rows[order])
        if (
            len(self.ties)
            and (_keys_of(self.ties, len(self.asked))[1:] == self._keys[:-1]).any()
        ):
            raise Malformed("ties name a pair of an agent and a role twice.")

    @property
    def _keys(self) -> NDArray[np.int64]:
        return _keys_of(self.ties, len(self.asked))

    def columns(self) -> Columns:
        return Columns(
            self.people, self.asked, self.grants, self._begins(self.grants), self.busy,
            self._begins(self.busy),
        )  # fmt: skip

    def tie_of(self, agent: int, role: int) -> int:
        """The kinds of tie between the two, added together; 0 for none."""
        keys, key = self._keys, agent * len(self.asked) + role
        at = int(np.searchsorted(keys, key))
        return int(self.ties["kind"][at]) if at < len(keys) and keys[at] == key else 0

    def _begins(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        agents = np.arange(len(self.people) + 1)
        return np.searchsorted(rows["agent"], agents).astype(np.int64)


def way(east: Any, north: Any, pace: int) -> Any:
    """Minutes from one place to another, whole ones; numbers or arrays alike.

    Rounded up, and so never longer than by a third place: ceil(a + b) <= ceil(a) + ceil(b).
    The square root decides as exact arithmetic would: what is no whole number of minutes lies
    farther from one than it is rounded by.

    :param east: steps of 100 m between the two, either way; ``north`` likewise.
    :param pace: minutes a kilometre takes.
    """
    east, north = 1.0 * east, 1.0 * north
    return np.ceil(pace * np.sqrt(east * east + north * north) / STEPS_A_KM)


def _keys_of(ties: NDArray[Any], roles: int) -> NDArray[np.int64]:
    return ties["agent"].astype(np.int64) * roles + ties["role"]


def _must_name(name: str, numbers: NDArray[np.int32], count: int, what: str) -> None:
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() < count:
        astray = numbers[(numbers < 0) | (numbers >= count)][0]
        raise Malformed(f"{name} name {what} number {astray}: there are {count}.")


def _must_last(asked: NDArray[Any]) -> None:
    if (asked["end"] <= asked["start"]).any():
        raise Malformed("asked holds a place that does not end after it starts.")
    if (asked["week"] != asked["start"] // (7 * MINUTES_A_DAY)).any():
        raise Malformed("asked holds a place outside the week it names.")
