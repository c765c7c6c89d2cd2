"""The volunteer week begins on Sunday at 00:00 in the region, whatever the hour elsewhere."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.placement.models import Round
from takatuf.placement.queries import week_of
from takatuf.placement.rounds.gathering import horizon

RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY = datetime(2026, 11, 29, tzinfo=RIYADH)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (SUNDAY, SUNDAY),
        (datetime(2026, 11, 28, 21, tzinfo=UTC), SUNDAY),  # still Saturday in Greenwich
        (datetime(2026, 11, 28, 20, 59, tzinfo=UTC), SUNDAY - timedelta(days=7)),
        (datetime(2026, 12, 5, 23, 59, tzinfo=RIYADH), SUNDAY),  # the Saturday after
        (datetime(2026, 12, 6, tzinfo=RIYADH), SUNDAY + timedelta(days=7)),
    ],
)
def test_a_week_runs_from_sunday_midnight_in_riyadh_to_the_next(moment, begins):
    assert week_of(moment) == (begins, begins + timedelta(days=7))


@given(st.integers(-3_000_000, 3_000_000))
def test_every_moment_lies_in_one_week_that_begins_so(minutes):
    moment = (SUNDAY + timedelta(minutes=minutes)).astimezone(UTC)
    start, end = week_of(moment)

    assert start <= moment < end
    assert end - start == timedelta(days=7)
    local = start.astimezone(RIYADH)
    assert (local.isoweekday(), local.hour, local.minute) == (7, 0, 0)
    assert week_of(start) == week_of(end - timedelta(microseconds=1)) == (start, end)


@pytest.mark.parametrize(("last_day", "weeks"), [(2, 1), (5, 1), (6, 2)])  # of December
def test_a_round_is_worked_out_in_whole_weeks_from_the_sunday_before(last_day, weeks):
    from_tuesday = Round(first_day=date(2026, 12, 1), last_day=date(2026, 12, last_day))

    assert horizon(from_tuesday) == (SUNDAY, weeks)
