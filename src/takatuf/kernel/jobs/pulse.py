"""Whether the worker lives, read from what it leaves behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from takatuf.kernel.jobs.queue import due
from takatuf.kernel.models import PeriodicRun

SILENCE = timedelta(minutes=15)  # several rounds missed: nobody works
LATE = timedelta(minutes=5)  # a job due for so long waits for somebody


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """The last sign of life, what waits though it is due, and whose last round failed."""

    last_sign: datetime | None
    lives: bool
    late_jobs: int
    failing: list[PeriodicRun]


def pulse(*, at: datetime) -> Pulse:
    """Two queries."""
    runs = list(PeriodicRun.objects.order_by("name"))
    signs = [sign for run in runs for sign in (run.last_started, run.last_finished) if sign]
    last = max(signs, default=None)
    return Pulse(
        last_sign=last,
        lives=last is not None and last > at - SILENCE,
        late_jobs=due(at=at - LATE).count(),
        failing=[run for run in runs if run.error],
    )
