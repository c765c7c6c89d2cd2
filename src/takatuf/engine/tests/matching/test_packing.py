"""One agent's best week, against every set of roles there is."""

from itertools import combinations, product
from math import isqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takatuf.engine.matching.packing import best_week, want, workspace
from takatuf.engine.matching.region import way
from takatuf.engine.matching.tables import clash, tables_of
from takatuf.engine.tests.matching.drawing import HOUR, changed, drawn, whole
from takatuf.engine.tests.matching.exact import minutes_between

DAY = 24 * HOUR


def a_week(seed, *, roles, days, pace, day_cap, rest, buffer, minutes):
    """One agent who may have everything, for so many hours as some of it takes."""
    random = np.random.default_rng(seed)
    one = drawn(seed, agents=1, roles=roles, days=days, density=1.0, pace=pace or 1)
    start = random.integers(0, days * DAY // minutes, roles) * minutes
    length = random.choice([60, 90, 120, 180], roles) // minutes * minutes
    return changed(
        one, role_start=whole(start), role_end=whole(start + np.maximum(length, minutes)),
        agent_cap=whole([random.choice([240, 480, 960])]), pace=pace, day_cap=day_cap, rest=rest,
        buffer=buffer, spread=int(random.choice([0, 100])),
        agent_begun=random.random(1) < 0.3,
    )  # fmt: skip


def packed(instance, gains):
    """What the engine gains by the agent's best week, and the roles it takes."""
    t, order = tables_of(instance)
    wanted, kept = workspace(t)
    count = 0
    for i in range(len(order)):
        count = want(wanted, count, t, i, float(gains[order[i]]))
    value, taken, _kept = best_week(wanted, kept, count, 0, t)
    return value, [int(t.role[i]) for i in wanted[5][:taken]]


def allowed(instance, roles) -> bool:
    minutes = instance.minutes
    if minutes[roles].sum() > instance.agent_cap[0]:
        return False
    day = instance.role_start // DAY
    if instance.day_cap and any(
        minutes[[r for r in roles if day[r] == one]].sum() > instance.day_cap
        for one in day[roles]
    ):
        return False
    for one, other in combinations(sorted(roles, key=lambda r: instance.role_start[r]), 2):
        gap = instance.role_start[other] - instance.role_end[one]
        if gap < instance.buffer + minutes_between(instance, one, other):
            return False
        if day[one] != day[other] and gap < instance.rest:
            return False
    return True


def best_of_all(instance, gains) -> float:
    best = 0.0
    for chosen in product((False, True), repeat=instance.roles):
        roles = np.flatnonzero(chosen)
        if len(roles) and allowed(instance, list(roles)):
            best = max(best, gains[roles].sum() - spread_of(instance, len(roles)))
    return best


def spread_of(instance, count) -> int:
    return instance.spread * max(0, count - 1 + int(instance.agent_begun[0]))


def some_gains(instance, seed):
    """What each pair gains, and the same by role: one agent has one pair with each."""
    gains = np.random.default_rng(seed).integers(1, 900, instance.pairs).astype(float)
    by_role = np.empty(instance.roles)
    by_role[instance.pair_role] = gains
    return gains, by_role


@given(
    seed=st.integers(0, 10**6), roles=st.integers(1, 8), days=st.integers(1, 3),
    pace=st.integers(0, 3), day_cap=st.sampled_from([0, 0, 300]),
    rest=st.sampled_from([0, 0, 600]), buffer=st.sampled_from([0, 1, 30]),
    minutes=st.sampled_from([15, 30, 60]),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_no_set_of_roles_gains_more_and_the_one_taken_keeps_every_rule(seed, **shape):
    instance = a_week(seed, **shape)
    gains, by_role = some_gains(instance, seed)

    value, taken = packed(instance, gains)

    assert value == best_of_all(instance, by_role)
    assert allowed(instance, taken) or not taken
    assert value == by_role[taken].sum() - spread_of(instance, len(taken))


@given(seed=st.integers(0, 10**6), roles=st.integers(12, 40), pace=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_a_full_week_is_what_comparing_only_equal_last_roles_finds(seed, roles, pace):
    """Labels are merged once nothing to come can tell them apart: that loses nothing."""
    instance = a_week(
        seed, roles=roles, days=7, pace=pace, day_cap=600, rest=600, buffer=30, minutes=30
    )
    gains, by_role = some_gains(instance, seed)

    value, taken = packed(instance, gains)

    assert value == _without_merging(instance, by_role)
    assert allowed(instance, taken) or not taken


def _without_merging(instance, gains) -> float:
    """Every way to fill the week by minutes, minutes of the day, last role and last place."""
    ways = {(0, 0, -1, -1): 0.0}
    for r in np.lexsort((instance.role_start, instance.role_end)):
        length = int(instance.minutes[r])
        for (used, today, last, place), value in list(ways.items()):
            on_day = length
            if last >= 0:
                gap = instance.role_start[r] - instance.role_end[last]
                same = instance.role_start[r] // DAY == instance.role_start[last] // DAY
                if gap < instance.buffer or (not same and gap < instance.rest):
                    continue
                on_day += today if same else 0
            if place >= 0:
                gap = instance.role_start[r] - instance.role_end[place]
                if gap < instance.buffer + minutes_between(instance, place, r):
                    continue
            if used + length > instance.agent_cap[0] or on_day > instance.day_cap:
                continue
            key = (
                used + length,
                on_day,
                int(r),
                place if instance.role_anywhere[r] else int(r),
            )
            worth = (
                value
                + gains[r]
                - (instance.spread if last >= 0 or instance.agent_begun[0] else 0)
            )
            ways[key] = max(ways.get(key, -1.0), worth)
    return max(ways.values())


@given(seed=st.integers(0, 10**6), pace=st.integers(0, 3), ruled=st.booleans())
@settings(max_examples=60, deadline=None)
def test_two_roles_clash_in_the_kernels_where_they_do_by_the_rules(seed, pace, ruled):
    instance = changed(drawn(seed, roles=6, ruled=ruled, pace=pace), buffer=30)
    t, _order = tables_of(instance)
    roomy = changed(instance, day_cap=0, agent_cap=whole(np.full(instance.agents, 10**6)))

    for one, other in combinations(range(instance.roles), 2):
        assert clash(t, one, other) == clash(t, other, one)
        assert clash(t, one, other) is not allowed(roomy, [one, other])


# ---------------------------------------------------------------- the way itself
far = st.integers(-30_000, 30_000)


@given(far, far, st.integers(0, 60))
def test_the_way_is_rounded_up_as_exact_arithmetic_rounds_it(east, north, pace):
    hundredths = pace**2 * (east**2 + north**2)
    minutes = isqrt(-(-hundredths // 100))
    minutes += 100 * minutes**2 < hundredths

    assert way(east, north, pace) == minutes


@given(far, far, far, far, st.integers(0, 60))
def test_no_way_is_shorter_by_a_third_place(east, north, other_east, other_north, pace):
    straight = way(east, north, pace)
    around = way(other_east, other_north, pace)
    around += way(east - other_east, north - other_north, pace)

    assert straight <= around


@pytest.mark.parametrize(("east", "north", "pace", "minutes"), [
    (0, 0, 1, 0), (1, 0, 1, 1), (10, 0, 1, 1), (11, 0, 1, 2), (30, 40, 1, 5), (30, 40, 3, 15),
    (30_000, 40_000, 1, 5000), (7, 7, 0, 0),
])  # fmt: skip
def test_a_few_ways(east, north, pace, minutes):
    assert way(np.int32(east), np.int32(north), pace) == minutes
