"""Is this plan what it says? Checked with numpy alone, without the code that made it.

An auditor reads this file: every rule is one function with a title, and the bound is worked out
again from the prices, so that nobody has to trust the engine.
"""

from collections.abc import Callable, Iterator
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import Flags, Instance
from takatuf.engine.matching.plan import Plan, heads_of, worth_of

MINUTES_A_DAY = 1440
TOLERANCE = 1.0  # points: prices are fractions
NOWHERE = -1  # the last place of who has been at none

Rule = Callable[[Instance, Flags], int]
RULES: list[tuple[str, Rule]] = []


def rule(title: str) -> Callable[[Rule], Rule]:
    """Register a function that counts how often a plan breaks the rule."""

    def add(check: Rule) -> Rule:
        RULES.append((title, check))
        return check

    return add


@rule("no role takes more heads than it has seats")
def seats(instance: Instance, assigned: Flags) -> int:
    return int((heads_of(instance, assigned) > instance.role_max).sum())


@rule("no agent gives more minutes a week than it offers")
def weekly_minutes(instance: Instance, assigned: Flags) -> int:
    minutes = np.bincount(
        instance.pair_agent[assigned], instance.minutes[instance.pair_role[assigned]],
        minlength=instance.agents,
    )  # fmt: skip
    return int((minutes > instance.agent_cap).sum())


@rule("two roles of an agent lie apart by the buffer")
def buffers(instance: Instance, assigned: Flags) -> int:
    return sum(
        later - earlier < instance.buffer
        for _d, _e, earlier, later in _next_to(instance, assigned)
    )


@rule("two roles of an agent leave time for the way between them")
def ways(instance: Instance, assigned: Flags) -> int:
    """Any two, for what is done from anywhere between them takes nobody there."""
    if not instance.pace:
        return 0
    with_place = assigned & ~instance.role_anywhere[instance.pair_role]
    agent, role = instance.pair_agent[with_place], instance.pair_role[with_place]
    order = np.lexsort((instance.role_start[role], agent))
    agent, role = agent[order], role[order]
    broken = 0
    for k in np.flatnonzero(agent[1:] == agent[:-1]):
        for later in range(k + 1, len(role)):
            if agent[later] != agent[k]:
                break
            broken += not _leaves_time(instance, int(role[k]), int(role[later]))
    return broken


@rule("between roles on different days an agent rests")
def rests(instance: Instance, assigned: Flags) -> int:
    return sum(
        later - earlier < instance.rest
        for day, next_day, earlier, later in _next_to(instance, assigned)
        if day != next_day
    )


@rule("no agent gives more minutes a day than the limit")
def daily_minutes(instance: Instance, assigned: Flags) -> int:
    if not instance.day_cap:
        return 0
    role = instance.pair_role[assigned]
    day = instance.role_start[role].astype(np.int64) // MINUTES_A_DAY
    key = instance.pair_agent[assigned].astype(np.int64) * 1_000_000 + day
    _keys, where = np.unique(key, return_inverse=True)
    return int((np.bincount(where, instance.minutes[role]) > instance.day_cap).sum())


@rule("locked seats stay")
def locks(instance: Instance, assigned: Flags) -> int:
    return int((instance.pair_locked & ~assigned).sum())


def _next_to(instance: Instance, assigned: Flags) -> Iterator[tuple[int, int, int, int]]:
    """An agent's roles one after another: both days, the end of one, the start of the next."""
    agent, role = instance.pair_agent[assigned], instance.pair_role[assigned]
    order = np.lexsort((instance.role_start[role], agent))
    agent, start, end = (
        agent[order],
        instance.role_start[role][order],
        instance.role_end[role][order],
    )
    day = start // MINUTES_A_DAY
    for k in np.flatnonzero(agent[1:] == agent[:-1]):
        yield int(day[k]), int(day[k + 1]), int(end[k]), int(start[k + 1])


