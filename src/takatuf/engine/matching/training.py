"""Which skills are worth most unmet demand, and who should learn them.

First from the prices of a plan: whoever would be worth more in a place than its price, had they
the skill, adds at most the difference. That says where to look. What a course would really add
is told by planning again with the skill given to those invited: trainees compete for places.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.index import Pairs, index_of, pairs_of
from takatuf.engine.matching.planning import RegionPlan, plan_region
from takatuf.engine.matching.region import FOR_EVER, GRANT, NO_SKILL, Region
from takatuf.engine.matching.solving import ASKED_GAP

COURSE = 20  # people


class Course(NamedTuple):
    """A skill taught to a level, and what that promises.

    :param agents: whom to invite, the most promising first.
    :param points: what the plan gains at most, by the prices.
    """

    skill: int
    level: int
    agents: NDArray[np.int32]
    points: int


def promising_courses(
    region: Region, planned: RegionPlan, *, people: int = COURSE
) -> list[Course]:
    """Every skill and level asked for that promises something, the most promising first.

    :param people: how many a course takes.
    """
    asked = region.asked
    levels = np.unique(asked[["skill", "level"]][asked["skill"] != NO_SKILL])
    courses = [
        _promise(region, planned, int(skill), int(level), people) for skill, level in levels
    ]
    return sorted((each for each in courses if each.points > 0), key=lambda each: -each.points)


def gain_of(
    region: Region,
    planned: RegionPlan,
    course: Course,
    *,
    gap: float = ASKED_GAP,
    seed: int = 1,
) -> tuple[int, int]:
    """What the course adds, by a plan with the skill given to those it invites.

    :returns: points and filled places more than in the plan at hand
    """
    taught = _taught(region, course.agents, course.skill, course.level)
    anew = plan_region(taught, gap=gap, seed=seed)
    points = anew.plan.objective - planned.plan.objective
    return points, len(anew.agent) - len(planned.agent)


def _promise(
    region: Region, planned: RegionPlan, skill: int, level: int, people: int
) -> Course:
    """Each agent's best gain in places that want the skill, as many a role as it has free."""
    wants = (region.asked["skill"] == skill) & (region.asked["level"] <= level)
    heads = np.bincount(planned.role, region.people["size"][planned.agent], len(wants))
    free = np.where(wants, np.maximum(0, region.asked["maximum"] - heads), 0).astype(np.int64)
    price = planned.plan.price
    everybody = np.arange(len(region.people), dtype=np.int32)
    taught = _taught(region, everybody, skill, level)
    floor = np.where(wants & (free > 0), price, np.inf)
    found = pairs_of(taught, index_of(taught), floor=floor)
    new = _only_new(region, planned, found, wants)
    net = new.score - price[new.role]
    chosen, total, seen = [], 0.0, set()
    for pair in np.argsort(-net, kind="stable"):
        agent, role = int(new.agent[pair]), int(new.role[pair])
        if agent in seen or free[role] == 0:
            continue
        seen.add(agent)
        free[role] -= 1
        chosen.append(agent)
        total += float(net[pair])
        if len(chosen) == people:
            break
    return Course(skill, level, np.array(chosen, np.int32), int(total))


def _only_new(
    region: Region, planned: RegionPlan, found: Pairs, wants: NDArray[np.bool_]
) -> Pairs:
    """Pairs that the skill alone would make eligible, of agents who hold nothing."""
    known = pairs_of(region, index_of(region), floor=np.where(wants, -np.inf, np.inf))
    roles = len(wants)
    keys = known.agent.astype(np.int64) * roles + known.role
    idle = np.bincount(planned.agent, minlength=len(region.people)) == 0
    keep = ~np.isin(found.agent.astype(np.int64) * roles + found.role, keys)
    keep &= idle[found.agent] & wants[found.role]
    return Pairs(*(column[keep] for column in found))


def _taught(region: Region, agents: NDArray[Any], skill: int, level: int) -> Region:
    """The region in which these agents hold the skill, shown as strongly as anybody asks."""
    grants = np.zeros(len(agents), GRANT)
    grants["agent"], grants["skill"], grants["level"] = agents, skill, level
    grants["basis"], grants["until"] = region.asked["basis"].max(initial=0), FOR_EVER
    return replace(region, grants=np.concatenate((region.grants, grants)))
