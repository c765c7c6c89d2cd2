"""The true optimum of a small instance, by HiGHS: what the engine is measured against."""

import highspy
import numpy as np

from takatuf.engine.matching.instance import Instance

DAY = 24 * 60


def optimum(instance: Instance) -> int:
    """The points of the best feasible plan.

    :raises AssertionError: if there is none, which locked pairs alone can cause.
    """
    model = model_of(instance)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.0)
    model.maximize()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(model.getObjectiveValue())


def model_of(instance: Instance) -> highspy.Highs:
    """The whole problem, to be maximised."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    taken = [model.addBinary(obj=float(score)) for score in instance.pair_score]
    missing = [
        model.addVariable(lb=0, ub=float(low), obj=-float(penalty))
        for low, penalty in zip(instance.role_min, instance.role_penalty, strict=True)
    ]
    _add_seats(model, instance, taken, missing)
    _add_weeks(model, instance, taken)
    for pair in np.flatnonzero(instance.pair_locked):
        model.addConstr(taken[pair] >= 1)
    return model


def _add_seats(model, instance: Instance, taken, missing) -> None:
    for role in range(instance.roles):
        pairs = np.flatnonzero(instance.pair_role == role)
        heads = _sum(int(instance.agent_size[instance.pair_agent[p]]) * taken[p] for p in pairs)
        if len(pairs):
            model.addConstr(heads <= int(instance.role_max[role]))
            model.addConstr(heads + missing[role] >= int(instance.role_min[role]))
        else:
            model.addConstr(missing[role] >= int(instance.role_min[role]))


def _add_weeks(model, instance: Instance, taken) -> None:
    for agent in range(instance.agents):
        pairs = np.flatnonzero(instance.pair_agent == agent)
        if not len(pairs):
            continue
        roles = instance.pair_role[pairs]
        minutes, day = instance.minutes[roles], instance.role_start[roles] // DAY
        model.addConstr(
            _sum(int(m) * taken[p] for m, p in zip(minutes, pairs, strict=True))
            <= int(instance.agent_cap[agent])
        )
        first = 0 if instance.agent_begun[agent] else 1
        beyond = model.addVariable(lb=0, obj=-float(instance.spread))
        model.addConstr(beyond >= _sum(taken[p] for p in pairs) - first)
        for one in np.unique(day) if instance.day_cap else ():
            model.addConstr(
                _sum(
                    int(m) * taken[p]
                    for m, p in zip(minutes[day == one], pairs[day == one], strict=True)
                )
                <= instance.day_cap
            )
        _add_clashes(model, instance, taken, pairs)


def _add_clashes(model, instance: Instance, taken, pairs) -> None:
    for nth, one in enumerate(pairs):
        for other in pairs[nth + 1 :]:
            a, b = instance.pair_role[one], instance.pair_role[other]
            first, then = (a, b) if instance.role_start[a] <= instance.role_start[b] else (b, a)
            apart = instance.role_start[then] - instance.role_end[first]
            same_day = instance.role_start[a] // DAY == instance.role_start[b] // DAY
            least = instance.buffer + minutes_between(instance, first, then)
            if apart < (least if same_day else max(least, instance.rest)):
                model.addConstr(taken[one] + taken[other] <= 1)


def minutes_between(instance: Instance, one: int, other: int) -> int:
    """The way between two roles, counted up by whole minutes."""
    if instance.role_anywhere[one] or instance.role_anywhere[other]:
        return 0
    east = int(instance.role_x[one]) - int(instance.role_x[other])
    north = int(instance.role_y[one]) - int(instance.role_y[other])
    minutes = 0
    while (10 * minutes) ** 2 < instance.pace**2 * (east**2 + north**2):
        minutes += 1
    return minutes


def _sum(terms):
    return highspy.Highs.qsum(list(terms))
