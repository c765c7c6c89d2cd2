"""Past hours out of spreadsheets."""

import io
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from takatuf.attendance import queries
from takatuf.attendance.importing import HoursImporter, read
from takatuf.attendance.models import HourClaim, HourEntry
from takatuf.imports.importers import (
    Bad,
    CellProblem,
    Duplicate,
    Entry,
    New,
    Row,
    RunContext,
)
from takatuf.imports.tests.sheets import delimited, workbook
from takatuf.kernel.errors import DomainError
from takatuf.kernel.identities import stored_id
from takatuf.kernel.references import reference
from takatuf.kernel.typography import hours_text
from takatuf.placement.tests.factories import application, manager_of, shift_role, volunteer
from takatuf.registry import queries as registry
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

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
    "times", ["8:00 - 12:00", "من ٨:٠٠ ص إلى ١٢:٠٠ م", "8 am to 12 pm", "٨-١٢", "08:00–12:00"]
)
def test_both_times_in_one_cell_are_read(tmp_path, body, people, times):
    rows = [["الاسم", "الهوية", "الفرصة", "التاريخ", "الوقت"], [*line()[:4], times]]

    said = take(tmp_path, delimited(rows, separator=";", encoding="utf-8"))

    assert said == "imported 1, bad 0, duplicates 0, unchanged 0"
    claim = HourClaim.objects.get()
    assert (timezone.localtime(claim.started_at).hour, claim.minutes) == (8, 240)


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


# ---------------------------------------------------------------- whose hours
def judge(body, **values):
    given = {
        "name": "فاطمة فهد الغامدي", "national_id": None, "mobile": None, "email": None,
        "title": "عمل", "date": DAY, "end_date": None, "start_time": time(9), "end_time": time(12),
        "minutes": 180,
    } | values  # fmt: skip
    run = RunContext("hours", None, None, timezone.now(), reference(body), timezone.now())
    row = Row("ورقة", 3, given)
    [outcome] = HoursImporter().prepare([row], run)
    return outcome, row, run


def known_to(body, name, **more):
    """Somebody who once had a place at the body."""
    person = volunteer(full_name=name, **more)
    application(role=shift_role(body=body), person=person)
    return person


def test_identity_mobile_and_email_name_people_anywhere():
    body, stored = BodyFactory(), stored_id(NUMBERS[0])
    person = volunteer(
        full_name="فاطمة فهد الغامدي", id_hash=stored.hash, id_last_three=stored.last_three,
        phone="+966551230009", email="f@example.org",
    )  # fmt: skip

    for values in (
        {"national_id": NUMBERS[0]}, {"mobile": "+966551230009"}, {"email": "f@example.org"},
    ):  # fmt: skip
        outcome, _row, _run = judge(body, **values)
        assert isinstance(outcome, New)
        assert outcome.data == person


def test_a_familys_mobile_is_no_proof():
    body = BodyFactory()
    volunteer(full_name="سعد الغامدي", phone="+966551230009")

    outcome, _row, _run = judge(body, mobile="+966551230009")

    assert isinstance(outcome, Bad)


def test_a_name_alone_names_somebody_of_the_body_only():
    body = BodyFactory()
    volunteer(full_name="فاطمة فهد الغامدي")
    assert isinstance(judge(body)[0], Bad)

    person = known_to(body, "فاطمة فهد الغامدي")
    outcome, _row, _run = judge(body)

    assert outcome.data == person


def test_two_of_one_name_are_a_question():
    body = BodyFactory()
    one, two = (known_to(body, "فاطمة فهد الغامدي") for _ in range(2))

    outcome, row, run = judge(body)

    assert isinstance(outcome, Duplicate)
    assert not outcome.may_differ
    assert {c.reference for c in outcome.candidates} == {reference(one), reference(two)}
    ref = HoursImporter().merge(row, reference(two), run)
    assert reference(HourClaim.objects.get(person=two)) == ref


def test_a_like_name_and_an_unknown_number_are_a_question():
    body = BodyFactory()
    person = known_to(body, "فاطمه فهد الغامدى")

    outcome, row, run = judge(body, national_id=NUMBERS[1])

    assert [c.reference for c in outcome.candidates] == [reference(person)]
    with pytest.raises(DomainError):  # it cannot be somebody else, who is not known
        HoursImporter().apply([Entry(row)], run)


def test_a_body_sees_no_more_of_people_than_it_needs():
    body = BodyFactory()
    known_to(body, "فاطمة فهد الغامدي", phone="+966551230009", email="f@example.org")
    known_to(body, "فاطمة فهد الغامدي")

    outcome, _row, run = judge(body)
    manager = RunContext("hours", None, manager_of(body), run.at, run.acting_body, run.at)
    [seen] = HoursImporter().prepare([_row], manager)

    assert outcome.candidates[0].title == "فاطمة فهد الغامدي"
    assert "الغامدي" not in seen.candidates[0].title
    assert "0009" not in str(seen.candidates[0].facts.get("mobile", ""))[:-4]


# ---------------------------------------------------------------- hours known already
def test_hours_at_the_same_time_are_a_question_and_never_doubled_alone():
    body = BodyFactory()
    person = known_to(body, "فاطمة فهد الغامدي")
    _outcome, row, run = judge(body)
    HoursImporter().apply([Entry(row)], run)
    [claim] = HourClaim.objects.all()

    again, row, run = judge(body, start_time=time(10), end_time=time(13))

    assert isinstance(again, Duplicate)
    assert again.may_differ
    with translation.override("en"):
        assert str(again.candidates[0].facts["minutes"]) == hours_text(claim.minutes)
        assert hours_text(claim.minutes).endswith(" hours")
    assert HoursImporter().merge(row, again.candidates[0].reference, run) == reference(claim)
    assert HourClaim.objects.get(person=person) == claim


def test_two_lines_of_one_work_are_one(tmp_path, body, people):
    said = take(
        tmp_path, [line(0), line(0, total=""), line(0, start="18:00", end="20:00", total=2)]
    )

    assert said == "imported 2, bad 0, duplicates 1, unchanged 0"


# ---------------------------------------------------------------- reading time
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


# ---------------------------------------------------------------- who may, and how fast
def test_managers_heads_and_the_desk_import():
    importer, at = HoursImporter(), timezone.now()
    body = BodyFactory()

    for role in ("unit_manager", "body_head"):
        person = OfficeFactory(body=body, role=role).person
        [found] = importer.bodies_for(person, at=at)
        assert found.reference == reference(body)
    for person in (volunteer(), OfficeFactory(body=body, role="reviewer").person):
        assert not importer.bodies_for(person, at=at)


@pytest.mark.parametrize("rows", [3, 120])
def test_many_rows_cost_as_many_queries_as_few(rows, people, django_assert_max_num_queries):
    body = BodyFactory()
    run = RunContext("hours", None, None, timezone.now(), reference(body), timezone.now())
    lines = [
        Row("ورقة", n, values(
            name="فاطمة فهد الغامدي", national_id=NUMBERS[0], mobile=None, email=None, title="عمل",
            date=DAY - timedelta(days=n), minutes=60,
        ))
        for n in range(rows)
    ]  # fmt: skip
    importer = HoursImporter()

    with django_assert_max_num_queries(12):
        outcomes = importer.prepare(lines, run)
        importer.apply(
            [Entry(row, o.data) for row, o in zip(lines, outcomes, strict=True)], run
        )
    assert HourClaim.objects.count() == rows
