"""One line in somebody's queue: what waits, until when, and the one act that answers it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class DeskItem:
    """Contributed through ``kernel.registries.desk_items``.

    A contribution is ``function(person, offices, at) -> list[DeskItem]``; ``offices`` are the
    person's offices in force, so that ten contributions do not each ask for them.

    :param title: one line, with its number already in it.
    :param detail: the reason in one line.
    :param action: words on the button.
    :param url: where it leads.
    :param label: two words on the badge, such as the clock or the kind.
    :param tone: neutral, warn or bad.
    :param due_at: until when, by which the queue is sorted: never the moment it came in, at
        which nothing is due yet. None sorts last.
    :param main: it stands before others that are due at the same moment.
    """

    title: str
    detail: str
    action: str
    url: str
    label: str
    tone: str = "neutral"
    due_at: datetime | None = None
    main: bool = False
