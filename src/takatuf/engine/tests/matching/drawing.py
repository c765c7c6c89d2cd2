"""Small instances of many shapes, drawn from a seed."""

from typing import Any

import numpy as np

from takatuf.engine.matching.instance import Instance

HOUR = 60


def drawn(
    seed: int,
    *,
    agents: int = 8,
    roles: int = 6,
    days: int = 3,
    density: float = 0.6,
    teams: bool = False,
    locks: bool = False,
    ruled: bool = False,
    spread: int = 100,
    buffer: int = HOUR,
    most_heads: int = 3,
    pace: int = 0,
    begun: bool = False,
) -> Instance:
    """An instance in which hours, clashes and minima bind.

    :param density: share of the pairs that are eligible.
    :param begun: some agents have a place of the week already.
    :param ruled: with a limit on the day's minutes and rest between days.
    :param pace: above 0 roles lie up to 100 km apart, some at one place and some at none.
    """
    random = np.random.default_rng(seed)
    start = random.integers(0, days * 24, roles) * HOUR
    high = random.integers(0, most_heads + 1, roles)
    low = random.integers(0, most_heads + 2, roles) * (random.random(roles) < 0.6)
    agent, role = np.nonzero(random.random((agents, roles)) < density)
    shuffled = random.permutation(len(agent))
    agent, role = agent[shuffled], role[shuffled]
    size = random.integers(1, 3, agents) if teams else np.ones(agents)
    instance = Instance(
        role_shift=whole(np.arange(roles)),
        role_start=whole(start),
        role_end=whole(start + random.choice([1, 2, 3, 6], roles) * HOUR),
        role_min=whole(low),
        role_max=whole(high),
        role_penalty=whole(random.choice([0, 300, 1500], roles)),
        agent_cap=whole(random.choice([0, 4, 6, 8, 12], agents) * HOUR),
        agent_size=whole(size),
        agent_begun=np.random.default_rng([seed, agents]).random(agents)
        < (0.4 if begun else 0),
        pair_agent=whole(agent),
        pair_role=whole(role),
        pair_score=whole(random.integers(1, 1500, len(agent))),
        spread=spread,
        buffer=buffer,
        day_cap=6 * HOUR if ruled else 0,
        rest=10 * HOUR if ruled else 0,
        **(_places(random, roles, pace) if pace else {}),
    )
    return locked(instance, random) if locks else instance


def _places(random: np.random.Generator, roles: int, pace: int) -> dict[str, Any]:
    x, y = random.choice([0, 0, 3, 127, 500, 1000], (2, roles))
    return {
        "role_x": whole(x), "role_y": whole(y), "role_anywhere": random.random(roles) < 0.25,
        "pace": pace,
    }  # fmt: skip


def whole(values) -> np.ndarray:
    return np.asarray(values).astype(np.int32)


def locked(instance: Instance, random: np.random.Generator) -> Instance:
    """The same with the first pairs of some agents locked, each where it fits alone."""
    flags = np.zeros(instance.pairs, bool)
    left, seen = instance.role_max.copy(), set()
    for pair in random.permutation(instance.pairs)[: instance.pairs // 4]:
        agent, role = instance.pair_agent[pair], instance.pair_role[pair]
        minutes = instance.minutes[role]
        fits = minutes <= instance.agent_cap[agent] and not (0 < instance.day_cap < minutes)
        if fits and left[role] >= instance.agent_size[agent] and agent not in seen:
            flags[pair] = True
            left[role] -= instance.agent_size[agent]
            seen.add(agent)
    return changed(instance, pair_locked=flags)


def changed(instance: Instance, **fields) -> Instance:
    """The instance with some of its fields replaced."""
    names = Instance.__dataclass_fields__
    return Instance(**{name: getattr(instance, name) for name in names} | fields)


def with_pairs(instance: Instance, pairs) -> Instance:
    """The instance with these of its pairs, in this order."""
    arrays = ("pair_agent", "pair_role", "pair_score", "pair_locked")
    return changed(instance, **{name: getattr(instance, name)[pairs] for name in arrays})


def a_role(start_hour: float, hours: float, *, low: int = 0, high: int = 1, penalty: int = 0):
    """The arrays of one role, to be put together by ``made``."""
    return (int(start_hour * HOUR), int((start_hour + hours) * HOUR), low, high, penalty)


def made(roles, caps, pairs, **more) -> Instance:
    """An instance by hand: roles of ``a_role``, hours a week, (agent, role, score) triples."""
    start, end, low, high, penalty = np.array(roles, np.int32).reshape(-1, 5).T
    agent, role, score = np.array(pairs, np.int32).reshape(-1, 3).T
    return Instance(
        role_shift=whole(np.arange(len(start))), role_start=start, role_end=end, role_min=low,
        role_max=high, role_penalty=penalty, agent_cap=whole(np.asarray(caps) * HOUR),
        pair_agent=agent, pair_role=role, pair_score=score, **more,
    )  # fmt: skip
