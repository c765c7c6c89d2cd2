"""bin/demo as a whole: what it loads, keeps, throws away, serves, and how it ends."""

import os
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.checkout import Checkout

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for children"),
]
LOADS = "load the Tabuk region with demo data"
THROWS_AWAY = "throw the demo data away"
SMALL_DISK = 'mount -t tmpfs -o size={size}m tmpfs "$TAKATUF_DATA_DIR" && exec "$0" "$@"'


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    made = Checkout(tmp_path)
    made.install()
    return made


def bodies(checkout: Checkout) -> list[tuple]:
    """Rows of the load; what is loaded again has moments of its own."""
    with sqlite3.connect(checkout.data / "takatuf.sqlite3") as database:
        return database.execute("SELECT * FROM registry_body").fetchall()


def test_it_serves_ends_and_goes_on_from_there(checkout):
    neighbour = checkout.folder / "data-of-somebody-else"
    neighbour.write_text("kept")
    with checkout.start() as first:
        assert 'dir="rtl"' in first.serves()
        assert LOADS in first.said
        assert len(first.family()) >= 3, "the server, what it starts, and the worker"
        assert first.ends(signal.SIGINT) == 0
        assert first.said.endswith("Stopped. The data is kept: `bin/demo` goes on from here.\n")
    kept = bodies(checkout)
    assert kept

    with checkout.start() as second:
        second.serves()
        assert LOADS not in second.said
        assert bodies(checkout) == kept
        [line] = [x for x in checkout.says("--port", second.port) if "busy" in x]
        assert line.startswith(f"Port {second.port} is busy")
        refused = checkout.says("--port", second.port - 1, "--fresh")
        assert refused == [f"Another bin/demo serves {checkout.data}: stop it first."]
        assert second.ends(signal.SIGKILL) == -signal.SIGKILL, "its children see it die"

    with checkout.start("--fresh") as third:
        third.serves()
        assert THROWS_AWAY in third.said
        assert LOADS in third.said
        assert bodies(checkout) != kept
        assert third.ends(signal.SIGTERM) == 0
    assert neighbour.read_text() == "kept"


def test_a_load_that_was_cut_off_is_thrown_away_at_the_next_start(checkout):
    wait = checkout.folder / "wait"
    wait.touch()
    with checkout.start() as cut_off:
        cut_off.until((checkout.data / "half").exists)
        cut_off.ends(signal.SIGKILL)
    assert (checkout.data / "takatuf.sqlite3").exists()
    wait.unlink()

    with checkout.start() as again:
        again.serves()
        assert again.said.index(THROWS_AWAY) < again.said.index(LOADS)
        assert again.ends(signal.SIGINT) == 0
    assert bodies(checkout)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("granian", "The server ended: "),
        ("manage.py", "The job worker was killed from outside"),
    ],
)
def test_when_a_part_ends_the_whole_ends_with_a_sentence(checkout, program, words):
    with checkout.start() as demo:
        demo.serves()
        part = next(
            pid for pid in demo.family()
            if program in Path(f"/proc/{pid}/cmdline").read_text()
        )  # fmt: skip
        os.kill(part, signal.SIGTERM if program == "granian" else signal.SIGKILL)

        assert demo.ends() == 1
        assert demo.said.splitlines()[-1].startswith(words)


@pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "-rm", "true"], check=False).returncode != 0,
    reason="this user may make no disks",
)
def test_a_disk_that_fills_up_while_loading_is_told_and_leaves_nothing_taken_for_whole(
    checkout,
):
    checkout.reword("demo", '"demo": 300', '"demo": 1')
    checkout.data.mkdir()
    disk = SMALL_DISK.format(size=3)
    with checkout.start(within=["unshare", "-rm", "sh", "-c", disk]) as full:
        assert full.ends() == 1
        assert full.said.splitlines()[-1].endswith(
            "the disk is full, free some space and start again."
        )
