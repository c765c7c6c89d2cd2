"""A plan made better by freeing a few agents who compete, and deciding for them anew.

All others stay where they are, so that a small problem of the same kind is left. It is decided
by branch and bound: prices bound what the few could be worth together; where that is no more
than they have, nothing is to be gained among them. Otherwise a pair about which they waver is
given to the plan or kept from it, and either case is looked at in turn. A case ends where
nobody wavers, so that what is found is good and not proven to be the best.
"""

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.bound import descend
from takatuf.engine.matching.diving import PATIENCE, fits, settle_sure
from takatuf.engine.matching.instance import Flags
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.tables import Tables, counted, restricted, spread_of

STEPS = 20  # of the prices in each case
NEAR = 0.02  # a pair wished at so many of the steps could be part of a plan as good


def loosened(
    t: Tables, held: Flags, free: Flags, price: NDArray[np.float64], reach: float, cases: int
) -> Flags:
    """The plan with these agents decided anew, or as it was where no better way was found.

    :param free: for each agent, whether it is freed.
    :param reach: points that prices could still lower the bound by.
    :param cases: looked at, at most.
    """
    few, places = _alone(t, held, free)
    found = _decided(few, held[places], price, reach, cases)
    better = held.copy()
    better[places] = found
    return better


def _alone(t: Tables, held: Flags, free: Flags) -> tuple[Tables, NDArray[np.int64]]:
    """The problem of the freed agents: the seats that the others leave, and their pairs."""
    stay = held & ~free[t.agent]
    taken = np.bincount(t.role[stay], t.size[t.agent[stay]], len(t.high)).astype(np.int32)
    high = t.high - taken
    left = t._replace(
        low=np.maximum(0, t.low - taken), high=high, room=np.minimum(t.room, high)
    )
    return restricted(left, free[t.agent] & (t.locked | (t.size[t.agent] <= high[t.role])))


def _decided(
    t: Tables, held: Flags, price: NDArray[np.float64], reach: float, cases: int
) -> Flags:
    """Branch and bound: the best plan found, ``held`` to begin with."""
    best, most = held, worth_in(t, held)
    opening = np.where(t.low == 0, np.maximum(price, 0), price)
    waiting = [(t.locked, np.ones(len(t.role), np.bool_), opening)]
    while waiting and cases:
        cases -= 1
        given, keep, prices = waiting.pop()
        left, places = restricted(t._replace(locked=given), keep)
        prices, chosen, often = (
            prices.copy(),
            np.zeros(len(places), np.bool_),
            np.zeros(len(places)),
        )
        bound = descend(left, prices, chosen, often, STEPS, float(most), reach, PATIENCE)
        if bound < most + 1:
            continue
        plan = np.zeros(len(t.role), np.bool_)
        plan[places] = settle_sure(left, often, chosen, 1.0)[0]
        if (worth := worth_in(t, plan)) > most:
            best, most = plan, worth
        settled, heads = settle_sure(left, often, chosen, 0.0)
        new = np.flatnonzero(settled & ~left.locked)
        if len(new):
            without, more = keep.copy(), given.copy()
            without[places[new[np.argmin(often[new])]]] = False
            more[places] = settled
            waiting += [
                (given, without, prices),
                (more, keep & (more | fits(t, heads)), prices),
            ]
    return best


@njit(cache=True)
def worth_in(t, held):
    """What a plan is worth in these tables."""
    total, heads = np.int64(0), np.zeros(len(t.high), np.int64)
    for a in range(len(t.cap)):
        count = 0
        for i in range(t.begin[a], t.begin[a + 1]):
            if held[i]:
                count += 1
                total += t.score[i]
                heads[t.role[i]] += t.size[a]
        total -= spread_of(t, a, count)
    for r in range(len(heads)):
        total -= np.int64(t.penalty[r]) * max(0, t.low[r] - heads[r])
    return total


class Neighbours:
    """Which agents compete with each other: those who hold or nearly wish the same role."""

    def __init__(self, t: Tables, often: NDArray[np.float64]) -> None:
        self.t, self.near = t, often > NEAR
        self.by_role = counted(t.role, len(t.high))
        counts = np.bincount(t.role, minlength=len(t.high))
        self.first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)

    def around(self, start: int, count: int, held: Flags, random: np.random.Generator) -> Flags:
        """The agent and those nearest to it; anybody where these are fewer than so many."""
        turn = random.random(len(self.t.high))
        free = _around(self.t, self.by_role, self.first, self.near | held, turn, start, count)
        others = random.permutation(np.flatnonzero(~free))
        free[others[: max(0, count - free.sum())]] = True
        return free


@njit(cache=True)
def _around(t, by_role, first, near, turn, start, count):
    """From agent to agent by roles they share, each agent's roles in the order of ``turn``."""
    free, seen = np.zeros(len(t.cap), np.bool_), np.zeros(len(t.high), np.bool_)
    queue = np.zeros(count, np.int64)
    queue[0], free[start] = start, True
    at, end = 0, 1
    while at < end:
        a = queue[at]
        at += 1
        mine = np.arange(t.begin[a], t.begin[a + 1])
        for i in mine[np.argsort(turn[t.role[mine]])]:
            r = t.role[i]
            if not near[i] or seen[r]:
                continue
            seen[r] = True
            for k in range(first[r], first[r + 1]):
                b = t.agent[by_role[k]]
                if end < count and near[by_role[k]] and not free[b]:
                    queue[end], free[b] = b, True
                    end += 1
    return free
