"""Past hours out of spreadsheets."""

import io
from datetime import date, datetime, time
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from takatuf.attendance import queries
from takatuf.attendance.models import HourClaim, HourEntry
from takatuf.imports.tests.sheets import delimited, workbook
from takatuf.kernel.identities import stored_id
from takatuf.placement.tests.factories import volunteer
from takatuf.registry import queries as registry
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
HEADER = ["الاسم", "الهوية", "الفرصة", "التاريخ", "من", "إلى", "المجموع"]
NUMBERS = ["1000000008", "2000000006", "1100000007"]
DAY = date(2025, 1, 27)
_numbers = count()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def body():
    return BodyFactory(desk=True)


@pytest.fixture
def people(body):
    """Three people of the region, known by their identity numbers."""
    made = []
    for number, name in zip(
        NUMBERS, ["فاطمة فهد الغامدي", "ماجد سعود القحطاني", "أمل علي البلوي"], strict=True
    ):
        stored = stored_id(number)
        made.append(
            volunteer(full_name=name, id_hash=stored.hash, id_last_three=stored.last_three)
        )
    return made


def line(person=0, *, day="27/01/2025", start="12:30", end="16:30", total=4.0, name=None):
    names = ["فاطمة فهد الغامدي", "ماجد سعود القحطاني", "أمل علي البلوي"]
    return [name or names[person], NUMBERS[person], "حملة التبرع بالدم", day, start, end, total]


def take(tmp_path, sheets, *options) -> str:
    path = tmp_path / f"hours-{next(_numbers)}.xlsx"
    if isinstance(sheets, bytes):
        path.write_bytes(sheets)
    else:
        sheets = sheets if isinstance(sheets, dict) else {"شهر 1": sheets}
        path.write_bytes(workbook({n: [["كشف"], HEADER, *rows] for n, rows in sheets.items()}))
    said = io.StringIO()
    call_command("import_hours", str(path), *options, stdout=said)
    return said.getvalue().splitlines()[-1]


def report(tmp_path) -> str:
    return "".join(
        path.read_text("utf-8-sig") for path in sorted(tmp_path.glob("*.report.csv"))
    )


# ---------------------------------------------------------------- the command
def test_a_month_a_sheet_is_taken(tmp_path, body, people):
    said = take(
        tmp_path,
        {
            "شهر 1": [
                line(0),
                line(1, total="٤"),
                line(2, start=time(19, 30), end="0:00", total=4.5),
            ],
            "شهر 2": [line(0, day=date(2025, 2, 3))],
        },
    )

    assert said == "imported 4, bad 0, duplicates 0, unchanged 0"
    claims = list(HourClaim.objects.order_by("started_at", "person__pk"))
    assert {(c.state, c.evidence, c.body_id) for c in claims} == {
        ("imported", "imported", body.pk)
    }
    assert [c.minutes for c in claims] == [240, 240, 270, 240]
    assert timezone.localtime(claims[2].ended_at).isoformat() == "2025-01-28T00:00:00+03:00"
    assert [e.counted for e in HourEntry.objects.all()] == [0, 0, 0, 0]
    assert not VolunteerProfile.objects.filter(total_minutes__gt=0).exists()
    assert list(queries.claims_out_of_step()) == []


def test_a_second_time_changes_nothing(tmp_path, body, people):
    rows = [line(0), line(1), line(2)]
    take(tmp_path, rows)
    before = list(HourClaim.objects.order_by("pk").values())

    assert take(tmp_path, rows) == "imported 0, bad 0, duplicates 0, unchanged 3"
    # The same work in another spelling is known by its ledger, not by the row's fingerprint.
    again = [line(0, day=DAY, start="١٢:٣٠", end="4:30 م", total="4 ساعات")]
    assert take(tmp_path, again) == "imported 0, bad 0, duplicates 0, unchanged 1"
    assert list(HourClaim.objects.order_by("pk").values()) == before


def test_bad_rows_are_named_and_the_rest_is_taken(tmp_path, body, people):
    said = take(
        tmp_path,
        [
            line(0),
            line(1, total=9),  # not what the times say
            line(2, day="31/02/2025"),
            line(2, day="01/01/2099"),
            line(2, start="", end="", total=""),
            ["مجهول تماما", "1200000006", "عمل", "27/01/2025", "10:00", "12:00", 2],
            ["محمد سالم العتيبي", NUMBERS[0], "عمل", "27/01/2025", "20:00", "21:00", 1],
        ],
    )

    assert said == "imported 1, bad 6, duplicates 0, unchanged 0"
    assert "4:00" in report(tmp_path)
    assert "9:00" in report(tmp_path)


