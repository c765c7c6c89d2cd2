"""The instance as the kernels read it: pairs in order of agent and end, limits beside them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import MINUTES_A_DAY, Flags, Instance, Ints
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.region import way

LOCKED = 1e9  # gain of a pair that stays: more than anything else together


class Tables(NamedTuple):
    """What every kernel is given; agent ``a`` has pairs ``begin[a]`` to ``begin[a + 1] - 1``.

    :param low: heads a role wants at least, at most ``high``.
    :param begun: places an agent has of its week already: 1 or 0.
    :param room: seats of a role that can matter: those it has, or one more than could be taken.
    :param most: the most pairs of one agent, and one more.
    :param holds: no agent can hold more roles at once, nor bring more heads than ``biggest``.
    :param longest: the largest cap of an agent.
    :param unit: minutes that divide the length of every role.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    day: NDArray[np.int32]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    anywhere: NDArray[np.bool_]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    room: NDArray[np.int64]
    penalty: NDArray[np.int32]
    cap: NDArray[np.int32]
    size: NDArray[np.int32]
    begun: NDArray[np.int64]
    begin: NDArray[np.int64]
    agent: NDArray[np.int32]
    role: NDArray[np.int32]
    score: NDArray[np.int32]
    locked: NDArray[np.bool_]
    spread: int
    buffer: int
    day_cap: int
    rest: int
    pace: int
    most: int
    holds: int
    biggest: int
    longest: int
    unit: int


def tables_of(instance: Instance) -> tuple[Tables, Ints]:
    """:returns: the tables, and for each of their pairs its place in the instance"""
    order = _by_agent_and_end(instance)
    counts = np.bincount(instance.pair_agent, minlength=instance.agents)
    most, longest = int(counts.max(initial=0)) + 1, int(instance.agent_cap.max(initial=0))
    shortest = int(instance.minutes.min(initial=MINUTES_A_DAY))
    tables = Tables(
        start=instance.role_start, end=instance.role_end,
        day=(instance.role_start // MINUTES_A_DAY).astype(np.int32),
        x=instance.role_x, y=instance.role_y, anywhere=instance.role_anywhere,
        low=np.minimum(instance.role_min, instance.role_max), high=instance.role_max,
        room=_room_of(instance), penalty=instance.role_penalty, cap=instance.agent_cap,
        size=instance.agent_size, begun=instance.agent_begun.astype(np.int64),
        begin=_begins(counts), agent=instance.pair_agent[order], role=instance.pair_role[order],
        score=instance.pair_score[order], locked=instance.pair_locked[order],
        spread=int(instance.spread), buffer=int(instance.buffer), day_cap=int(instance.day_cap),
        rest=int(instance.rest), pace=int(instance.pace), most=most,
        holds=min(most, longest // shortest + 1),
        biggest=int(instance.agent_size.max(initial=1)), longest=longest,
        unit=max(1, int(np.gcd.reduce(instance.minutes))),
    )  # fmt: skip
    return tables, order


def _room_of(instance: Instance) -> NDArray[np.int64]:
    """A role may name seats without number: none beyond these is ever opened."""
    pairs = np.bincount(instance.pair_role, minlength=instance.roles)
    heads = pairs * int(instance.agent_size.max(initial=1))
    return np.minimum(instance.role_max, heads + 1)


def restricted(tables: Tables, keep: Flags) -> tuple[Tables, NDArray[np.int64]]:
    """:returns: the tables with the kept pairs alone, and the place of each in the full ones"""
    places = np.flatnonzero(keep)
    agent = tables.agent[places]
    begin = _begins(np.bincount(agent, minlength=len(tables.cap)))
    return tables._replace(
        begin=begin, agent=agent, role=tables.role[places], score=tables.score[places],
        locked=tables.locked[places],
    ), places  # fmt: skip


def _begins(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _by_agent_and_end(instance: Instance) -> Ints:
    """Two stable passes, by the roles' order in time and by agent: linear in the pairs."""
    ranks = np.empty(instance.roles, np.int32)
    ranks[np.lexsort((instance.role_start, instance.role_end))] = np.arange(instance.roles)
    by_end = counted(ranks[instance.pair_role], instance.roles)
    return by_end[counted(instance.pair_agent[by_end], instance.agents)]


@njit(cache=True)
def counted(keys, count):
    """A stable order of keys from 0 to below ``count``."""
    places = np.zeros(count + 1, np.int64)
    for key in keys:
        places[key + 1] += 1
    for key in range(count):
        places[key + 1] += places[key]
    order = np.empty(len(keys), np.int32)
    for i in range(len(keys)):
        order[places[keys[i]]] = i
        places[keys[i]] += 1
    return order


@njit(cache=True, inline="always")
def spread_of(t, a, count):
    """What so many roles of one agent cost: all beyond the first of its week."""
    return np.int64(t.spread) * max(0, t.begun[a] + count - 1)


_way = njit(cache=True)(way)


@njit(cache=True, inline="always")
def way_between(t, r, o):
    """Minutes of the way from one role to another; 0 where either has no place."""
    if t.pace == 0 or t.anywhere[r] or t.anywhere[o]:
        return np.int64(0)
    return np.int64(_way(np.int64(t.x[r]) - t.x[o], np.int64(t.y[r]) - t.y[o], t.pace))


@njit(cache=True)
def way_within(t, pairs, count):
    """No way between the roles of the first pairs takes longer; 0 where none counts."""
    if t.pace == 0:
        return np.int64(0)
    far = np.int64(2**31)
    west, east, south, north = far, -far, far, -far
    for k in range(count):
        r = t.role[pairs[k]]
        if not t.anywhere[r]:
            west, east = min(west, t.x[r]), max(east, t.x[r])
            south, north = min(south, t.y[r]), max(north, t.y[r])
    return np.int64(_way(east - west, north - south, t.pace)) if west <= east else np.int64(0)


@njit(cache=True, inline="always")  # handing over the tables costs more than the answer
def clash(t, r, o):
    """Whether two roles cannot be one agent's: too close in time, for the way between them too,
    or too little rest between days.
    """
    gap = max(t.start[r] - t.end[o], t.start[o] - t.end[r])
    if gap < t.buffer or (t.day[r] != t.day[o] and gap < t.rest):
        return True
    return t.pace > 0 and gap < t.buffer + way_between(t, r, o)
