"""What was not taken, for people who mend it: a workbook like the file, or a plain list."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import IO, TextIO

import xlsxwriter
from django.utils.translation import gettext as _

from takatuf.imports import layouts
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.queries import importer_of, noted_rows
from takatuf.imports.sheets.cells import Cell, decode, words
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.turns import turn
from takatuf.kernel.text.csv_safe import safe

WIDEST, NARROWEST = 40, 10


def write_workbook(run: ImportRun, outcome: str) -> IO[bytes]:
    """The rows of one outcome in the file's own layout, with the reason in a last column.

    Mended in place, the same file can be uploaded again: titles and header are where they
    were. Text is written as text, so that nothing in it runs.

    :raises takatuf.imports.turns.NotNow: while another file is read or written.
    """
    with turn():
        return _written(run, outcome)


def _written(run: ImportRun, outcome: str) -> IO[bytes]:
    target = tempfile.TemporaryFile()  # noqa: SIM115 — the answer streams from it
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True, "in_memory": False, "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )  # fmt: skip
    kept = layouts.load(run.layout)
    rows = noted_rows(run).filter(outcome=outcome)
    used = list(rows.values_list("sheet", flat=True).distinct().order_by("sheet"))
    for number in used or [0]:
        layout = kept[number] if number < len(kept) else Layout("")
        _sheet(book, layout, rows.filter(sheet=number).iterator(chunk_size=500))
    book.close()
    target.seek(0)
    return target


def _sheet(book, layout: Layout, rows: Iterator[ImportRow]) -> None:
    sheet = book.add_worksheet(_sheet_name(book, layout.name))
    if any("\u0600" <= letter <= "\u06ff" for text in layout.headers for letter in text):
        sheet.right_to_left()
    bold = book.add_format({"bold": True})
    bold_day = book.add_format({"bold": True, "num_format": "yyyy-mm-dd"})
    width = max(len(layout.headers), 1)
    for column in range(width):
        longest = max(map(len, [*_column(layout, column), ""]))
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
    sheet.set_column(width, width, WIDEST)
    line = 0
    head = layout.head or ([layout.headers] if layout.header else [])
    for cells in head:
        _write(sheet, line, [decode(cell) for cell in cells], bold, bold_day)
        line += 1
    if head:
        sheet.write_string(line - 1, width, _("What to mend"), bold)
    for _line, of_line in groupby(rows, key=lambda row: row.line):
        cells, why = _together(list(of_line), layout, line + 1)
        _write(sheet, line, cells, None)
        sheet.write_string(line, width, why)
        line += 1


def _together(rows: list[ImportRow], layout: Layout, line: int) -> tuple[list, str]:
    """The cells of the rows of one line, each day's at its column, and why each is there.

    :param line: where they stand in this workbook: the cells named are its own.
    """
    longest = max(len(row.cells) for row in rows)
    cells: list[Cell] = [None] * longest
    for row in rows:
        for column, cell in enumerate(row.cells):
            cells[column] = decode(cell) if cell is not None else cells[column]
    places: dict[str, list[str]] = {}
    for row in rows:
        cell = layouts.cell_name(layout, line, row.column, row.field)
        places.setdefault(row.why, []).append(cell)
    return cells, "\n".join(_at(found, why) for why, found in places.items())


def _at(places: list[str], why: str) -> str:
    """``F7, H7: `` before what is said of these cells."""
    named = _(", ").join(dict.fromkeys(filter(None, places)))
    return f"{named}: {why}" if named else why


def _column(layout: Layout, column: int) -> list[str]:
    samples = layouts.samples_of(layout, column)
    return [layout.headers[column] if column < len(layout.headers) else "", *samples]


def _write(sheet, line: int, cells: list, style, of_days=None) -> None:
    """:param of_days: the style of dates, where it is not the book's own."""
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(line, column, str(safe(cell)), style)
        elif cell is not None:
            sheet.write(line, column, cell, of_days if isinstance(cell, date) else style)


def _sheet_name(book, name: str) -> str:
    """Excel's rules: 31 characters, some forbidden, each name once."""
    plain = "".join(letter for letter in name if letter not in "[]:*?/\\").strip("' ")[:28]
    plain = plain or "Sheet"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    nth = 1
    candidate = plain
    while candidate.casefold() in taken:
        nth += 1
        candidate = f"{plain} {nth}"
    return candidate


def write_list(run: ImportRun, target: TextIO, say: Callable[[str], str] = str) -> int:
    """Every row not taken as CSV: sheet, line, outcome, field, reason. Returns how many."""
    found = layouts.load(run.layout)
    labels = {field.name: str(field.label) for field in importer_of(run).fields}
    writer = csv.writer(target)
    writer.writerow(["sheet", "line", "outcome", "field", "reason"])
    count = 0
    for row in noted_rows(run).iterator(chunk_size=500):
        cell = layouts.cell_name(found[row.sheet], row.line, row.column, row.field)
        line = [
            found[row.sheet].name,
            row.line,
            row.outcome,
            labels.get(row.field, ""),
            _at([cell], row.why),
        ]
        writer.writerow(
            [safe(say(words(cell)) if isinstance(cell, str) else cell) for cell in line]
        )
        count += 1
    return count
