"""Seeded regions of one family and any size, as rows of arrays.

T to XL differ in numbers alone: the seven governorates, what people can, when they are free and
how far they go, and what shifts ask for are drawn alike. Shares of women and of the classes of
opportunities are the national ones of 2024.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.region import (
    ASKED,
    GRANT,
    NO_DAY,
    NO_SKILL,
    PERSON,
    Region,
)

SKILLS, BLOCKS, CAUSES, WEEKS = 24, 28, 12, 2
FIRST_DAY = 20_000  # a Sunday, counted from 1970
# Kilometres east and north of the city, and the share of the people.
PLACES = np.array(
    [
        [0, 0, 0.62], [-150, -120, 0.09], [-190, -60, 0.07], [110, -20, 0.08],
        [-100, -200, 0.06], [-160, 60, 0.05], [60, 150, 0.03],
    ]
)  # fmt: skip
STEPS_A_KM = 10


class Size(NamedTuple):
    """How many of each."""

    volunteers: int
    opportunities: int
    shifts: int


SIZES = {
    "T": Size(300, 20, 50), "S": Size(2_000, 100, 300), "M": Size(22_000, 500, 2_000),
    "L": Size(200_000, 5_000, 20_000), "XL": Size(1_000_000, 20_000, 80_000),
}  # fmt: skip


def region_of(size: str, seed: int, supply: float = 1.0) -> Region:
    """Draw a region; ``supply`` changes how many volunteers there are, and nothing else."""
    volunteers, opportunities, shifts = SIZES[size]
    asked = _asked(np.random.default_rng(seed), opportunities, shifts)
    random = np.random.default_rng([seed, 7])
    people, grants = _people(random, max(1, round(volunteers * supply)))
    return Region(people=people, asked=asked, grants=grants)


def _popularity() -> NDArray[np.float64]:
    weight = 1 / np.arange(1, SKILLS + 1) ** 0.8
    return weight / weight.sum()


def _asked(random: np.random.Generator, opportunities: int, shifts: int) -> NDArray[Any]:
    share = PLACES[:, 2] / PLACES[:, 2].sum()
    place = random.choice(len(PLACES), opportunities, p=share)
    xy = PLACES[place, :2] + random.normal(0, 7, (opportunities, 2))
    cause = random.integers(0, CAUSES, opportunities)
    kind = random.choice(3, opportunities, p=[0.73, 0.22, 0.05])
    age = random.choice([16, 18, 21], opportunities, p=[0.6, 0.35, 0.05])
    gender = random.choice(3, opportunities, p=[0.78, 0.12, 0.10])
    priority = random.choice([1.0, 1.5, 2.5], opportunities, p=[0.6, 0.3, 0.1])
    of = np.sort(random.integers(0, opportunities, shifts))
    week = random.integers(0, WEEKS, shifts)
    day = random.choice(7, shifts, p=[0.11, 0.11, 0.11, 0.12, 0.2, 0.2, 0.15])
    part = random.choice(4, shifts, p=[0.08, 0.3, 0.42, 0.2])
    hours = random.choice([2, 3, 4, 6], shifts, p=[0.3, 0.35, 0.25, 0.1])
    start = 24 * (7 * week + day) + 6 * part + (random.random(shifts) * (7 - hours)).astype(int)
    count = random.choice([1, 2, 3], shifts, p=[0.5, 0.33, 0.17])
    heads = np.maximum(1, random.gamma(2.0, 4.0, shifts)).astype(int)

    shift = np.repeat(np.arange(shifts), count)
    nth = np.arange(len(shift)) - np.repeat(np.cumsum(count) - count, count)
    opportunity = of[shift]
    skilled = (kind[opportunity] > 0) | (nth > 0)
    professional = kind[opportunity] == 2
    rows = np.zeros(len(shift), ASKED)
    rows["shift"] = shift
    rows["start"], rows["end"] = 60 * start[shift], 60 * (start + hours)[shift]
    rows["week"], rows["day"] = week[shift], FIRST_DAY + (7 * week + day)[shift]
    rows["maximum"] = np.where(skilled, np.maximum(1, heads[shift] // 3), heads[shift])
    half = random.random(len(shift)) < 0.5
    rows["minimum"] = np.where(half, (rows["maximum"] + 1) // 2, 0)
    rows["penalty"] = np.rint(1500 * priority[opportunity])
    rows["priority"] = np.rint(600 * priority[opportunity])
    rows["gender"] = gender[opportunity]
    rows["born_by"] = rows["day"] - (365.25 * age[opportunity]).astype(int)
    rows["born_after"], rows["minor_after"] = NO_DAY, FIRST_DAY + 100
    rows["skill"] = np.where(
        skilled, random.choice(SKILLS, len(shift), p=_popularity()), NO_SKILL
    )
    level = np.where(
        professional, random.integers(2, 4, len(shift)), random.integers(1, 3, len(shift))
    )
    rows["level"] = np.where(skilled, level, 0)
    rows["credential"] = NO_SKILL
    rows["x"], rows["y"] = np.rint(STEPS_A_KM * xy[opportunity]).astype(int).T
    rows["causes"] = np.uint64(1) << cause[opportunity].astype(np.uint64)
    rows["cells"] = np.uint64(1) << (4 * day + part)[shift].astype(np.uint64)
    return rows


def _people(random: np.random.Generator, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    share = PLACES[:, 2] / PLACES[:, 2].sum()
    place = random.choice(len(PLACES), n, p=share)
    xy = PLACES[place, :2] + random.normal(0, 8, (n, 2))
    one = np.zeros(n, PERSON)
    one["x"], one["y"] = np.rint(STEPS_A_KM * xy).astype(int).T
    one["gender"] = np.where(random.random(n) < 0.57, 1, 2)
    age = (16 + random.gamma(2.0, 7, n)).clip(16, 75)
    one["born"] = FIRST_DAY - (365.25 * age).astype(int)
    one["cap"] = 60 * random.choice([4, 6, 8, 12, 16], n, p=[0.25, 0.3, 0.25, 0.13, 0.07])
    one["reach"] = STEPS_A_KM * random.choice([15, 30, 60, 250], n, p=[0.35, 0.4, 0.18, 0.07])
    one["recent"] = np.minimum(2400, random.exponential(600, n)).astype(int)
    one["size"] = 1
    for _ in range(3):
        one["causes"] |= np.uint64(1) << random.integers(0, CAUSES, n).astype(np.uint64)
    one["free"] = _free(random, n)
    people = np.repeat(one, WEEKS)
    people["week"] = np.tile(np.arange(WEEKS), n)
    return people, _grants(random, n)


def _free(random: np.random.Generator, n: int) -> NDArray[np.uint64]:
    """Two to eight of the 28 blocks, evenings and the days before and at the weekend first."""
    weight = np.tile([0.3, 0.8, 1.6, 0.9], 7).reshape(7, 4)
    weight[[4, 5]] *= 2.2
    masks = np.zeros(n, np.uint64)
    for begin in range(0, n, 100_000):
        size = min(100_000, n - begin)
        keys = random.gumbel(size=(size, BLOCKS)) + np.log(weight.ravel())
        order = np.argsort(-keys, axis=1)[:, :8]
        many = random.integers(2, 9, size)
        for nth in range(8):
            bit = np.uint64(1) << order[:, nth].astype(np.uint64)
            masks[begin : begin + size] |= np.where(many > nth, bit, np.uint64(0))
    return masks


def _grants(random: np.random.Generator, n: int) -> NDArray[Any]:
    held = random.poisson(1.4, n).clip(0, 6)
    who = np.repeat(np.arange(n), held)
    skill = random.choice(SKILLS, len(who), p=_popularity())
    level = random.choice([1, 2, 3], len(who), p=[0.55, 0.3, 0.15])
    _, first = np.unique(who.astype(np.int64) * SKILLS + skill, return_index=True)
    rows = np.zeros(len(first) * WEEKS, GRANT)
    for week in range(WEEKS):
        part = rows[week::WEEKS]
        part["agent"], part["skill"] = who[first] * WEEKS + week, skill[first]
        part["level"], part["until"] = level[first], 2**31 - 1
    return rows
