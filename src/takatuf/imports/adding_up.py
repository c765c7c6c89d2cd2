"""A sheet's own totals beside what is read of its days, where it has a column for each.

Beside a line they make the whole line one to mend where the two differ, since nobody but the
unit knows which cell errs. Below the days they only say so: each line was looked at by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from takatuf.imports.importers import ByDay, CellProblem, Importer
from takatuf.imports.judging import values_of
from takatuf.imports.layouts import FileRow
from takatuf.imports.sheets.cells import Cell
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.rows import names_nobody
from takatuf.imports.sheets.totals import says_sum
from takatuf.kernel.sayings import Saying

ROUNDING = 30  # minutes: a total rounded to whole hours
HOUR = 60
ALL, STATED = 0, -1  # beside the columns: what all days make, and what the lines say they make


@dataclass(slots=True)
class Sum:
    """Minutes of so many cells; ``unread`` where not all could be read."""

    minutes: int = 0
    cells: int = 0
    unread: bool = False

    def add(self, minutes: int | None) -> None:
        self.minutes += minutes or 0
        self.cells += 1
        self.unread |= minutes is None

    def is_told_by(self, total: int, *, surely: bool = False) -> bool:
        """Whether the total may be what these make: in hours, or as their number.

        :param surely: not where it cannot be known.
        """
        if total == self.cells * HOUR:
            return True
        if self.unread:
            return not surely
        return abs(total - self.minutes) <= ROUNDING


@dataclass(slots=True)
class Sums:
    """Column by column, of some lines."""

    lines: int = 0
    of: dict[int, Sum] = field(default_factory=dict)

    def add(self, column: int, minutes: int | None) -> None:
        self.of.setdefault(column, Sum()).add(minutes)


def compared(
    rows: Iterator[FileRow], layouts: Sequence[Layout], importer: Importer
) -> Iterator[FileRow]:
    """The rows; in the place of those of a line that does not make its total, one that says so.

    So does one for each wrong cell of a row of totals: its ``own_total`` is ``sheet``.
    """
    for number, of_sheet in groupby(rows, key=lambda row: row.sheet):
        layout = layouts[number]
        if not layout.by_day:
            yield from of_sheet
            continue
        adding = _Adding(layout, importer, ByDay(*layout.by_day))
        for _line, found in groupby(of_sheet, key=lambda row: row.row.line):
            yield from adding.compare(list(found))


class _Adding:
    """One sheet, line by line."""

    def __init__(self, layout: Layout, importer: Importer, told: ByDay) -> None:
        self.layout, self.importer, self.told = layout, importer, told
        self.parse: Callable[[Cell], Any] = next(
            known.parse for known in importer.fields if known.name == told.amount
        )
        self.latest, self.all = Sums(), Sums()  # since the last totals, and altogether

    def compare(self, line: list[FileRow]) -> list[FileRow]:
        days = [one for one in line if not one.row.own_total]
        own = next((one for one in line if one.row.own_total), None)
        if own and own.row.own_total == "sheet":
            return self._below(own)
        if self._is_nobodys(days):
            return []
        total = self._minutes(own.row.cells, own.row.column - 1) if own else None
        made, lengths = Sum(), set()
        for sums in (self.latest, self.all):
            sums.lines += 1
            sums.add(STATED, total)
        for one in days:
            minutes = self._read(one)
            made.add(minutes)
            lengths.add(minutes)
            for sums in (self.latest, self.all):
                sums.add(one.row.column, minutes)
                sums.add(ALL, minutes)
        a_day_each = lengths == {total}  # how long each day was, not all of them
        if own is None or total is None or a_day_each or made.is_told_by(total):
            return days
        said = _("The days make %(days)s hours, the total says %(total)s: put one right.")
        return [_wrong(own, own.row.column, said, made, total)]

    def _below(self, own: FileRow) -> list[FileRow]:
        """The cells of a row of totals that are not what the lines above make."""
        if not any(isinstance(cell, str) and says_sum(cell) for cell in own.row.cells):
            return []
        made = [sums for sums in (self.latest, self.all) if sums.lines]
        self.latest = Sums()
        wrong = []
        for column in [*self.layout.days, self.layout.total_read]:
            total = None if column is None else self._minutes(own.row.cells, column)
            if column is None or total is None or not made:
                continue
            keys = [ALL, STATED] if column == self.layout.total else [column + 1]
            sums = [each.of.get(key, Sum()) for each in made for key in keys]
            if not any(each.is_told_by(total) for each in sums):
                said = _(
                    "The days above make %(days)s hours, the total says %(total)s. The days "
                    "were read as they stand."
                )
                wrong.append(_wrong(own, column + 1, said, sums[0], total))
        return wrong

    def _is_nobodys(self, days: Sequence[FileRow]) -> bool:
        """A row of totals without a name: nothing else is told, and each day what it makes."""
        if len(days) < 2 or self.all.lines < 2:  # noqa: PLR2004
            return False
        if not names_nobody(self.layout, days[0].row.cells):
            return False
        for one in days:
            column = one.row.column
            total, made = self._minutes(one.row.cells, column - 1), self.all.of.get(column)
            if total is None or made is None or not made.is_told_by(total, surely=True):
                return False
        return True

    def _minutes(self, cells: Sequence[Cell], column: int) -> int | None:
        cell = cells[column] if column < len(cells) else None
        try:
            return None if cell is None else self.parse(cell)
        except CellProblem:
            return None

    def _read(self, one: FileRow) -> int | None:
        try:
            values = values_of(one.row.by_field, self.importer)
        except CellProblem:
            return None
        return self.importer.understood(values)[self.told.amount]


def _wrong(own: FileRow, column: int, said: Any, made: Sum, total: int) -> FileRow:
    saying = Saying(said, days=_clock(made.minutes), total=_clock(total))
    return replace(own, row=replace(own.row, column=column, wrong=saying))


def _clock(minutes: int) -> str:
    return f"{minutes // HOUR}:{minutes % HOUR:02}"
