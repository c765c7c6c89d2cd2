"""Which of a sheet's records are data, and what each says, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from takatuf.imports.sheets.cells import Cell
from takatuf.imports.sheets.days import date_of, is_absent, is_one, is_present
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.matching import LONGEST_HEADING, UNDER, Hint, heading, key
from takatuf.imports.sheets.orders import day_first
from takatuf.imports.sheets.shapes import ByDay, Record, Sheet
from takatuf.imports.sheets.totals import is_total


@dataclass(frozen=True, slots=True)
class DataRow:
    """
    :param column: of a sheet with a column a day the day's own, from 1; else 0.
    :param ticked: its day says that somebody was there, not for how long.
    """

    line: int
    cells: list[Cell]
    by_field: dict[str, Cell]
    column: int = 0
    ticked: bool = False


def data_rows(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> Iterator[DataRow]:
    """The rows below the header that say something in a mapped column.

    Left out: blank rows, totals, titles across the sheet, and the header told again.
    """
    for record in _records_of(sheet, layout, hints):
        yield from _rows_of(record, layout, hints)


def holds_ones(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> bool:
    """Whether the figures below the days are ones and noughts, and nothing else is there but
    signs of presence and absence.
    """
    one = False
    for record in _records_of(sheet, layout, hints):
        for column in layout.days_read:
            cell = _cell(record, column)
            if is_one(cell):
                one = True
            elif not is_absent(cell) and not is_present(cell):
                return False
    return one


def _records_of(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> Iterator[Record]:
    start = max(layout.header, default=0)
    by_name = {hint.name: hint for hint in hints}
    mapped = {column: name for column, name in layout.columns.items() if name in by_name}
    again = [{key(text), key(text.rpartition(UNDER)[2])} for text in layout.headers]
    for column, name in mapped.items():
        again[column] |= {key(synonym) for synonym in by_name[name].synonyms}
    for record in sheet.records:
        if record.line <= start or record.banner:
            continue
        said = (_cell(record, column) for column in mapped | layout.days_read)
        if all(cell is None for cell in said) or is_total(record):
            continue
        if not _is_header_again(_without_days(record, layout), again):
            yield record


def _rows_of(record: Record, layout: Layout, hints: Sequence[Hint]) -> Iterator[DataRow]:
    """The record as a row; with a column a day a row for each day somebody was there."""
    if not layout.by_day:
        yield DataRow(record.line, record.cells, fields_of(layout, record.cells, hints))
        return
    for column in layout.days:
        cell = _cell(record, column)
        if not is_absent(cell):
            cells = _without_days(record, layout, but=column).cells
            by_field = fields_of(layout, cells, hints, day=column + 1)
            yield DataRow(record.line, cells, by_field, column + 1, is_tick(layout, cell))


def is_tick(layout: Layout, cell: Cell) -> bool:
    """Whether a cell below a day says that somebody was there, and not for how long."""
    return is_present(cell) or (layout.ticks and is_one(cell))


def _without_days(record: Record, layout: Layout, but: int | None = None) -> Record:
    """The record without what its days hold, except for one."""
    if not layout.by_day:
        return record
    cells = [
        None if column in layout.days and column != but else cell
        for column, cell in enumerate(record.cells)
    ]
    return Record(record.line, cells, record.banner)


def fields_of(
    layout: Layout, cells: Sequence[Cell], hints: Sequence[Hint], *, day: int = 0
) -> dict[str, Cell]:
    """What a row's cells say, field by field, as they are to be parsed.

    :param day: the row's own column, from 1, where the sheet has a column a day.
    """
    by_name = {hint.name: hint for hint in hints}
    by_field = {
        name: read_cell(layout, cells, column)
        for column, name in layout.columns.items()
        if name in by_name
    }
    if day and layout.by_day:
        told = ByDay(*layout.by_day)
        cell = cells[day - 1] if day <= len(cells) else None
        looks_like_times = by_name[told.times].looks_like
        by_field[told.day] = date_of(layout.days[day - 1], layout.month)
        if is_tick(layout, cell):
            by_field[told.amount] = layout.marked or None
        elif looks_like_times and looks_like_times(cell):
            by_field[told.times] = cell
        else:
            by_field[told.amount] = cell
    return by_field


def _is_header_again(record: Record, headings: list[set[tuple[str, ...]]]) -> bool:
    """Most cells say the column's own heading, or another word for it."""
    filled = [(column, cell) for column, cell in enumerate(record.cells) if cell is not None]
    same = others = 0
    for column, cell in filled:
        text = heading(cell) if column < len(headings) else ""
        if text and len(text) <= LONGEST_HEADING and key(text) in headings[column]:
            same += 1
        else:
            others += 1
            if others * 2 >= len(filled):
                return False
    return same >= 2  # noqa: PLR2004


def read_cell(layout: Layout, cells: Sequence[Cell], column: int) -> Cell:
    """A mapped column's cell, its date day first."""
    cell = cells[column] if column < len(cells) else None
    return day_first(cell) if column in layout.month_first else cell


def _cell(record: Record, column: int) -> Cell:
    return record.cells[column] if column < len(record.cells) else None
