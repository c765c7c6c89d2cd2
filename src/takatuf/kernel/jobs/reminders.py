"""Running the ``reminders`` registry: each function by one worker at a time, when it is due.

A worker that lives keeps its turn however long it takes. One that dies in the middle leaves
the turn: it is taken up once after a few minutes and then at its usual time, for a function
that kills every worker must not do so all day.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Case, Q, Value, When
from django.utils import timezone

from takatuf.kernel.jobs.periodic import interval_of
from takatuf.kernel.models import PeriodicRun
from takatuf.kernel.registries import reminders

LEASE = timedelta(minutes=5)
LEFT = "A worker ended while this ran; it was begun once more."
log = logging.getLogger(__name__)


def run_due_reminders(*, worker: str, at: datetime) -> int:
    """Run what is due now; return how many functions ran."""
    known = {run.name: run for run in PeriodicRun.objects.all()}
    ran = 0
    for name, function in reminders:
        interval = interval_of(function)
        if not _is_due(known.get(name), interval=interval, at=at):
            continue
        if _claim(name, interval=interval, worker=worker, at=at):
            _run(name, function, worker=worker, at=at)
            ran += 1
    return ran


def _is_due(run: PeriodicRun | None, *, interval: timedelta, at: datetime) -> bool:
    """Before anything is written; ``_claim`` asks the same of the row as it then is."""
    if run is None or run.last_started is None or run.last_started <= at - interval:
        return True
    return run.lease_until is not None and run.lease_until < at and run.error != LEFT


def _claim(name: str, *, interval: timedelta, worker: str, at: datetime) -> bool:
    PeriodicRun.objects.bulk_create([PeriodicRun(name=name)], ignore_conflicts=True)
    left = Q(lease_until__lt=at)  # its worker died in the middle: it was begun, not done
    again = left & ~Q(error=LEFT)
    ready = Q(last_started__isnull=True) | Q(last_started__lte=at - interval) | again
    free = Q(lease_until__isnull=True) | left
    claimed = PeriodicRun.objects.filter(ready & free, name=name).update(
        last_started=at, worker=worker, lease_until=at + LEASE,
        error=Case(When(left, then=Value(LEFT)), default=Value("")),
    )  # fmt: skip
    return bool(claimed)


def _run(name: str, function: Callable[[datetime], int], *, worker: str, at: datetime) -> None:
    """A function that fails is tried again at its next turn; its error stays in its row."""
    count, error = 0, ""
    try:
        count = function(at) or 0
    except Exception as failure:  # one that fails must not stop the others
        error = "".join(traceback.format_exception(failure))[-4000:]
        log.exception("Periodic function %s failed", name)
    PeriodicRun.objects.filter(name=name, worker=worker).update(
        worker="", lease_until=None, last_finished=timezone.now(), last_count=count, error=error
    )


def renew_reminders(*, worker: str, at: datetime) -> None:
    """The worker lives: prolong its leases."""
    PeriodicRun.objects.filter(worker=worker).update(lease_until=at + LEASE)
