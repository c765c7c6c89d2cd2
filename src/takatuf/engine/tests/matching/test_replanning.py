"""People withdraw: seats are filled again at once, and never so that a rule breaks."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from takatuf.engine.matching.plan import worth_of
from takatuf.engine.matching.replanning import Standing
from takatuf.engine.matching.solving import solve
from takatuf.engine.matching.verifying import broken_rules, faults
from takatuf.engine.tests.matching.drawing import a_role, drawn, made


def test_the_next_best_takes_the_seat():
    instance = made([a_role(8, 2)], [8, 8, 8], [(0, 0, 900), (1, 0, 500), (2, 0, 700)])
    plan = solve(instance, gap=0.0)
    standing = Standing(instance, plan)

    moves = standing.withdraw(0)

    assert [(move.pair, move.came) for move in moves] == [(0, False), (2, True)]
    assert standing.plan(plan.bound).objective == 700


def test_a_seat_left_on_the_way_is_filled_too():
    """Agent 1 moves up to the empty seat, and agent 2, who fits nowhere else, takes the one left."""
    roles = [a_role(8, 2), a_role(8, 2)]
    pairs = [(0, 0, 900), (1, 0, 800), (1, 1, 500), (2, 1, 450)]
    instance = made(roles, [8, 8, 8], pairs)
    plan = solve(instance, gap=0.0)
    assert plan.assigned.tolist() == [True, False, True, False]

    standing = Standing(instance, plan)
    moves = standing.withdraw(0)

    assert {(move.pair, move.came) for move in moves} == {
        (0, False),
        (2, False),
        (1, True),
        (3, True),
    }
    assert standing.plan(plan.bound).objective == 1250


def test_nobody_fits_and_nothing_moves():
    instance = made([a_role(8, 2)], [8, 1], [(0, 0, 900), (1, 0, 800)])
    standing = Standing(instance, solve(instance, gap=0.0))

    assert [move.pair for move in standing.withdraw(0)] == [0]
    assert standing.withdraw(0) == []


def test_a_locked_seat_is_never_left_for_another():
    instance = made(
        [a_role(8, 2), a_role(8, 2)], [8, 8], [(0, 0, 900), (1, 0, 800), (1, 1, 100)],
        pair_locked=np.array([False, False, True]),
    )  # fmt: skip
    standing = Standing(instance, solve(instance, gap=0.0))

    assert [move.pair for move in standing.withdraw(0)] == [0]


@given(
    seed=st.integers(0, 100_000),
    teams=st.booleans(),
    ruled=st.booleans(),
    pace=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_whoever_withdraws_no_rule_breaks_and_no_chain_loses(seed, teams, ruled, pace):
    instance = drawn(
        seed,
        agents=20,
        roles=12,
        days=4,
        teams=teams,
        ruled=ruled,
        locks=True,
        pace=pace,
        begun=True,
    )
    plan = solve(instance)
    standing = Standing(instance, plan)
    random = np.random.default_rng(seed)

    for pair in random.permutation(np.flatnonzero(plan.assigned & ~instance.pair_locked))[:6]:
        held_before = standing.plan(plan.bound).assigned.copy()
        moves = standing.withdraw(int(pair))
        now = standing.plan(plan.bound)

        for move in moves:
            assert held_before[move.pair] != move.came
            held_before[move.pair] = move.came
        assert held_before.tolist() == now.assigned.tolist()
        assert broken_rules(instance, now.assigned) == []
        assert faults(instance, now) == []
        assert not now.assigned[pair]


@given(seed=st.integers(0, 100_000), ruled=st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_chain_gains_no_less_than_anybody_who_gives_nothing_up(seed, ruled):
    instance = drawn(seed, agents=14, roles=10, days=3, density=0.4, ruled=ruled, begun=True)
    plan = solve(instance)
    standing = Standing(instance, plan)
    withdrawn: list[int] = []

    for pair in np.random.default_rng(seed).permutation(np.flatnonzero(plan.assigned))[:5]:
        left = standing.plan(plan.bound).assigned.copy()
        if not left[pair]:
            continue
        left[pair] = False
        withdrawn.append(int(pair))
        standing.withdraw(int(pair))
        now = standing.plan(plan.bound).objective

        role = instance.pair_role[pair]
        for other in np.flatnonzero((instance.pair_role == role) & ~left):
            with_other = left.copy()
            with_other[other] = True
            if other not in withdrawn and not broken_rules(instance, with_other):
                assert worth_of(instance, with_other) <= now


def test_an_agent_who_leaves_leaves_everything():
    instance = made(
        [a_role(8, 2), a_role(32, 2)], [8, 8],
        [(0, 0, 900), (0, 1, 900), (1, 0, 300), (1, 1, 300)],
    )  # fmt: skip
    standing = Standing(instance, solve(instance, gap=0.0))

    standing.withdraw_agent(0)

    assert standing.plan(0).assigned.tolist() == [False, False, True, True]
