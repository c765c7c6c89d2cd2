"""The problem in arrays: who could do what, and what it is worth.

An agent is one volunteer (or one team) in one week; a role is one quota line of a shift. Times
are minutes from the start of the horizon, which begins at midnight; values are whole points.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

ROLE_ARRAYS = ("role_shift", "role_start", "role_end", "role_min", "role_max", "role_penalty")
WAY_ARRAYS = ("role_x", "role_y", "role_anywhere")
AGENT_ARRAYS = ("agent_cap",)
PAIR_ARRAYS = ("pair_agent", "pair_role", "pair_score")
MINUTES_A_DAY = 1440
MOST_MINUTES = 100_000_000  # from the horizon's start, either way: almost two centuries
MOST_POINTS = 10_000_000  # of a pair or a penalty: sums stay exact


class Malformed(ValueError):
    """The arrays describe no problem; the text is one sentence that says what is wrong."""


def _no_ints() -> Ints:
    return np.zeros(0, np.int32)


def _no_flags() -> Flags:
    return np.zeros(0, np.bool_)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Every eligible pair of an agent and a role, with the limits that bind a plan.

    :param role_shift: the shift a role belongs to.
    :param role_min: heads wanted at least; each one missing costs ``role_penalty`` points.
    :param role_max: heads taken at most.
    :param agent_cap: minutes an agent gives in the week.
    :param agent_size: heads an agent brings, all of them or none: 1 for a person.
    :param agent_begun: agents that have a place of the week already, outside these roles: the
        first role of the plan costs the spread too.
    :param pair_score: points of the pair, all its heads together; above 0.
    :param pair_locked: pairs that stay in every plan.
    :param spread: points lost for each role of an agent beyond the first of its week.
    :param role_x: where a role is, with ``role_y``: steps of 100 m on a plane.
    :param role_anywhere: roles that have no place: no way leads to them or from them.
    :param buffer: minutes that lie at least between two roles of an agent, the way apart.
    :param pace: minutes a kilometre of the way between two roles takes, 0 where no way counts.
    :param day_cap: minutes an agent gives in one day, 0 for no limit.
    :param rest: minutes between an agent's roles on different days, 0 for no limit.
    """

    role_shift: Ints
    role_start: Ints
    role_end: Ints
    role_min: Ints
    role_max: Ints
    role_penalty: Ints
    agent_cap: Ints
    pair_agent: Ints
    pair_role: Ints
    pair_score: Ints
    spread: int = 0
    buffer: int = 0
    day_cap: int = 0
    rest: int = 0
    pace: int = 0
    agent_size: Ints = field(default_factory=_no_ints)
    agent_begun: Flags = field(default_factory=_no_flags)
    pair_locked: Flags = field(default_factory=_no_flags)
    role_x: Ints = field(default_factory=_no_ints)
    role_y: Ints = field(default_factory=_no_ints)
    role_anywhere: Flags = field(default_factory=_no_flags)

    def __post_init__(self) -> None:
        """:raises Malformed: where the arrays do not fit together."""
        _must_be_lists(self)
        for name, usual in (
            ("agent_size", np.ones(self.agents, np.int32)),
            ("agent_begun", np.zeros(self.agents, np.bool_)),
            ("pair_locked", np.zeros(self.pairs, np.bool_)),
            ("role_x", np.zeros(self.roles, np.int32)),
            ("role_y", np.zeros(self.roles, np.int32)),
            ("role_anywhere", np.zeros(self.roles, np.bool_)),
        ):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, usual)
        _must_have_shapes(self)
        _must_make_sense(self)
        _must_point_at_each_other(self)

    @property
    def agents(self) -> int:
        return len(self.agent_cap)

    @property
    def roles(self) -> int:
        return len(self.role_max)

    @property
    def pairs(self) -> int:
        return len(self.pair_role)

    @property
    def minutes(self) -> Ints:
        """How long each role lasts."""
        return self.role_end - self.role_start


