"""A PostgreSQL server to measure on, careful of every commit: prints its address, serves until Ctrl-C.

Its data stays in the folder: started again there, it goes on with what it has.
"""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

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
    try:
        sys.stdout.write(start(folder, SETTINGS) + "\n")
    except NoPostgreSQL as missing:
        raise Stop(str(missing)) from None
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    main()
