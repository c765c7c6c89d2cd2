import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.imports.models import ImportRow
from takatuf.opportunities import commands
from takatuf.opportunities.commands.importing import ImportedOpportunity
from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.importing import MEANING, _bare
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.tests.factories import manager_of
from takatuf.registry.tests.factories import BodyFactory, FieldFactory, GovernorateFactory

pytestmark = pytest.mark.django_db
HEAD = "طابع زمني;المنسق;عنوان الفرصة;البريد الإلكتروني;الحالة;تاريخ الإكمال;رابط التسجيل;تاريخ الانتهاء;المحافظة;عدد المقاعد;الساعات"
ROWS = [
    "19/01/2025 07:17:00;منسق تجريبي;تصميم هوية;c0@example.org;مقبول;2025/01/28;https://example.org/o/0;26-01-2025;ضبا;20;?",
    "05/08/2025 07:12:00;منسق تجريبي;متطوعين ;c1@example.org;قيد المراجعة;;https://example.org/o/1;;البدع;??;4 ساعات",
    "08/07/2025 19:27:00;منسق تجريبي;التبرع بالدم;c2@example.org;مرفوض;;https://example.org/o/2;??/??/????;الوجه;10;3",
    "01/08/2024 07:10:00;منسق تجريبي;زيارة كبار السن;c3@example.org;منتهية;;https://example.org/o/3;;مكان بعيد;10;4 ساعات",
    "01/08/2024 07:10:00;منسق تجريبي;مقبولة بلا تاريخ;c3@example.org;مقبول ;;https://example.org/o/4;;حقل;10;2",
    "01/08/2024 07:10:00;منسق تجريبي;;c3@example.org;مقبول;;https://example.org/o/5;;حقل;10;2",
    "01/08/2024 07:10:00;منسق تجريبي;نسخة ثانية;c3@example.org;مقبول;;https://example.org/o/4;;حقل;10;2",
]


@pytest.fixture
def sheet(tmp_path) -> Path:
    path = tmp_path / "opportunities.csv"
    path.write_bytes("\r\n".join([HEAD, *ROWS]).encode("cp1256"))
    return path


@pytest.fixture
def body():
    GovernorateFactory(code="duba", name_ar="ضباء", name_en="Duba")
    return BodyFactory(desk=True)


def last_line(capsys) -> str:
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_a_universitys_layout_is_taken(sheet, body, capsys):
    call_command("import_opportunities", str(sheet))

    assert last_line(capsys) == "imported 5, bad 1, duplicates 1, unchanged 0"
    found = {row.title: row for row in Opportunity.objects.all()}
    assert {title: row.status for title, row in found.items()} == {
        "تصميم هوية": "closed", "متطوعين": "draft", "التبرع بالدم": "cancelled",
        "زيارة كبار السن": "closed", "مقبولة بلا تاريخ": "draft",
    }  # fmt: skip
    assert all(row.imported and row.body == body and not row.listed for row in found.values())
    assert found["تصميم هوية"].governorate.code == "duba"
    assert found["متطوعين"].hours_estimate == 4
    assert {title: row.imported_seats for title, row in found.items()} == {
        "تصميم هوية": 20, "متطوعين": None, "التبرع بالدم": 10, "زيارة كبار السن": 10,
        "مقبولة بلا تاريخ": 10,
    }  # fmt: skip
    assert found["زيارة كبار السن"].place == "مكان بعيد"


def test_importing_twice_changes_nothing(sheet, body, capsys):
    call_command("import_opportunities", str(sheet))
    before = list(Opportunity.objects.order_by("pk").values())

    call_command("import_opportunities", str(sheet))

    assert last_line(capsys).startswith("imported 0, ")
    assert list(Opportunity.objects.order_by("pk").values()) == before


def test_nothing_is_taken_for_a_body_nobody_has(sheet):
    with pytest.raises(CommandError):
        call_command("import_opportunities", str(sheet), "--body", "nobody")

    assert not Opportunity.objects.exists()


def test_nothing_is_ever_published():
    assert OpportunityStatus.SUBMITTED not in MEANING.values()


