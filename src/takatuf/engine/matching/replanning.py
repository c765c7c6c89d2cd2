"""A plan that stands while people come and go: a seat left empty is filled by a short chain.

Whoever gains most by the empty seat takes it and leaves what does not go with it; each role
left stands for its price, which is what somebody else is expected to gain by it. So the chain
goes on, and ends at the step after which the plan was best. Prices are those of the plan as it
was made: where somebody who gives nothing up gains the plan more than the chain, they come.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.chains import (
    Seating,
    Trail,
    change,
    enter,
    leave,
    new_trail,
    seating_of,
    take_back,
)
from takatuf.engine.matching.instance import Flags, Instance
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.plan import Plan, shortfall_of, worth_of
from takatuf.engine.matching.tables import clash, counted, spread_of, tables_of

LONGEST_CHAIN = 12  # agents


class Move(NamedTuple):
    """A pair of the instance that came into the plan, or left it."""

    pair: int
    came: bool


class Standing:
    """A plan and its prices, kept feasible and good through cancellations in milliseconds."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance, self.price = instance, np.ascontiguousarray(plan.price)
        self.t, self.order = tables_of(instance)
        self.held: Flags = plan.assigned[self.order]
        self.barred: Flags = np.zeros(instance.pairs, np.bool_)
        self.place = np.empty(instance.pairs, np.int64)
        self.place[self.order] = np.arange(instance.pairs)
        self.of_role = counted(self.t.role, instance.roles)
        ends = np.cumsum(np.bincount(self.t.role, minlength=instance.roles))
        self.role_begin = np.concatenate(([0], ends)).astype(np.int64)
        self.seating: Seating = seating_of(self.t, self.held)
        self.trail: Trail = new_trail(self.t, LONGEST_CHAIN)
        self.turn = 0

    def withdraw(self, pair: int) -> list[Move]:
        """The pair leaves for good, and its seat is filled again as well as can be.

        :returns: every change to the plan, the withdrawal first; nothing if it was not in it
        """
        place = int(self.place[pair])
        self.barred[place] = True
        if not self.held[place]:
            return []
        leave(self.t, self.seating, self.held, place)
        return [Move(pair, came=False), *self.fill(int(self.t.role[place]))]

    def withdraw_agent(self, agent: int) -> list[Move]:
        """Everything the agent holds is given back, and it takes nothing more."""
        pairs = self.order[self.t.begin[agent] : self.t.begin[agent + 1]]
        self.barred[self.place[pairs]] = True
        return [move for pair in pairs for move in self.withdraw(int(pair))]

    def fill(self, role: int) -> list[Move]:
        """Fill one empty seat of the role by a chain, if the plan gains by it.

        :returns: the changes in the order made, which leave every step but the last undone
        """
        self.turn += 1
        refill(
            self.t, self.seating, self.held, self.barred, self.price, role, self.of_role,
            self.role_begin, self.trail, self.turn,
        )  # fmt: skip
        steps = self.trail.step[: self.trail.length[0]]
        return [Move(int(self.order[abs(step) - 1]), came=bool(step > 0)) for step in steps]

    def bar(self, pairs: NDArray[np.int64]) -> None:
        """These pairs take nothing more; what they hold stays."""
        self.barred[self.place[pairs]] = True

    def take_back(self, moves: Sequence[Move]) -> None:
        """Undo the changes made last, as ``fill`` told them."""
        for move in reversed(moves):
            undo = leave if move.came else enter
            undo(self.t, self.seating, self.held, int(self.place[move.pair]))

    def plan(self, bound: float) -> Plan:
        """The plan as it stands; ``bound`` is the proven one: a withdrawal only lowers it."""
        assigned = np.zeros(self.instance.pairs, np.bool_)
        assigned[self.order] = self.held
        return Plan(
            assigned=assigned, price=self.price, objective=worth_of(self.instance, assigned),
            bound=bound, shortfall=shortfall_of(self.instance, assigned),
        )  # fmt: skip


