"""From an instance to a plan with its proof.

Where people are many, the auction is nearly exact and its prices prove it. Where they are few,
prices come from the dual instead: what agents wish at them is settled step by step, and chains
mend what is left; where that is not enough, a few who compete are decided anew, time and again.
The better plan is kept; the lowest bound certifies it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.auction import Seats, auction, open_seats
from takatuf.engine.matching.bound import bound_at, descend, roles_gain
from takatuf.engine.matching.chains import improve, seating_of
from takatuf.engine.matching.diving import dive
from takatuf.engine.matching.instance import Flags, Instance, Malformed
from takatuf.engine.matching.loosening import Neighbours, loosened
from takatuf.engine.matching.plan import (
    Plan,
    beyond_reach,
    gap_between,
    shortfall_of,
    worth_of,
)
from takatuf.engine.matching.settling import settle
from takatuf.engine.matching.tables import Tables, restricted, tables_of
from takatuf.engine.matching.verifying import broken_rules

ASKED_GAP = 0.005
EPSILON = 0.004  # of the mean score: how finely agents bid
SAMPLE, LEAST_SAMPLE = (
    4,
    32,
)  # pairs a seat, and at least a role, that the first bids are made among
STEPS = (60, 150, 600)  # towards the bound, while the gap asked for is not reached
FARTHEST = 0.05  # of what agents gain: how far below the bound the level begins at most
PATIENCE = 5  # steps without progress before the level comes closer
WAVERING = 0.0005  # of what agents gain: how far prices move while waverers are settled
DIVE_STEPS, DIVE_SHARE = 20, 0.2  # steps of a settlement, share of waverers it settles
FREED = (10, 20, 40, 80)  # agents that are decided anew together
CASES = 40  # of them looked at, at most
TRIES, IDLE_TRIES = 400, 60  # to free a few, and of them without gain
DEPTH = 4  # agents pushed on in a chain
SHAKE = 0.5  # prices in a turn of chains lie this share around the proven ones
MOST_TURNS, IDLE_TURNS = 40, 5  # turns of chains on one plan, and of them nearly without gain
PATIENT = (
    1000  # chains are cheap where agents are few: so many of them are idle before it stops
)
IDLE_GAIN = 0.005  # of the gap that is left: a turn that closes less is nearly without gain
NO_SEAT = 1e9  # the price of a role that has no seat: nobody wants it

Progress = Callable[[int, float], bool]


def solve(
    instance: Instance,
    *,
    gap: float = ASKED_GAP,
    seed: int = 1,
    progress: Progress | None = None,
    floor: NDArray[np.float64] | None = None,
) -> Plan:
    """The best plan found, and a bound on every plan.

    :param gap: stop once the plan is proven to be within this share of the best one.
    :param progress: told the points and the bound so far; answers whether to go on.
    :param floor: for each role, what pairs that the instance leaves out are worth a head at
        most; no price is below, so that the bound holds with them too.
    :raises Malformed: if locked pairs cannot all stay.
    """
    if broken := broken_rules(instance, instance.pair_locked):
        raise Malformed(f"The locked pairs cannot all stay: {broken[0]}.")
    search = _Search(instance, gap=gap, seed=seed, progress=progress)
    search.run()
    search.settle()
    if floor is not None:
        search.lift(floor)
    return search.plan()


class _Search:
    """The best plan and the best prices so far, and the steps that better them."""

    def __init__(
        self, instance: Instance, *, gap: float, seed: int, progress: Progress | None
    ) -> None:
        self.instance = instance
        self.t, self.order = tables_of(instance)
        self.asked, self.progress = gap, progress
        self.random = np.random.default_rng(seed)
        self.beyond = beyond_reach(instance)
        self.held: Flags = self.t.locked.copy()
        self.worth = self._worth(self.held)
        self.price = _opening_prices(self.t)
        self.bound = np.inf  # until the first prices are proven

    def run(self) -> None:
        self._auction()
        for steps in STEPS:
            if self.done():
                return
            self._descend(steps)
            if self.done():
                return
            self._mend(self._dive())
        if not self.done():
            self._mend(self.held.copy())
        if not self.done():
            self._loosen()

    def done(self) -> bool:
        """Whether the plan is good enough, or none is a point better, or somebody said stop."""
        if gap_between(self.worth, self.bound) <= self.asked or self.bound < self.worth + 1:
            return True
        return self.progress is not None and not self.progress(self.worth, self.bound)

    def plan(self) -> Plan:
        assigned = np.zeros(self.instance.pairs, np.bool_)
        assigned[self.order] = self.held
        return Plan(
            assigned=assigned, price=self.price, objective=self.worth, bound=self.bound,
            shortfall=shortfall_of(self.instance, assigned),
        )  # fmt: skip

    def settle(self) -> None:
        held = self.held.copy()
        settle(self.t, seating_of(self.t, held), held)
        self._offer(held)

    def lift(self, floor: NDArray[np.float64]) -> None:
        """No price below the floor, and the bound that these prove."""
        if (self.price < floor).any():
            self.price = np.maximum(self.price, floor)
            self.bound = self._bound(self.price)

    # ---------------------------------------------------------------- steps
    def _auction(self) -> None:
        """Teams take their best first, for they need seats together; then persons bid.

        First among a sample of the pairs: prices rise there at a fraction of the work, and few
        bids are left to be made among all.
        """
        t, held = self.t, self.t.locked.copy()
        seating = seating_of(t, held)
        teams = np.flatnonzero(t.size > 1)
        if len(teams):
            improve(t, seating, held, self.price, self.random.permutation(teams), 0)
        seats = open_seats(t, seating.heads)
        persons = self.random.permutation(np.flatnonzero(t.size == 1))
        epsilon = max(1.0, EPSILON * float(t.score.mean())) if len(t.score) else 1.0
        self._bid_among_a_sample(persons, seats, held, epsilon)
        auction(t, persons, seats, held, epsilon)
        price = self.price.copy()
        has_seats = seats.first[:-1] < seats.first[1:]
        price[has_seats] = seats.price[seats.first[:-1][has_seats]]
        self._offer(held)
        self._prove(price)

    def _bid_among_a_sample(
        self, persons: NDArray[np.int64], seats: Seats, held: Flags, epsilon: float
    ) -> None:
        """Bids on the pairs drawn, and on those already held; fills ``seats`` and ``held``."""
        t = self.t
        listed = np.maximum(1, np.bincount(t.role, minlength=len(t.high)))
        share = (np.maximum(SAMPLE * t.room, LEAST_SAMPLE) / listed).astype(np.float32)
        drawn = (self.random.random(len(t.role)) < share[t.role]) | held
        sample, places = restricted(t, drawn)
        held_there = held[places]
        auction(sample, persons, seats, held_there, epsilon)
        held[places] = held_there
        taken = seats.holder >= 0
        seats.holder[taken] = places[seats.holder[taken]]

    def _descend(self, steps: int) -> None:
        """Lower the bound; notes how often each pair is wished meanwhile."""
        price, pairs = self.price.copy(), len(self.t.role)
        floor = float(self.worth + self.beyond)
        reach = min(
            FARTHEST * self._agents_gain(),
            max(2 * self.asked * abs(self.bound), self.bound - self.worth),
        )
        self.often = np.zeros(pairs)
        descend(
            self.t, price, np.zeros(pairs, np.bool_), self.often, steps, floor, reach, PATIENCE
        )
        self._prove(price)

    def _dive(self) -> Flags:
        reach = WAVERING * self._agents_gain()
        return dive(self.t, self.price, reach, steps=DIVE_STEPS, share=DIVE_SHARE)

    def _mend(self, held: Flags) -> None:
        """Chains from everybody in turn; prices are shaken, so that each turn tries others."""
        t, idle = self.t, 0
        seating, worth = seating_of(t, held), self._worth(held)
        idle_turns = max(IDLE_TURNS, PATIENT // max(1, len(t.cap)))
        for turn in range(max(MOST_TURNS, 2 * idle_turns)):
            order = self.random.permutation(len(t.cap))
            shaken = self.random.uniform(1 - SHAKE, 1 + SHAKE, len(self.price)) if turn else 1.0
            gained = improve(t, seating, held, self.price * shaken, order, DEPTH if turn else 0)
            worth += gained
            idle = 0 if gained > IDLE_GAIN * (self.bound - worth) else idle + 1
            if worth > self.worth:
                self._offer(held.copy())
            if idle == idle_turns or self.done():
                return

    def _loosen(self) -> None:
        """Free a few who compete, now fewer, now more, until that gains nothing for long."""
        neighbours, idle = Neighbours(self.t, self.often), 0
        starts = np.unique(self.t.agent)
        for nth in range(TRIES if len(starts) else 0):
            start, count = int(self.random.choice(starts)), FREED[nth % len(FREED)]
            free = neighbours.around(start, count, self.held, self.random)
            before = self.worth
            reach = max(WAVERING * self._agents_gain(), self.bound - self.worth)
            self._offer(loosened(self.t, self.held, free, self.price, reach, CASES))
            idle = 0 if self.worth > before else idle + 1
            if idle == IDLE_TRIES or self.done():
                return

    # ---------------------------------------------------------------- keeping the better
    def _worth(self, held: Flags) -> int:
        assigned = np.zeros(self.instance.pairs, np.bool_)
        assigned[self.order] = held
        return worth_of(self.instance, assigned)

    def _offer(self, held: Flags) -> None:
        worth = self._worth(held)
        if worth > self.worth:
            self.held, self.worth = held, worth

    def _agents_gain(self) -> float:
        """What agents gain at the best prices: the measure of what prices can move."""
        return self.bound + self.beyond - float(roles_gain(self.t, self.price))

    def _bound(self, price: NDArray[np.float64]) -> float:
        return float(bound_at(self.t, price)) - self.beyond

    def _prove(self, price: NDArray[np.float64]) -> None:
        bound = self._bound(price)
        if bound < self.bound:
            self.price, self.bound = price, bound


def _opening_prices(t: Tables) -> NDArray[np.float64]:
    """Heads are missing everywhere; where there is no seat nobody is to want one."""
    price = np.where(t.low > 0, -t.penalty, 0).astype(np.float64)
    price[t.high == 0] = NO_SEAT
    return price
