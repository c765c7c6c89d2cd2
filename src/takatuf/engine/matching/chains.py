"""A plan made better by chains: an agent packs its week again, whom it pushes out does so too.

A free seat is worth its score, and the penalty where the role is below its minimum. A taken
seat costs the role's price: what the next best use of it is worth. A chain that gains nothing
is taken back whole, so no turn makes a plan worse.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import Ints
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.packing import best_week, want, workspace
from takatuf.engine.matching.tables import LOCKED, spread_of


class Seating(NamedTuple):
    """Who sits where: the pairs in each role's seats, how many they are, the heads they bring.

    :param place: the seat of each pair, or -1.
    """

    first: NDArray[np.int64]
    seat: NDArray[np.int64]
    filled: NDArray[np.int64]
    heads: NDArray[np.int64]
    place: Ints


class Trail(NamedTuple):
    """What one chain has done, so that it can be taken back: pair + 1 came, -pair - 1 left."""

    step: NDArray[np.int64]
    length: NDArray[np.int64]
    seen: NDArray[np.int64]


@njit(cache=True)
def seating_of(t, held):
    first = np.zeros(len(t.high) + 1, np.int64)
    for r in range(len(t.high)):
        first[r + 1] = first[r] + t.room[r]
    count, heads = np.zeros(len(t.high), np.int64), np.zeros(len(t.high), np.int64)
    sat = Seating(
        first, np.full(first[-1], -1, np.int64), count, heads, np.full(len(held), -1, np.int32)
    )
    for i in range(len(held)):
        if held[i]:
            enter(t, sat, held, i)
    return sat


@njit(cache=True)
def enter(t, sat, held, i):
    r = t.role[i]
    place = sat.first[r] + sat.filled[r]
    sat.place[i], sat.seat[place] = place, i
    sat.filled[r] += 1
    sat.heads[r] += t.size[t.agent[i]]
    held[i] = True


@njit(cache=True)
def leave(t, sat, held, i):
    r = t.role[i]
    last = sat.first[r] + sat.filled[r] - 1
    moved = sat.seat[last]
    sat.seat[sat.place[i]], sat.place[moved] = moved, sat.place[i]
    sat.seat[last], sat.place[i] = -1, -1
    sat.filled[r] -= 1
    sat.heads[r] -= t.size[t.agent[i]]
    held[i] = False


@njit(cache=True)
def _missing(t, sat, r):
    """What a role loses by the heads it lacks."""
    return np.int64(t.penalty[r]) * max(0, t.low[r] - sat.heads[r])


@njit(cache=True)
def change(t, sat, held, trail, i, coming):
    """Let a pair come or go, note it, and return what that alone adds to the plan."""
    r = t.role[i]
    before = _missing(t, sat, r)
    if coming:
        enter(t, sat, held, i)
    else:
        leave(t, sat, held, i)
    trail.step[trail.length[0]] = i + 1 if coming else -i - 1
    trail.length[0] += 1
    score = np.int64(t.score[i])
    return before - _missing(t, sat, r) + (score if coming else -score)


@njit(cache=True)
def take_back(t, sat, held, trail, length):
    """Undo the chain's steps beyond the first ``length``."""
    for at in range(trail.length[0] - 1, length - 1, -1):
        step = trail.step[at]
        if step > 0:
            leave(t, sat, held, step - 1)
        else:
            enter(t, sat, held, -step - 1)
    trail.length[0] = length


@njit(cache=True)
def _holds(t, held, a):
    count = 0
    for i in range(t.begin[a], t.begin[a + 1]):
        count += held[i]
    return count


@njit(cache=True)
def _clear(t, sat, held, trail, a):
    """The agent gives up all that is not locked; returns what the plan loses, below 0."""
    delta = np.int64(0)
    for i in range(t.begin[a], t.begin[a + 1]):
        if held[i] and not t.locked[i]:
            delta += change(t, sat, held, trail, i, False)
    return delta


@njit(cache=True)
def _seats_for(t, sat, price, r):
    """The heads a role will hold whoever comes: all it has seats for, or no more than now.

    No more than now where the price says that one more, beyond those needed, is not wanted.
    """
    return sat.heads[r] if price[r] < 0 and sat.heads[r] >= t.low[r] else t.high[r]


