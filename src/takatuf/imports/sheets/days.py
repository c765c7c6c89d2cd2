"""Sheets with a column a day: which headings are days, in which month, what a cell says.

A day is kept as its heading tells it: ``2025-03-01``; ``1/3`` or ``1 مارس``, whose year is
missing; or ``1`` alone. A month is kept as ``2025-03``, a Hijri one as ``1446-09``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from takatuf.imports.sheets.cells import Cell, words
from takatuf.imports.sheets.shapes import Record
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.dates import (
    EXCEL_SERIALS,
    HIJRI_YEARS,
    MONTH_NAMES,
    NAME,
    WEEKDAY,
    Order,
    parse_date,
)
from takatuf.kernel.text.problems import Unreadable

FEWEST = 3  # fewer headings that look like days may be anything
LAST_DAY = 31
MONTHS = range(1, 13)
RECENT_YEARS = range(1990, 2101)
DAY_WORD = re.compile(r"\b(?:اليوم|يوم|day)\b")
BARE = re.compile(r"\d{1,2}")
TWO_NUMBERS = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})")
DAY_AND_NAME = re.compile(rf"(\d{{1,2}})[-/., ]*({NAME})|({NAME})[-/., ]*(\d{{1,2}})")
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
NAMED_MONTH = re.compile(rf"(?<!\w)({NAME})(?!\w)")
NUMBERED_MONTH = re.compile(r"(?:شهر|month)\s*(\d{1,2})(?!\d)")
MONTH_AND_YEAR = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)|(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})(?![\d/.-])"
)
WHOLE_DATE = re.compile(
    r"(?<!\d)(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)"
)
SIGNS = {
    True: "✓|✔|√|☑|✅|صح|ح|حاضر|حاضره|حضر|حضرت|حضور|نعم|true|p|present|attended|yes|y",
    False: (
        "✗|✘|×|❌|غ|غائب|غائبه|غايب|غياب|لا|لم يحضر|لم تحضر|معتذر|معتذره|اعتذار|بعذر|اجازه|عطله"
        "|false|absent|a|no|n|off|leave|holiday|0|0.0|0:00|00:00|-|–|—|_|."
    ),
}  # whether somebody was there
SIGN = {
    normalise(sign) or sign: was for was, signs in SIGNS.items() for sign in signs.split("|")
}


# ---------------------------------------------------------------- headings
def day_columns(cells: Sequence[Cell]) -> dict[int, str]:
    """Column to day, of the headings that are days of one kind; {} for fewer than three.

    1/2, 1/3, 1/4 are days of January where that makes them lie closer together.
    """
    read = [_read(cells, order) for order in ("day", "month")]
    found = min(read, key=_spread)
    return found if len(found) >= FEWEST and _each_once(found) else {}


def is_weekday(cell: Cell) -> bool:
    return (
        isinstance(cell, str) and not DAY_WORD.sub("", WEEKDAY.sub("", normalise(cell))).strip()
    )


def _read(cells: Sequence[Cell], order: Order) -> dict[int, str]:
    """Of the headings that can be days, those told in the way most are."""
    kinds: dict[str, dict[int, str]] = {"whole": {}, "yearless": {}, "bare": {}}
    for column, cell in enumerate(cells):
        if told := _told(cell, order):
            kind, day = told
            kinds[kind][column] = day
    return max(kinds.values(), key=len)


def _told(cell: Cell, order: Order) -> tuple[str, str] | None:
    """How a heading tells a day, and the day."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, date):
        is_day = not (isinstance(cell, datetime) and (cell.hour or cell.minute))
        return ("whole", parse_date(cell).isoformat()) if is_day else None
    if isinstance(cell, int | float):
        if int(cell) in EXCEL_SERIALS:
            return "whole", parse_date(cell).isoformat()
        return _bare(words(cell))
    if not isinstance(cell, str):
        return None
    text = DAY_WORD.sub(" ", WEEKDAY.sub(" ", normalise(words(cell))))
    text = " ".join(text.split()).strip(" ()[]:،,.-_/|")
    return _bare(text) or _yearless(text, order) or _whole(text, order)


def _bare(text: str) -> tuple[str, str] | None:
    is_day = BARE.fullmatch(text) and 1 <= int(text) <= LAST_DAY
    return ("bare", str(int(text))) if is_day else None


def _yearless(text: str, order: Order) -> tuple[str, str] | None:
    if found := TWO_NUMBERS.fullmatch(text):
        day, month = map(int, found.groups())
        if order == "month":
            day, month = month, day
        is_day = 1 <= day <= LAST_DAY and month in MONTHS
        return ("yearless", f"{day}/{month}") if is_day else None
    if found := DAY_AND_NAME.fullmatch(text):
        number, name = found[1] or found[4], found[2] or found[3]
        return "yearless", f"{int(number)} {name}"
    return None


def _whole(text: str, order: Order) -> tuple[str, str] | None:
    try:
        return "whole", parse_date(text, prefer=order).isoformat()
    except Unreadable:
        return None


def _spread(days: Mapping[int, str]) -> tuple[int, int]:
    """Many before few, then close together before far apart."""
    places = [_place(day) for day in days.values()]
    return -len(places), max(places, default=0) - min(places, default=0)


def _place(day: str) -> int:
    if found := TWO_NUMBERS.fullmatch(day):
        return int(found[2]) * LAST_DAY + int(found[1])
    return date.fromisoformat(day).toordinal() if day.count("-") > 1 else 0


def _each_once(days: Mapping[int, str]) -> bool:
    """No day twice; numbers alone also in their order, since numbers may be anything."""
    told = list(days.values())
    numbers = [int(day) for day in told if day.isdecimal()]
    return len(set(told)) == len(told) and numbers == sorted(numbers)


