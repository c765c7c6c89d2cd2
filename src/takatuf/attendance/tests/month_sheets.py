"""Sheets with a column for each day, and the people on them."""

import io
from datetime import date

from django.core.management import call_command
from django.utils import timezone

from takatuf.attendance.models import HourClaim
from takatuf.imports.tests.sheets import workbook
from takatuf.kernel.identities import stored_id
from takatuf.placement.tests.factories import volunteer

FATIMA, MAJED = "فاطمة فهد الغامدي", "ماجد سعود القحطاني"
NUMBERS = {FATIMA: "1000000008", MAJED: "2000000006"}
HEAD = ["م", "الاسم", "رقم الهوية"]
TITLE = ["كشف حضور المتطوعين لشهر مارس 2025"]
MARCH = [date(2025, 3, day) for day in (1, 2, 3)]


def people() -> None:
    for name, number in NUMBERS.items():
        stored = stored_id(number)
        volunteer(full_name=name, id_hash=stored.hash, id_last_three=stored.last_three)


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


ROWS = [line(FATIMA, 4, None, "3:30"), line(MAJED, "غ", "٥ ساعات", "-")]
