"""bin/demo refuses in one sentence that says what to do, before anything is changed."""

import fcntl
import json
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from tests.checkout import Checkout, free_port

NOBODY = 65534
NONE_OF_THESE = "raise ImportError"


@pytest.fixture
def bare(tmp_path) -> Checkout:
    """Nothing is installed yet."""
    return Checkout(tmp_path)


@pytest.fixture
def checkout(bare) -> Checkout:
    bare.install()
    return bare


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.*")
        if path.is_file()
    }  # fmt: skip


def holding(checkout: Checkout, **files: str) -> dict[str, str]:
    """Put such files into the data folder; what is there then."""
    checkout.data.mkdir()
    for name, text in files.items():
        (checkout.data / name.replace("_", ".")).write_text(text)
    return tree(checkout.data)


# ---------------------------------------------------------------- the port
def test_a_busy_port_is_told_with_another_one(bare):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        [line] = bare.says("--port", port)

    assert line.startswith(f"Port {port} is busy: stop what uses it, or use `--port ")
    assert not bare.data.exists()
    assert not (bare.folder / ".venv").exists()


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_told(bare, port):
    assert bare.says("--port", port) == [
        f"{port} is no port: name one between 1024 and 65535 with --port."
    ]


# ---------------------------------------------------------------- the data folder
def test_a_data_folder_that_is_a_file_is_told(bare):
    file = bare.folder / "file"
    file.write_text("kept")

    for place in (file, file / "below"):
        [line] = bare.says("--port", free_port(), TAKATUF_DATA_DIR=place)
        assert line == f"{file} is no folder: name one with TAKATUF_DATA_DIR."
    assert file.read_text() == "kept"


def test_a_data_folder_this_user_may_not_write_is_told_before_installing():
    """Whoever may write everywhere is somebody else for this test."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        bare = Checkout(Path(folder) / "checkout")
        locked = Path(folder) / "locked"
        locked.mkdir(mode=0o555)
        other = NOBODY if os.geteuid() == 0 else None
        python = "/usr/bin/python3" if other and Path("/usr/bin/python3").exists() else None
        bare.python = python or sys.executable

        [line] = bare.says("--port", free_port(), user=other, TAKATUF_DATA_DIR=locked / "x")

        assert line.startswith(f"This user may not write to {locked}: change its rights")
        assert not (bare.folder / ".venv").exists()


def test_a_disk_without_room_for_the_data_is_told_before_loading(checkout):
    checkout.reword("demo", '"demo": 300', '"demo": 10**9')

    [line] = checkout.says("--port", free_port())

    assert line.startswith(f"The disk is too full: {checkout.folder} has ")
    assert " MB free, about 1000000000 MB are needed. Free some space" in line
    assert not checkout.data.exists()


def test_a_disk_without_room_for_the_environment_is_told(bare):
    bare.reword("_bootstrap.py", '"base.txt": 500', '"base.txt": 10**9')

    [line] = bare.says("--port", free_port())

    assert line.startswith(f"The disk is too full: {bare.folder} has ")
    assert not (bare.folder / ".venv").exists()


# ---------------------------------------------------------------- the tools
def test_a_python_that_is_too_old_is_told_which_one_to_install(bare):
    bare.reword("_bootstrap.py", "NEEDED = (3, 11)", "NEEDED = (9, 1)")

    [line] = bare.says(PATH=bare.folder)

    have = ".".join(map(str, sys.version_info[:2]))
    assert line == f"This is Python {have}, and Takatuf needs 9.1 or newer: install python9.1."


def test_an_old_python_hands_over_to_a_newer_one(bare):
    bare.reword("_bootstrap.py", "NEEDED = (3, 11)", "NEEDED = (9, 1)")
    newer = bare.folder / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] && echo 9 1 || { echo "newer: $*"; exit 1; }\n')
    newer.chmod(0o755)

    [line] = bare.says("--port", 8123, PATH=bare.folder)

    assert line == f"newer: {bare.folder / 'bin' / 'demo'} --port 8123"


@pytest.mark.parametrize(
    ("tools", "cure"),
    [
        (["apt-get"], "run `apt-get install python3-venv`."),
        ([], "install its venv and pip, or uv."),
    ],
)
def test_a_python_that_makes_no_environments_is_told_what_is_missing(bare, tools, cure):
    there = bare.folder / "tools-of-the-machine"
    there.mkdir()
    for module in ("venv", "virtualenv", "pip"):
        (there / f"{module}.py").write_text(NONE_OF_THESE)
    for tool in tools:
        (there / tool).write_text("#!/bin/sh\n")
        (there / tool).chmod(0o755)

    *_steps, line = bare.says("--port", free_port(), PATH=there, PYTHONPATH=there)

    assert line == f"This Python cannot make environments: {cure}"
    assert not (bare.folder / ".venv").exists()


# ---------------------------------------------------------------- what is there already
def test_a_database_that_is_not_the_demos_is_left_alone(checkout):
    before = holding(checkout, takatuf_sqlite3="somebody's")

    [line] = checkout.says("--port", free_port())

    assert line.endswith(
        "holds a database that is not the demo's: name another folder with TAKATUF_DATA_DIR."
    )
    assert tree(checkout.data) == before


def test_fresh_throws_nothing_away_that_is_not_the_demos(checkout):
    before = holding(checkout, letter_txt="somebody's")

    [line] = checkout.says("--port", free_port(), "--fresh")

    assert line == f"{checkout.data} is not a folder of demo data, so it is not deleted."
    assert tree(checkout.data) == before


def test_the_database_of_the_environment_is_left_alone(checkout):
    """Not even asked: nobody listens there, and the folder's own data is what counts."""
    before = holding(checkout, demo_json='{"scale": "demo"}', takatuf_sqlite3="the demo's")

    words = ("--port", free_port(), "--scale", "association")
    alone, line = checkout.says(*words, DATABASE_URL="postgres://x:y@127.0.0.1:1/region")

    assert alone.startswith(
        "DATABASE_URL is left alone: the demo keeps a database of its own in "
    )
    assert line == "Demo data of scale demo is here: add --fresh to replace it."
    assert tree(checkout.data) == before


def test_another_scale_than_what_is_there_is_told(checkout):
    before = holding(
        checkout, demo_json=json.dumps({"scale": "demo"}), takatuf_sqlite3="the demo's"
    )

    [line] = checkout.says("--port", free_port(), "--scale", "association")

    assert line == "Demo data of scale demo is here: add --fresh to replace it."
    assert tree(checkout.data) == before


@pytest.mark.parametrize("note", ["", "[]", '{"scale": "large"}', "{}"])
def test_a_note_nobody_can_read_vouches_for_no_database(checkout, note):
    before = holding(checkout, demo_json=note, takatuf_sqlite3="somebody's")

    [line] = checkout.says("--port", free_port())

    assert "holds a database that is not the demo's" in line
    assert tree(checkout.data) == before


def test_data_that_another_start_serves_is_not_thrown_away(checkout):
    before = holding(checkout, demo_json='{"scale": "demo"}')
    handle = os.open(checkout.data, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    try:
        [line] = checkout.says("--port", free_port(), "--fresh")
    finally:
        os.close(handle)

    assert line == f"Another bin/demo serves {checkout.data}: stop it first."
    assert tree(checkout.data) == before
