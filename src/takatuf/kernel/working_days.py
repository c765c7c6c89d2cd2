"""Clocks that count working days: Sunday to Thursday, in the region's own time.

Public holidays are announced from year to year and no list of them is kept here, so a term
may end on one; it is then a day or two harder on whoever has to answer, never easier.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

WEEKEND = frozenset((4, 5))  # date.weekday(): Friday, Saturday
USUAL_DAYS = 5  # to an answer to which nothing else is promised (ADR 8)


def is_working_day(day: date) -> bool:
    return day.weekday() not in WEEKEND


def add_working_days(at: datetime, days: int) -> datetime:
    """The moment that many working days later, at the same time of day.

    What begins on a weekend begins to count on the first working day after it: five days from
    a Friday end on the Thursday, at the end of that day.
    """
    local = timezone.localtime(at)
    day, left = local.date(), days
    if not is_working_day(day):
        local = local.replace(hour=23, minute=59, second=0, microsecond=0)
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return local.replace(year=day.year, month=day.month, day=day.day)


def usual_due(at: datetime) -> datetime:
    """Until when the desk answers what came in at a moment, where nothing else is promised."""
    return add_working_days(at, USUAL_DAYS)


def end_of(day: date) -> datetime:
    """The last moment of a day in the region's own time."""
    return timezone.make_aware(datetime.combine(day, time.max))
