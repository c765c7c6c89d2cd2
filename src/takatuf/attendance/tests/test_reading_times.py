"""The times and totals of a sheet's line, read together."""

from datetime import date, time, timedelta

import pytest

from takatuf.attendance.importing import read
from takatuf.imports.importers import CellProblem

DAY = date(2025, 1, 27)


def values(**more):
    return {
        "date": DAY, "end_date": None, "start_time": None, "end_time": None, "minutes": None,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("given", "minutes", "length"),
    [
        ({"start_time": time(9), "end_time": time(12)}, 180, 180),
        ({"start_time": time(9), "end_time": time(12), "minutes": 180}, 180, 180),
        ({"start_time": time(9), "end_time": time(12, 30), "minutes": 240}, 210, 210),
        ({"start_time": time(22), "end_time": time(2)}, 240, 240),
        ({"start_time": time(11), "end_time": time(2)}, 180, 180),  # the hand goes past twelve
        ({"start_time": time(8), "end_time": time(1, 30)}, 330, 330),
        ({"start_time": time(11), "end_time": time(2), "minutes": 900}, 900, 900),
        ({"start_time": time(8), "end_time": time(8), "minutes": 1440}, 1440, 1440),
        ({"minutes": 90}, 90, 90),
        ({"start_time": time(9), "minutes": 90}, 90, 90),
        ({"minutes": 1800, "end_date": DAY + timedelta(days=3)}, 1800, 1800),
        ({"start_time": time(9), "end_time": time(12), "minutes": 720,
          "end_date": DAY + timedelta(days=3)}, 720, 3 * 1440 + 180),
    ],
)  # fmt: skip
def test_times_and_totals_are_read(given, minutes, length):
    reading = read(values(**given))

    assert reading.minutes == minutes
    assert reading.ended_at - reading.started_at == timedelta(minutes=length)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"minutes": 0},
        {"start_time": time(9)},
        {"minutes": 1500},
        {"start_time": time(9), "end_time": time(12), "minutes": 211},
        {"start_time": time(9), "end_time": time(12), "minutes": 149},
        {"start_time": time(9), "end_time": time(8)},
        {"minutes": 60, "end_date": DAY - timedelta(days=1)},
        {"minutes": 60, "end_date": DAY + timedelta(days=400)},
        {"minutes": 60, "date": date(1900, 1, 1)},
    ],
)
def test_times_that_contradict_are_refused_with_a_sentence(given):
    with pytest.raises(CellProblem) as caught:
        read(values(**given))
    assert str(caught.value.args[0])