@njit(cache=True)
def _choices(t, sat, price, wanted, a, pushing):
    """What the agent may pack: free seats and, if it may push, taken ones less their price."""
    n, m = 0, t.size[a]
    for i in range(t.begin[a], t.begin[a + 1]):
        r, worth = t.role[i], float(t.score[i])
        if t.locked[i]:
            n = want(wanted, n, t, i, worth + LOCKED)
            continue
        if pushing and sat.heads[r] + m > _seats_for(t, sat, price, r):
            if m > t.high[r]:
                continue
            worth -= m * price[r]
        elif sat.heads[r] + m <= t.high[r]:
            worth += t.penalty[r] * min(m, max(0, t.low[r] - sat.heads[r]))
        else:
            continue
        if worth > 0:
            n = want(wanted, n, t, i, worth)
    return n


@njit(cache=True)
def _weakest(t, sat, trail, turn, r):
    """The pair of the lowest score a head in a role, of agents not yet in this chain; or -1."""
    found, least = -1, np.inf
    for place in range(sat.first[r], sat.first[r] + sat.filled[r]):
        i = sat.seat[place]
        a = t.agent[i]
        if trail.seen[a] != turn and not t.locked[i] and t.score[i] < least * t.size[a]:
            found, least = i, t.score[i] / t.size[a]
    return found


@njit(cache=True)
def _let_in(t, sat, held, price, trail, turn, i, pushing, out, pushed):
    """Seat pair ``i``, in others' places where it pushes them out.

    :returns: what the plan gains by it, how many are pushed out by now
    """
    r, m, delta = t.role[i], t.size[t.agent[i]], np.int64(0)
    seats = _seats_for(t, sat, price, r) if pushing else t.high[r]
    while pushing and sat.heads[r] + m > max(seats, m):
        other = _weakest(t, sat, trail, turn, r)
        if other < 0:
            break
        b = t.agent[other]
        delta += t.spread if _holds(t, held, b) + t.begun[b] > 1 else 0
        delta += change(t, sat, held, trail, other, False)
        trail.seen[b] = turn
        out[pushed] = b
        pushed += 1
    if sat.heads[r] + m <= t.high[r]:
        delta += change(t, sat, held, trail, i, True)
    return delta, pushed


@njit(cache=True)
def _repack(t, sat, held, price, room, trail, turn, a, pushing, out):
    """The agent packs its best week anew; fills ``out`` with who is pushed out.

    :returns: what the plan gains by it, how many are pushed out
    """
    wanted, kept = room
    delta = spread_of(t, a, _holds(t, held, a))
    delta += _clear(t, sat, held, trail, a)
    pushed = 0
    count = _choices(t, sat, price, wanted, a, pushing)
    if count:
        _value, taken, _kept = best_week(wanted, kept, count, a, t)
        for k in range(taken):
            i = wanted[5][k]
            if not held[i]:
                gained, pushed = _let_in(
                    t, sat, held, price, trail, turn, i, pushing, out, pushed
                )
                delta += gained
    delta -= spread_of(t, a, _holds(t, held, a))
    return delta, pushed


@njit(cache=True)
def _most_pushed(t):
    """How many one agent can push out at most, all its heads in all its roles."""
    return t.holds * t.biggest


@njit(cache=True)
def new_trail(t, agents):
    """A trail for chains through at most so many agents, and whom the last pushes out."""
    return Trail(
        np.zeros(3 * _most_pushed(t) * (agents + _most_pushed(t)), np.int64),
        np.zeros(1, np.int64),
        np.full(len(t.cap), -1, np.int64),
    )  # fmt: skip


@njit(cache=True)
def improve(t, sat, held, price, order, depth):
    """One chain from each agent of the order, through at most ``depth`` others.

    :returns: what the plan gained
    """
    room, trail = workspace(t), new_trail(t, depth + 1)
    out = np.zeros(_most_pushed(t), np.int64)
    stack = np.zeros(len(out) + depth + 1, np.int64)
    total = np.int64(0)
    for turn in range(len(order)):
        stack[0], waiting, done, delta = order[turn], 1, 0, np.int64(0)
        trail.length[0] = 0
        trail.seen[order[turn]] = turn
        while waiting:
            waiting -= 1
            done += 1
            gained, pushed = _repack(
                t, sat, held, price, room, trail, turn, stack[waiting],
                done + waiting <= depth, out,
            )  # fmt: skip
            delta += gained
            for k in range(pushed):
                stack[waiting] = out[k]
                waiting += 1
        if delta > 0:
            total += delta
        else:
            take_back(t, sat, held, trail, 0)
    return total
