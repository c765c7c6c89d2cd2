"""Which comes first in a column's dates: 03/04/2025 does not say, its column often does."""

import re
from collections.abc import Iterable

from takatuf.imports.sheets.cells import Cell
from takatuf.kernel.text.digits import western

_NUMBERS = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
MONTHS = 12


def month_first(cells: Iterable[Cell]) -> bool:
    """Some of these dates can only be month, day, year, and none only day, month, year."""
    found = False
    for cell in cells:
        if numbers := _numbers(cell):
            first, second = int(numbers[1]), int(numbers[3])
            if first > MONTHS:
                return False
            found = found or second > MONTHS
    return found


def day_first(cell: Cell) -> Cell:
    """A date with its month first, written day first; anything else as it is."""
    if not (numbers := _numbers(cell)):
        return cell
    month, joint, day, year = numbers.groups()
    return f"{day}{joint}{month}{joint}{year}{str(cell)[numbers.end() :]}"


def _numbers(cell: Cell) -> re.Match[str] | None:
    return _NUMBERS.match(western(cell)) if isinstance(cell, str) else None
