from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from takatuf.opportunities.enums import OpportunityStatus
from takatuf.opportunities.importing import MEANING, _bare, _plain
from takatuf.opportunities.models import Opportunity
from takatuf.registry.tests.factories import BodyFactory, GovernorateFactory

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


@pytest.mark.parametrize("name", ["ضباء", "ضبا", "محافظة ضباء", "الضبا"])
def test_spellings_of_a_place_are_one(name):
    assert _plain(name) == "ضبا"


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

    call_command("import_opportunities", _undated(tmp_path, "b.csv", ["2024-04-01"]))

    assert last_line(capsys) == "imported 0, bad 0, duplicates 1, unchanged 0"


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
