"""A PostgreSQL server to measure on, careful of every commit: prints its address, serves until Ctrl-C.

Its data stays in the folder: started again there, it goes on with what it has.
"""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from bench.house import Stop
from tests.postgres import NoPostgreSQL, start

# As an operator sets them on a machine of this size; commits are as safe as installed.
SETTINGS = (
    "max_connections=200", "shared_buffers=2GB", "work_mem=32MB", "maintenance_work_mem=512MB",
    "max_wal_size=8GB",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the data; never inside the repository")
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        address = start(folder, SETTINGS)
    except NoPostgreSQL as missing:
        raise Stop(str(missing)) from None
    _make_database(address)
    sys.stdout.write(address + "\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _make_database(address: str) -> None:
    server, _, name = address.rpartition("/")
    with (
        psycopg.connect(f"{server}/postgres", autocommit=True) as connection,
        contextlib.suppress(psycopg.errors.DuplicateDatabase),
    ):
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


if __name__ == "__main__":
    main()
