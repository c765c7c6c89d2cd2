"""Keeping worker processes alive: one that dies is started again, each time a bit later."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import takatuf

SOURCE = Path(takatuf.__file__).resolve().parent.parent
LOOK = 0.5  # seconds between looks at the children
PATIENCE = 60.0  # seconds a child has to finish its job when told to stop
SLOWEST = 30.0
STEADY = 10.0  # a child that lived so long starts again without delay
log = logging.getLogger(__name__)


class Child:
    """One place for a worker process, whoever fills it at the moment."""

    def __init__(self, queues: list[str]):
        self.queues = queues
        self.quick_deaths = 0
        self.start_at = 0.0
        self.started = 0.0
        self.process: subprocess.Popen | None = None

    def keep_alive(self) -> None:
        if self.process and self.process.poll() is None:
            return
        if self.process:
            self._note_death(self.process)
        if time.monotonic() >= self.start_at:
            self._start()

    def _start(self) -> None:
        path = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "django", "work", "--child-of", str(os.getpid())]
        for queue in self.queues:
            command += ["--queue", queue]
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
            command, env={**os.environ, "PYTHONPATH": path}, start_new_session=True
        )
        self.started = time.monotonic()

    def _note_death(self, dead: subprocess.Popen) -> None:
        lived = time.monotonic() - self.started
        self.quick_deaths = 0 if lived > STEADY else self.quick_deaths + 1
        wait = min(2.0 ** (self.quick_deaths - 1), SLOWEST) if self.quick_deaths else 0.0
        self.start_at = time.monotonic() + wait
        log.warning(
            "Worker %s ended with %s; another starts in %.0f s",
            dead.pid, dead.returncode, wait,
        )  # fmt: skip
        self.process = None

    def stop(self, *, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Its job goes back to the queue when the lease ends; atomic work leaves no trace.
            self.process.kill()
            self.process.wait()

    def tell_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()


class Supervisor:
    """``manage.py work``: starts the workers, watches them, passes a stop signal on."""

    def __init__(self, *, processes: int, queues: list[str]):
        self.children = [Child(queues) for _ in range(processes)]
        self.stopping = threading.Event()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            for child in self.children:
                child.keep_alive()
            self.stopping.wait(LOOK)
        for child in self.children:
            child.tell_to_stop()
        until = time.monotonic() + PATIENCE
        for child in self.children:
            child.stop(until=until)
