"""Past hours on the pages of an import: what the preview shows is what is kept."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.pages import browser, text
from takatuf.imports import commands, layouts, work
from takatuf.imports.models import ImportRow
from takatuf.imports.tests.sheets import delimited
from takatuf.kernel import references
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
NAME, MOBILE = "فاطمة فهد الغامدي", "0550001234"
HEADER = ["الاسم", "الجوال", "الفرصة", "التاريخ", "من", "إلى", "المجموع"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def manager():
    volunteer(full_name=NAME, phone="+966550001234")
    return manager_of(BodyFactory())


def line(start, end, total="", *, title="حملة", day="27/01/2025", name=NAME):
    return [name, MOBILE, title, day, start, end, total]


def checked(manager, *rows, header=HEADER):
    body = manager.offices.get().body
    run = commands.upload(
        kind="hours", file=ContentFile(delimited([header, *rows]), "hours.csv"),
        acting_body=references.reference(body), by=manager, at=AT,
    )  # fmt: skip
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=manager, at=AT)
    run_jobs()
    run.refresh_from_db()
    return run


def taken(manager, run):
    commands.start(run=run, by=manager, at=timezone.now())
    run_jobs()
    run.refresh_from_db()
    return list(
        HourClaim.objects.order_by("started_at", "minutes").values_list("minutes", flat=True)
    )


def page_of(manager, run):
    return text(browser(manager).get("/en" + reverse("imports:run", args=[run.pk])))


def first_rows(page: str) -> list[str]:
    """Each row of the sample in words."""
    table = page.partition('class="understood"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def remarks(run) -> list[str]:
    with translation.override("en"):
        return [row.why for row in ImportRow.objects.filter(run=run, outcome="remark")]


# ---------------------------------------------------------------- what is shown is kept
def test_the_preview_shows_the_hours_that_are_kept(manager):
    run = checked(
        manager, line("10:00", "15:30", 5), line("8:00", "2:00", 6, day="28/01/2025"),
        line("8:00", "", 3, day="29/01/2025"), line("8:00", "9:00", day="30/01/2025"),
    )  # fmt: skip
    rounded, afternoon, open_end, untold = first_rows(page_of(manager, run))

    assert "5.5 hours" in rounded
    assert "The total says 5 hours, the times make 5.5 hours" in rounded  # beside the row
    assert "14:00" in afternoon
    assert "6 hours" in afternoon
    assert "11:00" in open_end
    assert "1 hour" in untold
    assert taken(manager, run) == [330, 360, 180, 60]


@pytest.mark.parametrize(
    ("times", "total", "kept"),
    [
        ("14:00 - 7:30", 5.5, "14:00 – 19:30 5.5 hours"),
        ("8:00 - 2:00", 6, "6 hours 6 hours"),  # in the morning or in the evening
    ],
)
def test_both_times_in_one_cell_are_shown_as_they_are_kept(manager, times, total, kept):
    header = [*HEADER[:4], "الوقت", "المجموع"]
    rows = [[NAME, MOBILE, "حملة", "27/01/2025", times, total]]

    (shown,) = first_rows(page_of(manager, checked(manager, *rows, header=header)))

    assert shown.endswith(kept)


# ---------------------------------------------------------------- at two things at once
def test_hours_of_one_person_that_overlap_get_a_remark(manager):
    run = checked(
        manager, line("08:00", "17:00"), line("09:00", "11:00", title="توزيع"),
        line("17:00", "19:00", title="تنظيف"), line("09:00", "11:00", day="28/01/2025"),
    )  # fmt: skip

    assert (run.imported, run.duplicates, run.bad) == (4, 0, 0)
    assert remarks(run) == ["Overlaps in time with line 2 of this sheet."]
    page = page_of(manager, run)
    assert "Overlaps in time with line 2" in first_rows(page)[1]
    assert taken(manager, run) == [540, 120, 120, 120]
    assert remarks(run) == ["Overlaps in time with line 2 of this sheet."]


def test_what_a_row_said_already_stays_beside_the_overlap(manager):
    run = checked(manager, line("08:00", "17:00"), line("10:00", "15:30", 5, title="توزيع"))

    (said,) = remarks(run)
    assert "the times were taken. Overlaps in time with line 2" in said


@pytest.mark.parametrize(
    "second",
    [
        line("", "", 3, title="توزيع"),  # a total alone: at any time of the day
        line("09:00", "11:00", title="توزيع", name="محمد فهد الغامدي"),  # a family's mobile
        line("07:00", "08:00", title="توزيع"),
    ],
    ids=["total", "sister", "before"],
)
def test_rows_that_may_stand_side_by_side_get_none(manager, second):
    assert remarks(checked(manager, line("08:00", "17:00"), second)) == []


def test_several_days_overlap_where_their_hours_do(manager):
    header = [*HEADER, "إلى تاريخ"]
    several = [*line("08:00", "12:00"), "29/01/2025"]
    morning = [*line("11:00", "13:00", title="توزيع", day="28/01/2025"), ""]
    evening = [*line("18:00", "20:00", title="توزيع", day="29/01/2025"), ""]

    run = checked(manager, several, morning, evening, header=header)

    assert [row.line for row in ImportRow.objects.filter(run=run)] == [3]


def test_an_overlap_is_the_same_however_the_file_is_cut(manager, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 1)
    run = checked(manager, line("08:00", "17:00"), line("09:00", "11:00", title="توزيع"))

    assert taken(manager, run) == [540, 120]
    assert (run.imported, run.duplicates) == (2, 0)
    assert remarks(run) == ["Overlaps in time with line 2 of this sheet."]


def test_an_overlap_is_found_again_after_an_interruption(manager, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 1)
    run = checked(manager, line("08:00", "17:00"), line("09:00", "11:00", title="توزيع"))
    commands.start(run=run, by=manager, at=timezone.now(), enqueue=False)

    def stop(_run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work.take_rows(run, stop)
    assert remarks(run) == []
    work.take_rows(run)

    assert (run.imported, run.duplicates) == (2, 0)
    assert remarks(run) == ["Overlaps in time with line 2 of this sheet."]


def test_hours_another_file_brought_are_asked_about(manager):
    taken(manager, checked(manager, line("08:00", "17:00")))

    run = checked(manager, line("09:00", "11:00", title="توزيع"))

    assert (run.imported, run.duplicates) == (0, 1)
