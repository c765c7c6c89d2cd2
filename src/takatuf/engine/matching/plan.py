"""The answer: who does what, what it is worth, and what no plan can exceed."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import Flags, Instance, Ints

ENGINE_VERSION = "3"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A feasible plan with its proof.

    :param assigned: for each pair of the instance, whether it is part of the plan.
    :param price: for each role, what one more seat in it would be worth, in points; minus the
        penalty where heads are missing.
    :param objective: points of the plan.
    :param bound: points that no plan can exceed, proven by ``price`` alone.
    :param shortfall: heads missing below each role's minimum.
    """

    assigned: Flags
    price: NDArray[np.float64]
    objective: int
    bound: float
    shortfall: Ints

    @property
    def gap(self) -> float:
        """How far the plan can be from the best one, as a share of the bound."""
        return gap_between(self.objective, self.bound)


class RegionPlan(NamedTuple):
    """A plan of a region, on the pairs that could matter to it.

    :param instance: pairs, with the region's agents and roles; every pair left out is worth no
        more than its role's price.
    :param plan: the plan on these pairs; its bound holds over all eligible ones.
    """

    instance: Instance
    plan: Plan

    @property
    def agent(self) -> Ints:
        """Of each place given, with ``role`` and ``score`` beside it."""
        return self.instance.pair_agent[self.plan.assigned]

    @property
    def role(self) -> Ints:
        return self.instance.pair_role[self.plan.assigned]

    @property
    def score(self) -> Ints:
        return self.instance.pair_score[self.plan.assigned]


def gap_between(objective: float, bound: float) -> float:
    return max(0.0, bound - objective) / max(1.0, abs(bound))


def heads_of(instance: Instance, assigned: Flags) -> NDArray[np.int64]:
    """Heads in each role."""
    brought = instance.agent_size[instance.pair_agent[assigned]]
    return np.bincount(instance.pair_role[assigned], brought, minlength=instance.roles).astype(
        np.int64
    )


def shortfall_of(instance: Instance, assigned: Flags) -> Ints:
    return np.maximum(0, instance.role_min - heads_of(instance, assigned)).astype(np.int32)


def beyond_reach(instance: Instance) -> int:
    """Points lost whatever is done: minima above the seats there are."""
    over = np.maximum(0, instance.role_min - instance.role_max).astype(np.int64)
    return int((over * instance.role_penalty).sum())


def worth_of(instance: Instance, assigned: Flags) -> int:
    """Scores, less the spread beyond the first of a week, less what missing heads cost."""
    held = np.bincount(instance.pair_agent[assigned], minlength=instance.agents)
    missing = shortfall_of(instance, assigned).astype(np.int64)
    return int(
        instance.pair_score[assigned].sum(dtype=np.int64)
        - instance.spread * np.maximum(0, held + instance.agent_begun - 1).sum(dtype=np.int64)
        - (instance.role_penalty * missing).sum()
    )
