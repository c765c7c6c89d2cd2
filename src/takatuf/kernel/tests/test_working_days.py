from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel.working_days import add_working_days, is_working_day


def local(day: int, hour: int = 10) -> datetime:
    """A day of March 2026, which began on a Sunday."""
    return timezone.make_aware(datetime(2026, 3, day, hour))  # noqa: DTZ001 - made aware here


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (1, 1, 2),  # Sunday to Monday
        (1, 4, 5),  # to Thursday
        (1, 5, 8),  # over the weekend to the next Sunday
        (5, 1, 8),  # Thursday to Sunday
        (6, 1, 8),  # Friday counts from Sunday
        (7, 5, 12),  # Saturday: to Thursday
    ],
)
def test_five_days_make_a_week(start, days, end):
    assert timezone.localdate(add_working_days(local(start), days)).day == end


def test_the_time_of_day_is_kept_and_a_weekend_gives_the_whole_day():
    assert add_working_days(local(1, 9), 1) == local(2, 9)
    assert timezone.localtime(add_working_days(local(6, 9), 1)).hour == 23


moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - bounds are naive
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)


@given(moments, st.integers(min_value=1, max_value=60))
def test_a_term_ends_on_a_working_day_and_has_its_length(start, days):
    end = add_working_days(start, days)

    assert is_working_day(timezone.localdate(end))
    assert _working_days_after(start, end) == days
    assert end - start >= timedelta(days=days - 1)


def _working_days_after(start, end):
    """The days after the first up to the last, weekends left out."""
    first, last = timezone.localdate(start), timezone.localdate(end)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() not in (4, 5) for day in days)
