"""Weekly repetition, spelled out as moments in the region's time. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo

MOST = 200  # shifts of one series
WEEK = 7


class TooMany(ValueError):
    """The repetition is longer than a series may be."""


def weekday(day: date) -> int:
    """0 Sunday … 6 Saturday, as the region's week runs."""
    return (day.weekday() + 1) % WEEK


def span(day: date, starts: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """``[start, end)`` on a day; an end at or before the start is on the next day."""
    start = datetime.combine(day, starts, tzinfo=zone)
    last = day + timedelta(days=1) if ends <= starts else day
    return start, datetime.combine(last, ends, tzinfo=zone)


def occurrences(
    *, weekdays: Iterable[int], starts: time, ends: time, first_day: date, last_day: date,
    zone: tzinfo,
) -> list[tuple[datetime, datetime]]:  # fmt: skip
    """Every sitting from the first to the last day, both included.

    :raises TooMany: for more than ``MOST``.
    """
    wanted = set(weekdays)
    found: list[tuple[datetime, datetime]] = []
    day = first_day
    while day <= last_day:
        if weekday(day) in wanted:
            found.append(span(day, starts, ends, zone))
            if len(found) > MOST:
                raise TooMany
        day += timedelta(days=1)
    return found
