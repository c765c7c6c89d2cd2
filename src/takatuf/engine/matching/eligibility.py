"""May this agent take this role? One function a rule, each with a title for people.

A rule reads an ``ENTRY``: the person's row, one of the grants of the skill asked for, and what
ties the person to the role. Rules about a whole week (clashes within the plan, minutes, rest
between days) belong to packing.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from takatuf.engine.matching.instance import MINUTES_A_DAY
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.region import (
    ANYBODY,
    APPLIED,
    BARRED,
    NO_DAY,
    NO_SKILL,
    Columns,
    way,
)

# Narrow, for millions of them are read one after the other.
ENTRY = np.dtype(
    [
        ("free", "u8"),
        ("languages", "u8"),
        ("causes", "u8"),
        ("x", "i4"),
        ("y", "i4"),
        ("reach", "i4"),
        ("born", "i4"),
        ("consent_until", "i4"),
        ("agent", "i4"),
        ("grant", "i4"),  # the row of the grant whose fields stand below, or -1
        ("until", "i4"),
        ("lasting", "i4"),  # the part of the score that is the same for every role
        ("week", "i2"),
        ("cap", "i2"),
        ("recent", "i2"),
        ("size", "i2"),
        ("skill", "i2"),
        ("gender", "i1"),
        ("level", "i1"),
        ("basis", "i1"),
        ("earlier", "i1"),  # grants of this skill that come before this one
        ("credential", "i1"),  # 1: the credential asked for is held and valid
        ("tie", "i1"),
    ],
    align=True,
)
MOST_MINUTES = 30_000  # more than a week has, and than eight weeks' hours that count


@njit(cache=True)
def not_barred(e, _r):
    return e.tie & BARRED == 0


@njit(cache=True)
def same_week(e, r):
    return e.week == r.week


@njit(cache=True)
def of_age(e, r):
    return e.born != NO_DAY and r.born_after < e.born <= r.born_by


@njit(cache=True)
def guardian_agrees(e, r):
    return e.born <= r.minor_after or e.consent_until > r.day


@njit(cache=True)
def admitted(e, r):
    return r.gender == ANYBODY or r.gender == e.gender


@njit(cache=True)
def speaks(e, r):
    return r.languages & ~e.languages == 0


@njit(cache=True)
def has_skill(e, r):
    return r.skill == NO_SKILL or e.skill == r.skill


@njit(cache=True)
def has_level(e, r):
    return r.skill == NO_SKILL or e.level >= r.level


@njit(cache=True)
def has_basis(e, r):
    return r.skill == NO_SKILL or e.basis >= r.basis


@njit(cache=True)
def still_valid(e, r):
    return r.skill == NO_SKILL or e.until >= r.day


@njit(cache=True)
def has_credential(e, r):
    return r.credential == NO_SKILL or e.credential == 1


@njit(cache=True)
def within_reach(e, r):
    """Whoever asked for the place knows the way."""
    return r.anywhere == 1 or e.tie & APPLIED != 0 or apart2(e, r) <= np.int64(e.reach) ** 2


@njit(cache=True)
def usually_free(e, r):
    """Whoever asked for the place has the time."""
    return e.tie & APPLIED != 0 or r.cells & ~e.free == 0


@njit(cache=True)
def within_hours(e, r):
    return r.end - r.start <= e.cap


@njit(cache=True)
def apart2(e, r):
    """The square of the distance, in steps of 100 m."""
    return (np.int64(e.x) - r.x) ** 2 + (np.int64(e.y) - r.y) ** 2


class Rule(NamedTuple):
    """A rule with the name the product's texts go by, and a title for who reads the code."""

    name: str
    title: str
    holds: Callable | None


# In the order people are told of them. The last asks the calendar: see ``is_busy``.
RULES = (
    Rule("barred", "Has not said no to this place", not_barred),
    Rule("week", "Belongs to the week of the shift", same_week),
    Rule("age", "Of the age asked for", of_age),
    Rule("guardian", "A minor's guardian agrees", guardian_agrees),
    Rule("gender", "Admitted where the body states a lawful reason", admitted),
    Rule("language", "Speaks every language asked for", speaks),
    Rule("skill", "Has the skill", has_skill),
    Rule("level", "Has it at the level asked for", has_level),
    Rule("basis", "Has it shown as strongly as asked for", has_basis),
    Rule("expiry", "Has it still valid on the day", still_valid),
    Rule("credential", "Holds the credential, valid on the day", has_credential),
    Rule("reach", "Lives within reach", within_reach),
    Rule("times", "Is usually free at that time", usually_free),
    Rule("hours", "Has so many minutes left in the week", within_hours),
    Rule("clash", "Is not engaged elsewhere at that time", None),
)


