"""What bin/test says before it does anything."""

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

SECONDS = 20  # far less than one check takes


def said(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "bin" / "test"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.mark.parametrize(
    "arguments", [("--help",), ("-h",), ("fast", "--help"), ("long", "-h"), ("-k", "x", "-h")]
)
def test_asked_for_help_it_helps_and_runs_nothing(arguments):
    answer = said(*arguments)

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("Check everything")
    assert "bin/test fast" in answer.stdout
    assert "passed" not in answer.stdout


def test_a_strange_word_is_told_at_once():
    answer = said("slow")

    assert answer.returncode
    assert "slow is neither" in answer.stdout + answer.stderr
