"""Making the files that tests read, and what the reader understands of them."""

import csv
import io

import xlsxwriter

from takatuf.imports.importers import (
    BIRTH_DATE,
    EMAIL,
    GENDER,
    HOURS,
    MOBILE,
    NATIONAL_ID,
    NOTES,
    PERSON_NAME,
    PLACE,
    SKILLS,
)
from takatuf.imports.sheets.layout import detect
from takatuf.imports.sheets.reader import read
from takatuf.imports.sheets.rows import data_rows


def luhn(nine: str) -> str:
    """The ten-digit identity number of these nine digits."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return nine + str(-total % 10)


def number(n: int) -> str:
    return luhn(f"1{n:08}")


LETTERS = "بجدرسطعقكل"  # one for each figure: a name is written in letters
HEADER = ["الاسم", "رقم الهوية", "الجوال"]


def guests(count: int, start: int = 0) -> list[list]:
    return [
        [f"ضيف {''.join(LETTERS[int(figure)] for figure in str(n))}", number(n), f"05{n:08}"]
        for n in range(start, start + count)
    ]


def workbook(sheets: dict[str, list[list]], **options) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False},
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if options.get("right_to_left", True):
            sheet.right_to_left()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(line, column, cell)
        for merge in options.get("merged", ()):
            sheet.merge_range(*merge)
    book.close()
    return target.getvalue()


def delimited(rows: list[list], *, separator=",", encoding="utf-8", newline="\r\n") -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator=newline)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return target.getvalue().encode(encoding, "replace")


PEOPLE = (
    PERSON_NAME.as_required(), NATIONAL_ID, MOBILE, GENDER, BIRTH_DATE, PLACE, SKILLS, EMAIL, HOURS, NOTES,
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
