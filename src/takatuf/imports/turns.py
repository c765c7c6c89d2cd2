"""One file at a time is read, or written, while somebody waits for the page.

A list of a hundred thousand rows takes seconds of a processor, and a page has few threads: four
such files at once would stop the site. What is read by jobs does not wait here.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError

FILE = "reading.lock"
PATIENCE = 2.5  # seconds: most reading is over by then, and no page waits longer
LOOK = 0.05  # seconds between two looks


class NotNow(DomainError):
    """Another file is being read."""


@contextmanager
def turn() -> Iterator[None]:
    """Of all processes of this machine one has it; a process that ends gives it back.

    :raises NotNow: if another one has it for longer than ``PATIENCE``.
    """
    with (settings.DATA_DIR / FILE).open("w") as file:
        until = time.monotonic() + PATIENCE
        while not _has(file):
            if time.monotonic() >= until:
                raise NotNow(
                    _(
                        "Another file is being read at the moment. Wait a minute, then try "
                        "again."
                    ),
                    field="file",
                )
            time.sleep(LOOK)
        yield


def _has(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
