"""What reading gives: sheets with records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from takatuf.imports.sheets.cells import Cell


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file, blank or not.

    :param line: its number there, from 1, as the person's own program shows it.
    :param banner: its only cell spreads over several columns: a title, not data.
    """

    line: int
    cells: list[Cell]
    banner: bool = False


class ByDay(NamedTuple):
    """The fields told by a column a day: its heading the ``day``, its cells the ``amount``, or
    the ``times`` where they look like that.
    """

    day: str
    amount: str
    times: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its records, to be consumed before the next sheet is asked for."""

    name: str
    visible: bool
    records: Iterator[Record]