def whole_numbers(name: str, given: Any) -> Ints:
    """The array as int32.

    :raises Malformed: where it holds anything but whole numbers that fit.
    """
    array = np.asarray(given)
    if array.dtype.kind not in "iufb":
        raise Malformed(f"{name} holds something other than numbers.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise Malformed(f"{name} holds a number that is not finite (NaN or infinity).")
    if array.dtype.kind == "f" and (array != np.rint(array)).any():
        raise Malformed(f"{name} holds a fraction: whole numbers only.")
    if array.size and (array.max() >= 2**31 or array.min() < -(2**31)):
        raise Malformed(f"{name} holds a number too large for 32 bits.")
    return array.astype(np.int32)


def _must_be_lists(instance: Instance) -> None:
    more = ("agent_size", "agent_begun", "pair_locked")
    for name in (*ROLE_ARRAYS, *WAY_ARRAYS, *AGENT_ARRAYS, *PAIR_ARRAYS, *more):
        if (dimensions := getattr(instance, name).ndim) != 1:
            raise Malformed(f"{name} has {dimensions} dimensions: it is a list of numbers.")


def _must_have_shapes(instance: Instance) -> None:
    groups = (
        ((*ROLE_ARRAYS, *WAY_ARRAYS), instance.role_max),
        ((*AGENT_ARRAYS, "agent_size", "agent_begun"), instance.agent_cap),
        ((*PAIR_ARRAYS, "pair_locked"), instance.pair_role),
    )  # fmt: skip
    for names, like in groups:
        for name in names:
            array = getattr(instance, name)
            if array.shape != like.shape:
                raise Malformed(
                    f"{name} has {len(array)} entries and its kind has {len(like)}: "
                    "give one for each."
                )


def _must_make_sense(instance: Instance) -> None:
    for name in ("role_min", "role_max", "role_penalty", "agent_cap"):
        if (getattr(instance, name) < 0).any():
            raise Malformed(
                f"{name} holds a negative number: seats, minutes and points are 0 or more."
            )
    for name in ("spread", "buffer", "day_cap", "rest", "pace"):
        if not 0 <= getattr(instance, name) <= MOST_POINTS:
            raise Malformed(f"{name} must lie between 0 and {MOST_POINTS:,}.")
    _must_lie_in_time(instance)
    if instance.agents and (instance.agent_size < 1).any():
        raise Malformed("agent_size holds an agent of no heads: 1 or more.")
    if (
        instance.pairs
        and not 0 < instance.pair_score.min() <= instance.pair_score.max() <= MOST_POINTS
    ):
        raise Malformed(f"pair_score must lie between 1 and {MOST_POINTS:,} points.")
    if instance.roles and instance.role_penalty.max() > MOST_POINTS:
        raise Malformed(f"role_penalty must lie between 0 and {MOST_POINTS:,} points.")


def _must_lie_in_time(instance: Instance) -> None:
    for name in ("role_start", "role_end"):
        if (np.abs(getattr(instance, name).astype(np.int64)) > MOST_MINUTES).any():
            raise Malformed(f"{name} holds a moment more than {MOST_MINUTES:,} minutes away.")
    if (instance.role_end <= instance.role_start).any():
        raise Malformed("role_end holds an end that is not after role_start.")


def _astray(array: Ints, count: int) -> int:
    return int(array[(array < 0) | (array >= count)][0])


def _must_point_at_each_other(instance: Instance) -> None:
    for name, count, what in (
        ("pair_agent", instance.agents, "agent"), ("pair_role", instance.roles, "role"),
    ):  # fmt: skip
        array = getattr(instance, name)
        if len(array) and not 0 <= array.min() <= array.max() < count:
            raise Malformed(
                f"{name} names {what} number {_astray(array, count)}: there are {count}."
            )
    key = instance.pair_agent.astype(np.int64)
    key *= max(1, instance.roles)
    key += instance.pair_role
    key.sort()
    if (key[1:] == key[:-1]).any():
        raise Malformed("A pair of an agent and a role is listed twice.")
