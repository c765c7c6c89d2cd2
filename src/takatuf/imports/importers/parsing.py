"""Cells to values: the kernel's readings of names, numbers, phones and dates, for sheets.

Each ``parse_`` function takes a cell that is not blank and answers a value, or None where
the file itself says that it is unknown (``??``, ``غير محدد``). A ``CellProblem`` carries a
sentence for the person who imports.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from takatuf.imports.sheets.cells import Cell, words
from takatuf.kernel.explain import SENTENCES
from takatuf.kernel.sayings import Hours, Saying
from takatuf.kernel.text import arabic, dates, identity, phones, times
from takatuf.kernel.text.digits import western
from takatuf.kernel.text.problems import Unreadable

_UNKNOWN = {
    arabic.normalise(word)
    for word in (
        "غير محدد", "غير محددة", "غير معروف", "غير متوفر", "غير متاح", "لا يوجد", "لم يحدد",
        "بدون", "لا شيء", "لاحقا", "يحدد لاحقا", "مفتوح", "none", "n/a", "na", "nil", "null",
        "unknown", "tbd", "not set", "unlimited", "#n/a",
    )
}  # fmt: skip
SAUDI_MOBILE = re.compile(r"(?:(?:\+|00)?966)?0?(5\d{8})\+?", re.ASCII)
PHONE_PUNCTUATION = re.compile(r"[\s\-–—().]")
LIST_SEPARATORS = re.compile(r"[,،;؛/\\|\n•·+]|\s[-–—]\s")
FEMALE = {
    "انثي", "انثه", "f", "female", "بنت", "نساء", "نسائي", "طالبه", "متطوعه", "امراه", "سيده",
}  # fmt: skip
MALE = {"ذكر", "m", "male", "ولد", "رجال", "رجالي", "طالب", "متطوع", "رجل"}
NUMBERED = re.compile(r"\d{1,6}\s*[-–—.):/،]\s*(?=\D)")  # "12- Sara": the row's number
# Excel's short form of a long number; whole only if no digit was left out.
SHORTENED = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE | re.ASCII)
BETWEEN_TIMES = re.compile(
    r"(?:من|from)?\s*(.*\S)\s*(?:-|–|—|~|إلى|الى|حتى|to|until)\s*(\S.*)", re.IGNORECASE
)
ZONE = re.compile(r"\s*(?:gmt|utc|غرينتش|جرينتش)\s*[+-]?\s*[\d:]*\s*$", re.IGNORECASE)
LONGEST_TITLE, LONGEST_TEXT, LONGEST_UNKNOWN = 200, 2000, 20
MOST_DIGITS = 7  # of a count
EARLIEST_BIRTH = date(1900, 1, 1)
FIRST_DATES = 1990  # a length of time that is stored as a date is of 1900 or soon after
MADE_A_DATE = _(
    "The spreadsheet program has made a date of what was written: format the cell as text and "
    "write the hours again, such as 3 or 4 pm - 7 pm."
)


class CellProblem(ValueError):
    """The cell or the row cannot be understood.

    :param sentence: a lazy text or a Saying that says what to mend.
    :param field: the name of the field it is about, if it is one.
    """

    def __init__(self, sentence: Any, field: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def is_unknown(cell: Cell) -> bool:
    """Whether the file says "we do not know": question marks, dashes, a word for it."""
    text = words(cell)
    if len(text) > LONGEST_UNKNOWN:
        return False
    return not re.search(r"\w", text) or arabic.normalise(text) in _UNKNOWN


def show(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "، ".join(show(part) for part in value)
    return words(value)


def _read(function: Callable[[Any], Any], cell: Cell) -> Any:
    """The kernel's reading, its refusal as a sentence that quotes the cell."""
    try:
        return function(cell if not isinstance(cell, str) else words(cell))
    except Unreadable as problem:
        raise CellProblem(_quoting(cell, SENTENCES[problem.kind])) from None


def _quoting(cell: Cell, sentence: Any) -> Saying:
    return Saying(_("“%(text)s”: %(sentence)s"), text=words(cell)[:60], sentence=sentence)


# ---------------------------------------------------------------- words
def parse_text(cell: Cell, longest: int = LONGEST_TEXT) -> str | None:
    text = words(cell)
    if len(text) > longest:
        raise CellProblem(Saying(_("The text is longer than %(n)s characters."), n=longest))
    return None if is_unknown(cell) else text


