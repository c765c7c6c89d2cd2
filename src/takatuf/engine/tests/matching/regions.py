"""Small regions in which every rule binds somewhere, and one that a single person just fits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.region import (
    APPLIED,
    ASKED,
    BARRED,
    BUSY,
    FOR_EVER,
    GRANT,
    INCUMBENT,
    NO_DAY,
    NO_SKILL,
    PERSON,
    TIE,
    Region,
)

SUNDAY = 20_003
WEEK = 7 * 1440
PARTS = 4


def scattered(seed: int, *, agents: int = 60, roles: int = 12, **settings: Any) -> Region:
    """People and places drawn so that about a tenth of the pairs are eligible."""
    random = np.random.default_rng(seed)
    return Region(
        people=_people(random, agents),
        asked=_asked(random, roles),
        grants=_grants(random, agents),
        busy=_busy(random, agents),
        ties=_ties(random, agents, roles),
        **settings,
    )


def _people(random: np.random.Generator, n: int) -> NDArray[Any]:
    rows = np.zeros(n, PERSON)
    rows["week"] = random.integers(0, 2, n)
    rows["gender"] = random.choice([0, 1, 2], n, p=[0.1, 0.5, 0.4])
    rows["born"] = SUNDAY - random.integers(14 * 365, 60 * 365, n)
    rows["born"][random.random(n) < 0.05] = NO_DAY
    rows["consent_until"] = np.where(random.random(n) < 0.5, SUNDAY + 5, 0)
    rows["x"], rows["y"] = random.normal(0, 300, (2, n)).astype(int)
    rows["reach"] = random.choice([50, 300, 800], n)
    rows["cap"] = 60 * random.choice([2, 5, 9, 20], n)
    rows["recent"] = random.integers(0, 3000, n)
    rows["size"] = 1
    rows["begun"] = np.random.default_rng(n).random(n) < 0.2
    rows["languages"] = random.integers(0, 4, n)
    rows["causes"] = random.integers(0, 16, n)
    rows["free"] = _bits(random, n, 7 * PARTS, 0.7)
    return rows


def _bits(random: np.random.Generator, n: int, width: int, share: float) -> NDArray[np.uint64]:
    drawn = random.random((n, width)) < share
    return (drawn * (np.uint64(1) << np.arange(width, dtype=np.uint64))).sum(
        axis=1, dtype=np.uint64
    )


def _asked(random: np.random.Generator, n: int) -> NDArray[Any]:
    rows = np.zeros(n, ASKED)
    rows["shift"] = np.arange(n)
    day, part = random.integers(0, 14, n), random.integers(0, PARTS, n)
    rows["start"] = 1440 * day + 360 * part + 60 * random.integers(0, 3, n)
    rows["end"] = rows["start"] + 60 * random.choice([1, 2, 4], n)
    rows["day"], rows["week"] = SUNDAY + day, day // 7
    rows["cells"] = np.uint64(1) << (day % 7 * PARTS + part).astype(np.uint64)
    rows["cells"][random.random(n) < 0.1] = 0
    rows["maximum"] = random.integers(1, 4, n)
    rows["minimum"] = random.integers(0, 3, n)
    rows["penalty"], rows["priority"] = 1500, random.choice([300, 600], n)
    rows["gender"] = random.choice([0, 1, 2], n, p=[0.7, 0.2, 0.1])
    rows["born_by"] = rows["day"] - 16 * 365
    rows["born_after"] = np.where(random.random(n) < 0.2, SUNDAY - 40 * 365, NO_DAY)
    rows["minor_after"] = rows["day"] - 18 * 365
    rows["skill"] = random.choice([NO_SKILL, 0, 1, 2], n)
    rows["level"] = np.where(rows["skill"] >= 0, random.integers(1, 3, n), 0)
    rows["basis"] = random.integers(0, 3, n)
    rows["credential"] = np.where(random.random(n) < 0.2, 3, NO_SKILL)
    rows["anywhere"] = random.random(n) < 0.2
    rows["x"], rows["y"] = random.normal(0, 300, (2, n)).astype(int)
    rows["languages"] = random.choice([0, 1, 2], n)
    rows["causes"] = np.uint64(1) << random.integers(0, 4, n).astype(np.uint64)
    return rows


def _grants(random: np.random.Generator, agents: int) -> NDArray[Any]:
    rows = np.zeros(agents * 4, GRANT)
    rows["agent"] = random.integers(0, agents, len(rows))
    rows["skill"] = random.integers(0, 4, len(rows))
    rows["level"] = random.integers(1, 4, len(rows))
    rows["basis"] = random.integers(0, 3, len(rows))
    rows["until"] = random.choice([SUNDAY + 3, FOR_EVER], len(rows))
    return rows


def _busy(random: np.random.Generator, agents: int) -> NDArray[Any]:
    rows = np.zeros(agents // 2, BUSY)
    rows["agent"] = random.choice(agents, len(rows))
    rows["start"] = 60 * random.integers(0, 14 * 24, len(rows))
    rows["end"] = rows["start"] + 180
    where = np.random.default_rng(agents)
    rows["anywhere"] = where.random(len(rows)) < 0.2
    rows["x"], rows["y"] = where.normal(0, 300, (2, len(rows))).astype(int)
    return rows


def _ties(random: np.random.Generator, agents: int, roles: int) -> NDArray[Any]:
    pairs = random.choice(agents * roles, agents * roles // 8, replace=False)
    rows = np.zeros(len(pairs), TIE)
    rows["agent"], rows["role"] = pairs // roles, pairs % roles
    rows["kind"] = random.choice([APPLIED, INCUMBENT, BARRED, APPLIED | INCUMBENT], len(pairs))
    return rows


def fitting(**asked: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """One person, one place for them on a Sunday morning, and the person's one grant."""
    person, grant = np.zeros(1, PERSON), np.zeros(1, GRANT)
    person["gender"], person["born"], person["cap"], person["size"] = 1, 9000, 480, 1
    person["reach"], person["languages"], person["free"], person["x"] = 100, 3, 2, 60
    person["consent_until"] = SUNDAY + 100
    grant["skill"], grant["level"], grant["basis"], grant["until"] = 2, 2, 1, SUNDAY + 9
    place = np.zeros(1, ASKED)
    place["start"], place["end"], place["day"] = 8 * 60, 11 * 60, SUNDAY
    place["maximum"], place["priority"], place["credential"] = 1, 600, NO_SKILL
    place["born_by"], place["born_after"] = SUNDAY - 16 * 365, NO_DAY
    place["minor_after"], place["skill"], place["level"] = SUNDAY - 18 * 365, 2, 2
    place["basis"], place["languages"], place["cells"] = 1, 1, 2
    for name, value in asked.items():
        place[name] = value
    return person, place, grant
