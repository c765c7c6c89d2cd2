"""The repository works anywhere: no path of one machine, no address of one package index."""

import re
import subprocess

import pytest

from tests.architecture.source import ROOT

PATHS = re.compile(r"(?<![\w.$}])/(?:root|home|Users|work)/\w+")
LOCK_ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")
TEXT = {".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".in", ".sh", ".csv", ".po", ""}


def committed_texts():
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in TEXT and path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_path_of_one_machine():
    found = [
        f"{name}: {match.group()}"
        for name, text in committed_texts()
        for match in PATHS.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_the_locks_name_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert not LOCK_ADDRESS.search(lock.read_text()), lock.name


def test_a_path_of_one_machine_is_seen():
    assert PATHS.search("see " + "/home" + "/somebody/notes")
    assert not PATHS.search("https://example.org/home/page")
