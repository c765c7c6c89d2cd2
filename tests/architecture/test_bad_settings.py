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
        ("TAKATUF_BASE_URL", "https://example.org/x"), ("TAKATUF_SMTP_PORT", "9999999"),
        ("TAKATUF_SMS_URL", "foo-hidden"), ("TAKATUF_BASE_URL", "http://example.org:99999"),
        ("TAKATUF_SMS_URL", "https://:443/hidden"), ("TAKATUF_HOSTS", "https://volunteer.example.org"),
        ("TAKATUF_HOSTS", "a.example.org, b.example.org:8000"),
        ("TAKATUF_MAIL_FROM", "abc"), ("TAKATUF_REGION", "hail"), ("TAKATUF_REGION", ".."),
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


def test_what_the_table_of_settings_offers_is_accepted(tmp_path):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "takatuf.config.settings"}
    env |= {
        "TAKATUF_DATA_DIR": str(tmp_path), "TAKATUF_BASE_URL": "https://volunteer.example.org:8443/",
        "TAKATUF_HOSTS": "volunteer.example.org, .example.com 10.0.0.7 [::1] *",
        "TAKATUF_MAIL_FROM": "تكاتف <no-reply@example.org>", "TAKATUF_SMTP_PORT": "65535",
        "TAKATUF_SMS_URL": "https://sms.example.org/v1/send?account=7", "TAKATUF_REGION": "tabuk",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
