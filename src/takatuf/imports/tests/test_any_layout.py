"""Files of any layout, drawn: the reader understands each, or refuses in a sentence."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takatuf.imports.importers import NATIONAL_ID
from takatuf.imports.sentences import sentence
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.reader import read
from takatuf.imports.tests.sheets import PEOPLE, delimited, number, only, workbook

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
