"""Other ways to plan, on the same pairs: greedy, OR-Tools' minimum cost flow, HiGHS."""

import importlib
import time
from typing import Any, NamedTuple

import numpy as np

from takatuf.engine.matching.instance import Instance
from takatuf.engine.matching.plan import worth_of
from takatuf.engine.matching.verifying import broken_rules
from takatuf.engine.tests.matching.exact import minutes_between, model_of

PATIENCE_SECONDS = 60


class Tried(NamedTuple):
    """What one way came to.

    :param points: of its plan; None where it has none that keeps all rules.
    :param bound: that no plan can exceed; None where it proves nothing.
    """

    seconds: float
    points: float | None
    bound: float | None
    remark: str


def greedy(instance: Instance) -> Tried:
    """The best pair that still fits, again and again."""
    started = time.perf_counter()
    heads, minutes = np.zeros(instance.roles, int), np.zeros(instance.agents, int)
    held: list[list[int]] = [[] for _ in range(instance.agents)]
    assigned = np.zeros(instance.pairs, bool)
    lasts = instance.minutes.tolist()
    for pair in np.argsort(-instance.pair_score, kind="stable").tolist():
        a, r = int(instance.pair_agent[pair]), int(instance.pair_role[pair])
        length = lasts[r]
        if heads[r] >= instance.role_max[r] or minutes[a] + length > instance.agent_cap[a]:
            continue
        if held[a] and instance.pair_score[pair] <= instance.spread:
            continue
        if any(_clash(instance, r, o) for o in held[a]):
            continue
        held[a].append(r)
        heads[r] += 1
        minutes[a] += length
        assigned[pair] = True
    seconds = time.perf_counter() - started
    if broken := broken_rules(instance, assigned):
        raise AssertionError(broken[0])
    return Tried(seconds, worth_of(instance, assigned), None, "")


def _clash(instance: Instance, r: int, o: int) -> bool:
    start, end = instance.role_start, instance.role_end
    gap = max(int(start[r]) - int(end[o]), int(start[o]) - int(end[r]))
    return gap < instance.buffer + minutes_between(instance, r, o)


def minimum_cost_flow(instance: Instance) -> Tried:
    """OR-Tools: seats and people alone, without clashes and hours: a bound, no plan."""
    try:
        flows: Any = importlib.import_module("ortools.graph.python.min_cost_flow")
    except ModuleNotFoundError:
        return Tried(0, None, None, "not installed: pip install -r requirements/bench.txt")
    started = time.perf_counter()
    flow = flows.SimpleMinCostFlow()
    agents, roles = instance.agents, instance.roles
    source, sink = agents + roles, agents + roles + 1
    most = int(instance.role_max.sum())
    tails = [np.full(agents, source), instance.pair_agent, agents + np.arange(roles)]
    heads = [np.arange(agents), agents + instance.pair_role, np.full(roles, sink)]
    shortest = max(1, int(instance.minutes.min(initial=60)))
    each = np.minimum(instance.agent_cap // shortest, instance.roles)
    needed = np.minimum(instance.role_min, instance.role_max)
    rooms = [each, np.ones(instance.pairs, int), needed]
    prices = [
        np.zeros(agents, int), -instance.pair_score.astype(int), -instance.role_penalty.astype(int),
    ]  # fmt: skip
    tails += [agents + np.arange(roles), np.array([source])]
    heads += [np.full(roles, sink), np.array([sink])]
    rooms += [instance.role_max - needed, np.array([most])]
    prices += [np.zeros(roles, int), np.zeros(1, int)]
    flow.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate(parts).astype(int) for parts in (tails, heads, rooms, prices))
    )
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    status = flow.solve()
    seconds = time.perf_counter() - started
    if status != flow.OPTIMAL:
        return Tried(seconds, None, None, f"status {status}")
    lost = int((instance.role_penalty.astype(int) * instance.role_min).sum())
    return Tried(seconds, None, float(-flow.optimal_cost() - lost), "no clashes, no hours")


def highs(instance: Instance) -> Tried:
    """HiGHS on the whole problem, for as long as patience lasts."""
    started = time.perf_counter()
    model = model_of(instance)
    model.setOptionValue("time_limit", float(PATIENCE_SECONDS))
    model.setOptionValue("mip_rel_gap", 0.005)
    model.maximize()
    info = model.getInfo()
    return Tried(
        time.perf_counter() - started, info.objective_function_value, info.mip_dual_bound,
        f"to 0.5 %, or {PATIENCE_SECONDS} s",
    )  # fmt: skip


WAYS = {
    "greedy by score": greedy,
    "OR-Tools minimum cost flow": minimum_cost_flow,
    "HiGHS": highs,
}