def parse_title(cell: Cell) -> str | None:
    return parse_text(cell, LONGEST_TITLE)


def parse_name(cell: Cell) -> str | None:
    if is_unknown(cell):
        return None
    text = words(cell)
    found = NUMBERED.match(western(text))
    return _read(arabic.clean_name, text[found.end() :] if found else text)


def parse_list(cell: Cell) -> tuple[str, ...] | None:
    """``إسعافات أولية، تصوير/ ترجمة`` as three; each once, in the order written."""
    seen: dict[str, str] = {}
    for part in LIST_SEPARATORS.split(cell if isinstance(cell, str) else words(cell)):
        text = words(part).strip(" -–—.،,*")
        if text and not is_unknown(text):
            seen.setdefault(arabic.normalise(text), text)
    return tuple(seen.values()) or None


def parse_gender(cell: Cell) -> str | None:
    """``female`` or ``male``."""
    text = arabic.normalise(words(cell)).strip(" .")
    if text in FEMALE:
        return "female"
    if text in MALE:
        return "male"
    if is_unknown(cell):
        return None
    raise CellProblem(_quoting(cell, _("Write أنثى or ذكر, female or male.")))


def show_gender(value: Any) -> Any:
    """A lazy text."""
    return {"female": _("Female"), "male": _("Male")}.get(value, "")


# ---------------------------------------------------------------- ways to reach and to know
def _digits(cell: Cell) -> str:
    """The cell's words, a long number in full: 5.50000001E+08 is 550000001.

    :raises CellProblem: if the spreadsheet program has left digits out.
    """
    text = words(cell).lstrip("'’`").removesuffix(".0")
    if not (found := SHORTENED.fullmatch(western(text))):
        return text
    whole, part, length = found[1], found[2] or "", int(found[3])
    if len(part) < length:
        raise CellProblem(
            _quoting(
                cell,
                _(
                    "The spreadsheet program has shortened this number: format the column as "
                    "text and write the number in full."
                ),
            )
        )
    return f"{whole}{part}"


def parse_national_id(cell: Cell) -> str | None:
    """Ten digits with the right check digit; hand them on to be hashed, never keep them."""
    return None if is_unknown(cell) else _read(identity.saudi_id, _digits(cell))


def show_national_id(value: Any) -> str:
    """The last three digits."""
    return f"•••••••{value[-3:]}" if value else ""


def parse_mobile(cell: Cell) -> str | None:
    """E.164. A number that lost its leading zero in the sheet is understood."""
    if is_unknown(cell):
        return None
    return _read(lambda number: phones.to_e164(number, mobile=True), _digits(cell))


def parse_email(cell: Cell) -> str | None:
    if is_unknown(cell):
        return None
    text = words(cell).removeprefix("mailto:").strip(" <>;,").lower()
    try:
        validate_email(text)
    except ValidationError:
        raise CellProblem(
            _quoting(cell, _("An e-mail address looks like name@example.org."))
        ) from None
    return text


def parse_url(cell: Cell) -> str | None:
    if is_unknown(cell):
        return None
    text = words(cell)
    url = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        raise CellProblem(
            _quoting(cell, _("A link looks like https://example.org/page."))
        ) from None
    return url


# ---------------------------------------------------------------- numbers
def parse_count(cell: Cell) -> int | None:
    """A whole number of things: 20, ``٢٠``, ``20 متطوع``; None for ``??`` or ``غير محدد``."""
    if is_unknown(cell):
        return None
    text = western(words(cell)).replace(",", "").replace("٬", "")
    found = re.fullmatch(r"[^\d\-]*(\d+)(?:\.0+)?\D*", text)
    if not found:
        raise CellProblem(_quoting(cell, _("Write a whole number, such as 12.")))
    if len(found[1].lstrip("0")) > MOST_DIGITS:
        raise CellProblem(_quoting(cell, SENTENCES["out_of_range"]))
    return int(found[1])


def parse_duration(cell: Cell) -> int | None:
    """Minutes: 4, ``٤``, ``4 ساعات``, ``3:30``, ``ساعتان ونصف``, ``90 دقيقة``, a time cell."""
    if isinstance(cell, date) and cell.year >= FIRST_DATES:
        raise CellProblem(_quoting(cell, MADE_A_DATE))
    if isinstance(cell, datetime):  # more than a day, in a cell formatted as time
        return round((cell - datetime(1899, 12, 31)).total_seconds() / 60)  # noqa: DTZ001
    return None if is_unknown(cell) else _read(times.parse_duration, cell)


