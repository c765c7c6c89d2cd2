"""Sheets with a column for each day on the pages of their import."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

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
from takatuf.attendance.tests.pages import browser as browser_of
from takatuf.imports.models import ImportRun
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import workbook
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement.tests.factories import manager_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people_of_the_month")]


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
    assert (first["cell"], second["cell"]) == ("D2", "E2")
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
    page = browser.get(reverse("imports:run", args=[run.pk]))
    assert [(row["cell"], row["day"]) for row in page.context["rows"]] == [
        ("E2", MARCH[1]), ("F2", MARCH[2]),
    ]  # fmt: skip

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


@pytest.mark.parametrize(
    ("answer", "marked", "minutes", "said"),
    [
        ({}, "4", [240, 240], "were read as ticks"),
        ({"figures_0": "hours"}, "", [60, 60], "were read as hours"),
    ],
)
def test_what_ones_are_is_shown_and_may_be_mended(browser, answer, marked, minutes, said):
    run = uploaded(browser, [[*HEAD, *MARCH], line(FATIMA, 1, 0, "١")])
    form = browser.get(reverse("imports:columns", args=[run.pk])).context["form"]
    assert form["figures_0"].value() == "ticks"

    confirm(browser, run, marked_0=marked, **answer)
    run_jobs()
    page = browser.get("/en" + reverse("imports:run", args=[run.pk]))

    assert said in page.content.decode()
    form = browser.get(reverse("imports:columns", args=[run.pk])).context["form"]
    assert form["figures_0"].value() == answer.get("figures_0", "ticks")
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()
    assert list(HourClaim.objects.values_list("minutes", flat=True)) == minutes


@pytest.mark.parametrize(("figures", "offered"), [([1, 3, 5], "hours"), ([2, 3, 5], None)])
def test_what_ones_are_is_asked_wherever_one_stands(browser, figures, offered):
    run = uploaded(browser, [[*HEAD, *MARCH], line(FATIMA, *figures)])

    form = browser.get(reverse("imports:columns", args=[run.pk])).context["form"]

    assert (form["figures_0"].value() if "figures_0" in form.fields else None) == offered


def test_what_ones_are_is_asked_where_no_heading_told_the_name(browser):
    rows = [["المنتسب", *MARCH, "ملاحظات", "الجوال"], [FATIMA, 1, 0, 1], [MAJED, 1, 1, 1]]
    run = uploaded(browser, rows)

    form = browser.get(reverse("imports:columns", args=[run.pk])).context["form"]

    assert form["figures_0"].value() == "ticks"


def test_what_is_wrong_is_named_by_its_cell_on_the_list_and_in_the_file_to_mend(browser):
    nobody = [1, "غير معروف أبدًا", "2000000014", 4, 4, None]
    rows = [TITLE, [*HEAD, *MARCH], line(MAJED, 5, 5, 5), nobody, line(FATIMA, 4, 26, "✓")]
    run = uploaded(browser, rows)
    confirm(browser, run)
    run_jobs()

    page = browser.get(reverse("imports:run", args=[run.pk]))
    answer = browser.get(reverse("imports:download", args=[run.pk, "bad"]))

    cells = ["B4", "B4", "E5", "F5"]  # a name nobody has, told for each of its days
    assert [row["cell"] for row in page.context["rows"]] == cells
    sample = [row for row in page.context["sample"] if row["outcome"] == "bad"]
    assert [row["cell"] for row in sample] == cells
    assert '<bdi class="nowrap" dir="ltr">E5</bdi>' in page.content.decode()
    sheet = next(read(io.BytesIO(b"".join(answer.streaming_content))))
    *_head, first, second = [record.cells[-1] for record in sheet.records]
    assert first.startswith("B3: ")
    assert [told.partition(":")[0] for told in second.splitlines()] == ["E4", "F4"]
