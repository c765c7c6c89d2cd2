"""Real processes that take rows, killed with SIGKILL again and again until one gets through."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

import takatuf
from takatuf.imports import commands
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.tests.runs import AT, checked, figures
from takatuf.imports.tests.sheets import HEADER, guests
from takatuf.kernel.models import Evidence

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TAKE = """
import sys, time, django
django.setup()
from takatuf.imports import work
from takatuf.imports.tests.importing import GuestImporter
from takatuf.kernel.registries import importers

class Slow(GuestImporter):
    def apply(self, entries, run):
        done = super().apply(entries, run)
        time.sleep(0.02)
        return done

importers._items.clear()
importers.add("guests", Slow())
work.CHUNK = 5
print("ready", flush=True)
work.take_import.func(int(sys.argv[1]))
"""
ROWS = 200
DEATHS = 6


def start(run, database_url: str) -> subprocess.Popen:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "takatuf.config.settings",
        "DATABASE_URL": database_url,
        "TAKATUF_SECRET_KEY": settings.SECRET_KEY,
        "TAKATUF_DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
        "PYTHONPATH": str(Path(takatuf.__file__).parents[1]),
    }
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", TAKE, str(run.pk)], env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    return process


def test_each_row_is_taken_exactly_once_however_often_the_worker_dies(
    database_url, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = guests(ROWS)
    run = checked([HEADER, *rows[:150], rows[3], *rows[150:], ["", "1", ""]])
    commands.start(run=run, by=None, at=AT)
    deaths = 0
    while ImportRun.objects.get(pk=run.pk).status == "running":
        process = start(run, database_url)
        before = ImportRun.objects.get(pk=run.pk).processed
        if deaths < DEATHS:
            while process.poll() is None and (
                ImportRun.objects.get(pk=run.pk).processed < before + 10
            ):
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert process.returncode in (0, -signal.SIGKILL), "a worker died of its own accord"
        deaths += process.returncode == -signal.SIGKILL
        seen = ImportRun.objects.get(pk=run.pk)
        assert Evidence.objects.count() == ImportedRow.objects.count() == seen.imported

    run.refresh_from_db()
    assert deaths == DEATHS
    assert run.status == "done"
    assert figures(run) == {"imported": ROWS, "bad": 1, "duplicates": 1, "unchanged": 0}
    assert Evidence.objects.values("sha256").distinct().count() == ROWS
    assert ImportRow.objects.count() == 2
