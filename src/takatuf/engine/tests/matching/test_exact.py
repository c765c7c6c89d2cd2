"""Plans and bounds against the true optimum."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takatuf.engine.matching.solving import solve
from takatuf.engine.matching.verifying import faults
from takatuf.engine.tests.matching.drawing import drawn
from takatuf.engine.tests.matching.exact import optimum

SHAPES = {
    "plain": {},
    "no spread, no buffer": {"spread": 0, "buffer": 0},
    "a dear spread": {"spread": 700},
    "weeks that have begun": {"begun": True, "spread": 500, "roles": 10},
    "many agents": {"agents": 30, "roles": 8},
    "few agents": {"agents": 3, "roles": 20, "days": 7},
    "one day": {"roles": 10, "days": 1, "most_heads": 1},
    "sparse": {"agents": 20, "roles": 20, "density": 0.1, "days": 7},
    "teams": {"teams": True, "agents": 12},
    "locks": {"locks": True},
    "day's limit and rest": {"ruled": True, "roles": 12, "days": 4},
    "ways": {"pace": 1, "agents": 5, "roles": 14, "days": 2, "most_heads": 1},
    "everything": {
        "pace": 2,
        "teams": True,
        "locks": True,
        "begun": True,
        "ruled": True,
        "agents": 14,
        "roles": 12,
        "days": 5,
    },
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_plan_lies_between_nothing_and_the_optimum_and_the_bound_above(shape, seed):
    instance = drawn(seed, **SHAPES[shape])
    best = optimum(instance)

    plan = solve(instance, gap=0.0)

    assert faults(instance, plan) == []
    assert plan.objective <= best <= plan.bound + 1e-6


@pytest.mark.parametrize("shape", SHAPES)
def test_nearly_every_small_plan_is_the_best_there_is(shape):
    lost = total = exact = 0
    for seed in range(40):
        instance = drawn(seed, **SHAPES[shape])
        best, plan = optimum(instance), solve(instance, gap=0.0)
        exact += plan.objective == best
        lost += best - plan.objective
        total += abs(best)

    assert exact >= 38, f"{exact} of 40 are the best"
    assert lost <= 0.001 * total


@pytest.mark.parametrize(("share", "agents"), [(5, 3), (10, 5), (25, 13)])
def test_where_people_are_few_little_is_lost(share, agents):
    """Of the fifty or so that sixty roles need, ``share`` of a hundred are there."""
    lost = total = 0
    for seed in range(6):
        instance = drawn(seed, agents=agents, roles=60, days=7, density=0.3)
        best, plan = optimum(instance), solve(instance)

        assert faults(instance, plan) == [], share
        assert plan.objective <= best <= plan.bound + 1e-6, share
        lost += best - plan.objective
        total += abs(best)

    assert lost <= 0.005 * total, share
