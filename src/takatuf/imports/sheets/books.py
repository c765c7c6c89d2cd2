"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) through calamine.

calamine holds a sheet in memory and trusts the file's own dimensions: a five-kilobyte file
can ask for 500 GB and the process is aborted. So this runs in a child process only, under
limits: see ``conversion``.
"""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import python_calamine as calamine

from takatuf.imports.sheets import limits
from takatuf.imports.sheets.cells import Cell, tidy
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.shapes import Record, Sheet

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_book(file: BinaryIO) -> Iterator[Sheet]:
    """Each worksheet of the book in its order.

    :raises SheetError: if it cannot be opened.
    """
    _refuse_bombs(file)
    file.seek(0)
    if ENCRYPTED in file.read(64 * 1024):
        raise SheetError("protected")
    file.seek(0)
    try:
        book = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [
            meta for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]  # fmt: skip
        if len(sheets) > limits.MOST_SHEETS:
            raise SheetError("too_many_sheets", most=limits.MOST_SHEETS)
        for meta in sheets:
            visible = meta.visible == calamine.SheetVisibleEnum.Visible
            yield Sheet(meta.name, visible, _records(book.get_sheet_by_name(meta.name)))
    except calamine.PasswordError:
        raise SheetError("protected") from None
    except calamine.CalamineError:
        raise SheetError("broken") from None


def _records(sheet: calamine.CalamineSheet) -> Iterator[Record]:
    """Cells merged downwards stand for each row they cover; merged across they are titles."""
    if sheet.start is None:
        return
    left = sheet.start[1]
    tall, wide = _merged(sheet)
    covering: dict[int, tuple[Cell, int]] = {}  # column -> value, last row
    for index, cells in enumerate(sheet.iter_rows()):
        row = [None] * left + [tidy(cell) for cell in cells]
        for column, (value, bottom) in list(covering.items()):
            if index > bottom:
                del covering[column]
            elif row[column] is None:
                row[column] = value
        for column, bottom in tall.get(index, ()):
            if column < len(row) and row[column] is not None:
                covering[column] = row[column], bottom
        yield Record(index + 1, row, banner=index in wide and _one_cell(row))


def _merged(sheet: calamine.CalamineSheet) -> tuple[dict[int, list], set[int]]:
    """Row -> its (column, bottom) of one-column merges; the rows with a merge across."""
    tall: dict[int, list] = {}
    wide: set[int] = set()
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or []:
        if first == last and bottom > top:
            tall.setdefault(top, []).append((first, bottom))
        elif last - first >= 2:  # noqa: PLR2004 — three columns or more
            wide.add(top)
    return tall, wide


def _one_cell(row: list) -> bool:
    return sum(cell is not None for cell in row) == 1


def _refuse_bombs(file: BinaryIO) -> None:
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise SheetError("broken") from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > limits.MOST_PACKED_FILES or unpacked > limits.MOST_UNPACKED_BYTES:
        raise SheetError("too_large", megabytes=limits.MOST_BYTES // limits.MEGABYTE)
