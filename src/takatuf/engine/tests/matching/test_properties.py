"""What must hold whatever the instance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takatuf.engine.matching.bound import bound_at
from takatuf.engine.matching.solving import solve
from takatuf.engine.matching.tables import tables_of
from takatuf.engine.matching.verifying import bound_of, faults
from takatuf.engine.tests.matching.drawing import changed, drawn, with_pairs
from takatuf.engine.tests.matching.exact import optimum

seeds = st.integers(0, 100_000)
a_few = settings(max_examples=30, deadline=None)


def without_agent(instance, agent):
    return with_pairs(instance, instance.pair_agent != agent)


@given(seed=seeds)
@a_few
def test_one_volunteer_more_lowers_neither_the_optimum_nor_the_bound_at_equal_prices(seed):
    larger = drawn(seed, teams=True)
    smaller = without_agent(larger, 0)
    price = np.random.default_rng(seed).uniform(-larger.role_penalty, 1500).astype(float)

    assert optimum(smaller) <= optimum(larger)
    assert bound_of(smaller, price) <= bound_of(larger, price) + 1e-6


@given(seed=seeds)
@a_few
def test_the_order_of_the_pairs_changes_nothing(seed):
    instance = drawn(seed, agents=20, teams=True, ruled=True)
    order = np.random.default_rng(seed).permutation(instance.pairs)

    plan, shuffled = solve(instance), solve(with_pairs(instance, order))

    assert shuffled.assigned.tolist() == plan.assigned[order].tolist()
    assert shuffled.price.tolist() == plan.price.tolist()
    assert (shuffled.objective, shuffled.bound) == (plan.objective, plan.bound)


@given(seed=seeds)
@a_few
def test_renumbering_the_agents_keeps_feasibility_and_the_gap_asked_for(seed):
    instance = drawn(seed, agents=30, roles=10)
    number = np.random.default_rng(seed).permutation(instance.agents)
    cap = np.empty_like(instance.agent_cap)
    cap[number] = instance.agent_cap
    renumbered = changed(
        instance, agent_cap=cap, pair_agent=number[instance.pair_agent].astype(np.int32)
    )

    plan, other = solve(instance, gap=0.02), solve(renumbered, gap=0.02)

    assert faults(renumbered, other) == []
    assert other.objective <= plan.bound + 1e-6
    assert plan.objective <= other.bound + 1e-6


@given(seed=seeds)
@a_few
def test_locked_seats_stay_and_the_same_seed_gives_the_same_plan(seed):
    instance = drawn(seed, locks=True, teams=True, ruled=True, agents=15)

    plan, again = solve(instance, seed=seed), solve(instance, seed=seed)

    assert plan.assigned[instance.pair_locked].all()
    assert plan.assigned.tolist() == again.assigned.tolist()


@given(
    seed=seeds, ruled=st.booleans(), spread=st.sampled_from([0, 100, 600]),
    pace=st.integers(0, 3),
)  # fmt: skip
@a_few
def test_the_engines_bound_is_the_checkers_at_any_prices(seed, ruled, spread, pace):
    instance = drawn(
        seed,
        agents=12,
        roles=10,
        days=4,
        ruled=ruled,
        spread=spread,
        locks=True,
        pace=pace,
        begun=True,
    )
    high = np.random.default_rng(seed).uniform(-instance.role_penalty, 1500)
    price = np.where(instance.role_max == 0, 1e6, high)

    tables, _order = tables_of(instance)
    over = np.maximum(0, instance.role_min - instance.role_max) * instance.role_penalty

    assert bound_at(tables, price) - over.sum() == pytest.approx(bound_of(instance, price))


@given(seed=seeds)
@a_few
def test_a_plan_stops_at_the_gap_asked_for_and_at_a_word(seed):
    instance = drawn(seed, agents=30, roles=12, days=7)
    told = []

    def stop(worth, bound):
        told.append((worth, bound))
        return False

    plan = solve(instance, gap=0.0, progress=stop)

    assert len(told) <= 1
    assert faults(instance, plan) == []
    assert solve(instance, gap=0.9).gap <= 0.9


@given(seed=seeds)
@a_few
def test_pairs_left_out_below_a_floor_are_bound_all_the_same(seed):
    whole = drawn(seed)
    floor = np.random.default_rng(seed).uniform(0, 1500, whole.roles)
    listed = with_pairs(whole, whole.pair_score > floor[whole.pair_role])

    plan = solve(listed, gap=0.0, floor=floor)

    assert (plan.price >= floor).all()
    assert plan.bound == pytest.approx(bound_of(whole, plan.price), abs=1.0)
    assert plan.bound >= optimum(whole) - 1e-6
