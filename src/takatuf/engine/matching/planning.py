"""From a region to a plan, whatever its size.

Where the eligible pairs can be listed, they are. Where they are too many, samples are solved;
their prices say which pairs can still matter, and those are listed and solved. The bound holds
over all pairs: one that is worth no more than its role's price adds nothing to it.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.index import (
    EVERYBODY,
    Index,
    Pairs,
    entries_asked,
    index_of,
    pairs_of,
)
from takatuf.engine.matching.instance import Instance, Ints
from takatuf.engine.matching.plan import RegionPlan
from takatuf.engine.matching.region import FINE, LOCKED, Region
from takatuf.engine.matching.solving import ASKED_GAP, Progress, solve

LISTED = 4_000_000  # entries to look at, up to which all pairs are listed
SEATS_SAMPLED, LEAST_SAMPLED = 4, 32  # pairs a seat, and at least a role, in a sample
TRIED = 8  # entries looked at for each pair a sample should find
FINER = 16  # a further sample, above the last one's prices, looks at so many times more
FINE_ENOUGH = 6  # a sample that looks at every so-maniest entry, on average, is the last
ROUNDS = 3
SAMPLE_GAP = 0.01
SLACK = 5  # tenths of a point below a price, within which pairs are listed all the same


def plan_region(
    region: Region,
    *,
    gap: float = ASKED_GAP,
    seed: int = 1,
    progress: Progress | None = None,
    listed: int = LISTED,
) -> RegionPlan:
    """The best plan found for the region, and a bound over all its eligible pairs.

    :param gap: stop once the plan is proven to be within this share of the best one.
    :param progress: told the points and the bound so far; answers whether to go on.
    :param listed: list all pairs if roles look at no more entries than this.
    :raises Malformed: if locked pairs cannot all stay.
    """
    index = index_of(region)
    asked = entries_asked(region, index)
    if asked.sum() <= listed:
        instance = instance_of(region, pairs_of(region, index))
        return RegionPlan(instance, solve(instance, gap=gap, seed=seed, progress=progress))
    return _plan_by_price(region, index, asked, gap=gap, seed=seed, progress=progress)


def instance_of(region: Region, pairs: Pairs) -> Instance:
    """The problem on these pairs of the region."""
    asked = region.asked
    return Instance(
        role_shift=_ints(asked["shift"]), role_start=_ints(asked["start"]),
        role_end=_ints(asked["end"]), role_min=_ints(asked["minimum"]),
        role_x=_ints(asked["x"]), role_y=_ints(asked["y"]),
        role_anywhere=asked["anywhere"] == 1,
        role_max=_ints(asked["maximum"]), role_penalty=_ints(asked["penalty"] * FINE),
        agent_cap=_ints(region.people["cap"]), agent_size=_ints(region.people["size"]),
        pair_agent=pairs.agent, pair_role=pairs.role, pair_score=pairs.score,
        agent_begun=region.people["begun"] == 1,
        pair_locked=_locked(region, pairs), spread=region.spread * FINE, buffer=region.buffer,
        day_cap=region.day_cap, rest=region.rest, pace=region.pace,
    )  # fmt: skip


def _plan_by_price(
    region: Region,
    index: Index,
    asked: NDArray[np.int64],
    *,
    gap: float,
    seed: int,
    progress: Progress | None,
) -> RegionPlan:
    price = _sampled_prices(region, index, asked, max(gap, SAMPLE_GAP), seed, progress)
    plans: list[RegionPlan] = []
    while len(plans) < ROUNDS and (not plans or plans[-1].plan.gap > gap):
        floor = price - SLACK * FINE
        instance = instance_of(region, pairs_of(region, index, floor=floor))
        plan = solve(instance, gap=gap, seed=seed, progress=progress, floor=floor)
        plans.append(RegionPlan(instance, plan))
        price = np.minimum(price, plans[-1].plan.price)
    return min(plans, key=lambda planned: planned.plan.gap)


def _sampled_prices(
    region: Region,
    index: Index,
    asked: NDArray[np.int64],
    gap: float,
    seed: int,
    progress: Progress | None,
) -> NDArray[np.float64]:
    """Prices among ever finer samples, each drawn above the prices of the one before.

    A little below them too: where all who could come are worth the price and no more, a role
    would find nobody above it, and its price would fall to where it lists everybody.
    """
    wanted = np.maximum(SEATS_SAMPLED * region.asked["maximum"], LEAST_SAMPLED)
    every = np.maximum(1, asked // (TRIED * wanted))
    floor = np.full(len(every), EVERYBODY, np.float64)
    for phase in itertools.count(seed):
        pairs = pairs_of(region, index, floor=floor, every=every, phase=phase)
        price = solve(instance_of(region, pairs), gap=gap, seed=seed, progress=progress).price
        floor = price - SLACK * FINE
        if every.mean() <= FINE_ENOUGH:
            break
        every = np.maximum(1, every // FINER)
    return price


def _locked(region: Region, pairs: Pairs) -> NDArray[np.bool_]:
    ties = region.ties[region.ties["kind"] & LOCKED != 0]
    if not len(ties):
        return np.zeros(len(pairs.agent), np.bool_)
    roles = len(region.asked)
    keys = pairs.agent.astype(np.int64) * roles + pairs.role
    return np.isin(keys, ties["agent"].astype(np.int64) * roles + ties["role"])


def _ints(column: NDArray[np.int32]) -> Ints:
    return np.ascontiguousarray(column, np.int32)
