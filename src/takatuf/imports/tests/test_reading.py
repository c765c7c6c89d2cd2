"""Files of any layout: the reader finds the header and every row, and refuses in a sentence."""

import io
import zipfile
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.imports.importers import (
    BIRTH_DATE,
    DATE,
    EMAIL,
    END_DATE,
    END_TIME,
    GENDER,
    HOURS,
    MOBILE,
    NATIONAL_ID,
    NOTES,
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
)
from takatuf.imports.sentences import SENTENCES, sentence
from takatuf.imports.sheets import limits
from takatuf.imports.sheets.conversion import CutFile, convert, read_lines
from takatuf.imports.sheets.errors import CODES, SheetError
from takatuf.imports.sheets.layout import data_rows, detect
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import HEADER, delimited, guests, number, workbook

PEOPLE = (
    PERSON_NAME.as_required(), NATIONAL_ID, MOBILE, GENDER, BIRTH_DATE, PLACE, SKILLS, EMAIL, HOURS, NOTES,
)  # fmt: skip
HOURS_SHEET = (PERSON_NAME, NATIONAL_ID, OPPORTUNITY_TITLE, DATE, START_TIME, END_TIME, HOURS)
OPPORTUNITIES = (
    OPPORTUNITY_TITLE, TIMESTAMP, EMAIL, STATUS, URL, END_DATE, PLACE, SEATS, HOURS,
)  # fmt: skip


def understood(content: bytes, fields) -> list[tuple]:
    """(layout, data rows) of each sheet; the reader is asked twice, as in life."""
    layouts = [detect(sheet, fields) for sheet in read(io.BytesIO(content))]
    sheets = read(io.BytesIO(content))
    return [
        (layout, list(data_rows(sheet, layout, fields)))
        for layout, sheet in zip(layouts, sheets, strict=True)
    ]


def only(content: bytes, fields=PEOPLE):
    (found,) = understood(content, fields)
    return found


# ---------------------------------------------------------------- real layouts
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


# ---------------------------------------------------------------- any layout
MARKS = ["", "\u200f", "\u200e", "\u202b", "\ufeff", "\u200b"]
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
TITLES = [
    "سجل المتطوعين بوحدة التطوع", "كشف محدث 1446", "جمعية العمل التطوعي", "Volunteers 2025",
    "التاريخ: 12/03/1446", "إعداد قسم البرامج",
]  # fmt: skip


def value_of(field, n: int):
    return {
        "name": f"سارة {'بنت ' if n % 2 else ''}خالد {chr(0x628 + n % 20)}ارس",
        "national_id": number(n),
        "mobile": ["055{:07}", "+96655{:07}", "0096655{:07}", "55{:07}"][n % 4].format(n),
        "email": f"v{n}@example.org",
        "gender": ["أنثى", "ذكر", "انثى", "F", "M"][n % 5],
        "birth_date": ["10/08/1979", "12/10/1419هـ", "1997-11-14", "17/4/1396"][n % 4],
        "place": ["تبوك", "أملج", "ضبا"][n % 3],
        "skills": ["ترجمة - تصوير", "محاسبة", "رسم، تدريب"][n % 3],
        "minutes": ["15 ساعة", "22", "٤"][n % 3],
        "notes": "",
    }[field.name]


@st.composite
def layouts(draw):
    """A sheet of people as somebody might keep it, with what must be understood of it."""
    picked = draw(st.lists(st.sampled_from(PEOPLE[2:9]), min_size=1, unique=True))
    fields = draw(st.permutations([PEOPLE[0], PEOPLE[1], *picked]))
    heading = [
        draw(st.sampled_from(MARKS)) + draw(st.sampled_from(field.synonyms)) + draw(st.sampled_from(["", " ", ":", " *"]))
        for field in fields
    ]  # fmt: skip
    count = draw(st.integers(3, 12))
    digits = draw(st.sampled_from([{}, ARABIC_DIGITS, PERSIAN_DIGITS]))
    rows = [
        [draw(st.sampled_from(MARKS)) + str(value_of(field, n)).translate(digits) for field in fields]
        for n in range(1, count + 1)
    ]  # fmt: skip
    if draw(st.booleans()):  # a serial number in front
        heading, rows = ["م", *heading], [[str(n), *row] for n, row in enumerate(rows, 1)]
    top = [[title] for title in draw(st.lists(st.sampled_from(TITLES), max_size=3))]
    top += [[]] * draw(st.integers(0, 2))
    bottom = [[]] * draw(st.integers(0, 2))
    if draw(st.booleans()):
        bottom.append([draw(st.sampled_from(["المجموع", "الإجمالي", "Total"])), str(count)])
    return fields, [*top, heading, *rows, *bottom], rows


