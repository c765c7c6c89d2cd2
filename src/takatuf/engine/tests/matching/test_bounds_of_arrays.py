"""The kernels read and write inside their arrays: solved again with every index checked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import takatuf

SOURCES = str(Path(takatuf.__file__).parents[1])
SOLVE = """
from takatuf.engine.matching.replanning import Standing
from takatuf.engine.matching.solving import solve
from takatuf.engine.tests.matching.drawing import drawn

for seed in range(30):
    instance = drawn(
        seed, agents=25, roles=15, days=5, teams=seed % 2 == 0, locks=True, begun=True,
        ruled=seed % 3 == 0, pace=seed % 4,
    )
    plan = solve(instance, gap=0.0, seed=seed)
    standing = Standing(instance, plan)
    for pair in plan.assigned.nonzero()[0]:
        standing.withdraw(int(pair))
print("inside")
"""


@pytest.mark.long
def test_no_kernel_leaves_its_arrays(tmp_path):
    checked = {
        "NUMBA_BOUNDSCHECK": "1",
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": SOURCES,
    }

    ran = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", SOLVE], env=os.environ | checked, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert ran.stdout == "inside\n", ran.stderr
