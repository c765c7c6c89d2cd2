"""A cell, in words and in storage.

A cell is None, a str, bool, int, float, date, datetime, time or timedelta. In storage (JSON)
the last four are ``["date", "2025-01-05"]``-like pairs.
"""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from takatuf.kernel.text.csv_safe import original

Cell = None | str | bool | int | float | date | datetime | time | timedelta

EXACT = 1e15  # whole floats below it are written without a point
LONGEST = 32_767  # characters in a cell; what Excel allows
# Zero-width and bidirectional marks, soft hyphen, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNTIDY = re.compile(
    f"{_INVISIBLE.pattern}|{_CONTROL.pattern}|{_PRESENTATION_FORMS.pattern}|[^\\S ]|  "
)
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Without marks nobody sees, with single spaces."""
    text = text.strip()[:LONGEST]
    if not _UNTIDY.search(text):  # nearly always
        return text
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    if _PRESENTATION_FORMS.search(text):  # letters drawn joined, as copied out of a PDF
        text = unicodedata.normalize("NFKC", text)
    return _SPACES.sub(" ", text).strip()


def words(cell: Cell) -> str:  # noqa: PLR0911 — one return a kind of cell
    """The cell as a person reads it: 1.0 is ``1``, a date ISO, blank the empty string."""
    match cell:
        case None:
            return ""
        case str():
            return clean(cell)
        case bool():
            return "1" if cell else "0"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
        case datetime():
            return cell.isoformat(" ", "minutes" if not cell.second else "seconds")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes" if not cell.second else "seconds")
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return str(cell)


def tidy(cell: Any) -> Cell:
    """What a reader gave, as a cell: blanks are None, text is clean but keeps its lines."""
    if isinstance(cell, str):
        text = str(original(cell[:LONGEST]))
        return "\n".join(filter(None, map(clean, text.splitlines()))) or None
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return cell


def encode(cell: Cell) -> Any:
    match cell:
        case datetime():
            return ["datetime", cell.isoformat()]
        case date():
            return ["date", cell.isoformat()]
        case time():
            return ["time", cell.isoformat()]
        case timedelta():
            return ["timedelta", cell.total_seconds()]
    return cell


def decode(stored: Any) -> Cell:
    if not isinstance(stored, list):
        return stored
    kind, value = stored
    match kind:
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
    return timedelta(seconds=value)
