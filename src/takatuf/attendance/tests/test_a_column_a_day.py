"""Hours out of a sheet that has a column for each day, as a month's attendance is kept."""

import io
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.pages import browser as browser_of
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.sheets import limits
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import delimited, workbook
from takatuf.kernel.identities import stored_id
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
FATIMA, MAJED = "فاطمة فهد الغامدي", "ماجد سعود القحطاني"
NUMBERS = {FATIMA: "1000000008", MAJED: "2000000006"}
HEAD = ["م", "الاسم", "رقم الهوية"]
TITLE = ["كشف حضور المتطوعين لشهر مارس 2025"]
MARCH = [date(2025, 3, day) for day in (1, 2, 3)]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def people(db):
    made = {}
    for name, number in NUMBERS.items():
        stored = stored_id(number)
        made[name] = volunteer(
            full_name=name, id_hash=stored.hash, id_last_three=stored.last_three
        )
    return made


@pytest.fixture
def body():
    return BodyFactory(desk=True)


def line(name, *days):
    return [1, name, NUMBERS[name], *days]


def take(tmp_path, rows, *options) -> list[str]:
    path = tmp_path / "hours.xlsx"
    sheets = rows if isinstance(rows, dict) else {"ورقة": rows}
    path.write_bytes(rows if isinstance(rows, bytes) else workbook(sheets))
    said = io.StringIO()
    call_command("import_hours", str(path), *options, stdout=said)
    return said.getvalue().splitlines()


def kept() -> list[tuple]:
    claims = HourClaim.objects.order_by("person__full_name", "started_at")
    return [
        (claim.person.full_name, timezone.localdate(claim.started_at), claim.minutes)
        for claim in claims
    ]


EXPECTED = [
    (FATIMA, MARCH[0], 240),
    (FATIMA, MARCH[2], 210),
    (MAJED, MARCH[1], 300),
]
ROWS = [line(FATIMA, 4, None, "3:30"), line(MAJED, "غ", "٥ ساعات", "-")]


# ---------------------------------------------------------------- what is a day
@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, [*HEAD, 1, 2, 3, "المجموع"], *[[*row, 9] for row in ROWS]],
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
    assert "F3: Hours: “كثير”" in report
    assert "D4: “ح” says" in report
    assert list(ImportRow.objects.values_list("line", "column")) == [(3, 4), (3, 6), (4, 4)]
    take(tmp_path, rows, "--ticked", "3:30")
    assert (FATIMA, MARCH[0], 210) in kept()
    assert (MAJED, MARCH[0], 210) in kept()


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


# ---------------------------------------------------------------- the pages
@pytest.fixture
def browser(body):
    return browser_of(manager_of(body))


def uploaded(browser, rows) -> ImportRun:
    file = SimpleUploadedFile("حضور.xlsx", workbook({"ورقة": rows}))
    browser.post(reverse("imports:upload", args=["hours"]), {"file": file})
    return ImportRun.objects.get()


def confirm(browser, run, **changes):
    address = reverse("imports:columns", args=[run.pk])
    form = browser.get(address).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value()} | changes
    return browser.post(address, {name: value for name, value in data.items() if value})


def test_the_columns_of_days_are_offered_as_one_and_previewed_as_rows(browser):
    run = uploaded(browser, [[*HEAD, 1, 2, 3], line(FATIMA, 4, "✓", None)])
    page = browser.get(reverse("imports:columns", args=[run.pk])).content.decode()
    assert 'name="days_0"' in page
    assert 'name="column_0_1"' in page
    assert 'name="column_0_3"' not in page

    refused = confirm(browser, run)
    assert refused.status_code == 422
    assert "month_0" in refused.context["form"].errors
    assert confirm(browser, run, month_0="شيء").status_code == 422
    assert confirm(browser, run, month_0="3/2025", marked_0="كم").status_code == 422
    run.refresh_from_db()
    assert run.status == "uploaded"

    answer = confirm(browser, run, month_0="3/2025")
    run_jobs()
    preview = browser.get(answer.url)

    fields = [field.name for field in preview.context["fields"]]
    assert fields == ["name", "national_id", "date", "times", "minutes"]
    first, second = preview.context["sample"]
    assert (first["column"], second["column"]) == ("D", "E")
    assert "2025-03-01" in [value for _label, value in first["cells"]]
    assert second["outcome"] == "bad"
    assert not HourClaim.objects.exists()


def test_the_file_to_mend_holds_the_bad_days_alone(browser, tmp_path):
    rows = [[*HEAD, *MARCH], line(FATIMA, 4, "✓", "حاضر"), line(MAJED, 5, 5, 5)]
    run = uploaded(browser, rows)
    confirm(browser, run)
    run_jobs()
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    run.refresh_from_db()
    assert (run.imported, run.bad) == (4, 2)
    assert "E" in [row["column"] for row in browser.get(
        reverse("imports:run", args=[run.pk])
    ).context["rows"]]  # fmt: skip

    answer = browser.get(reverse("imports:download", args=[run.pk, "bad"]))
    sheet = next(read(io.BytesIO(b"".join(answer.streaming_content))))
    header, told = [record.cells for record in sheet.records]

    assert [cell for cell in header if isinstance(cell, date)] == MARCH
    assert told[1:6] == [FATIMA, NUMBERS[FATIMA], None, "✓", "حاضر"]
    assert "E2: " in told[-1]
    assert "F2: " in told[-1]
    mended = [*told[:4], 2, 3, told[-1]]
    assert (
        take(tmp_path, [header, mended])[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"
    )
    assert [minutes for who, _day, minutes in kept() if who == FATIMA] == [240, 120, 180]


def test_days_may_be_left_as_columns(browser):
    run = uploaded(browser, [[*HEAD, *MARCH], *ROWS])

    refused = confirm(browser, run, days_0="")

    assert refused.status_code == 422
    assert 'name="column_0_3"' in refused.content.decode()
