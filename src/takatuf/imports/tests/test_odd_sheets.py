"""What units do to their sheets that a reader must see through."""

import io
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from takatuf.imports.importers import MOBILE, NATIONAL_ID, PERSON_NAME, CellProblem
from takatuf.imports.importers.parsing import (
    parse_mobile,
    parse_name,
    parse_national_id,
    parse_timestamp,
)
from takatuf.imports.judging import values_of
from takatuf.imports.models import ImportRun
from takatuf.imports.sheets.layout import detect
from takatuf.imports.sheets.orders import day_first, month_first
from takatuf.imports.sheets.rows import data_rows
from takatuf.imports.sheets.shapes import Record, Sheet
from takatuf.imports.sheets.totals import is_total
from takatuf.imports.tests.importing import GuestImporter
from takatuf.imports.tests.sheets import HEADER, guests, workbook
from takatuf.imports.tests.test_command_line import Command


# ---------------------------------------------------------------- month first
@pytest.mark.parametrize(
    ("cells", "is_so"),
    [
        (["12/25/2025", "03/04/2025"], True),
        (["2/13/2025 10:20:00", None, "3/4/2025 9:05"], True),
        (["١٢/٢٥/٢٠٢٥"], True),
        (["03/04/2025"], False),  # nothing says so
        (["12/25/2025", "25/12/2025"], False),  # typed both ways: each as it can only be
        ([datetime(2025, 12, 25), 45_000, "2025-12-25"], False),  # noqa: DTZ001
    ],
)
def test_a_column_says_whether_its_months_come_first(cells, is_so):
    assert month_first(cells) is is_so


def test_a_date_is_turned_with_what_follows_it():
    assert day_first("3/4/2025 9:05:01") == "4/3/2025 9:05:01"
    assert day_first("15 رجب 1446") == "15 رجب 1446"
    assert day_first(45_000) == 45_000


def test_a_mapped_column_is_read_in_its_own_order():
    rows = [["Name", "Birth date"], ["Sara A", "12/25/1990"], ["Ali B", "03/04/1999"]]
    fields = [PERSON_NAME, PERSON_NAME.named("born", "Born", "birth date")]
    layout = detect(_sheet(rows), fields)

    found = [row.by_field["born"] for row in data_rows(_sheet(rows), layout, fields)]

    assert found == ["25/12/1990", "04/03/1999"]


def _sheet(rows) -> Sheet:
    return Sheet("", True, (Record(line, cells) for line, cells in enumerate(rows, start=1)))


# ---------------------------------------------------------------- cells
@pytest.mark.parametrize(
    "written", ["1- سارة علي", "٢) سارة علي", "12. سارة علي", "ســـارة علي"]
)
def test_a_row_number_and_stretched_letters_are_no_part_of_a_name(written):
    assert parse_name(written) == "سارة علي"


def test_a_long_number_shown_short_is_read_if_it_is_whole():
    assert parse_mobile("5.50000002E+08") == "+966550000002"
    assert parse_mobile("9.66550000004e+11") == "+966550000004"
    assert parse_mobile("'0550000006") == "+966550000006"
    assert parse_national_id("1.000000008E+09") == "1000000008"
    for cut in ("5.5E+08", "9.6655E+11"):
        with pytest.raises(CellProblem):
            parse_mobile(cut)
    with pytest.raises(CellProblem):
        parse_national_id("1.00000E+09")


@pytest.mark.parametrize(
    "written",
    ["2025/02/13 10:20:00 AM GMT+3", "2025/02/13 10:20:00 ص غرينتش+3", "13/02/2025 10:20"],
)
def test_a_forms_time_of_entry_is_read_in_both_languages(written):
    assert parse_timestamp(written) == datetime(2025, 2, 13, 10, 20)  # noqa: DTZ001


# ---------------------------------------------------------------- names in several columns
@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"first_name": "سارة", "father_name": "علي", "family_name": "فهد"}, "سارة علي فهد"),
        ({"name": "سارة", "family_name": "فهد"}, "سارة فهد"),
        ({"name": "سارة", "first_name": "سارة", "family_name": "فهد"}, "سارة فهد"),
        ({"name": "سارة علي", "family_name": "فهد"}, "سارة علي"),
    ],
)
def test_a_names_parts_make_it(cells, name):
    cells |= {"national_id": "1000000008"}

    assert values_of(cells, GuestImporter())["name"] == name


def test_the_first_name_alone_is_no_name():
    assert not PERSON_NAME.is_in(["first_name"])
    assert not PERSON_NAME.is_in(["father_name", "family_name"])
    assert PERSON_NAME.is_in(["first_name", "family_name"])
    assert not MOBILE.is_in([NATIONAL_ID.name])


# ---------------------------------------------------------------- rows that are none
@pytest.mark.parametrize(
    ("cells", "so"),
    [
        (["إجمالي عدد المتطوعين: 64"], True), (["عدد الأسماء", 12], True),
        (["Total number of hours", 9], True), (["مجموع الخير التطوعي", "0500000000"], False),
        (["عدد فهد", 1], False),
    ],
)  # fmt: skip
def test_a_total_in_other_words(cells, so):
    assert is_total(Record(9, cells)) is so


@pytest.mark.django_db
def test_headings_and_nothing_below_are_told_and_nothing_is_taken(tmp_path):
    path = tmp_path / "empty.xlsx"
    path.write_bytes(workbook({"ورقة": [["سجل"], HEADER]}))

    with pytest.raises(CommandError) as refused:
        call_command(Command(), str(path), stdout=io.StringIO())

    assert "\n" not in str(refused.value)
    assert not ImportRun.objects.exists()
    path.write_bytes(workbook({"ورقة": [["سجل"], HEADER, *guests(1)]}))
    call_command(Command(), str(path), stdout=io.StringIO())
