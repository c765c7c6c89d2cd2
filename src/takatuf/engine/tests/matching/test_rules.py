"""One test a rule: the checker finds it broken, and the engine keeps it where breaking would pay."""

import numpy as np
import pytest

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.plan import Plan, gap_between, shortfall_of, worth_of
from takatuf.engine.matching.solving import solve
from takatuf.engine.matching.verifying import RULES, broken_rules, faults
from takatuf.engine.tests.matching.drawing import HOUR, a_role, changed, drawn, made, whole

# Each: an instance in which all pairs together break the rule alone, and what can be kept.
TEMPTING = {
    "no role takes more heads than it has seats": (
        made([a_role(8, 2, high=1)], [8, 8], [(0, 0, 500), (1, 0, 700)]), [False, True],
    ),
    "no agent gives more minutes a week than it offers": (
        made([a_role(8, 3), a_role(32, 3)], [5], [(0, 0, 500), (0, 1, 700)]), [False, True],
    ),
    "two roles of an agent lie apart by the buffer": (
        made([a_role(8, 2), a_role(10.5, 2)], [8], [(0, 0, 500), (0, 1, 700)], buffer=HOUR),
        [False, True],
    ),
    "two roles of an agent leave time for the way between them": (
        made(
            [a_role(8, 2), a_role(11.5, 2)], [8], [(0, 0, 500), (0, 1, 700)], buffer=30,
            pace=1, role_x=whole([0, 540]), role_y=whole([0, 300]),
        ),
        [False, True],
    ),
    "between roles on different days an agent rests": (
        made([a_role(20, 2), a_role(28, 2)], [8], [(0, 0, 500), (0, 1, 700)], rest=10 * HOUR),
        [False, True],
    ),
    "no agent gives more minutes a day than the limit": (
        made([a_role(8, 3), a_role(14, 3)], [8], [(0, 0, 500), (0, 1, 700)], day_cap=5 * HOUR),
        [False, True],
    ),
    "locked seats stay": (
        made(
            [a_role(8, 2, high=1)], [8, 8], [(0, 0, 500), (1, 0, 700)],
            pair_locked=np.array([True, False]),
        ),
        [True, False],
    ),
}  # fmt: skip


def test_every_rule_has_its_case():
    assert set(TEMPTING) == {title for title, _check in RULES}


@pytest.mark.parametrize("title", TEMPTING)
def test_the_checker_finds_the_rule_broken(title):
    instance, _best = TEMPTING[title]
    breaking = (
        ~instance.pair_locked if instance.pair_locked.any() else np.ones(instance.pairs, bool)
    )

    assert any(title in sentence for sentence in broken_rules(instance, breaking))


@pytest.mark.parametrize("title", TEMPTING)
def test_the_engine_keeps_the_rule_though_breaking_it_would_pay(title):
    instance, best = TEMPTING[title]

    plan = solve(instance, gap=0.0)

    assert plan.assigned.tolist() == best
    assert faults(instance, plan) == []


def test_a_team_comes_whole_or_not_at_all():
    roles = [a_role(8, 2, high=4), a_role(8, 2, high=5)]
    instance = made(roles, [8], [(0, 0, 900), (0, 1, 400)], agent_size=np.array([5], np.int32))

    assert solve(instance, gap=0.0).assigned.tolist() == [False, True]


def test_a_team_gives_way_to_people_who_are_worth_more_together():
    instance = made(
        [a_role(8, 2, high=2)], [8, 8, 8], [(0, 0, 900), (1, 0, 500), (2, 0, 600)],
        agent_size=np.array([2, 1, 1], np.int32),
    )  # fmt: skip

    assert solve(instance, gap=0.0).assigned.tolist() == [False, True, True]


def test_heads_that_are_missing_outweigh_better_scores_elsewhere():
    roles = [a_role(8, 2, low=1, high=1, penalty=1000), a_role(8, 2, high=1)]
    instance = made(roles, [8], [(0, 0, 100), (0, 1, 900)])

    plan = solve(instance, gap=0.0)

    assert plan.assigned.tolist() == [True, False]
    assert plan.shortfall.tolist() == [0, 0]


def test_the_spread_gives_the_second_role_to_somebody_else():
    roles = [a_role(8, 2), a_role(32, 2)]
    pairs = [(0, 0, 500), (0, 1, 500), (1, 1, 450)]

    assert solve(made(roles, [8, 8], pairs, spread=100), gap=0.0).assigned.tolist() == [
        True,
        False,
        True,
    ]
    assert solve(made(roles, [8, 8], pairs, spread=0), gap=0.0).assigned.tolist() == [
        True,
        True,
        False,
    ]


def test_whoever_has_a_place_of_the_week_already_pays_the_spread_for_the_first_too():
    pairs = [(0, 0, 500), (1, 0, 450)]
    begun = np.array([True, False])

    def goes_to(spread):
        instance = made([a_role(8, 2)], [8, 8], pairs, spread=spread, agent_begun=begun)
        plan = solve(instance, gap=0.0)
        assert faults(instance, plan) == []
        return plan.objective, int(instance.pair_agent[plan.assigned][0])

    assert goes_to(40) == (460, 0)
    assert goes_to(60) == (450, 1)


def test_locked_seats_that_clash_are_refused_in_a_sentence():
    instance = made(
        [a_role(8, 2), a_role(9, 2)], [8], [(0, 0, 5), (0, 1, 5)], pair_locked=np.ones(2, bool)
    )

    with pytest.raises(Malformed, match="locked pairs cannot all stay"):
        solve(instance)


