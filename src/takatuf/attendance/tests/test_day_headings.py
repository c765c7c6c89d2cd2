"""Which headings are the day of the work, and which are dates of something else."""

import io

import pytest
from django.core.management import CommandError, call_command

from takatuf.attendance.models import HourClaim
from takatuf.imports.models import ImportRun
from takatuf.imports.tests.sheets import workbook
from takatuf.placement.tests.factories import volunteer
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
NAME = "فاطمة فهد الغامدي"
WORK = ["27/01/2025", NAME, "0550000001", 4]


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    BodyFactory(desk=True)
    volunteer(full_name=NAME, phone="+966550000001")


def take(tmp_path, *rows) -> str:
    path = tmp_path / "hours.xlsx"
    path.write_bytes(workbook({"ورقة": rows}))
    said = io.StringIO()
    call_command("import_hours", str(path), stdout=said)
    return said.getvalue().splitlines()[-1]


@pytest.mark.parametrize(
    "heading",
    [
        "تاريخ الميلاد", "تاريخ ميلاد المتطوع", "تاريخ الولادة", "تاريخ انتهاء الهوية",
        "تاريخ الإصدار", "تاريخ التسجيل", "تاريخ الانتهاء", "Birth date", "Date of birth",
        "Expiry date", "Issue date", "Registration date", "التاريخ › الميلاد",
    ],
)  # fmt: skip
def test_no_other_date_is_the_day_of_the_work(tmp_path, heading):
    upper, under, lower = heading.rpartition(" › ")
    head = [[upper, "المتطوع", None]] if under else []
    head.append([lower, "الاسم", "عدد الساعات"])

    with pytest.raises(CommandError, match="Say which column holds: Date"):
        take(tmp_path, *head, ["01/02/1990", NAME, 4], ["02/03/1991", NAME, 4])

    assert not HourClaim.objects.exists()
    assert (
        "date" not in ImportRun.objects.get().layout[0]["columns"].values()
    )  # on the page too


@pytest.mark.parametrize(
    "heading", ["التاريخ الميلادي", "التاريخ الهجري", "تاريخ المشاركة", "تاريخ البداية", "Date"]
)
def test_the_day_of_the_work_is_known_by_many_headings(tmp_path, heading):
    said = take(tmp_path, [heading, "الاسم", "الجوال", "عدد الساعات"], WORK)

    assert said == "imported 1, bad 0, duplicates 0, unchanged 0"
