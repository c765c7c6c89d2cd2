"""A plan too large for one process, worked out in parts: by week, and by block of places.

Weeks do not touch: a volunteer-week belongs to one. Blocks do, by people who can reach another
one's places. What blocks tell each other is the price of every role, and who goes where: at all
prices, each person's best week says in which block they are of most use, and these prices alone
bound what any plan of the whole could be worth.
"""

import importlib
import multiprocessing
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.bound import agents_gain, roles_gain
from takatuf.engine.matching.index import index_of, pairs_of
from takatuf.engine.matching.instance import Ints
from takatuf.engine.matching.plan import beyond_reach, gap_between
from takatuf.engine.matching.planning import instance_of, plan_region
from takatuf.engine.matching.region import Region
from takatuf.engine.matching.solving import ASKED_GAP
from takatuf.engine.matching.tables import tables_of

Job = Callable[[Any], Any]
Mapper = Callable[[Job, Iterable[Any]], list[Any]]
ROUNDS = 3  # of blocks telling each other their prices


class Spread(NamedTuple):
    """A plan of the whole, put together from its parts.

    :param agent: of each place given, with ``role`` and ``score`` beside it.
    :param bound: points that no plan of the whole can exceed.
    """

    agent: Ints
    role: Ints
    score: Ints
    price: NDArray[np.float64]
    objective: int
    bound: float

    @property
    def gap(self) -> float:
        return gap_between(self.objective, self.bound)


class Part(NamedTuple):
    """Some agents and roles of a region, with their numbers there."""

    region: Region
    agents: NDArray[np.int64]
    roles: NDArray[np.int64]
    gap: float
    seed: int


# ---------------------------------------------------------------- where the work is done
def here(job: Job, parts: Iterable[Any]) -> list[Any]:
    """One part after the other, in this process."""
    return [job(part) for part in parts]


def in_processes(count: int) -> Mapper:
    """In so many processes of this machine."""

    def spread(job: Job, parts: Iterable[Any]) -> list[Any]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            return list(pool.map(job, parts))

    return spread


def on_ray() -> Mapper:
    """On the machines of a Ray cluster that this process is connected to (``ray.init``).

    :raises ModuleNotFoundError: where Ray is not installed (``requirements/scale.txt``).
    """
    ray: Any = importlib.import_module("ray")

    def spread(job: Job, parts: Iterable[Any]) -> list[Any]:
        remote = ray.remote(job)
        return ray.get([remote.remote(part) for part in parts])

    return spread


# ---------------------------------------------------------------- by week
def plan_weeks(
    region: Region, *, where: Mapper = here, gap: float = ASKED_GAP, seed: int = 1
) -> Spread:
    """Each week by itself; the total is that of one process, whatever ``where`` is.

    :raises Malformed: if locked pairs cannot all stay.
    """
    weeks = np.unique(region.asked["week"])
    parts = [
        _part(region, region.people["week"] == week, region.asked["week"] == week, gap, seed)
        for week in weeks
    ]
    return _together(region, where(_solve, parts))


# ---------------------------------------------------------------- by block
def plan_blocks(
    region: Region,
    agent_block: NDArray[np.integer],
    role_block: NDArray[np.integer],
    *,
    where: Mapper = here,
    gap: float = ASKED_GAP,
    seed: int = 1,
) -> Spread:
    """Each block with its own people and with those who come from others.

    :param agent_block: where each agent is at home; ``role_block`` where each role is.
    :raises Malformed: if locked pairs cannot all stay.
    """
    serves = agent_block.copy()
    blocks = np.unique(np.concatenate((agent_block, role_block)))
    best: Spread | None = None
    lowest = np.inf
    for _ in range(ROUNDS):
        found = _together(
            region,
            where(
                _solve,
                [
                    _part(region, serves == block, role_block == block, gap, seed)
                    for block in blocks
                ],
            ),
        )
        everywhere = np.ones(len(region.asked), np.bool_)
        abroad = where(
            _look_abroad,
            [
                (_part(region, agent_block == block, everywhere, gap, seed), found.price)
                for block in blocks
            ],
        )
        bound = _roles_gain(region, found.price) + sum(gained for gained, _role in abroad)
        if best is None or found.objective > best.objective:
            best = found
        lowest = min(lowest, bound)
        best = best._replace(bound=lowest)
        if best.gap <= gap:
            break
        for block, (_gained, role) in zip(blocks, abroad, strict=True):
            own = np.flatnonzero(agent_block == block)
            serves[own] = np.where(role >= 0, role_block[role], serves[own])
    assert best is not None  # noqa: S101 - there is at least one round
    return best


