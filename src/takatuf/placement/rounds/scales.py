"""One scale for the whole of a round: days, minutes, places on a plane, cells of a week."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from takatuf.engine.matching.region import CELLS
from takatuf.registry.enums import PARTS_OF_DAY

EPOCH = date(1970, 1, 1)
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
STEPS_A_DEGREE = 1110  # of latitude: 111 km in steps of 100 m
WIDTH = 0.88  # a degree of longitude against one of latitude, in the region
STEPS_A_KM = 10
# The last cell of the week is no time: every place touches it, and it is free for whoever may
# be proposed unasked. Who asked is not held to cells, so who only asked fits nowhere else.
UNASKED = 1 << (CELLS - 1)
EVERY_TIME = (1 << (7 * len(PARTS_OF_DAY))) - 1
PARTS = {str(part): number for number, part in enumerate(PARTS_OF_DAY)}


def minutes_since(moment: datetime, start: datetime) -> int:
    return int((moment - start).total_seconds() // 60)


def day_number(moment: date) -> int:
    return (moment - EPOCH).days


def plane(north: Any, east: Any) -> tuple[int, int]:
    return round(float(east) * WIDTH * STEPS_A_DEGREE), round(float(north) * STEPS_A_DEGREE)


def latest_birth(on: date, age: int) -> date:
    """The last birth date of those who are so old on the day."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, of a year that has none
        return date(on.year - age, 2, 28)


def cells_of(parts: Iterable[tuple[int, str]]) -> int:
    return sum(1 << (weekday * len(PARTS) + PARTS[part]) for weekday, part in parts)