def test_places_are_read_as_of_people_and_what_else_is_said_of_them_stays(
    tmp_path, body, capsys
):
    places = ["محافظة ضبا", "مدينة ضباء", "الضبا", "ضبا - الكورنيش", "مكان بعيد"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["العنوان,المحافظة", *(f"عمل {p},{p}" for p in places)]))

    call_command("import_opportunities", str(path))

    made = Opportunity.objects.order_by("pk")
    assert [(one.governorate and one.governorate.code, one.place) for one in made] == [
        ("duba", ""), ("duba", ""), ("duba", ""), ("duba", "ضبا - الكورنيش"), (None, "مكان بعيد"),
    ]  # fmt: skip
    assert ImportRow.objects.filter(outcome="remark").count() == 1


def _undated(tmp_path, name: str, ends: list[str]) -> str:
    path = tmp_path / name
    path.write_text("\n".join(["العنوان,تاريخ الانتهاء", *(f"تشجير,{end}" for end in ends)]))
    return str(path)


def test_where_a_file_is_cut_into_chunks_decides_nothing(tmp_path, body, capsys, monkeypatch):
    monkeypatch.setattr("takatuf.imports.work.CHUNK", 2)
    ends = ["2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01", "2024-06-01"]

    call_command("import_opportunities", _undated(tmp_path, "a.csv", ends))

    assert last_line(capsys) == "imported 4, bad 0, duplicates 1, unchanged 0"


def test_what_another_file_brought_under_this_title_is_asked_about(tmp_path, body, capsys):
    call_command("import_opportunities", _undated(tmp_path, "a.csv", ["2024-03-01"]))

    call_command("import_opportunities", _undated(tmp_path, "b.csv", [""]))

    assert last_line(capsys) == "imported 0, bad 0, duplicates 1, unchanged 0"


def test_what_ended_on_another_day_than_the_one_of_its_title_is_another_one(
    tmp_path, body, capsys
):
    call_command("import_opportunities", _undated(tmp_path, "a.csv", ["2024-03-01"]))

    call_command("import_opportunities", _undated(tmp_path, "b.csv", ["2024-04-01"]))

    assert last_line(capsys) == "imported 1, bad 0, duplicates 0, unchanged 0"


def test_the_same_title_on_another_day_is_another_one(tmp_path, body, capsys):
    row = "{};;تشجير;;منتهية;;;;;;"
    for number, day in enumerate(("01/03/2024 08:00:00", "01/03/2024 09:00:00", "02/03/2024")):
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join([HEAD, row.format(day)]))
        call_command("import_opportunities", str(path))

    assert Opportunity.objects.count() == 2
    assert last_line(capsys) == "imported 1, bad 0, duplicates 0, unchanged 0"


@pytest.mark.parametrize("typed", ["✅ منتهية", "منتهيه.", "- منتهية"])
def test_a_status_is_known_by_its_words(typed):
    assert MEANING[_bare(typed)] == OpportunityStatus.CLOSED


# ---------------------------------------------------------------- what only a date says
@pytest.mark.parametrize(
    ("typed", "days", "status"),
    [
        ("", -1, "closed"),
        ("", 0, "draft"),  # its last day is not over
        ("", 1, "draft"),
        ("", None, "draft"),
        ("-", -1, "closed"),
        ("مقبول", -1, "closed"),
        ("قيد المراجعة", -1, "draft"),  # the word says otherwise
        ("ربما", -1, "draft"),  # a word nobody knows is shown, and decides nothing
        ("مرفوض", -1, "cancelled"),
    ],
)
def test_where_no_word_says_how_it_stands_a_last_day_that_passed_closes_it(
    tmp_path, body, typed, days, status
):
    day = "" if days is None else timezone.localdate() + timedelta(days=days)
    path = tmp_path / "one.csv"
    path.write_text(f"العنوان,الحالة,تاريخ الانتهاء\nتشجير,{typed},{day}")

    call_command("import_opportunities", str(path))

    made = Opportunity.objects.get()
    assert made.status == status
    if status == "closed":
        assert timezone.localdate(made.closed_at) == day


