from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.opportunities.weekly import MOST, TooMany, occurrences, weekday

RIYADH = ZoneInfo("Asia/Riyadh")


def test_the_week_begins_on_sunday():
    assert [weekday(date(2026, 11, 22) + timedelta(days=n)) for n in range(7)] == list(range(7))


def test_a_series_spells_out_its_days():
    found = occurrences(
        weekdays=[1, 3], starts=time(16), ends=time(20), first_day=date(2026, 11, 23),
        last_day=date(2026, 12, 2), zone=RIYADH,
    )  # fmt: skip

    assert [start.date().isoformat() for start, _end in found] == [
        "2026-11-23", "2026-11-25", "2026-11-30", "2026-12-02",
    ]  # fmt: skip
    assert found[0] == (
        datetime(2026, 11, 23, 16, tzinfo=RIYADH),
        datetime(2026, 11, 23, 20, tzinfo=RIYADH),
    )


def test_a_shift_may_cross_midnight():
    [(start, end)] = occurrences(
        weekdays=[4], starts=time(22), ends=time(2), first_day=date(2026, 11, 26),
        last_day=date(2026, 11, 26), zone=RIYADH,
    )  # fmt: skip

    assert end - start == timedelta(hours=4)
    assert end.date() == date(2026, 11, 27)


def test_a_series_of_more_than_two_hundred_is_refused():
    with pytest.raises(TooMany):
        occurrences(
            weekdays=range(7), starts=time(8), ends=time(9), first_day=date(2026, 1, 1),
            last_day=date(2026, 1, 1) + timedelta(days=MOST), zone=RIYADH,
        )  # fmt: skip


@given(
    st.sets(st.integers(0, 6)), st.times(), st.times(),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 180),
)  # fmt: skip
def test_every_sitting_is_on_a_wanted_day_within_the_period_and_ends_after_it_starts(
    weekdays, starts, ends, first, days
):
    last = first + timedelta(days=days)

    found = occurrences(
        weekdays=weekdays, starts=starts, ends=ends, first_day=first, last_day=last, zone=RIYADH
    )

    assert all(weekday(start.date()) in weekdays for start, _end in found)
    assert all(first <= start.date() <= last for start, _end in found)
    assert all(timedelta(0) < end - start <= timedelta(days=1) for start, end in found)
    assert found == sorted(set(found))
    assert len(found) == sum(
        weekday(first + timedelta(days=n)) in weekdays for n in range(days + 1)
    )
