"""Jobs that stop in the middle, for workers that are killed there."""

import os
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from takatuf.kernel.jobs import task
from takatuf.kernel.models import Sequence
from takatuf.kernel.notices import Notice, receives

MEETING_PLACE = "TAKATUF_TEST_MEETING_PLACE"


def halt(moment: str) -> None:
    """Say that the moment is reached and stay there while the test wants it."""
    folder = Path(os.environ[MEETING_PLACE])
    if (folder / f"halt-{moment}").exists():
        (folder / "reached").touch()
        while (folder / f"halt-{moment}").exists():
            time.sleep(0.01)


def take_effect(kind: str) -> None:
    halt("before")
    Sequence.objects.create(kind=kind, scope=uuid.uuid4().hex, year=2026)
    halt("after")


@task()
def effect() -> None:
    take_effect("job")


@task(atomic=False)
def naive_effect() -> None:
    take_effect("naive")


@task()
def short_effect() -> None:
    Sequence.objects.create(kind="short", scope=uuid.uuid4().hex, year=2026)


@task(atomic=False)
def counted_run() -> None:
    Sequence.objects.create(kind="run", scope=uuid.uuid4().hex, year=2026)


@dataclass(frozen=True, kw_only=True)
class HeardOfKilling(Notice, name="kernel.tests.heard_of_killing"):
    number: int


@receives(HeardOfKilling)
def hear(notice: HeardOfKilling) -> None:
    take_effect("notice")


@transaction.atomic
def remind(at: datetime) -> int:
    """A periodic command: idempotent, as they all must be."""
    if not Sequence.objects.filter(kind="reminder").exists():
        take_effect("reminder")
    return 1
