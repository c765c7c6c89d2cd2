"""Any file to its sheets. What a file is, its bytes say; its name only helps."""

from collections.abc import Iterator
from typing import BinaryIO

from takatuf.imports.sheets import limits
from takatuf.imports.sheets.books import read_book
from takatuf.imports.sheets.delimited import read_delimited
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.shapes import Record, Sheet

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_ZIP = b"PK\x05\x06"
OTHER_KINDS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"Rar!",
    b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"<!DOCTYPE", b"<!doctype", b"<html",
    b"<HTML", b"<?xml",
)  # fmt: skip


def read(file: BinaryIO) -> Iterator[Sheet]:
    """The file's sheets, their records without blank ones, within the limits.

    :raises SheetError: if it cannot be read; also later, while records are consumed.
    """
    head = file.read(16)
    if not head:
        raise SheetError("empty")
    if head.startswith(OTHER_KINDS) or head.startswith(EMPTY_ZIP):
        raise SheetError("not_a_sheet")
    if head.startswith((ZIP, COMPOUND)):
        sheets = read_book(file)
    else:
        sheets = iter([Sheet("", visible=True, records=_delimited(file))])
    count = _Count()
    for sheet in sheets:
        yield Sheet(sheet.name, sheet.visible, count.through(_trimmed(sheet.records)))
    if not count.rows:
        raise SheetError("empty")


class _Count:
    """Rows of all sheets together."""

    def __init__(self):
        self.rows = 0

    def through(self, records: Iterator[Record]) -> Iterator[Record]:
        for record in records:
            self.rows += 1
            if self.rows > limits.MOST_ROWS:
                raise SheetError("too_many_rows", most=limits.MOST_ROWS)
            yield record


def _delimited(file: BinaryIO) -> Iterator[Record]:
    for line, cells in read_delimited(file):
        yield Record(line, cells)


def _trimmed(records: Iterator[Record]) -> Iterator[Record]:
    """Without blank records, and without blank cells at a record's end."""
    for record in records:
        cells = record.cells
        last = next((i for i in range(len(cells), 0, -1) if cells[i - 1] is not None), 0)
        if last > limits.MOST_COLUMNS:
            raise SheetError("too_many_columns", most=limits.MOST_COLUMNS)
        if last:
            yield Record(record.line, cells[:last], record.banner)
