"""The program that makes the region at scale leaves rows the product itself agrees with."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "takatuf_region_at_scale"


@pytest.fixture
def empty_database(db, tmp_path, database_url):
    """Options of the program for a database of its own on the engine under test."""
    if connection.vendor == "sqlite":
        yield []
        return
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
        yield ["--database", database_url.rpartition("/")[0] + "/" + DATABASE]
        server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_thousandth_of_the_region_holds_every_invariant(empty_database, tmp_path):
    folder = tmp_path / "region"
    said = run("-m", "bench.region", str(folder), "--fraction", "0.001", *empty_database)

    assert "100 opportunities.Opportunity" in said
    assert "5,000 attendance.Presence" in said
    held = run("manage.py", "check_invariants", **settings_of(folder, empty_database))
    assert held.strip().endswith("invariants hold")


def settings_of(folder: Path, database: list[str]) -> dict[str, str]:
    where = {"DATABASE_URL": database[1]} if database else {}
    return {
        "TAKATUF_DATA_DIR": str(folder), "TAKATUF_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "takatuf.config.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'takatuf.sqlite3'}", **where,
    }  # fmt: skip


def test_it_refuses_to_fill_the_repository():
    inside = subprocess.run(
        [sys.executable, "-m", "bench.region", str(ROOT / "var" / "region")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert inside.returncode == 1
    assert "name a folder elsewhere" in inside.stderr
    assert not (ROOT / "var" / "region").exists()
