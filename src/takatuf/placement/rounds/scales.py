"""One scale for the whole of a round: days, minutes, cells of a week. Places: ``ways``."""

from collections.abc import Iterable
from datetime import date, datetime

from takatuf.engine.matching.region import CELLS
from takatuf.registry.enums import PARTS_OF_DAY

EPOCH = date(1970, 1, 1)
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
# The last cell of the week is no time: every place touches it, and it is free for whoever may
# be proposed unasked. Who asked is not held to cells, so who only asked fits nowhere else.
UNASKED = 1 << (CELLS - 1)
EVERY_TIME = (1 << (7 * len(PARTS_OF_DAY))) - 1
PARTS = {str(part): number for number, part in enumerate(PARTS_OF_DAY)}


def minutes_since(moment: datetime, start: datetime) -> int:
    return int((moment - start).total_seconds() // 60)


def day_number(moment: date) -> int:
    return (moment - EPOCH).days


def latest_birth(on: date, age: int) -> date:
    """The last birth date of those who are so old on the day."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, of a year that has none
        return date(on.year - age, 2, 28)


def cells_of(parts: Iterable[tuple[int, str]]) -> int:
    return sum(1 << (weekday * len(PARTS) + PARTS[part]) for weekday, part in parts)
