"""A plan out of prices: what agents wish at most of them is settled, the rest is priced again.

Near the lowest bound most agents wish the same week at every step, and some waver between weeks
that are worth as much. Those who do not waver are given what they wish; for the others prices
move on, now that these seats are gone, until nobody wavers. Rounding all at once would leave
seats of waverers to chance, and where people are few each head below a minimum is dear.
"""

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.bound import descend
from takatuf.engine.matching.instance import Flags
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.tables import Tables, restricted

SURE = 0.8  # a pair wished at so many of the last steps is settled
SELDOM = 0.05  # an agent all of whose other pairs are wished less than that is done
PATIENCE = 5  # steps without progress before the level comes closer


def dive(
    t: Tables, price: NDArray[np.float64], reach: float, *, steps: int, share: float
) -> Flags:
    """The pairs of a feasible plan.

    :param reach: points that prices could still lower the bound by.
    :param steps: of the prices between two settlements.
    :param share: of the pairs that waver, how many are settled at least at a time.
    """
    held, keep, price = t.locked.copy(), np.ones(len(t.role), np.bool_), price.copy()
    while True:
        left, places = restricted(t._replace(locked=held), keep)
        often, chosen = np.zeros(len(places)), np.zeros(len(places), np.bool_)
        descend(left, price, chosen, often, steps, -np.inf, reach, PATIENCE)
        settled, heads = settle_sure(left, often, chosen, share)
        if (settled == left.locked).all():
            return held
        held[places] = settled
        wavers = np.zeros(len(t.cap), np.bool_)
        wavers[left.agent[~settled & (often > SELDOM)]] = True
        keep &= held | (fits(t, heads) & wavers[t.agent])


def fits(t: Tables, heads: NDArray[np.int64]) -> Flags:
    """For each pair, whether its role has seats for it beside so many heads."""
    return heads[t.role] + t.size[t.agent] <= t.high[t.role]


@njit(cache=True)
def settle_sure(t, often, chosen, share):
    """Settle what is surely wished, one pair more, and at least this share of what is open.

    Only of what agents chose last, all of which fits their week together; where that leaves
    nothing open, one that was wished before: it fits beside what is locked, as all wishes do.
    What is locked is settled.

    :returns: the pairs that are settled, the heads of each role by these
    """
    settled, heads = t.locked.copy(), np.zeros(len(t.high), np.int64)
    for i in range(len(settled)):
        if settled[i]:
            heads[t.role[i]] += t.size[t.agent[i]]
    open_pairs = np.flatnonzero(chosen & ~settled)
    if len(open_pairs) == 0:
        open_pairs = _wished_most(t, often, settled, heads)
    least = 1 + int(share * len(open_pairs))
    for i in open_pairs[np.argsort(-often[open_pairs], kind="mergesort")]:
        r, m = t.role[i], t.size[t.agent[i]]
        if often[i] < SURE and least <= 0:
            break
        if heads[r] + m <= t.high[r]:
            heads[r] += m
            settled[i] = True
            least -= 1
    return settled, heads


@njit(cache=True)
def _wished_most(t, often, settled, heads):
    """The open pair that was wished most and has a seat, in a list; or an empty one."""
    found, most = np.zeros(0, np.int64), SELDOM
    for i in range(len(often)):
        r = t.role[i]
        if often[i] > most and not settled[i] and heads[r] + t.size[t.agent[i]] <= t.high[r]:
            found, most = np.full(1, i, np.int64), often[i]
    return found
