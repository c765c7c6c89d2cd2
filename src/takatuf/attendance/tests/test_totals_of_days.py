"""The totals a sheet with a column a day keeps itself, beside what is read of it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.month_sheets import (
    FATIMA,
    HEAD,
    MAJED,
    MARCH,
    kept,
    line,
    take,
)
from takatuf.attendance.tests.pages import browser as browser_of
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import delimited, workbook
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement.tests.factories import manager_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people_of_the_month")]
TOTALLED = [*HEAD, *MARCH, "المجموع"]


def report(tmp_path) -> str:
    return (tmp_path / "hours.xlsx.report.csv").read_text("utf-8-sig")


def test_a_line_whose_total_differs_is_to_be_mended_whole(tmp_path, body):
    rows = [TOTALLED, line(FATIMA, 4, None, 4, 12), line(MAJED, 3, 3, None, 6)]

    said = take(tmp_path, rows)

    assert said[-1] == "imported 2, bad 1, duplicates 0, unchanged 0"
    assert {who for who, _day, _minutes in kept()} == {MAJED}
    assert "G2: The days make 8:00 hours, the total says 12:00: put one right." in report(
        tmp_path
    )
    rows[1][-1] = 8
    assert take(tmp_path, rows)[-1] == "imported 2, bad 0, duplicates 0, unchanged 2"


@pytest.mark.parametrize(
    ("days", "total"),
    [
        ([4, 3.5, None], 8),  # rounded to the hour
        (["3:20", "3:20", "3:20"], 10),
        ([4, 3.5, None], timedelta(hours=7.5)),
        ([4, 5, None], 2),  # the days were counted
        ([4, 4, 4], 4),  # how long each was
        ([4, 5, None], "#REF!"),
        ([4, 5, None], "انظر الملاحظات"),
        ([4, 5, None], None),
        ([4, 5, "كثير"], 30),  # what cannot be read is told by itself
    ],
)
def test_a_total_that_may_be_what_the_days_make_keeps_nobody_out(tmp_path, body, days, total):
    take(tmp_path, [TOTALLED, line(FATIMA, *days, total)])

    assert HourClaim.objects.count() == len([day for day in days if day and day != "كثير"])
    assert "the total says" not in report(tmp_path)


def test_a_total_beside_empty_days_is_told(tmp_path, body):
    rows = [TOTALLED, line(FATIMA, None, None, None, 12), line(MAJED, None, "غ", None, 0)]

    assert take(tmp_path, rows)[-1] == "imported 0, bad 1, duplicates 0, unchanged 0"
    assert "G2: The days make 0:00 hours, the total says 12:00" in report(tmp_path)


def test_the_comparison_may_be_left_out(tmp_path, body):
    rows = [TOTALLED, line(FATIMA, 4, None, 4, 12)]

    assert take(tmp_path, rows, "--map", "المجموع=")[-1].startswith("imported 2, bad 0")


# ---------------------------------------------------------------- below the days
LINES = [line(FATIMA, 4, None, 4, 8), line(MAJED, 3, 3, None, 6)]


@pytest.mark.parametrize(
    "totals",
    [
        [None, "المجموع", None, 7, 3, 4, 14],
        [None, "مجموع ساعات اليوم", "التوقيع: المشرف", 7, 3, 4, 14],
        [None, "المجموع", None, 2, 1, 1, 4],  # how many were there
        [None, "المتوسط", None, 3.5, 3, 4, 7],
        [None, "عدد الحضور", None, 2, 1, 1, None],
        [None, None, None, 7, 3, 4, 14],  # without a word
    ],
)
def test_a_row_of_totals_is_nobody(tmp_path, body, totals):
    said = take(tmp_path, [TOTALLED, *LINES, totals])

    assert said[-1] == "imported 4, bad 0, duplicates 0, unchanged 0"
    assert not ImportRow.objects.exists()


WORKS = [*HEAD, "اسم الفرصة", *MARCH]
VISITS = [[*line(FATIMA), "زيارة", 4, None, 4], [*line(MAJED), "زيارة", 3, 3, None]]


@pytest.mark.parametrize("work", ["المتوسط", "عدد المشاركين", "الإجمالي"])
def test_an_opportunity_called_as_a_total_keeps_nobody_out(tmp_path, body, work):
    rows = [WORKS, [*line(FATIMA), work, 4, None, 4], VISITS[1]]

    assert take(tmp_path, delimited(rows))[-1].startswith("imported 4, bad 0")
    assert {who for who, _day, _minutes in kept()} == {FATIMA, MAJED}


@pytest.mark.parametrize(
    "row",
    [
        [None, "المجموع", None, "زيارة", 7, 3, 5],  # of one opportunity, or of somebody
        [None, None, None, "المتوسط", 3, 3, 5],  # or somebody's whose name is missing
    ],
)
def test_what_may_be_a_total_or_somebody_is_to_be_mended(tmp_path, body, row):
    assert take(tmp_path, [WORKS, *VISITS, row])[-1].startswith("imported 4, bad 3")


def test_a_number_beside_a_total_is_somebodys(tmp_path, body):
    rows = [TOTALLED, *LINES, [None, "المجموع", "1000000008", 7, 5, 9, None]]

    assert take(tmp_path, rows)[-1].startswith("imported 4, bad 3")


@pytest.mark.parametrize("given", ["ماجد", None])
def test_a_family_called_as_a_total_is_one(tmp_path, body, given):
    head = ["الاسم الأول", "اسم العائلة", *MARCH]
    rows = [head, ["فاطمة", "الغامدي", 4, 4, 4], [given, "المتوسط", 3, 2, 1]]

    said = take(tmp_path, rows)[-1]

    assert said.startswith("imported 0, bad 6" if given else "imported 0, bad 3")


@pytest.mark.parametrize("work", ["المجموع", "عدد الحضور"])
def test_a_total_told_beside_the_days_is_nobody_where_the_days_make_it(tmp_path, body, work):
    total = [None, None, None, work, *([7, 3, 4] if work == "المجموع" else [2, 1, 1])]

    assert (
        take(tmp_path, [WORKS, *VISITS, total])[-1]
        == "imported 4, bad 0, duplicates 0, unchanged 0"
    )


def test_a_total_below_that_differs_is_a_remark(tmp_path, body):
    rows = [TOTALLED, *LINES, [None, "المجموع", None, 7, 5, 4, 20]]

    assert take(tmp_path, rows)[-1] == "imported 4, bad 0, duplicates 0, unchanged 0"

    assert "E4: The days above make 3:00 hours, the total says 5:00" in report(tmp_path)
    assert "G4: The days above make 14:00 hours, the total says 20:00" in report(tmp_path)
    assert list(ImportRow.objects.values_list("outcome", "column")) == [
        ("remark", 5), ("remark", 7),
    ]  # fmt: skip


def test_totals_of_parts_and_of_all_are_both_compared(tmp_path, body):
    part = [None, "المجموع الفرعي", None, 4, None, 4, 8]
    rows = [
        TOTALLED, LINES[0], part, LINES[1], [None, "المجموع الفرعي", None, 3, 3, None, 6],
        [None, "المجموع الكلي", None, 7, 3, 4, 14],
    ]  # fmt: skip

    take(tmp_path, rows)

    assert not ImportRow.objects.exists()


def test_a_row_without_a_name_is_told_where_it_is_no_total(tmp_path, body):
    rows = [TOTALLED, *LINES, [None, None, None, 7, 3, 5, None]]

    assert take(tmp_path, rows)[-1] == "imported 4, bad 3, duplicates 0, unchanged 0"


# ---------------------------------------------------------------- the pages
def test_the_pages_say_what_is_compared_and_what_differs(body):
    browser = browser_of(manager_of(body))
    rows = [TOTALLED, line(FATIMA, 4, None, 4, 12), LINES[1], [None, "المجموع", None, 9, 9, 4]]
    file = SimpleUploadedFile("حضور.xlsx", workbook({"ورقة": rows}))
    browser.post(reverse("imports:upload", args=["hours"]), {"file": file})
    run = ImportRun.objects.get()
    address = reverse("imports:columns", args=[run.pk])
    form = browser.get(address).context["form"]
    assert (form["total_0"].value(), str(form["total_0"].help_text)) == (True, "المجموع")
    data = {bound.html_name: bound.value() for bound in form if bound.value()}

    browser.post(address, data)
    run_jobs()
    preview = browser.get(reverse("imports:run", args=[run.pk]))
    remarks = browser.get(reverse("imports:run", args=[run.pk]), {"show": "remark"})

    run.refresh_from_db()
    assert (run.total, run.imported, run.bad) == (3, 2, 1)
    assert [row["cell"] for row in preview.context["rows"]] == ["G2"]
    assert [row["cell"] for row in remarks.context["rows"]] == ["D4", "E4"]
    assert preview.context["left_out"] == ["م"]

    del data["total_0"]
    browser.post(address, data)
    run_jobs()
    run.refresh_from_db()
    assert (run.total, run.imported, run.bad) == (4, 4, 0)

    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    assert HourClaim.objects.count() == 4
    assert [row.line for row in ImportRow.objects.all()] == [4, 4]


def test_the_file_to_mend_holds_the_whole_line_and_is_taken_once_mended(tmp_path, body):
    browser = browser_of(manager_of(body))
    rows = [TOTALLED, line(FATIMA, 4, None, 4, 12), line(MAJED, 3, "كثير", None, 6)]
    take(tmp_path, rows)
    run = ImportRun.objects.get()

    answer = browser.get(reverse("imports:download", args=[run.pk, "bad"]))
    sheet = next(read(io.BytesIO(b"".join(answer.streaming_content))))
    header, first, second = [record.cells for record in sheet.records]

    assert first[3:7] == [4, None, 4, 12]
    assert second[3:7] == [None, "كثير", None, None]  # its total is not this one day's
    first[5], second[4] = 8, 3
    assert take(tmp_path, [header, first, second])[-1].startswith("imported 3, bad 0")
