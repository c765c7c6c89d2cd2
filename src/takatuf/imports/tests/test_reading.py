"""Real files: the reader finds the header and every row."""

import io
from datetime import date

import pytest
from django.utils import translation

from takatuf.imports.importers import (
    DATE,
    EMAIL,
    END_DATE,
    END_TIME,
    HOURS,
    NATIONAL_ID,
    OPPORTUNITY_TITLE,
    PERSON_NAME,
    PLACE,
    SEATS,
    SKILLS,
    START_DATE,
    START_TIME,
    STATUS,
    TIMESTAMP,
    URL,
    CellProblem,
)
from takatuf.imports.tests.sheets import (
    HEADER,
    delimited,
    guests,
    number,
    only,
    understood,
    workbook,
)

HOURS_SHEET = (PERSON_NAME, NATIONAL_ID, OPPORTUNITY_TITLE, DATE, START_TIME, END_TIME, HOURS)
OPPORTUNITIES = (
    OPPORTUNITY_TITLE, TIMESTAMP, EMAIL, STATUS, URL, END_DATE, PLACE, SEATS, HOURS,
)  # fmt: skip


def test_a_register_of_volunteers_is_understood_whole():
    title = ["سجل متطوعي وحدة التطوع - محدث"]
    header = [
        "م", "الاسم الرباعي", "رقم الهوية", "الجوال", "الجنس", "تاريخ الميلاد", "المدينة", "المهارات",
        "البريد", "عدد الساعات", "ملاحظات",
    ]  # fmt: skip
    rows = [
        [n, f"سارة بنت خالد {chr(0x628 + n)}وي", number(n), f"05{n:08}", "أنثى",
         "22/1/1425 هـ", "أملج", "ترجمة - تصوير", f"v{n}@example.org", "15 ساعة", ""]
        for n in range(1, 30)
    ]  # fmt: skip
    total = ["", "الإجمالي", "", "", "", "", "", "", "", 29]

    layout, found = only(workbook({"سجل المتطوعين": [title, [], header, *rows, total]}))

    assert layout.header == [3]
    assert [layout.columns.get(column) for column in range(11)] == [
        None, "name", "national_id", "mobile", "gender", "birth_date", "place", "skills", "email",
        "minutes", "notes",
    ]  # fmt: skip
    assert [row.line for row in found] == list(range(4, 33))


def test_a_month_a_sheet_is_understood_with_times_and_dates():
    header = ["الاسم", "الهوية", "الفرصة", "التاريخ", "من", "إلى", "المجموع"]
    row = ["سارة خالد", number(1), "تنظيف الشاطئ", "27/01/2025", "12:30", "16:30", "٤"]
    book = workbook({month: [["كشف"], header, row, row] for month in ("شهر 1", "شهر 2")})

    sheets = understood(book, HOURS_SHEET)

    assert [layout.name for layout, _rows in sheets] == ["شهر 1", "شهر 2"]
    for layout, rows in sheets:
        assert list(layout.columns.values()) == [
            "name", "national_id", "title", "date", "start_time", "end_time", "minutes",
        ]  # fmt: skip
        assert [row.line for row in rows] == [3, 4]


def test_a_semicolon_file_in_windows_1256_is_understood():
    header = [
        "طابع زمني", "المنسق", "عنوان الفرصة", "البريد الإلكتروني", "الحالة", "رابط التسجيل",
        "تاريخ الانتهاء", "المحافظة", "عدد المقاعد", "الساعات",
    ]  # fmt: skip
    row = [
        "19/01/2025 07:17:00", "سارة خالد", "زيارة كبار السن", "c0@example.org", "مقبول",
        "https://example.org/o/0", "26-01-2025", "الوجه", "??", "4 ساعات",
    ]  # fmt: skip

    content = delimited([header, *[row] * 20], separator=";", encoding="cp1256")
    layout, rows = only(content, OPPORTUNITIES)

    assert [layout.columns.get(column) for column in range(10)] == [
        "timestamp", None, "title", "email", "status", "url", "end_date", "place", "seats", "minutes",
    ]  # fmt: skip
    assert len(rows) == 20
    assert rows[0].by_field["title"] == "زيارة كبار السن"


@pytest.mark.parametrize("place", ["Location", "Place", "المكان", "الموقع"])
def test_headings_in_english_are_known(place):
    header = ["Title", "Status", place, "Seats", "End date"]
    row = ["غرس شتلات", "approved", "ضباء", "20", "2026-01-26"]

    layout, _rows = only(delimited([header, *[row] * 6]), OPPORTUNITIES)

    assert list(layout.columns.values()) == ["title", "status", "place", "seats", "end_date"]