def show_duration(value: Any) -> Any:
    return "" if value is None else Hours(value)


# ---------------------------------------------------------------- dates and times
def parse_date_cell(cell: Cell) -> date | None:
    """A Gregorian date from a date cell or from any spelling, Hijri or Gregorian."""
    return None if is_unknown(cell) else _read(dates.parse_date, cell)


def parse_birth_date(cell: Cell) -> date | None:
    """A date in a living person's past; that it is past today is the importer's to check."""
    born = parse_date_cell(cell)
    if born and born < EARLIEST_BIRTH:
        raise CellProblem(_quoting(cell, _("This is too long ago for a birth date.")))
    return born


def parse_timestamp(cell: Cell) -> datetime | None:
    """A naive local moment: ``19/01/2025 07:17:00``, or a date alone as its midnight."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    text = ZONE.sub("", words(cell))  # Google's forms: 9:41:20 م غرينتش+3
    found = parse_date_cell(text)
    if found is None:
        return None
    clock = re.search(r"\d{1,2}:\d{2}.*$", western(text))
    if not clock:
        return datetime.combine(found, time())
    return datetime.combine(found, parse_time(clock[0]) or time())


def parse_time(cell: Cell) -> time | None:
    """``8:00``, ``16.30``, ``٤:٣٠ م``, ``4 pm``, a time cell, or a fraction of a day."""
    return None if is_unknown(cell) else _read(times.parse_time, cell)


def show_time(value: Any) -> str:
    return value.isoformat("minutes") if value else ""


def parse_times(cell: Cell) -> tuple[time, time | None] | timedelta | None:
    """``8:00 - 12:00``, ``من ٤:٣٠ إلى ٧ م``; one time alone is the first. ``4-7`` says how
    long, and neither from when nor until when.
    """
    if is_unknown(cell):
        return None
    found = BETWEEN_TIMES.fullmatch(words(cell))
    if not found:
        return _read(times.parse_time, cell), None
    return _read(lambda _cell: times.parse_stretch(*found.groups()), cell)


def show_times(value: Any) -> Any:
    if isinstance(value, timedelta):
        return Hours(int(value.total_seconds() // 60))
    return " – ".join(filter(None, map(show_time, value or ())))


# ---------------------------------------------------------------- what a column looks like
def _takes(parse: Callable[[Cell], Any], cell: Cell) -> bool:
    try:
        return parse(cell) is not None
    except CellProblem:
        return False


def looks_like_national_id(cell: Cell) -> bool:
    return bool(re.fullmatch(r"[12]\d{9}", western(words(cell))))


def looks_like_mobile(cell: Cell) -> bool:
    return bool(SAUDI_MOBILE.fullmatch(PHONE_PUNCTUATION.sub("", western(words(cell)))))


def looks_like_email(cell: Cell) -> bool:
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", words(cell)))


def looks_like_url(cell: Cell) -> bool:
    return bool(re.match(r"https?://|www\.", words(cell)))


def looks_like_gender(cell: Cell) -> bool:
    return _takes(parse_gender, cell)


def looks_like_date(cell: Cell) -> bool:
    if isinstance(cell, datetime) and (cell.hour or cell.minute):
        return False  # a moment, or a time that carries its day along
    return isinstance(cell, date) or (isinstance(cell, str) and _takes(parse_date_cell, cell))


def looks_like_timestamp(cell: Cell) -> bool:
    if isinstance(cell, datetime):
        return bool(cell.hour or cell.minute)
    return isinstance(cell, str) and ":" in cell and _takes(parse_timestamp, cell)


def looks_like_time(cell: Cell) -> bool:
    if isinstance(cell, time) or (isinstance(cell, datetime) and (cell.hour or cell.minute)):
        return True
    return isinstance(cell, str) and ":" in cell and _takes(parse_time, cell)


def looks_like_times(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(
        BETWEEN_TIMES.fullmatch(words(cell)) and _takes(parse_times, cell)
    )


def looks_like_duration(cell: Cell) -> bool:
    return not isinstance(cell, date | time) and _takes(parse_duration, cell)


def looks_like_name(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(
        re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){1,6}", words(cell))
    )
