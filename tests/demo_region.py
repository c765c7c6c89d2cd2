"""The demo's region, small, for every test that looks at a whole region: loaded once."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from takatuf.demo import world
from tests import databases

SMALL = world.Scale(volunteers=300, bodies=22, teams=6, past=16, present=30)
MINUTES = 30  # by then its today is no more the day that tests ask about


@pytest.fixture
def demo_region(request, django_db_blocker, settings, monkeypatch, tmp_path) -> Iterator[Path]:
    """The database as ``load_demo`` leaves it; instead of ``db``, undone after the test.

    :returns: the folder with what was written beside the rows
    """
    request.getfixturevalue("django_db_setup")
    monkeypatch.setitem(world.SCALES, "demo", SMALL)
    settings.DEMO, settings.DATA_DIR, settings.MEDIA_ROOT = True, tmp_path, tmp_path
    with django_db_blocker.unblock():
        if request.config.getoption("--clock"):  # its own today, at each test anew
            with undone():
                load()
                yield tmp_path
            return
        kind = _kind()
        files = databases.FOLDER / kind
        with databases.opened(databases.take(kind, lambda: _load_into(files, settings))):
            shutil.copytree(files, tmp_path, dirs_exist_ok=True)
            settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
            with undone():
                yield tmp_path


def _kind() -> str:
    """One for each half hour of the region's clock, so that midnight begins another."""
    now = timezone.localtime()
    return f"demo_{now:%d_%H}_{now.minute // MINUTES}"


def _load_into(folder: Path, settings) -> None:
    folder.mkdir(exist_ok=True)
    settings.DATA_DIR = settings.MEDIA_ROOT = folder
    load()


def load() -> None:
    call_command("load_demo", verbosity=0, stdout=StringIO())


class undone:  # noqa: N801 - reads as what it does
    """A transaction that is rolled back, as around a test of Django's own."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block._from_testcase = True  # a command may be durable in here
        self.block.__enter__()

    def __exit__(self, kind, error, trace):
        transaction.set_rollback(True)
        self.block.__exit__(kind, error, trace)
