"""Hours out of a sheet that has a column for each day, as a month's attendance is kept."""

from datetime import date, time

import pytest
from django.core.management import CommandError
from django.utils import timezone

from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.month_sheets import (
    FATIMA,
    HEAD,
    MAJED,
    MARCH,
    NUMBERS,
    ROWS,
    TITLE,
    kept,
    line,
    take,
)
from takatuf.imports.models import ImportRow
from takatuf.imports.sheets import limits
from takatuf.imports.tests.sheets import delimited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people_of_the_month")]


EXPECTED = [
    (FATIMA, MARCH[0], 240),
    (FATIMA, MARCH[2], 210),
    (MAJED, MARCH[1], 300),
]


# ---------------------------------------------------------------- what is a day
@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, [*HEAD, 1, 2, 3, "المجموع"], [*ROWS[0], 7.5], [*ROWS[1], "5"]],
        [TITLE, [*HEAD, "١", "٢", "٣"], *ROWS],
        [TITLE, ["آخر تحديث: 0000-00-00"], [*HEAD, 1, 2, 3], *ROWS],
        [TITLE, ["من 1/1/0001"], [*HEAD, 1, 2, 3], *ROWS],
        [TITLE, [*HEAD, "اليوم 1", "اليوم 2", "اليوم 3"], *ROWS],
        [[*HEAD, *MARCH], *ROWS],
        [[*HEAD, "2025/3/1", "2025/3/2", "2025/3/3"], *ROWS],
        [[*HEAD, "3/1/2025", "3/2/2025", "3/3/2025"], *ROWS],  # the month first
        [TITLE, [*HEAD, "السبت 1/3", "الأحد 2/3", "الاثنين 3/3"], *ROWS],
        [[*HEAD, "1/9/1446هـ", "2/9/1446هـ", "3/9/1446هـ"], *ROWS],
        [["شهر رمضان 1446هـ"], [*HEAD, 1, 2, 3], *ROWS],
        [TITLE, [*HEAD, "1 مارس", "2 مارس", "3 مارس"], *ROWS],
        [TITLE, HEAD, [None, None, None, 1, 2, 3], *ROWS],  # under the names
        [TITLE, [None, None, None, 1, 2, 3], [*HEAD, "السبت", "الأحد", "الاثنين"], *ROWS],
        [TITLE, [*HEAD, 1, 2, 3], *ROWS, [None, "المجموع", None, 4, 5, 3.5]],
        [TITLE, [*HEAD, 1, 2, 3], ROWS[0], [*HEAD, 1, 2, 3], ROWS[1]],  # the header again
    ],
)
def test_each_cell_below_a_day_is_a_row(tmp_path, body, rows):
    said = take(tmp_path, rows)

    assert said[-1] == "imported 3, bad 0, duplicates 0, unchanged 0"
    assert kept() == EXPECTED


def test_a_file_of_text_is_read_alike(tmp_path, body):
    rows = [TITLE, [*HEAD, 1, 2, 3], *ROWS]

    assert take(tmp_path, delimited(rows))[-1] == "imported 3, bad 0, duplicates 0, unchanged 0"
    assert kept() == EXPECTED


def test_a_sheet_a_month_each_in_its_own(tmp_path, body):
    sheets = {
        "مارس 2025": [[*HEAD, 1, 2, 3], line(FATIMA, 4, None, None)],
        "أبريل 2025": [[*HEAD, 1, 2, 3], line(FATIMA, 5, None, None)],
    }

    take(tmp_path, sheets)

    assert kept() == [(FATIMA, MARCH[0], 240), (FATIMA, date(2025, 4, 1), 300)]


def test_a_cell_may_say_from_when_until_when(tmp_path, body):
    take(tmp_path, [[*HEAD, *MARCH], line(FATIMA, "8:00 - 12:30", None, time(4, 0))])

    first, second = HourClaim.objects.order_by("started_at")
    assert timezone.localtime(first.started_at).time() == time(8)
    assert (first.minutes, second.minutes) == (270, 240)