@njit(cache=True)
def fits(e, r):
    """Whether every rule holds that an entry can answer: not credential and calendar."""
    return (
        same_week(e, r)
        and within_reach(e, r)
        and usually_free(e, r)
        and has_skill(e, r)
        and has_level(e, r)
        and within_hours(e, r)
        and of_age(e, r)
        and admitted(e, r)
        and speaks(e, r)
        and has_basis(e, r)
        and still_valid(e, r)
        and guardian_agrees(e, r)
        and not_barred(e, r)
    )


_way = njit(cache=True)(way)


@njit(cache=True)
def is_busy(c, a, r, settings):
    """Whether an engagement elsewhere stands against it: clash, way, rest, the day's limit."""
    buffer, day_cap, rest, pace = settings
    busy, today = c.busy, r.end - r.start
    for k in range(c.busy_begin[a], c.busy_begin[a + 1]):
        b = busy[k]
        apart = buffer
        if pace > 0 and b.anywhere == 0 and r.anywhere == 0:
            apart += np.int64(_way(np.int64(b.x) - r.x, np.int64(b.y) - r.y, pace))
        if r.start < b.end + apart and b.start < r.end + apart:
            return True
        if b.start // MINUTES_A_DAY == r.start // MINUTES_A_DAY:
            today += b.end - b.start
        elif r.start < b.end + rest and b.start < r.end + rest:
            return True
    return day_cap > 0 and today > day_cap


@njit(cache=True)
def fill_entry(e, c, a, grant, tie):
    """Write the agent's row, with one of its grants (or -1) and a tie, to an entry."""
    p = c.people[a]
    e.week, e.gender, e.born, e.consent_until = p.week, p.gender, p.born, p.consent_until
    e.x, e.y, e.reach, e.size = p.x, p.y, p.reach, p.size
    e.cap, e.recent = min(p.cap, MOST_MINUTES), min(p.recent, MOST_MINUTES)
    e.languages, e.causes, e.free = p.languages, p.causes, p.free
    e.agent, e.grant, e.tie, e.credential = a, grant, tie, 0
    if grant < 0:
        e.skill, e.level, e.basis, e.until, e.earlier = NO_SKILL, 0, 0, 0, 0
        return
    g = c.grants[grant]
    e.skill, e.level, e.basis, e.until = g.skill, g.level, g.basis, g.until
    before = grant
    while before > c.grant_begin[a] and c.grants[before - 1].skill == g.skill:
        before -= 1
    e.earlier = grant - before


@njit(cache=True)
def holds_credential(c, a, r):
    """Whether the agent holds the role's credential, valid on the day."""
    grants = c.grants
    for k in range(c.grant_begin[a], c.grant_begin[a + 1]):
        g = grants[k]
        if g.skill == r.credential and g.until >= r.day:
            return True
    return False


@njit(cache=True)
def faults(g, r):
    """How many of the questions about one grant (or an entry with it) it answers badly."""
    return (not has_level(g, r)) + (not has_basis(g, r)) + (not still_valid(g, r))


@njit(cache=True)
def earlier_fits(c, e, r):
    """Whether a grant before this entry's is enough already: one entry speaks for a person."""
    grants = c.grants
    for k in range(e.grant - e.earlier, e.grant):
        if faults(grants[k], r) == 0:
            return True
    return False


@njit(cache=True)
def entry_for(e, c, a, role, tie):
    """Write the agent to the entry as the role sees it: with the grant that comes nearest."""
    r = c.asked[role]
    nearest, fewest = -1, 4
    for k in range(c.grant_begin[a], c.grant_begin[a + 1]):
        if c.grants[k].skill == r.skill:
            fill_entry(e, c, a, k, tie)
            if faults(e, r) < fewest:
                nearest, fewest = k, faults(e, r)
    fill_entry(e, c, a, nearest, tie)
    if r.credential != NO_SKILL:
        e.credential = 1 if holds_credential(c, a, r) else 0


def unmet(
    columns: Columns, entry: np.ndarray, role: int, settings: tuple[int, int, int, int]
) -> int:
    """The first rule that does not hold, as its place in ``RULES``; -1 where all hold.

    :param entry: one row of ``ENTRY``, written by ``entry_for``.
    :param settings: of the region, as ``index.settings_of`` has them.
    """
    return int(_unmet(columns, entry, role, settings))


@njit(cache=True)
def _unmet(c, entry, role, settings):
    e, r = entry[0], c.asked[role]
    answers = (
        not_barred(e, r), same_week(e, r), of_age(e, r), guardian_agrees(e, r),
        admitted(e, r), speaks(e, r), has_skill(e, r), has_level(e, r), has_basis(e, r),
        still_valid(e, r), has_credential(e, r), within_reach(e, r), usually_free(e, r),
        within_hours(e, r), not is_busy(c, e.agent, r, settings),
    )  # fmt: skip
    for k in range(len(answers)):
        if not answers[k]:
            return k
    return -1
