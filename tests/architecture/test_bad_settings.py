"""A setting that makes no sense ends the start with one sentence that names it."""

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "foo"), ("DATABASE_URL", "postgres://x:hidden@host:99999999/y"),
        ("DATABASE_URL", "mongodb://x:hidden@y/z"), ("TAKATUF_DATA_DIR", "/etc/passwd"),
        ("TAKATUF_DEBUG", "maybe"), ("TAKATUF_SMTP_PORT", "abc"),
        ("TAKATUF_IMPORT_FILE_DAYS", "-1"), ("TAKATUF_LOG_LEVEL", "LOUD"),
        ("TAKATUF_BASE_URL", "volunteer.example.org"),
    ],
)  # fmt: skip
def test_it_is_one_sentence(tmp_path, name, value):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "takatuf.config.settings"}
    env |= {"TAKATUF_DATA_DIR": str(tmp_path), name: value}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr
    assert "hidden" not in done.stderr