def test_times_and_days_of_a_sheet_in_english_are_known():
    header = ["Name", "ID number", "Start date", "End date", "From", "To"]
    row = ["سارة خالد", number(1), "27/01/2025", "28/01/2025", "12:30", "16:30"]
    fields = (PERSON_NAME, NATIONAL_ID, START_DATE, END_DATE, START_TIME, END_TIME)

    layout, _rows = only(delimited([header, *[row] * 6]), fields)

    assert list(layout.columns.values()) == [
        "name", "national_id", "start_date", "end_date", "start_time", "end_time",
    ]  # fmt: skip


def test_two_rows_of_headings_are_read_as_one():
    rows = [
        ["كشف الحضور"],
        ["الاسم", "رقم الهوية", "الوقت", None, "التاريخ"],
        [None, None, "من", "إلى", None],
        ["سارة خالد", number(1), "8:00", "10:00", "01/02/2025"],
        ["هند خالد", number(2), "8:00", "10:00", "01/02/2025"],
    ]
    layout, found = only(workbook({"s": rows}), HOURS_SHEET)

    assert layout.header == [2, 3]
    assert list(layout.columns.values()) == [
        "name", "national_id", "start_time", "end_time", "date",
    ]  # fmt: skip
    assert [row.line for row in found] == [4, 5]


def test_a_second_heading_in_english_is_no_row():
    rows = [HEADER, ["Name", "ID number", "Mobile"], *guests(4)]
    _layout, found = only(workbook({"s": rows}))

    assert [row.line for row in found] == [3, 4, 5, 6]


def test_headings_repeated_on_each_printed_page_are_no_rows():
    rows = [HEADER, *guests(3), [], HEADER, *guests(3, start=10)]
    _layout, found = only(workbook({"s": rows}))

    assert [row.line for row in found] == [2, 3, 4, 7, 8, 9]


def test_without_headings_columns_are_known_by_their_values():
    layout, found = only(delimited(guests(9)))

    assert layout.header == []
    assert layout.columns[1] == "national_id"
    assert layout.columns[2] == "mobile"
    assert len(found) == 9


def test_cells_merged_downwards_stand_for_every_row_they_cover():
    rows = [["الاسم", "التاريخ", "الفرصة"]]
    rows += [[None, f"0{n}/02/2025", "تشجير"] for n in range(1, 5)]
    book = workbook({"s": rows}, merged=[(1, 0, 3, 0, "سارة خالد")])

    _layout, found = only(book, HOURS_SHEET)

    assert [row.by_field["name"] for row in found] == ["سارة خالد"] * 3 + [None]


def test_a_title_across_the_table_is_no_row():
    rows = [HEADER, *guests(2), [None], *guests(2, start=8)]
    book = workbook({"s": rows}, merged=[(3, 0, 3, 2, "فريق الشمال")])

    _layout, found = only(book)

    assert [row.line for row in found] == [2, 3, 5, 6]


def test_prepared_empty_lines_with_a_serial_number_are_no_rows():
    rows = [["م", *HEADER], *[[n, *row] for n, row in enumerate(guests(3))], [4], [5], [6]]
    _layout, found = only(workbook({"s": rows}))

    assert len(found) == 3


def test_a_person_whose_row_has_numbers_is_not_taken_for_a_total():
    rows = [["الاسم", "الساعات"], ["سارة", 5], ["المجموعة الأولى", 7], ["المجموع", 12]]
    _layout, found = only(workbook({"s": rows}))

    assert [row.by_field["name"] for row in found] == ["سارة", "المجموعة الأولى"]


def test_a_lone_quote_does_not_swallow_the_rest():
    lines = [f"سارة خالد,{number(n)},0550000{n:03}\n" for n in range(400)]
    lines[1] = '"' + lines[1]
    rows = "الاسم,رقم الهوية,الجوال\n" + "".join(lines)
    _layout, found = only(rows.encode())

    assert len(found) == 400


def test_line_breaks_inside_quotes_keep_line_numbers_right():
    text = 'الاسم,المهارات\n"سارة","ترجمة\nتصوير"\nهند,رسم\n'
    _layout, found = only(text.encode())

    assert [row.line for row in found] == [2, 4]
    assert SKILLS.parse(found[0].by_field["skills"]) == ("ترجمة", "تصوير")


def test_dates_times_and_formulas_arrive_as_values():
    target = io.BytesIO()
    content = workbook({"s": [["الاسم", "التاريخ"], ["سارة", date(2025, 1, 7)]]})
    target.write(content)
    (_layout, rows) = only(content, HOURS_SHEET)

    assert rows[0].by_field["date"] == date(2025, 1, 7)


@pytest.mark.parametrize("written", ["999999999999", "٩٩٩٩٩٩٩٩ مقعد"])
def test_a_number_too_large_is_not_said_to_be_broken(written):
    with pytest.raises(CellProblem) as refusal:
        SEATS.parse(written)

    with translation.override("en"):
        assert "outside what can be recorded" in str(refusal.value.sentence)
    assert SEATS.parse("0000000012") == 12