@njit(cache=True)
def refill(t, sat, held, barred, price, role, of_role, role_begin, trail, turn):
    """Fill a seat of the role, then those left for it; ``trail`` tells what was done.

    :returns: what the plan gained, 0 or more
    """
    trail.length[0] = 0
    leaving = np.zeros(t.holds, np.int64)
    free, alone = _most_welcome(
        t, sat, held, barred, price, role, of_role, role_begin, trail, turn, leaving, False
    )
    empty = np.zeros(LONGEST_CHAIN + t.holds + 1, np.int64)
    empty[0], waiting = role, 1
    gained, best, best_length = np.int64(0), np.int64(0), 0
    for _ in range(LONGEST_CHAIN):
        if not waiting:
            break
        waiting -= 1
        r = empty[waiting]
        i, _most = _most_welcome(
            t, sat, held, barred, price, r, of_role, role_begin, trail, turn, leaving, True
        )
        if i < 0:
            continue
        a = t.agent[i]
        trail.seen[a] = turn
        count, _net = _leaves_for(t, held, price, i, leaving)
        before = _spread_of(t, held, a)
        for k in range(count):
            gained += change(t, sat, held, trail, leaving[k], False)
            empty[waiting] = t.role[leaving[k]]
            waiting += 1
        gained += change(t, sat, held, trail, i, True)
        gained += before - _spread_of(t, held, a)
        if gained > best:
            best, best_length = gained, trail.length[0]
    if alone > best:
        take_back(t, sat, held, trail, 0)
        change(t, sat, held, trail, free, True)
        return np.int64(alone)
    take_back(t, sat, held, trail, best_length)
    return best


@njit(cache=True)
def _most_welcome(
    t, sat, held, barred, price, r, of_role, role_begin, trail, turn, leaving, may_leave
):
    """The pair that gains most by an empty seat, counting what is left for it at its price.

    :param may_leave: or only pairs for which nothing is left: what they gain is exact.
    :returns: the pair and what it gains; or -1 and 0
    """
    found, most = -1, 0.0
    if sat.heads[r] >= t.high[r]:
        return found, most
    for k in range(role_begin[r], role_begin[r + 1]):
        i = of_role[k]
        a = t.agent[i]
        if held[i] or barred[i] or t.size[a] > 1 or trail.seen[a] == turn:
            continue
        worth = t.score[i] + (t.penalty[r] if sat.heads[r] < t.low[r] else 0)
        if worth <= most:
            continue
        count, net = _leaves_for(t, held, price, i, leaving)
        if net + worth > most and (may_leave or not count):
            found, most = i, net + worth
    return found, most


@njit(cache=True)
def _leaves_for(t, held, price, i, leaving):
    """What an agent gives up for pair ``i``: all that clashes, then the cheapest until it fits.

    Writes the pairs to ``leaving``.

    :returns: how many they are, and what they lose (below 0); minus infinity if one is locked
    """
    a, r = t.agent[i], t.role[i]
    length = t.end[r] - t.start[r]
    count, holds, used, on_day, net = 0, 0, length, length, 0.0
    for j in range(t.begin[a], t.begin[a + 1]):
        if not held[j]:
            continue
        holds += 1
        if clash(t, r, t.role[j]):
            if t.locked[j]:
                return 0, -np.inf
            leaving[count] = j
            count += 1
            net -= t.score[j] - price[t.role[j]]
        else:
            used += t.end[t.role[j]] - t.start[t.role[j]]
            on_day += (
                (t.end[t.role[j]] - t.start[t.role[j]]) if t.day[t.role[j]] == t.day[r] else 0
            )
    while used > t.cap[a] or (t.day_cap > 0 and on_day > t.day_cap):
        j = _cheapest(
            t, held, price, a, r, leaving, count, t.day_cap > 0 and on_day > t.day_cap
        )
        if j < 0:
            return 0, -np.inf
        leaving[count] = j
        count += 1
        net -= t.score[j] - price[t.role[j]]
        used -= t.end[t.role[j]] - t.start[t.role[j]]
        on_day -= (t.end[t.role[j]] - t.start[t.role[j]]) if t.day[t.role[j]] == t.day[r] else 0
    return count, net + spread_of(t, a, holds) - spread_of(t, a, holds - count + 1)


@njit(cache=True)
def _cheapest(t, held, price, a, r, leaving, count, that_day):
    """The pair that the agent holds and gives up most cheaply, not yet leaving; -1 if none."""
    found, least = -1, np.inf
    for j in range(t.begin[a], t.begin[a + 1]):
        if not held[j] or t.locked[j] or (that_day and t.day[t.role[j]] != t.day[r]):
            continue
        lost = t.score[j] - price[t.role[j]]
        if lost < least and not _is_in(leaving, count, j):
            found, least = j, lost
    return found


@njit(cache=True)
def _is_in(listed, count, j):
    for k in range(count):
        if listed[k] == j:
            return True
    return False


@njit(cache=True)
def _spread_of(t, held, a):
    """What the agent's roles cost, beyond the first of its week."""
    count = 0
    for i in range(t.begin[a], t.begin[a + 1]):
        count += held[i]
    return spread_of(t, a, count)
