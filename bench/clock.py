"""Processor time, which neighbours on a busy machine do not stretch as they stretch the clock's."""

import time
from pathlib import Path
from typing import Any


def seconds_of(pid: int) -> float:
    """What a process of this machine has spent so far, over all its living threads."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def backends(connection: Any) -> list[int]:
    """PostgreSQL's processes behind the connections to this database; none on SQLite.

    They are found only where the server runs on this machine.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall() if Path(f"/proc/{pid}").exists()]


class Spent:
    """Processor seconds of this thread and of the process behind its connection."""

    def __init__(self, connection: Any):
        self._backend = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self._backend,) = cursor.fetchone()

    def seconds(self) -> float:
        return time.thread_time() + (seconds_of(self._backend) if self._backend else 0)
