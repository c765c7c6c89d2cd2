"""What no plan can exceed, proven by the roles' prices alone.

With a price on every head, roles and agents decide apart from each other: each role takes as
many heads as pay, each agent packs its own best week. Together that is at least what any plan
is worth (the Lagrangian bound; Fisher, Management Science 27 (1981), 1-18). A locked pair is
taken whatever its price.
"""

import numpy as np

from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.packing import best_week, want, workspace
from takatuf.engine.matching.tables import LOCKED

FORGET = 0.05  # the weight of the last step in how often a pair is chosen
FINE = 1e-5  # of the bound: a level that comes closer than that tells nothing


@njit(cache=True)
def lowest_price(t, r):
    """Below it a role would rather take no head than be paid: bounds need not go there."""
    return -float(t.penalty[r])


@njit(cache=True)
def roles_gain(t, price):
    """The most all roles gain by heads that pay their price."""
    total = 0.0
    for r in range(len(price)):
        none = -float(t.penalty[r]) * t.low[r]
        total += max(none, price[r] * t.low[r], price[r] * t.high[r])
    return total


@njit(cache=True)
def agents_gain(t, price, chosen, demand):
    """The most all agents gain; fills the pairs they choose and the heads wanting each role."""
    wanted, kept = workspace(t)
    demand[:] = 0
    chosen[:] = False
    total = 0.0
    for a in range(len(t.cap)):
        n, locks = 0, 0
        for i in range(t.begin[a], t.begin[a + 1]):
            worth = t.score[i] - t.size[a] * price[t.role[i]]
            if t.locked[i]:
                locks += 1
                n = want(wanted, n, t, i, worth + LOCKED)
            elif worth > 0:
                n = want(wanted, n, t, i, worth)
        if n == 0:
            continue
        value, taken, kept = best_week(wanted, kept, n, a, t)
        total += value - locks * LOCKED
        for k in range(taken):
            i = wanted[5][k]
            chosen[i] = True
            demand[t.role[i]] += t.size[a]
    return total


@njit(cache=True)
def bound_at(t, price):
    """What no plan can exceed, by these prices."""
    chosen = np.zeros(len(t.role), np.bool_)
    demand = np.zeros(len(price), np.int64)
    return roles_gain(t, price) + agents_gain(t, price, chosen, demand)


@njit(cache=True)
def _heads_near(t, price, demand, r):
    """The heads a role takes at its price; where several pay alike, those nearest to demand."""
    low, high = t.low[r], t.high[r]
    if price[r] == lowest_price(t, r) and price[r] < 0:
        return min(demand[r], low)
    if price[r] < 0:
        return low
    if price[r] == 0:
        return min(max(demand[r], low), high)
    return high


@njit(cache=True)
def descend(t, price, chosen, often, steps, floor, reach, patience):
    """Lower the bound by subgradient steps towards a level below the best so far.

    The level comes closer to the best whenever it is out of reach (Goffin and Kiwiel,
    Mathematical Programming 85 (1999), 207-211). Leaves the best prices in ``price``, what the
    agents choose at the last ones in ``chosen``, and in ``often`` the share of the steps at
    which each pair is chosen, late ones counting most.

    :param floor: the worth of a plan at hand: no bound falls below it.
    :param reach: points below the best at which the level begins.
    :param patience: steps without progress before the level comes closer.
    :returns: the best bound
    """
    current, direction = price.copy(), np.zeros(len(price), np.float64)
    demand = np.zeros(len(price), np.int64)
    best, idle = np.inf, 0
    for step in range(steps):
        total = roles_gain(t, current) + agents_gain(t, current, chosen, demand)
        _remember(chosen, often, max(FORGET, 1 / (step + 1)))
        idle = 0 if total < best - 0.1 * reach else idle + 1
        if total < best:
            best = total
            price[:] = current
        if idle >= patience:
            reach *= 0.5
            idle = 0
            if reach < FINE * abs(best):
                break
        norm = 0.0
        for r in range(len(price)):
            direction[r] = demand[r] - _heads_near(t, current, demand, r) + 0.8 * direction[r]
            norm += direction[r] * direction[r]
        if norm == 0 or total <= floor:
            break
        length = (total - max(best - reach, floor)) / norm
        for r in range(len(price)):
            current[r] = max(current[r] + length * direction[r], lowest_price(t, r))
    return best


@njit(cache=True)
def _remember(chosen, often, weight):
    for i in range(len(chosen)):
        often[i] += weight * (chosen[i] - often[i])
