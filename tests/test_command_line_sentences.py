"""`manage.py` without a database: one sentence that says what to do, and never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
AWAY = "postgres://nobody:x@127.0.0.1:1/nothing"
UNREADY = "The database is not ready (no such table: "
PATIENCE = 120


def manage(folder, *words, **environment):
    bare = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        env=bare | {"TAKATUF_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def the_only_line(result):
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    return line


@pytest.mark.parametrize("words", [["check_invariants"], ["work"], ["work", "--once"]])
def test_a_database_nobody_migrated_is_told_with_the_cure(tmp_path, words):
    line = the_only_line(manage(tmp_path, *words))

    assert line.startswith(UNREADY)
    assert line.endswith("): run `manage.py migrate` first.")


def test_a_server_that_is_away_is_told_with_what_to_check(tmp_path):
    line = the_only_line(manage(tmp_path, "check_invariants", DATABASE_URL=AWAY))

    assert line.startswith("The database says: connection failed")
    assert line.endswith("Check DATABASE_URL, that it runs, and the disk's room.")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "takatuf.sqlite3").write_text("something else, and long enough for it\n" * 40)

    line = the_only_line(manage(tmp_path, "check_invariants"))

    assert line.startswith("The database says: file is not a database.")


def test_an_address_that_makes_no_sense_names_its_variable(tmp_path):
    line = the_only_line(manage(tmp_path, "check_invariants", DATABASE_URL="nonsense"))

    assert "DATABASE_URL" in line


def test_whoever_wants_the_rest_asks_for_it(tmp_path):
    result = manage(tmp_path, "check_invariants", "--traceback")

    assert result.returncode == 1
    assert "Traceback (most recent call last)" in result.stderr
