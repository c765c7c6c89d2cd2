"""Compile all kernels once, ahead of their first use.

Compiling takes the better part of a minute; it is done after an installation or an upgrade, by
one process, while others that need the kernels wait for it.
"""

import fcntl
from pathlib import Path

import numpy as np

from takatuf.engine.matching.explaining import explain
from takatuf.engine.matching.kernels import folder
from takatuf.engine.matching.planning import plan_region
from takatuf.engine.matching.region import (
    APPLIED,
    ASKED,
    BUSY,
    GRANT,
    NO_DAY,
    PERSON,
    TIE,
    Region,
)
from takatuf.engine.matching.replanning import Standing

READY = "ready"


def warm() -> bool:
    """Have every kernel compiled when this returns.

    :returns: whether there was anything to do
    """
    where = folder()
    if where is None:
        _use_everything()
        return True
    if (where / READY).exists():
        return False
    try:
        where.mkdir(parents=True, exist_ok=True)
        with (where / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _compile_into(where)
    except OSError:  # nothing can be kept there: each process compiles for itself
        return True


def _compile_into(where: Path) -> bool:
    if (where / READY).exists():
        return False
    _use_everything()
    (where / READY).touch()
    return True


def _use_everything() -> None:
    region = _small_region()
    for listed in (10**6, 0):
        planned = plan_region(region, gap=0.0, listed=listed)
    explain(region, planned, 0, 0)
    listed_plan = plan_region(region, gap=0.0)
    Standing(listed_plan.instance, listed_plan.plan).withdraw_agent(int(listed_plan.agent[0]))


def _small_region() -> Region:
    """More places than people, hours and rest that bind, one of each kind of row."""
    people, asked = np.zeros(6, PERSON), np.zeros(8, ASKED)
    people["cap"], people["size"], people["reach"], people["free"] = 300, 1, 100, 2**21 - 1
    people["born"], people["recent"] = 1000, np.arange(6) * 100
    people["size"][5] = 2
    asked["shift"], asked["day"] = np.arange(8), 20_000
    asked["start"] = 480 + 200 * np.arange(8)
    asked["end"] = asked["start"] + 120
    asked["minimum"], asked["maximum"], asked["penalty"], asked["priority"] = 1, 2, 1500, 600
    asked["born_by"], asked["born_after"], asked["minor_after"] = 5000, NO_DAY, 5000
    asked["skill"], asked["credential"], asked["cells"] = np.arange(8) % 2 - 1, -1, 1
    asked["credential"][0], asked["level"] = 0, np.arange(8) % 2
    grants, busy, ties = np.zeros(6, GRANT), np.zeros(1, BUSY), np.zeros(1, TIE)
    grants["agent"], grants["level"], grants["until"] = np.arange(6), 2, 30_000
    busy["agent"], busy["start"], busy["end"] = 1, 480, 600
    asked["x"] = 10 * np.arange(8)
    ties["role"], ties["kind"] = 2, APPLIED
    return Region(
        people=people, asked=asked, grants=grants, busy=busy, ties=ties, day_cap=600, rest=60,
        pace=2,
    )  # fmt: skip
