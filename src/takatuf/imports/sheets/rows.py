"""Which of a sheet's records are data, and what each says, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from takatuf.imports.sheets.cells import Cell, words
from takatuf.imports.sheets.days import date_of, is_absent, is_one, is_present
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.matching import LONGEST_HEADING, UNDER, Hint, heading, key
from takatuf.imports.sheets.orders import day_first
from takatuf.imports.sheets.shapes import ByDay, Record, Sheet
from takatuf.imports.sheets.totals import is_total, looks_like_data, says_total


@dataclass(frozen=True, slots=True)
class DataRow:
    """
    :param column: of a sheet with a column a day the day's own, from 1; else 0.
    :param ticked: its day says that somebody was there, not for how long.
    :param own_total: the sheet's own: beside the days of a line, or below those of all.
    :param wrong: a Saying, where that is not what the days make.
    """

    line: int
    cells: list[Cell]
    by_field: dict[str, Cell]
    column: int = 0
    ticked: bool = False
    own_total: Literal["", "line", "sheet"] = ""
    wrong: Any = ""


def data_rows(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> Iterator[DataRow]:
    """The rows below the header that say something in a mapped column.

    Left out: blank rows, titles across the sheet, the header told again and, unless the sheet
    has a column a day, totals.
    """
    for record in _records_of(sheet, layout, hints):
        if not _is_total(record, layout, hints):
            yield from _rows_of(record, layout, hints)
        elif layout.by_day:
            yield DataRow(record.line, record.cells, {}, own_total="sheet")


def ones_in(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> tuple[bool, bool]:
    """Whether a figure 1 stands below the days, and whether nothing else does but noughts and
    signs of presence and absence.

    The second is not asked of lines that name nobody, which may be totals, unless all do.
    """
    of_all: set[Cell] = set()
    of_somebody: set[Cell] = set()
    for record in _records_of(sheet, layout, hints):
        if not _is_total(record, layout, hints):
            below = {_cell(record, column) for column in layout.days_read}
            of_all |= below
            of_somebody |= set() if names_nobody(layout, record.cells) else below
    asked = of_somebody or of_all
    alone = all(is_one(cell) or is_absent(cell) or is_present(cell) for cell in asked)
    return any(map(is_one, of_all)), alone and any(map(is_one, asked))


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
        if all(cell is None for cell in said):
            continue
        if not _is_header_again(_without_days(record, layout), again):
            yield record


def _is_total(record: Record, layout: Layout, hints: Sequence[Hint]) -> bool:
    """With a column a day also where more stands in the line: "total" is nobody's name.

    It may be an opportunity's, though: there only the columns of a name are asked, or those
    that are not read, and only where no other column says anything of its own.
    """
    if not layout.by_day:
        return is_total(record)
    by_name = {hint.name: hint for hint in hints}
    names = {part for hint in hints if hint.made_of for part in (hint.name, *hint.made_of)}
    in_name, beside = [], []
    for column, name in layout.columns.items():
        cell = _cell(record, column)
        if name in names and isinstance(cell, str):
            in_name.append(cell)
        elif name in by_name and _says_something(cell, by_name[name]):
            beside.append(words(cell))
    if in_name:
        return all(map(says_total, [*in_name, *beside]))
    return not beside and is_total(record)


def names_nobody(layout: Layout, cells: Sequence[Cell]) -> bool:
    """Whether no column but the days' says anything, unless it is a word for a total."""
    told = [cell for column, cell in enumerate(cells) if column in layout.columns]
    return all(cell is None or (isinstance(cell, str) and says_total(cell)) for cell in told)


def _says_something(cell: Cell, hint: Hint) -> bool:
    """Whether the cell is what its column holds: a supervisor's signature is no number."""
    if hint.looks_like:
        return hint.looks_like(cell)
    return isinstance(cell, str) and not looks_like_data(cell)


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
    total = layout.total_read
    if total is not None and _cell(record, total) is not None:
        yield DataRow(record.line, record.cells, {}, total + 1, own_total="line")


def is_tick(layout: Layout, cell: Cell) -> bool:
    """Whether a cell below a day says that somebody was there, and not for how long."""
    return is_present(cell) or (layout.ticks and is_one(cell))


def _without_days(record: Record, layout: Layout, but: int | None = None) -> Record:
    """The record without what its days hold, except for one, and without their total."""
    if not layout.by_day:
        return record
    out = {*layout.days, layout.total_read} - {but}
    cells = [None if column in out else cell for column, cell in enumerate(record.cells)]
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
