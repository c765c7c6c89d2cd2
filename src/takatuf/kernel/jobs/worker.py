"""The loop of one worker process."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.utils import timezone

from takatuf.kernel.jobs import queue
from takatuf.kernel.jobs.reminders import renew_reminders, run_due_reminders

IDLE = 1.0  # seconds between looks at an empty queue
TEND = 5.0  # seconds between rescues and looks at what is periodic
BEAT = queue.LEASE.total_seconds() / 3
AFTER_TROUBLE = 3.0
log = logging.getLogger(__name__)


def worker_name() -> str:
    """Unique over machines, processes and restarts."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """Claims and runs jobs one after another until told to stop; a thread keeps its leases."""

    def __init__(self, *, queues: list[str] | None = None, parent: int | None = None):
        self.name = worker_name()
        self.queues = queues
        self.parent = parent  # the supervisor: without it this process ends too
        self.stopping = threading.Event()
        self._tended = float("-inf")

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT: finish the job at hand, start no other."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())

    def run_until_stopped(self) -> None:
        with self._beating():
            while not self._must_stop():
                if not _survived(self._step):
                    self.stopping.wait(AFTER_TROUBLE)

    def run_once(self) -> int:
        """Everything that is due, then return how many jobs ran."""
        queue.rescue(at=timezone.now())
        run_due_reminders(worker=self.name, at=timezone.now())
        count = 0
        with self._beating():
            while not self._must_stop() and self._run_next():
                count += 1
        return count

    def _must_stop(self) -> bool:
        if self.parent is not None and os.getppid() != self.parent:
            return True
        return self.stopping.is_set()

    def _step(self) -> None:
        if time.monotonic() - self._tended > TEND:
            self._tended = time.monotonic()
            if rescued := queue.rescue(at=timezone.now()):
                log.warning("%s jobs of workers that died were put back", rescued)
            run_due_reminders(worker=self.name, at=timezone.now())
        if not self._run_next():
            self.stopping.wait(IDLE)

    def _run_next(self) -> bool:
        job = queue.claim(worker=self.name, at=timezone.now(), queues=self.queues)
        if job is None:
            return False
        if error := queue.run(job):
            log.error("%s: %s", job, error, exc_info=error)
        return True

    @contextmanager
    def _beating(self) -> Iterator[None]:
        heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        heart.start()
        try:
            yield
        finally:
            self.stopping.set()
            heart.join()

    def _beat(self) -> None:
        while not self.stopping.wait(BEAT):
            _survived(self._renew)
        connections.close_all()

    def _renew(self) -> None:
        queue.renew(worker=self.name, at=timezone.now())
        renew_reminders(worker=self.name, at=timezone.now())


def _survived(step: Callable[[], None]) -> bool:
    """Run one step; a database that is away for a while must not end the worker."""
    try:
        close_old_connections()
        step()
    except OperationalError as problem:  # a line each time, not the whole story
        said = str(problem).strip().partition("\n")[0]
        log.warning("The database did not answer; trying again: %s", said)
    except DatabaseError:
        log.exception("The database did not answer; trying again")
    else:
        return True
    connection.close()
    return False