def check(content: bytes, fields, rows) -> None:
    layout, found = only(content)
    expected = {field.name for field in fields}
    assert expected <= set(layout.columns.values()), (layout.headers, layout.columns)
    assert len(found) == len(rows)
    ids = [NATIONAL_ID.parse(row.by_field["national_id"]) for row in found]
    assert ids == [number(n) for n in range(1, len(rows) + 1)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_delimited_layout_is_understood(made, separator, encoding):
    fields, rows, data = made
    check(delimited(rows, separator=separator, encoding=encoding), fields, data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.sampled_from(",;\t|"))
def test_every_windows_1256_layout_is_understood(made, separator):
    """The code page has no Arabic digits and few marks: what it cannot say is not there."""
    fields, rows, data = made
    plain = [
        ["".join(_in_cp1256(letter) for letter in cell) for cell in row] for row in rows
    ]  # fmt: skip
    check(delimited(plain, separator=separator, encoding="cp1256"), fields, data)


def _in_cp1256(letter: str) -> str:
    if letter.isdecimal():
        return str(int(letter))
    return letter.encode("cp1256", "ignore").decode("cp1256")


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(layouts())
def test_every_workbook_layout_is_understood(made):
    fields, rows, data = made
    check(workbook({"ورقة1": rows}), fields, data)


@settings(max_examples=300)
@given(st.binary(max_size=4000))
def test_any_bytes_are_read_or_refused(content):
    said = ""
    try:
        for sheet in read(io.BytesIO(content)):
            for _record in sheet.records:
                pass
    except SheetError as problem:
        said = sentence(problem)
    assert "%(" not in said


# ---------------------------------------------------------------- broken on purpose
def converted(tmp_path, content: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    convert(source, tmp_path / "rows")
    for sheet in read_lines(tmp_path / "rows"):
        list(sheet.records)


def refusal(tmp_path, content: bytes) -> str:
    with pytest.raises(SheetError) as caught:
        converted(tmp_path, content)
    assert sentence(caught.value)
    return caught.value.code


@pytest.mark.parametrize("keep", [10, 100, 1000, 3000, 0.5, 0.9, 0.99])
def test_a_cut_workbook_is_refused_in_a_sentence(tmp_path, keep):
    whole = workbook({"s": [HEADER, *guests(200)]})
    size = int(len(whole) * keep) if keep < 1 else keep

    assert refusal(tmp_path, whole[:size]) == "broken"


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_is_read_or_refused(tmp_path, seed):
    content = bytearray(workbook({"s": [HEADER, *guests(50)]}))
    for step in range(20):
        content[(seed * 7919 + step * 104729) % len(content)] ^= 0xFF
    said = ""
    try:
        converted(tmp_path, bytes(content))
    except SheetError as problem:
        said = sentence(problem)
    assert "%(" not in said


def test_a_cell_at_the_far_corner_does_not_take_the_memory(tmp_path):
    import xlsxwriter  # noqa: PLC0415

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    book.close()

    assert refusal(tmp_path, target.getvalue()) == "too_large"


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in range(6):
            bomb.writestr(f"xl/worksheets/sheet{part}.xml", b"0" * 80 * limits.MEGABYTE)

    assert refusal(tmp_path, target.getvalue()) == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"\n \n,,\n", "empty"), (b"%PDF-1.7 ...", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "not_a_sheet"), (b"<html><body>x", "not_a_sheet"),
        (bytes(range(256)) * 20, "not_a_sheet"), (b"PK\x05\x06" + bytes(18), "not_a_sheet"),
        (b"PK\x03\x04" + bytes(50), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "broken"),
        ((",".join("x" * 300) + "\n").encode(), "too_many_columns"),
        (b"a,b\n" * (limits.MOST_ROWS + 1), "too_many_rows"),
        (b"x" * (limits.MOST_BYTES + 1), "too_large"),
    ],
)  # fmt: skip
def test_each_kind_of_useless_file_has_its_sentence(tmp_path, content, code):
    assert refusal(tmp_path, content) == code


def test_a_workbook_of_too_many_sheets_is_refused(tmp_path):
    book = workbook({f"s{n}": [["x"]] for n in range(limits.MOST_SHEETS + 1)})
    assert refusal(tmp_path, book) == "too_many_sheets"


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == CODES


def test_a_cut_copy_is_noticed(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(workbook({"s": [HEADER, *guests(500)]}))
    convert(source, tmp_path / "rows")
    whole = (tmp_path / "rows").read_bytes()
    (tmp_path / "rows").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CutFile):
        sum(len(list(sheet.records)) for sheet in read_lines(tmp_path / "rows"))


def test_what_is_written_as_lines_comes_back_the_same(tmp_path):
    rows = [["الاسم", "التاريخ", "من"], ["سارة", date(2025, 1, 7), 0.5], ["هند", None, 12]]
    (tmp_path / "source").write_bytes(workbook({"ورقة": rows}))
    convert(tmp_path / "source", tmp_path / "rows")

    (sheet,) = [(s.name, [r.cells for r in s.records]) for s in read_lines(tmp_path / "rows")]

    assert sheet == (
        "ورقة",
        [["الاسم", "التاريخ", "من"], ["سارة", date(2025, 1, 7), 0.5], ["هند", None, 12.0]],
    )
    assert START_TIME.parse(0.5) == time(12)