def test_a_cell_may_leave_open_of_which_half_of_the_day_it_speaks(tmp_path, body):
    cells = ["4-7", "٤ – ٧ م", "٤-٤"]

    assert take(tmp_path, [[*HEAD, *MARCH], line(FATIMA, *cells)])[-1].startswith(
        "imported 2, bad 1"
    )

    unsaid, said = HourClaim.objects.order_by("started_at")
    assert (unsaid.minutes, said.minutes) == (180, 180)
    assert timezone.localtime(unsaid.started_at).time() == time(0)  # as a length alone is kept
    assert timezone.localtime(said.started_at).time() == time(16)
    report = (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")
    assert "F2: Hours: “٤-٤”: Write how long it takes as 3.5" in report


def test_a_stretch_past_noon_is_no_night(tmp_path, body):
    take(
        tmp_path, [[*HEAD, *MARCH], line(FATIMA, "11:00 - 2:00", "9:00 - 1:00", "22:00-02:00")]
    )

    assert [minutes for _who, _day, minutes in kept()] == [180, 240, 240]
    began = HourClaim.objects.order_by("started_at").values_list("started_at", flat=True)
    clock = [timezone.localtime(at).time() for at in began]
    assert clock == [time(0), time(0), time(22)]  # at no hour of the day, but for the night


def test_what_the_program_made_a_date_of_is_told_so(tmp_path, body):
    rows = [[*HEAD, *MARCH], line(FATIMA, 4, date(2025, 7, 4), None)]

    assert take(tmp_path, rows)[-1].startswith("imported 1, bad 1")

    report = (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")
    assert "E2: Hours: “2025-07-04”: The spreadsheet program has made a date of" in report


def test_a_second_time_changes_nothing_in_either_layout(tmp_path, body):
    take(tmp_path, [[*HEAD, *MARCH], *ROWS])
    before = list(HourClaim.objects.order_by("pk").values())

    again = take(tmp_path, [TITLE, [*HEAD, 1, 2, 3], *ROWS])
    turned = [
        ["الاسم", "رقم الهوية", "التاريخ", "الساعات"],
        [FATIMA, NUMBERS[FATIMA], MARCH[0], 4],
    ]

    assert again[-1] == "imported 0, bad 0, duplicates 0, unchanged 3"
    assert take(tmp_path, turned)[-1] == "imported 0, bad 0, duplicates 0, unchanged 1"
    assert list(HourClaim.objects.order_by("pk").values()) == before


# ---------------------------------------------------------------- what cannot be taken
def test_a_tick_needs_its_hours_and_is_named_by_its_cell(tmp_path, body):
    rows = [TITLE, [*HEAD, 1, 2, 3], line(FATIMA, "✓", 4, "كثير"), line(MAJED, "ح", None, None)]

    said = take(tmp_path, rows)

    assert said[-1] == "imported 1, bad 3, duplicates 0, unchanged 0"
    report = (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")
    assert "D3: “✓” says that somebody was there, not for how long" in report
    assert "under “Hours of a day that is only ticked”" in report
    assert "F3: Hours: “كثير”" in report
    assert "D4: “ح” says" in report
    assert list(ImportRow.objects.values_list("line", "column")) == [(3, 4), (3, 6), (4, 4)]
    take(tmp_path, rows, "--ticked", "3:30")
    assert (FATIMA, MARCH[0], 210) in kept()
    assert (MAJED, MARCH[0], 210) in kept()


ONES = [[*HEAD, *MARCH], line(FATIMA, 1, 0, "١"), line(MAJED, None, "1", "٠")]
ONES_KEPT = [(FATIMA, MARCH[0]), (FATIMA, MARCH[2]), (MAJED, MARCH[1])]


def test_ones_and_noughts_alone_are_ticks(tmp_path, body):
    said = take(tmp_path, ONES)
    assert said[-1] == "imported 0, bad 3, duplicates 0, unchanged 0"
    assert any(text.startswith("1 and 0 below the days are ticks") for text in said)
    report = (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")
    assert "F2: “١” says that somebody was there" in report

    take(tmp_path, ONES, "--ticked", "4")

    assert kept() == [(*one, 240) for one in ONES_KEPT]


@pytest.mark.parametrize(
    "more",
    [
        [line(MAJED, 3, None, 5)],  # in another line of the sheet
        [[*line(MAJED), "4 ساعات"]],
        [*[line(FATIMA)] * 300, line(MAJED, 2)],  # far below
    ],
)
def test_beside_other_figures_a_one_is_an_hour(tmp_path, body, more):
    said = take(tmp_path, [[*HEAD, *MARCH], line(FATIMA, 1, 0, None), *more])

    assert "figures below the days are hours in “ورقة”" in said
    assert (FATIMA, MARCH[0], 60) in kept()


def test_each_sheet_says_by_itself_what_its_ones_are(tmp_path, body):
    sheets = {"مارس": ONES, "أبريل": [ONES[0], line(MAJED, 1, None, 3)]}

    assert take(tmp_path, sheets, "--ticked", "4")[-1].startswith("imported 5, bad 0")

    assert (MAJED, MARCH[0], 60) in kept()
    assert (MAJED, MARCH[1], 240) in kept()


def test_ones_may_be_hours_after_all(tmp_path, body):
    take(tmp_path, ONES, "--figures", "hours")

    assert kept() == [(*one, 60) for one in ONES_KEPT]


def test_a_ticks_sheet_with_totals_and_its_header_again_is_one_still(tmp_path, body):
    rows = [*ONES, [None, "المجموع", None, 1, 1, 1], [*HEAD, *MARCH], line(MAJED, 1)]

    assert take(tmp_path, rows, "--ticked", "4")[-1].startswith("imported 4, bad 0")


def test_ticks_with_totals_without_a_word_are_ticks(tmp_path, body):
    totals = [None, None, None, 2, 1, 2]
    rows = [ONES[0], line(FATIMA, 1, 0, 1), line(MAJED, 1, 1, 1), totals]

    unsaid = take(tmp_path, rows)
    assert unsaid[-1] == "imported 0, bad 5, duplicates 0, unchanged 0"
    said = take(tmp_path, rows, "--ticked", "4")

    assert said[-1] == "imported 5, bad 0, duplicates 0, unchanged 0"
    assert {minutes for _who, _day, minutes in kept()} == {240}


def test_beside_other_figures_a_one_may_be_said_to_be_a_tick(tmp_path, body):
    rows = [[*HEAD, *MARCH], line(FATIMA, 1, 0, 3)]

    take(tmp_path, rows, "--figures", "ticks", "--ticked", "4")

    assert kept() == [(FATIMA, MARCH[0], 240), (FATIMA, MARCH[2], 180)]


def test_ticks_are_as_long_as_the_rows_own_times(tmp_path, body):
    rows = [
        [*HEAD, "من", "إلى", *MARCH],
        [1, FATIMA, NUMBERS[FATIMA], "8:00", "11:00", "✓", None, "حاضر"],
    ]

    assert take(tmp_path, rows)[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"
    assert kept() == [(FATIMA, MARCH[0], 180), (FATIMA, MARCH[2], 180)]


def test_a_day_the_month_has_not_is_bad_where_somebody_wrote_in_it(tmp_path, body):
    rows = [["شهر 2 لعام 2025"], [*HEAD, 28, 29, 30], line(FATIMA, 4, 4, None)]

    assert take(tmp_path, rows)[-1] == "imported 1, bad 1, duplicates 0, unchanged 0"
    assert kept() == [(FATIMA, date(2025, 2, 28), 240)]


def test_the_month_is_asked_for_where_nothing_says_it(tmp_path, body):
    rows = [[*HEAD, 1, 2, 3], *ROWS]
    with pytest.raises(CommandError, match="month"):
        take(tmp_path, rows)
    assert not HourClaim.objects.exists()

    take(tmp_path, rows, "--month", "3/2025")

    assert kept() == EXPECTED
    for wrong in (("--month", "مارس"), ("--ticked", "كثير")):
        with pytest.raises(CommandError, match=wrong[0]):
            take(tmp_path, rows, *wrong)


@pytest.mark.parametrize(
    "rows",
    [
        [[*HEAD, "السبت", "الأحد", "الاثنين"], *ROWS],  # no dates
        [  # from and until under each day
            [None, None, None, MARCH[0], None, MARCH[1], None, MARCH[2], None],
            [*HEAD, *["دخول", "خروج"] * 3],
            line(FATIMA, *["8:00", "12:00"] * 3),
        ],
        [[*HEAD, MARCH[0], None, MARCH[1], None, MARCH[2]], line(FATIMA, 8, 12, 8, 12, 8)],
    ],
)
def test_what_cannot_be_read_is_told_how_to_turn(tmp_path, body, rows):
    with pytest.raises(CommandError, match="one row for each person and day"):
        take(tmp_path, rows)

    assert not HourClaim.objects.exists()


def test_more_days_than_a_file_may_have_are_told_before_any_is_taken(
    tmp_path, body, monkeypatch
):
    monkeypatch.setattr(limits, "MOST_ROWS", 2)  # of the days; the sheet was read in a child

    with pytest.raises(CommandError, match="more filled days"):
        take(tmp_path, [[*HEAD, *MARCH], *ROWS])

    assert not HourClaim.objects.exists()


def test_more_hours_than_a_day_has_name_the_day(tmp_path, body):
    rows = [[*HEAD, *MARCH], line(FATIMA, 4, 26, None)]

    assert take(tmp_path, rows)[-1].startswith("imported 1, bad 1")

    report = (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")
    assert "E2: 26 hours on 2025-03-02 are more than a day has: write the hours of" in report
