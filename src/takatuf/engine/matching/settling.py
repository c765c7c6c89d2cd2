"""The last word of a plan: nobody without a place is worth more in one than who sits there.

Whoever has nothing in the week takes a place where that alone makes the plan better; whoever
loses all by it looks again. Every step adds points, so it ends. Afterwards "others were worth
more here" is true to the point for all who go without.
"""

import numpy as np

from takatuf.engine.matching.chains import enter, leave
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.tables import spread_of


@njit(cache=True)
def settle(t, sat, held):
    """Change the plan in place.

    :returns: what it gained
    """
    holds = np.zeros(len(t.cap), np.int64)
    for i in range(len(held)):
        holds[t.agent[i]] += held[i]
    weakest = np.full(len(t.high), -1, np.int64)
    for r in range(len(t.high)):
        weakest[r] = _weakest(t, sat, holds, r)
    stack = np.zeros(len(t.cap) + 1, np.int64)
    idle = np.flatnonzero((holds == 0) & (t.size == 1))
    waiting, gained = len(idle), np.int64(0)
    stack[:waiting] = idle[::-1]
    while waiting:
        waiting -= 1
        i, gain = _best(t, sat, holds, weakest, stack[waiting])
        if i >= 0:
            gained += gain
            loser = _let_in(t, sat, held, holds, weakest, i)
            if loser >= 0 and holds[loser] == 0:
                stack[waiting] = loser
                waiting += 1
    return gained


@njit(cache=True)
def _let_in(t, sat, held, holds, weakest, i):
    """Seat a pair, in the weakest one's place where the role is full.

    :returns: the agent who lost the place, or -1
    """
    r, loser = t.role[i], np.int64(-1)
    if sat.heads[r] == t.high[r]:
        loser = np.int64(t.agent[weakest[r]])
        leave(t, sat, held, weakest[r])
        holds[loser] -= 1
    enter(t, sat, held, i)
    holds[t.agent[i]] += 1
    weakest[r] = _weakest(t, sat, holds, r)
    if loser >= 0:
        for k in range(t.begin[loser], t.begin[loser + 1]):
            if held[k]:
                weakest[t.role[k]] = _weakest(t, sat, holds, t.role[k])
    return loser


@njit(cache=True)
def _lost_with(t, holds, i):
    """What the plan loses if the pair goes, its seat apart."""
    return np.int64(t.score[i]) - (
        t.spread if holds[t.agent[i]] + t.begun[t.agent[i]] > 1 else 0
    )


@njit(cache=True)
def _weakest(t, sat, holds, r):
    """The pair a role can best do without, of single persons that may go; or -1."""
    found, least = np.int64(-1), np.int64(2**62)
    for place in range(sat.first[r], sat.first[r] + sat.filled[r]):
        i = sat.seat[place]
        if t.size[t.agent[i]] == 1 and not t.locked[i] and _lost_with(t, holds, i) < least:
            found, least = i, _lost_with(t, holds, i)
    return found


@njit(cache=True)
def _best(t, sat, holds, weakest, a):
    """The pair by which an agent that has nothing adds most, and how much; or -1 and 0."""
    found, most = np.int64(-1), np.int64(0)
    for i in range(t.begin[a], t.begin[a + 1]):
        r = t.role[i]
        length = t.end[r] - t.start[r]
        if length > t.cap[a] or 0 < t.day_cap < length:
            continue
        gain = np.int64(t.score[i]) - spread_of(t, a, 1)
        if sat.heads[r] < t.high[r]:
            gain += t.penalty[r] if sat.heads[r] < t.low[r] else 0
        elif weakest[r] >= 0:
            gain -= _lost_with(t, holds, weakest[r])
        else:
            continue
        if gain > most:
            found, most = np.int64(i), np.int64(gain)
    return found, most