def _leaves_time(instance: Instance, earlier: int, later: int) -> bool:
    """Whether the buffer and the way lie between two roles.

    The way is ``pace`` minutes for each kilometre, rounded up to whole minutes; worked out in
    whole numbers alone, so that nothing is left to how fractions are kept.
    """
    if (
        not instance.pace
        or earlier == NOWHERE
        or instance.role_anywhere[[earlier, later]].any()
    ):
        return True
    east = int(instance.role_x[earlier]) - int(instance.role_x[later])
    north = int(instance.role_y[earlier]) - int(instance.role_y[later])
    square = instance.pace**2 * (east * east + north * north)  # of minutes, in hundredths
    hundreds = -(-square // 100)
    minutes = isqrt(hundreds - 1) + 1 if hundreds else 0
    gap = int(instance.role_start[later]) - int(instance.role_end[earlier])
    return gap >= instance.buffer + minutes


def broken_rules(instance: Instance, assigned: Flags) -> list[str]:
    """Each rule the plan breaks, and how often; empty when it breaks none."""
    counts = ((title, check(instance, assigned)) for title, check in RULES)
    return [f"“{title}” is broken {count} times" for title, count in counts if count]


# ---------------------------------------------------------------- the proof
def bound_of(instance: Instance, price: NDArray[np.float64]) -> float:
    """What no plan can exceed, from the prices alone; exact, and slow for large instances."""
    total = _roles(instance, price)
    minutes = instance.minutes
    worth = (
        instance.pair_score
        - instance.agent_size[instance.pair_agent] * price[instance.pair_role]
    )
    keep = np.flatnonzero((worth > 0) | instance.pair_locked)
    order = keep[
        np.lexsort((instance.role_end[instance.pair_role[keep]], instance.pair_agent[keep]))
    ]
    agents, first = np.unique(instance.pair_agent[order], return_index=True)
    for agent, begin, end in zip(agents, first, np.append(first, len(order))[1:], strict=True):
        total += _best_week(instance, order[begin:end], worth, minutes, agent)
    return total


def _roles(instance: Instance, price: NDArray[np.float64]) -> float:
    """A price below minus the penalty proves nothing less: no heads at all is weighed too."""
    values = [
        price * heads - instance.role_penalty * np.maximum(0.0, instance.role_min - heads)
        for heads in (
            np.zeros(instance.roles),
            np.minimum(instance.role_min, instance.role_max).astype(float),
            instance.role_max.astype(float),
        )
    ]  # fmt: skip
    return float(np.max(values, axis=0).sum()) if instance.roles else 0.0


def _best_week(instance: Instance, pairs, worth, minutes, agent: int) -> float:
    """The most one agent can gain: every way to fill the week, those that cannot win left out.

    A way to fill it is (minutes, minutes on the last day, last role, the last one with a place)
    and what it gains.
    """
    cap, begun = int(instance.agent_cap[agent]), bool(instance.agent_begun[agent])
    ways: dict[tuple[int, int, int, int], float] = {(0, 0, -1, NOWHERE): 0.0}
    must = [int(p) for p in pairs if instance.pair_locked[p]]
    huge = 1e9
    for p in pairs:
        r = int(instance.pair_role[p])
        gain = float(worth[p]) + (huge if instance.pair_locked[p] else 0.0)
        moves = instance.pace > 0 and not instance.role_anywhere[r]
        for (used, today, last, place), value in list(ways.items()):
            on_day = minutes[r]
            if moves and not _leaves_time(instance, place, r):
                continue
            if last >= 0:
                gap = instance.role_start[r] - instance.role_end[last]
                same = (
                    instance.role_start[r] // MINUTES_A_DAY
                    == instance.role_start[last] // MINUTES_A_DAY
                )
                if gap < instance.buffer or (not same and gap < instance.rest):
                    continue
                on_day += today if same else 0
            if used + minutes[r] > cap or (instance.day_cap and on_day > instance.day_cap):
                continue
            cost = instance.spread if last >= 0 or begun else 0
            key = (used + int(minutes[r]), int(on_day), r, r if moves else place)
            ways[key] = max(ways.get(key, -1.0), value + gain - cost)
    return max(ways.values()) - huge * len(must)


def faults(instance: Instance, plan: Plan) -> list[str]:
    """What is wrong with a plan, in sentences; empty when it is what it says."""
    found = broken_rules(instance, plan.assigned)
    worth, bound = worth_of(instance, plan.assigned), bound_of(instance, plan.price)
    if plan.objective > worth:
        found.append(f"it claims {plan.objective} points and has {worth}")
    if plan.bound < bound - TOLERANCE:
        found.append(
            f"it claims the bound {plan.bound:.0f} and its prices prove only {bound:.0f}"
        )
    return found
