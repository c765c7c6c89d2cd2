"""Past hours on the pages of an import: what the preview shows is what is kept."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.attendance.models import HourClaim
from takatuf.attendance.tests.pages import browser, text
from takatuf.imports import commands, layouts
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


def test_both_times_in_one_cell_are_shown_as_they_are_kept(manager):
    header = [*HEADER[:4], "الوقت", "المجموع"]
    rows = [[NAME, MOBILE, "حملة", "27/01/2025", "8:00 - 2:00", 6]]

    (shown,) = first_rows(page_of(manager, checked(manager, *rows, header=header)))

    assert "08:00 – 14:00" in shown