def _look_abroad(asked: tuple[Part, NDArray[np.float64]]) -> tuple[float, Ints]:
    """What a block's people gain at the prices of all roles, and where each gains most.

    :returns: their points, and for each the role that is worth most above its price, or -1
    """
    part, price = asked
    instance = instance_of(part.region, pairs_of(part.region, index_of(part.region), price))
    tables, _order = tables_of(instance)
    chosen = np.zeros(instance.pairs, np.bool_)
    gained = agents_gain(tables, price, chosen, np.zeros(instance.roles, np.int64))
    net = tables.score - tables.size[tables.agent] * price[tables.role]
    best = np.full(instance.agents, -1, np.int32)
    order = np.argsort(net[chosen], kind="stable")
    best[tables.agent[chosen][order]] = tables.role[chosen][order]
    return float(gained), best


def _roles_gain(region: Region, price: NDArray[np.float64]) -> float:
    nobody = replace(
        region, people=region.people[:0], grants=region.grants[:0], busy=region.busy[:0],
        ties=region.ties[:0],
    )  # fmt: skip
    instance = instance_of(nobody, pairs_of(nobody, index_of(nobody)))
    return float(roles_gain(tables_of(instance)[0], price)) - beyond_reach(instance)


# ---------------------------------------------------------------- parts
def _part(
    region: Region,
    agents: NDArray[np.bool_],
    roles: NDArray[np.bool_],
    gap: float,
    seed: int,
) -> Part:
    number = np.cumsum(agents) - 1
    place = np.cumsum(roles) - 1

    def of(rows: NDArray[Any]) -> NDArray[Any]:
        keep = agents[rows["agent"]]
        if "role" in (rows.dtype.names or ()):
            keep &= roles[rows["role"]]
        kept = rows[keep]
        kept["agent"] = number[kept["agent"]]
        if "role" in (rows.dtype.names or ()):
            kept["role"] = place[kept["role"]]
        return kept

    small = replace(
        region, people=region.people[agents], asked=region.asked[roles],
        grants=of(region.grants), busy=of(region.busy), ties=of(region.ties),
    )  # fmt: skip
    return Part(small, np.flatnonzero(agents), np.flatnonzero(roles), gap, seed)


def _solve(part: Part) -> tuple[Spread, NDArray[np.int64]]:
    """One part's plan in the numbers of the whole, and the roles its prices belong to."""
    planned = plan_region(part.region, gap=part.gap, seed=part.seed)
    plan = planned.plan
    spread = Spread(
        agent=part.agents[planned.agent].astype(np.int32),
        role=part.roles[planned.role].astype(np.int32),
        score=planned.score, price=plan.price, objective=plan.objective, bound=plan.bound,
    )  # fmt: skip
    return spread, part.roles


def _together(region: Region, found: list[tuple[Spread, NDArray[np.int64]]]) -> Spread:
    price = np.zeros(len(region.asked))
    for part, roles in found:
        price[roles] = part.price
    none = np.zeros(0, np.int32)
    return Spread(
        agent=np.concatenate([part.agent for part, _roles in found] or [none]),
        role=np.concatenate([part.role for part, _roles in found] or [none]),
        score=np.concatenate([part.score for part, _roles in found] or [none]),
        price=price,
        objective=sum(part.objective for part, _roles in found),
        bound=sum(part.bound for part, _roles in found),
    )
