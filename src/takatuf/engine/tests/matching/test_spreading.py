"""Parts of a plan, worked out here or in other processes, are a plan of the whole."""

from dataclasses import replace

import numpy as np
import pytest

from bench.matching.family import region_of
from takatuf.engine.matching.index import index_of, pairs_of
from takatuf.engine.matching.plan import worth_of
from takatuf.engine.matching.planning import instance_of, plan_region
from takatuf.engine.matching.region import LOCKED, TIE
from takatuf.engine.matching.spreading import (
    here,
    in_processes,
    on_ray,
    plan_blocks,
    plan_weeks,
)
from takatuf.engine.matching.verifying import broken_rules
from takatuf.engine.tests.matching.regions import scattered


def whole(region, spread):
    """The plan on all eligible pairs, and whether each pair is in it."""
    instance = instance_of(region, pairs_of(region, index_of(region)))
    given = set(zip(spread.agent.tolist(), spread.role.tolist(), strict=True))
    pairs = zip(instance.pair_agent.tolist(), instance.pair_role.tolist(), strict=True)
    assigned = np.array([pair in given for pair in pairs], bool)
    assert assigned.sum() == len(given), "only eligible pairs"
    return instance, assigned


def blocks_of(region):
    return (region.people["x"] > 0).astype(int), (region.asked["x"] > 0).astype(int)


@pytest.mark.parametrize("seed", range(4))
def test_weeks_together_are_a_plan_with_a_bound(seed):
    region = scattered(seed, agents=150, roles=14)
    spread = plan_weeks(region, gap=0.0, seed=seed)
    instance, assigned = whole(region, spread)
    assert not broken_rules(instance, assigned)
    assert worth_of(instance, assigned) == spread.objective <= spread.bound + 1
    together = plan_region(region, gap=0.0, seed=seed).plan
    assert spread.objective <= together.bound + 1
    assert together.objective <= spread.bound + 1


@pytest.mark.parametrize("seed", range(4))
def test_blocks_together_are_a_plan_with_a_bound_over_the_whole(seed):
    region = scattered(seed, agents=150, roles=14)
    spread = plan_blocks(region, *blocks_of(region), gap=0.0, seed=seed)
    instance, assigned = whole(region, spread)
    assert not broken_rules(instance, assigned)
    assert worth_of(instance, assigned) == spread.objective <= spread.bound + 1
    assert plan_region(region, gap=0.0, seed=seed).plan.objective <= spread.bound + 1


def test_prices_bring_people_to_the_block_that_needs_them():
    """Everybody lives in one block and half the places lie in the other."""
    region = scattered(2, agents=150, roles=14)
    region.people["reach"] = 5000
    away = (region.asked["x"] > 0).astype(int)
    home = np.zeros(len(region.people), int)
    spread = plan_blocks(region, home, away, gap=0.0)
    together = plan_region(region, gap=0.0)
    assert (away[spread.role] == 1).sum() > 0.6 * (away[together.role] == 1).sum() > 0


def test_locked_places_stay_in_the_part_they_belong_to():
    region = scattered(5, agents=100)
    pair = pairs_of(region, index_of(region))
    ties = np.array([(pair.agent[0], pair.role[0], LOCKED)], TIE)
    spread = plan_weeks(replace(region, ties=ties))
    given = set(zip(spread.agent.tolist(), spread.role.tolist(), strict=True))
    assert (int(pair.agent[0]), int(pair.role[0])) in given


def test_an_empty_region_is_no_trouble():
    region = scattered(1)
    nothing = replace(region, asked=region.asked[:0], ties=region.ties[:0])
    assert plan_weeks(nothing).objective == 0


@pytest.mark.long
def test_two_processes_come_to_the_total_of_one():
    region = region_of("S", 3)
    alone, spread = plan_weeks(region, where=here), plan_weeks(region, where=in_processes(2))
    assert spread.objective == alone.objective
    assert np.array_equal(spread.agent, alone.agent)
    assert spread.bound == alone.bound


@pytest.mark.long
def test_two_processes_of_ray_come_to_the_total_of_one():
    ray = pytest.importorskip("ray", reason="an optional extra: requirements/scale.txt")
    region = region_of("S", 3)
    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR")
    try:
        spread = plan_weeks(region, where=on_ray())
    finally:
        ray.shutdown()
    alone = plan_weeks(region)
    assert spread.objective == alone.objective
    assert np.array_equal(spread.role, alone.role)
