"""Who could fill a role, found without looking at everybody.

Entries stand in buckets by week, skill, part of the week and neighbourhood, side by side as
they are read, the longest rested first. A role asks the buckets of its skill and of the first
part of the week it touches, in the neighbourhoods that people reach it from.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.eligibility import (
    ENTRY,
    earlier_fits,
    entry_for,
    fill_entry,
    fits,
    has_credential,
    holds_credential,
    is_busy,
)
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.region import CELLS, LOCKED, NO_SKILL, Region
from takatuf.engine.matching.scoring import lasting, most, score

NEIGHBOURHOOD = 250  # steps of 100 m: squares of 25 km
THREADS = 2
BLOCKS = 16  # of roles, handed to threads one by one
FIRST_ROOM = 1 << 16
EVERYBODY = -(2**62)  # a floor that keeps nobody out
ANY_TIME = CELLS  # the part of the week of roles that touch none


class Boxes(NamedTuple):
    """Each neighbourhood: where its people live, and how far the farthest goes."""

    west: NDArray[np.int64]
    east: NDArray[np.int64]
    south: NDArray[np.int64]
    north: NDArray[np.int64]
    reach: NDArray[np.int64]


class Index(NamedTuple):
    """Entries by bucket; bucket ``b`` has those from ``begin[b]`` to ``begin[b + 1] - 1``.

    :param part: the first part of the week each role touches, as a row of buckets.
    """

    entries: NDArray[Any]
    begin: NDArray[np.int64]
    boxes: Boxes
    part: NDArray[np.int64]
    skills: int
    parts: int


class Pairs(NamedTuple):
    """Eligible pairs with their scores."""

    agent: NDArray[np.int32]
    role: NDArray[np.int32]
    score: NDArray[np.int32]


def index_of(region: Region) -> Index:
    """Sort everybody into buckets; those that no role asks stay away."""
    c, people, asked = region.columns(), region.people, region.asked
    home, boxes = _neighbourhoods(people)
    firsts = _first_cells(asked["cells"])
    cells, part = np.unique(firsts, return_inverse=True)
    skills = (
        int(max(asked["skill"].max(initial=-1), region.grants["skill"].max(initial=-1))) + 2
    )
    weeks = int(max(asked["week"].max(initial=0), people["week"].max(initial=0))) + 1
    shape = (weeks, skills, len(cells), len(boxes.reach))
    wanted = np.zeros(shape[:3], np.bool_)
    wanted[asked["week"], asked["skill"] + 1, part] = True
    ranks = _all_lasting(c, np.zeros(1, ENTRY), region.weights)
    order = np.argsort(-ranks, kind="stable")
    begin = _count(c, order, home, cells, wanted, np.int64(shape[3]))
    entries = np.zeros(int(begin[-1]), ENTRY)
    _fill(c, order, ranks, home, cells, wanted, np.int64(shape[3]), begin.copy(), entries)
    return Index(entries, begin, boxes, part.astype(np.int64), skills, len(cells))


def _neighbourhoods(people: NDArray[Any]) -> tuple[NDArray[np.int64], Boxes]:
    x, y = people["x"].astype(np.int64), people["y"].astype(np.int64)
    square = np.stack((x // NEIGHBOURHOOD, y // NEIGHBOURHOOD), axis=1)
    found, home = np.unique(square, axis=0, return_inverse=True)
    home = home.ravel().astype(np.int64)
    low, high = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    box = [np.full(len(found), start, np.int64) for start in (low, high, low, high, 0)]
    np.minimum.at(box[0], home, x)
    np.maximum.at(box[1], home, x)
    np.minimum.at(box[2], home, y)
    np.maximum.at(box[3], home, y)
    np.maximum.at(box[4], home, people["reach"].astype(np.int64))
    return home, Boxes(*box)


def _first_cells(cells: NDArray[np.uint64]) -> NDArray[np.int64]:
    lowest = cells & (~cells + np.uint64(1))
    with np.errstate(divide="ignore"):
        first = np.log2(lowest.astype(np.float64))
    return np.where(cells == 0, ANY_TIME, first).astype(np.int64)


@njit(cache=True)
def _all_lasting(c, row, weights):
    ranks = np.empty(len(c.people), np.int64)
    e = row[0]
    for a in range(len(c.people)):
        e.recent = c.people[a].recent
        ranks[a] = lasting(e, weights)
    return ranks


@njit(cache=True)
def _goes_to(wanted, week, skill, part, homes, home):
    """The bucket, or -1 where no role would ask it."""
    if week < 0 or week >= wanted.shape[0] or not wanted[week, skill + 1, part]:
        return np.int64(-1)
    row = (week * wanted.shape[1] + skill + 1) * wanted.shape[2] + part
    return np.int64(row * homes + home)


@njit(cache=True)
def _is_free(free, cell):
    return cell == ANY_TIME or (free >> np.uint64(cell)) & np.uint64(1) == 1


@njit(cache=True)
def _count(c, order, home, cells, wanted, homes):
    begin = np.zeros(wanted.size * homes + 1, np.int64)
    for a in order:
        p = c.people[a]
        for k in range(c.grant_begin[a] - 1, c.grant_begin[a + 1]):
            skill = NO_SKILL if k < c.grant_begin[a] else c.grants[k].skill
            for part in range(len(cells)):
                bucket = _goes_to(wanted, p.week, skill, part, homes, home[a])
                if bucket >= 0 and _is_free(p.free, cells[part]):
                    begin[bucket + 1] += 1
    return np.cumsum(begin)


@njit(cache=True)
def _fill(c, order, ranks, home, cells, wanted, homes, write, entries):
    for a in order:
        p = c.people[a]
        for k in range(c.grant_begin[a] - 1, c.grant_begin[a + 1]):
            grant = -1 if k < c.grant_begin[a] else k
            skill = NO_SKILL if grant < 0 else c.grants[k].skill
            for part in range(len(cells)):
                bucket = _goes_to(wanted, p.week, skill, part, homes, home[a])
                if bucket >= 0 and _is_free(p.free, cells[part]):
                    e = entries[write[bucket]]
                    fill_entry(e, c, a, grant, 0)
                    e.lasting = ranks[a]
                    write[bucket] += 1


def pairs_of(
    region: Region,
    index: Index,
    floor: NDArray[np.float64] | None = None,
    every: NDArray[np.int64] | None = None,
    phase: int = 0,
) -> Pairs:
    """Every eligible pair whose score a head is above the role's floor; tied pairs always.

    :param floor: points for each role; None for all pairs.
    :param every: for each role, look at every so-maniest entry alone, beginning by ``phase``.
    """
    roles = len(region.asked)
    floor = np.full(roles, EVERYBODY, np.float64) if floor is None else floor
    every = np.ones(roles, np.int64) if every is None else every
    asks = (region.columns(), index, region.weights, settings_of(region))
    blocks = np.array_split(np.argsort(-entries_asked(region, index)), BLOCKS)
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda block: _find(*asks, block, floor, every, phase), blocks))
    return _with_ties(
        region, Pairs(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    )


def entries_asked(region: Region, index: Index) -> NDArray[np.int64]:
    """How many entries each role has to look at."""
    return _entries_asked(region.asked, index)


def settings_of(region: Region) -> tuple[int, int, int, int]:
    """What decides whether an engagement elsewhere stands against a role."""
    return region.buffer, region.day_cap, region.rest, region.pace


def _with_ties(region: Region, found: Pairs) -> Pairs:
    """Pairs with a tie are judged by it: whoever asked, say, is not held to the usual times."""
    if not len(region.ties):
        return found
    roles = max(1, len(region.asked))
    tied = region.ties["agent"].astype(np.int64) * roles + region.ties["role"]
    free = ~np.isin(found.agent.astype(np.int64) * roles + found.role, tied)
    eligible, scores = _judge_ties(
        region.columns(), region.ties, region.weights, settings_of(region), np.zeros(1, ENTRY)
    )
    joined = Pairs(
        region.ties["agent"][eligible], region.ties["role"][eligible], scores[eligible]
    )
    return Pairs(
        *(np.concatenate((old[free], new)) for old, new in zip(found, joined, strict=True))
    )


@njit(cache=True)
def _judge_ties(c, ties, weights, settings, row):
    e = row[0]
    eligible, scores = np.zeros(len(ties), np.bool_), np.ones(len(ties), np.int32)
    for k in range(len(ties)):
        tie = ties[k]
        r = c.asked[tie.role]
        entry_for(e, c, tie.agent, tie.role, tie.kind)
        e.lasting = lasting(e, weights)
        free = not is_busy(c, e.agent, r, settings)
        eligible[k] = tie.kind & LOCKED != 0 or (fits(e, r) and has_credential(e, r) and free)
        scores[k] = score(e, r, weights)
    return eligible, scores


@njit(cache=True)
def _nearest(boxes, home, r):
    """The square of the least distance from a neighbourhood; -1 where nobody could come."""
    if r.anywhere == 1:
        return np.int64(0)
    x = max(boxes.west[home] - r.x, 0, r.x - boxes.east[home])
    y = max(boxes.south[home] - r.y, 0, r.y - boxes.north[home])
    square = x * x + y * y
    return square if square <= boxes.reach[home] ** 2 else np.int64(-1)


@njit(cache=True)
def _first_bucket(index, role, r):
    row = (r.week * index.skills + r.skill + 1) * index.parts + index.part[role]
    return np.int64(row) * len(index.boxes.reach)


@njit(cache=True)
def _entries_asked(asked, index):
    total = np.zeros(len(asked), np.int64)
    for role in range(len(asked)):
        r = asked[role]
        first = _first_bucket(index, role, r)
        for home in range(len(index.boxes.reach)):
            if _nearest(index.boxes, home, r) >= 0:
                total[role] += index.begin[first + home + 1] - index.begin[first + home]
    return total


@njit(cache=True, nogil=True)
def _find(c, index, weights, settings, roles, floor, every, phase):
    """The pairs of a block of roles, in columns that grow."""
    found, n = np.empty((3, FIRST_ROOM), np.int32), 0
    entries, begin, boxes = index.entries, index.begin, index.boxes
    for role in roles:
        r, least, step = c.asked[role], floor[role], every[role]
        first = _first_bucket(index, role, r)
        skip = (phase * 7919 + role) % step
        for home in range(len(boxes.reach)):
            square = _nearest(boxes, home, r)
            if square < 0:
                continue
            highest = most(r, weights, square)
            at, end = begin[first + home] + skip, begin[first + home + 1]
            while at < end:
                e = entries[at]
                if max(1, highest + e.lasting) <= least:
                    at = end + skip
                    break
                at += step
                points = score(e, r, weights)
                if points <= least * e.size or not (fits(e, r) and _suits(c, e, r, settings)):
                    continue
                if n == found.shape[1]:
                    found = _grown(found)
                found[0, n], found[1, n], found[2, n] = e.agent, role, points
                n += 1
            skip = at - end
    return found[0, :n].copy(), found[1, :n].copy(), found[2, :n].copy()


@njit(cache=True)
def _suits(c, e, r, settings):
    """Whether what an entry alone cannot tell holds too: other grants, and the calendar.

    To be asked last: handing over the columns costs more than the score and all other rules.
    """
    if e.earlier > 0 and earlier_fits(c, e, r):
        return False
    if r.credential != NO_SKILL and not holds_credential(c, e.agent, r):
        return False
    return not is_busy(c, e.agent, r, settings)


@njit(cache=True)
def _grown(columns):
    larger = np.empty((3, 2 * columns.shape[1]), columns.dtype)
    larger[:, : columns.shape[1]] = columns
    return larger