def test_totals_rounded_to_the_hour_are_taken_with_a_remark(tmp_path, body, people):
    rows = [
        line(0, end="17:00", total=5), line(1, end="17:00", total="٤"),
        line(2, end="17:00", total="4:29"),
    ]  # fmt: skip

    assert take(tmp_path, rows) == "imported 3, bad 0, duplicates 0, unchanged 0"

    assert list(HourClaim.objects.values_list("minutes", flat=True)) == [270, 270, 270]
    for words in ("5 hours, the times make 4.5 hours", "4:29, the times make 4.5 hours"):
        assert f"The total says {words}" in report(tmp_path)


def test_windows_csv_with_semicolons_is_read(tmp_path, body, people):
    rows = [HEADER, line(0), line(1, total="٤")]
    content = delimited(rows, separator=";", encoding="cp1256")
    path = tmp_path / "hours.csv"
    path.write_bytes(content)
    said = io.StringIO()

    call_command("import_hours", str(path), stdout=said)

    assert said.getvalue().splitlines()[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"


@pytest.mark.parametrize(
    "times", ["8:00 - 12:00", "من ٨:٠٠ ص إلى ١٢:٠٠ م", "8 am to 12 pm", "٨-١٢ ظ", "08:00–12:00"]
)
def test_both_times_in_one_cell_are_read(tmp_path, body, people, times):
    rows = [["الاسم", "الهوية", "الفرصة", "التاريخ", "الوقت"], [*line()[:4], times]]

    said = take(tmp_path, delimited(rows, separator=";", encoding="utf-8"))

    assert said == "imported 1, bad 0, duplicates 0, unchanged 0"
    claim = HourClaim.objects.get()
    assert (timezone.localtime(claim.started_at).hour, claim.minutes) == (8, 240)


def test_hours_that_may_be_of_the_morning_or_the_evening_are_kept_at_no_hour(
    tmp_path, body, people
):
    head = ["الاسم", "الهوية", "الفرصة", "التاريخ", "الوقت", "المجموع"]
    rows = [[*line(0)[:4], "٤-٧", 3], [*line(1)[:4], "8-2", 6], [*line(2)[:4], "4-7", 15]]

    said = take(tmp_path, workbook({"كشف": [head, *rows]}))

    assert said == "imported 2, bad 1, duplicates 0, unchanged 0"
    assert "The times make 3:00 hours, the total says 15:00" in report(tmp_path)
    claims = HourClaim.objects.order_by("minutes")
    assert [claim.minutes for claim in claims] == [180, 360]
    assert {timezone.localtime(claim.started_at).hour for claim in claims} == {0}


def test_times_that_carry_their_day_along_are_times(tmp_path, body, people):
    moments = [datetime(2025, 1, 27, hour) for hour in (16, 19)]  # noqa: DTZ001 - a sheet's
    head = ["الاسم", "الهوية", "الفرصة", "تاريخ التنفيذ", "بداية", "نهاية"]
    rows = [[*line(person)[:4], *moments] for person in range(3)]

    said = take(tmp_path, workbook({"كشف": [head, *rows]}))

    assert said == "imported 3, bad 0, duplicates 0, unchanged 0"
    assert set(HourClaim.objects.values_list("minutes", flat=True)) == {180}


def test_a_body_must_be_known(tmp_path, people):
    with pytest.raises(CommandError):
        take(tmp_path, [line(0)], "--body", "nobody")
    assert not HourClaim.objects.exists()


def test_a_new_installation_gets_its_region_and_its_desk_has_the_hours(tmp_path):
    stored = stored_id(NUMBERS[0])
    volunteer(
        full_name="فاطمة فهد الغامدي", id_hash=stored.hash, id_last_three=stored.last_three
    )

    take(tmp_path, [line(0)])

    assert HourClaim.objects.get().body == registry.desk_body()


def test_an_afternoon_written_without_saying_so_is_known_by_the_total(tmp_path, body, people):
    rows = [line(0, start="8:00", end="2:00", total=6), line(1, start="8", end="2", total=9)]

    assert take(tmp_path, rows) == "imported 1, bad 1, duplicates 0, unchanged 0"

    claim = HourClaim.objects.get()
    assert timezone.localtime(claim.ended_at).isoformat() == "2025-01-27T14:00:00+03:00"
    assert claim.minutes == 360


def test_hours_go_to_the_body_that_is_named(tmp_path, people):
    other = BodyFactory(code="charity")

    take(tmp_path, [line(0)], "--body", "charity")

    assert HourClaim.objects.get().body == other


def test_two_lines_of_one_work_are_one(tmp_path, body, people):
    said = take(
        tmp_path, [line(0), line(0, total=""), line(0, start="18:00", end="20:00", total=2)]
    )

    assert said == "imported 2, bad 0, duplicates 1, unchanged 0"
