"""Kernels are compiled once, and never mixed up between two states of the sources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from takatuf.engine.matching import kernels, warming


def test_warming_leaves_nothing_to_compile():
    warming.warm()
    assert warming.warm() is False
    assert (kernels.folder() / warming.READY).exists()


@pytest.mark.long
def test_a_changed_number_is_seen_though_its_reader_stands_in_another_file(tmp_path):
    """numba alone would go on with the kernel it compiled before."""
    package = tmp_path / "takatuf" / "engine"
    package.mkdir(parents=True)
    (tmp_path / "takatuf" / "__init__.py").touch()
    (package / "__init__.py").touch()
    shutil.copytree(
        Path(kernels.__file__).parent,
        package / "matching",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    region = package / "matching" / "region.py"
    assert _worth_of_base(tmp_path) == 300
    changed = region.read_text().replace("base: int = 300", "base: int = 700")
    region.write_text(changed.replace("FINE = 100", "FINE = 10"))
    assert _worth_of_base(tmp_path) == 700


def _worth_of_base(path: Path) -> int:
    script = (
        "import numpy as np\n"
        "from takatuf.engine.matching.index import index_of, pairs_of\n"
        "from takatuf.engine.matching.region import FINE\n"
        "from takatuf.engine.matching.warming import _small_region\n"
        "from dataclasses import replace\n"
        "region = _small_region()\n"
        "w = region.weights._replace(cause=0, fit=0, surplus=0, rest=0, applied=0)\n"
        "region.asked['priority'] = 0\n"
        "region = replace(region, weights=w)\n"
        "print(int(pairs_of(region, index_of(region)).score[0]) // FINE)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(path)}
    env.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(  # noqa: S603 - our own interpreter and sources
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    return int(done.stdout)