def find_days(records: Sequence[Record], header: Sequence[int]) -> tuple[list[int], dict]:
    """The header's lines and, column by column, the days that stand in one of them.

    The days may stand in the header, in the line under it or in the line above it. {} also
    where a day has more than one column, of which nobody knows how to read them.
    """
    place = {record.line: i for i, record in enumerate(records)}
    at = [place[line] for line in header if line in place]
    for i in at:
        days = day_columns(records[i].cells)
        if days and _apart(records, max(at), days):
            above = _only_days(records[i], days) and len(at) == 1 and i > 0
            return [records[n].line for n in ([i - 1, i] if above else at)], days
    if at and (days := _beside(records, max(at), max(at) + 1)):
        return [*header, records[max(at) + 1].line], days
    if at and (days := _beside(records, min(at), min(at) - 1)):
        return [records[min(at) - 1].line, *header], days
    return list(header), {}


def _beside(records: Sequence[Record], own: int, other: int) -> dict[int, str]:
    """The days of the line under or above the header, if it holds nothing but days."""
    if not 0 <= other < len(records) or records[other].banner:
        return {}
    days = day_columns(records[other].cells)
    if not days or not _only_days(records[other], days, records[own].cells):
        return {}
    if other < own and any(_says_more(records[own], column) for column in days):
        return {}  # from and until under each day
    return days if _apart(records, max(own, other), days) else {}


def _only_days(record: Record, days: Mapping[int, str], above: Sequence[Cell] = ()) -> bool:
    """Besides the days weekdays, and cells that reach down from the line above."""
    return all(
        cell is None
        or column in days
        or is_weekday(cell)
        or (column < len(above) and cell == above[column])
        for column, cell in enumerate(record.cells)
    )


def _says_more(record: Record, column: int) -> bool:
    cell = record.cells[column] if column < len(record.cells) else None
    return cell is not None and not is_weekday(cell)


def _apart(records: Sequence[Record], last: int, days: Mapping[int, str]) -> bool:
    """No column without a heading stands between the days and holds something."""
    heads = records[max(0, last - 1) : last + 1]
    between = [
        column
        for column in range(min(days), max(days))
        if column not in days and not any(_cell(record, column) is not None for record in heads)
    ]
    return not any(
        _cell(record, column) is not None
        for record in records[last + 1 :]
        for column in between
    )


def _cell(record: Record, column: int) -> Cell:
    return record.cells[column] if column < len(record.cells) else None


# ---------------------------------------------------------------- months
def needs_month(days: Mapping[int, str]) -> bool:
    """Whether the headings leave the year, or the month too, to be said elsewhere."""
    return any(day.count("-") < 2 for day in days.values())  # noqa: PLR2004


def month_in(texts: Iterable[str]) -> str:
    """The one month that titles name (``شهر 9 لعام 1446``); "" for none or several."""
    text = " | ".join(normalise(one) for one in texts)
    whole = {month for found in WHOLE_DATE.findall(text) if (month := _month_of_date(found))}
    text = WHOLE_DATE.sub(" ", text)
    months = set(_named(text))
    years = {int(year) for year in YEAR.findall(text)}
    pairs = whole | {
        (int(year_last or year_first), int(first or last))
        for first, year_last, year_first, last in MONTH_AND_YEAR.findall(text)
    }
    pairs |= {
        (year, number)
        for calendar, number in months
        for year in years
        if calendar is None or (calendar == "hijri") == (year in HIJRI_YEARS)
    }
    known = {(year, month) for year, month in pairs if month in MONTHS and _is_year(year)}
    return "{:04}-{:02}".format(*known.pop()) if len(known) == 1 else ""


def _named(text: str) -> Iterable[tuple[str | None, int]]:
    for name in NAMED_MONTH.findall(text):
        yield MONTH_NAMES[name]
    for number in NUMBERED_MONTH.findall(text):
        yield None, int(number)


def _is_year(year: int) -> bool:
    return year in HIJRI_YEARS or year in RECENT_YEARS


def _month_of_date(text: str) -> tuple[int, int] | None:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    year = next((number for number in numbers if _is_year(number)), None)
    return (year, numbers[1]) if year and numbers[1] in MONTHS else None


def date_of(day: str, month: str) -> str:
    """A day as its heading tells it, with what it leaves out taken from the month.

    A yearless one is the nearest to the month, so that a January may begin in December. What
    is no date (31/2/2025) is left for the reading of dates to refuse.
    """
    if not needs_month({0: day}) or not month:
        return day
    year, number = month.split("-")
    if day.isdecimal():
        return f"{day}/{number}/{year}"
    joint = "/" if "/" in day else " "
    near = [f"{day}{joint}{int(year) + step}" for step in (0, -1, 1)]
    middle = _date(f"15/{number}/{year}")
    return min(near, key=lambda text: _distance(_date(text), middle))


def _distance(one: date | None, other: date | None) -> int:
    return abs((one - other).days) if one and other else LAST_DAY * 24


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except Unreadable:
        return None


# ---------------------------------------------------------------- cells
def is_absent(cell: Cell) -> bool:
    """Blank, or a sign that nobody was there."""
    return cell is None or _sign(cell) is False


def is_present(cell: Cell) -> bool:
    """A sign that somebody was there, without a word about how long."""
    return _sign(cell) is True


def is_one(cell: Cell) -> bool:
    """The figure 1, which may be a tick or an hour."""
    return normalise(words(cell)) == "1"


def _sign(cell: Cell) -> bool | None:
    text = str(cell) if isinstance(cell, bool) else words(cell)
    text = normalise(text)
    return SIGN.get(text, SIGN.get(text.strip(" .")))