# ---------------------------------------------------------------- columns of theirs
def test_the_field_of_work_is_taken_and_columns_that_are_not_are_named(tmp_path, body, capsys):
    field = FieldFactory(code="environment", name_ar="البيئة", name_en="Environment")
    path = tmp_path / "one.csv"
    path.write_text(
        "العنوان,من تاريخ,وقت البدء,وقت الانتهاء,المجال\n"
        "تشجير,32/13/2025,8:00,12:00,بيئة\nزيارة,01/02/2025,8:00,12:00,الفضاء"
    )

    call_command("import_opportunities", str(path))

    said = capsys.readouterr().out.strip().splitlines()
    assert "columns not used: “من تاريخ”, “وقت البدء”, “وقت الانتهاء”" in said
    assert said[-1] == "imported 2, bad 0, duplicates 0, unchanged 0"
    taken = dict(Opportunity.objects.values_list("title", "field_id"))
    assert taken == {"تشجير": field.pk, "زيارة": None}
    remark = ImportRow.objects.get(outcome="remark")
    assert (remark.line, remark.why.count("الفضاء")) == (3, 1)


def test_what_is_remarked_of_a_row_is_all_said(tmp_path, body):
    path = tmp_path / "one.csv"
    path.write_text("العنوان,الحالة,المجال,المحافظة\nتشجير,ربما,الفضاء,المريخ")

    call_command("import_opportunities", str(path))

    why = ImportRow.objects.get(outcome="remark").why
    assert [why.find(word) > 0 for word in ("ربما", "الفضاء", "المريخ")] == [True] * 3


# ---------------------------------------------------------------- seats
def test_the_seats_of_the_sheet_are_ready_when_shifts_are_added(client, tmp_path, body):
    path = tmp_path / "one.csv"
    path.write_text("العنوان,عدد المقاعد\nتشجير,٢٠ متطوع")
    call_command("import_opportunities", str(path))
    made = Opportunity.objects.get()
    sign_in(client, manager_of(body))

    page = client.get(f"/studio/{made.code}/design/shifts/").content.decode()

    role = made.roles.get().pk
    for prefix in ("one", "weekly"):
        [field] = re.findall(rf'<input[^>]*name="{prefix}-seats_{role}"[^>]*>', page)
        assert 'value="20"' in field
    assert page.count("كما في جدول الجهة.") == 2
    made.roles.create(title="منسق")  # the number is of the whole, not of one of two
    page = client.get(f"/studio/{made.code}/design/shifts/").content.decode()
    assert 'value="20"' not in page


@pytest.mark.parametrize(("typed", "bad"), [("5000", 0), ("5001", 1), ("0", 0)])
def test_more_seats_than_a_shift_can_have_are_asked_about(tmp_path, body, capsys, typed, bad):
    path = tmp_path / "one.csv"
    path.write_text(f"العنوان,عدد المقاعد\nتشجير,{typed}")

    call_command("import_opportunities", str(path))

    assert last_line(capsys) == f"imported {1 - bad}, bad {bad}, duplicates 0, unchanged 0"
    kept = list(Opportunity.objects.values_list("imported_seats", flat=True))
    assert kept == [] if bad else kept == [int(typed) or None]


def test_a_row_that_is_one_known_brings_the_seats_it_lacked_and_no_others(body, by):
    first, second = (
        ImportedOpportunity(
            body_id=body.pk, title="تشجير", status="draft", role_title="متطوع",
            made_at=timezone.now(), seats=seats,
        )
        for seats in (12, 30)
    )  # fmt: skip
    bare = replace(first, seats=None)
    [made] = commands.add_imported(rows=[bare], by=by, at=timezone.now())

    for row in (first, second):
        commands.complete_imported(opportunity_id=made.pk, row=row, by=by, at=timezone.now())

    made.refresh_from_db()
    assert made.imported_seats == 12


@pytest.mark.parametrize("columns", [{"imported_seats": 0}, {"imported": False}])
def test_seats_of_a_sheet_are_some_and_of_an_imported_one(body, by, columns):
    [made] = commands.add_imported(
        rows=[ImportedOpportunity(
            body_id=body.pk, title="تشجير", status="draft", role_title="متطوع",
            made_at=timezone.now(), seats=12,
        )],
        by=by, at=timezone.now(),
    )  # fmt: skip

    with pytest.raises(IntegrityError):
        Opportunity.objects.filter(pk=made.pk).update(**columns)