def test_a_plan_that_claims_too_much_is_found_out():
    instance = made(
        [a_role(8, 2, low=1, high=2, penalty=50)], [8, 8], [(0, 0, 500), (1, 0, 700)]
    )
    honest = solve(instance, gap=0.0)
    assert faults(instance, honest) == []

    def claiming(**changes):
        return Plan(
            **{name: getattr(honest, name) for name in Plan.__dataclass_fields__} | changes
        )

    assert "claims 1201 points and has 1200" in faults(instance, claiming(objective=1201))[0]
    assert "prices prove only" in faults(instance, claiming(bound=honest.bound - 2))[0]
    assert faults(instance, claiming(assigned=np.zeros(2, bool), objective=1200))


def test_the_points_of_a_plan_are_scores_less_spread_less_what_is_missing():
    roles = [a_role(8, 2), a_role(32, 2), a_role(56, 2, low=3, high=2, penalty=70)]
    instance = made(roles, [8], [(0, 0, 500), (0, 1, 400), (0, 2, 300)], spread=100)

    assert worth_of(instance, np.array([True, True, True])) == 1200 - 2 * 100 - 2 * 70
    assert shortfall_of(instance, np.array([True, True, True])).tolist() == [0, 0, 2]


def test_the_gap_is_a_share_of_the_bound_also_below_zero():
    assert gap_between(995, 1000) == pytest.approx(0.005)
    assert gap_between(-1010, -1000) == pytest.approx(0.01)
    assert gap_between(10, 10) == 0


def test_nobody_and_nothing_make_an_empty_plan():
    for instance in (
        made([], [], []),
        made([a_role(8, 2, low=1, high=2, penalty=10)], [], []),
        made([], [8], []),
        made([a_role(8, 2, low=2, high=0, penalty=10)], [8], [(0, 0, 5)]),
        made([a_role(8, 2, high=1)], [0], [(0, 0, 5)]),
    ):
        plan = solve(instance)

        assert not plan.assigned.any()
        assert faults(instance, plan) == []
        assert plan.gap == 0


def test_seats_without_number_change_nothing_but_the_number():
    enough = drawn(4, agents=30, teams=True, locks=True, ruled=True, spread=700)
    seats = np.full(enough.roles, 100)
    endless = changed(enough, role_max=seats.astype(np.int32) * 20_000_000)

    plan = solve(changed(enough, role_max=seats.astype(np.int32)), gap=0.0)
    same = solve(endless, gap=0.0)

    assert same.assigned.tolist() == plan.assigned.tolist()
    assert faults(endless, same) == []
    assert same.gap == plan.gap


def test_more_ways_to_fill_a_week_than_there_is_room_for_at_first():
    lengths = [1 + (nth % 7) / 60 for nth in range(20)]
    roles = [a_role(3 * nth, length) for nth, length in enumerate(lengths)]
    pairs = [(0, nth, 300 + 37 * nth % 211) for nth in range(len(roles))]
    instance = made(roles, [30], pairs, spread=1, rest=60)

    plan = solve(instance, gap=0.0)

    assert plan.assigned.all()
    assert plan.gap == 0


def with_a_way(*, km: float, gap: float, **more):
    """Two roles so many kilometres and hours apart, for one agent."""
    roles = [a_role(8, 2), a_role(10 + gap, 2)]
    return made(
        roles, [12], [(0, 0, 500), (0, 1, 700)], role_x=whole([0, 10 * km]), buffer=30,
        **{"pace": 1} | more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("km", "pace", "gap", "both"),
    [
        (180, 1, 3.5, True), (180, 1, 3.49, False), (60, 2, 2.5, True), (60, 2, 2.49, False),
        (60.1, 1, 1.5, False), (60, 1, 1.5, True), (0, 3, 0.5, True), (180, 0, 0.5, True),
    ],
)  # fmt: skip
def test_what_lies_between_two_roles_is_the_buffer_and_the_minutes_of_the_way(
    km, pace, gap, both
):
    instance = with_a_way(km=km, gap=gap, pace=pace)

    assert solve(instance, gap=0.0).assigned.tolist() == [both, True]
    assert (broken_rules(instance, np.ones(2, bool)) == []) is both


def test_work_from_anywhere_needs_no_way_and_takes_nobody_there():
    """Three hours by the clock between two places 200 km apart, one of them spent at a screen."""
    near_in_time = with_a_way(km=200, gap=0.5, role_anywhere=np.array([False, True]))
    assert solve(near_in_time, gap=0.0).assigned.all()

    between = made(
        [a_role(8, 2), a_role(11, 1), a_role(13, 2)], [12],
        [(0, 0, 500), (0, 1, 100), (0, 2, 400)], buffer=30, pace=1,
        role_x=whole([0, 0, 2000]), role_anywhere=np.array([False, True, False]),
    )  # fmt: skip
    plan = solve(between, gap=0.0)
    assert plan.assigned.tolist() == [True, True, False]
    assert faults(between, plan) == []
    assert plan.bound == pytest.approx(600)
    assert broken_rules(between, np.ones(3, bool)) == [
        "“two roles of an agent leave time for the way between them” is broken 1 times"
    ]


def test_locked_seats_farther_apart_than_the_time_between_them_are_refused():
    instance = with_a_way(km=180, gap=1, pair_locked=np.ones(2, bool))

    with pytest.raises(Malformed, match="leave time for the way"):
        solve(instance)
