"""The product's own server as an operator runs it, and what it spends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clock import seconds_of
from bench.house import ROOT, Stop

WORKERS, BLOCKING_THREADS = 2, 2
PATIENCE_SECONDS = 120
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer: children of the one started, or itself."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in children] or [self.pid]

    def cpu_seconds(self) -> float:
        """What the workers have spent so far, user and kernel, over all their threads."""
        return sum(seconds_of(pid) for pid in self.workers())

    def megabytes(self) -> list[float]:
        """Resident memory of each worker."""
        found = []
        for pid in self.workers():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
            found.append(int(kilobytes) / 1024)
        return found


@contextmanager
def serve(variables: Mapping[str, str], settings: str = "bench.settings") -> Iterator[Server]:
    """Start granian with two workers on a free port; stop it at the end."""
    port = _free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST,
        "--port", str(port), "--workers", str(WORKERS),
        "--blocking-threads", str(BLOCKING_THREADS), "takatuf.config.wsgi:application",
    ]  # fmt: skip
    env = os.environ | variables | {"DJANGO_SETTINGS_MODULE": settings}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(process: subprocess.Popen, port: int, log) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
            connection.request("GET", "/ui/", headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    log.seek(0)
    raise Stop("The server does not answer:\n" + log.read().decode()[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
