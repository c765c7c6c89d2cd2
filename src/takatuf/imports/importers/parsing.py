"""Cells to values: names, identity numbers, phones, dates, times, lists, counts.

Each ``parse_`` function takes a cell that is not blank and answers a value, or None where
the file itself says that it is unknown (``??``, ``غير محدد``). A ``CellProblem`` carries a
sentence for the person who imports.
"""

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from takatuf.imports.sheets.cells import Cell, western, words
from takatuf.kernel.text import arabic, hijri, identity, phones

UNKNOWN = {
    "غير محدد", "غير محدده", "غير معروف", "غير متوفر", "غير متاح", "لا يوجد", "لا يوجد بعد",
    "لم يحدد", "بدون", "لا شي", "لاحقا", "يحدد لاحقا", "none", "n/a", "na", "nil", "null",
    "unknown", "tbd", "not set", "unlimited", "#n/a",
}  # fmt: skip
LIST_SEPARATORS = re.compile(r"[,،;؛/\\|\n•·+]|\s[-–—]\s|(?<=\S)\s*[–—]\s*(?=\S)")
FEMALE = {"انثي", "انثه", "f", "female", "بنت", "نساء", "نسائي", "طالبه", "متطوعه", "امراه", "سيده"}
MALE = {"ذكر", "m", "male", "ولد", "رجال", "رجالي", "طالب", "متطوع", "رجل"}
LONGEST_NAME, LONGEST_TITLE, LONGEST_TEXT = 120, 200, 2000
MOST_HOURS = 24 * 60  # minutes of volunteering in one row that covers one day


class CellProblem(ValueError):
    """The cell or the row cannot be understood; the message says what to mend."""


def is_unknown(cell: Cell) -> bool:
    """Whether the file says "we do not know": question marks, dashes, a word for it."""
    text = words(cell)
    return not re.search(r"\w", text) or arabic.normalise(text) in _UNKNOWN


def show(value) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "، ".join(show(part) for part in value)
    return words(value)


# ---------------------------------------------------------------- words
def parse_text(cell: Cell) -> str | None:
    text = words(cell)
    if len(text) > LONGEST_TEXT:
        raise CellProblem(_("The text is longer than %(n)s characters.") % {"n": LONGEST_TEXT})
    return None if is_unknown(cell) else text


def parse_name(cell: Cell) -> str:
    text = words(cell)
    if len(re.findall(r"[^\W\d_]", text)) < 2:  # noqa: PLR2004 — a name has two letters
        raise CellProblem(_("“%(text)s” is not a name.") % {"text": text})
    if len(text) > LONGEST_NAME:
        raise CellProblem(_("The name is longer than %(n)s characters.") % {"n": LONGEST_NAME})
    return text


def parse_title(cell: Cell) -> str | None:
    text = words(cell)
    if len(text) > LONGEST_TITLE:
        raise CellProblem(_("The title is longer than %(n)s characters.") % {"n": LONGEST_TITLE})
    return None if is_unknown(cell) else text


def parse_list(cell: Cell) -> tuple[str, ...] | None:
    """``إسعافات أولية، تصوير/ ترجمة`` as three; each once, in the order written."""
    if is_unknown(cell):
        return None
    seen: dict[str, str] = {}
    for part in LIST_SEPARATORS.split(words(cell)):
        text = part.strip(" -–—.،,*")
        if text and not is_unknown(text):
            seen.setdefault(arabic.normalise(text), text)
    return tuple(seen.values()) or None


def parse_gender(cell: Cell) -> str | None:
    text = arabic.normalise(words(cell)).strip(" .")
    if text in FEMALE:
        return "female"
    if text in MALE:
        return "male"
    if is_unknown(cell):
        return None
    raise CellProblem(
        _("“%(text)s” is neither female nor male (أنثى, ذكر).") % {"text": words(cell)}
    )


def show_gender(value) -> str:
    return {"female": _("Female"), "male": _("Male")}.get(value, "")


# ---------------------------------------------------------------- ways to reach and to know
def parse_national_id(cell: Cell) -> str | None:
    """Ten digits with the right check digit. Not to be stored as it is."""
    if is_unknown(cell):
        return None
    digits = re.sub(r"[\s\-./]", "", western(words(cell)))
    if not identity.is_saudi_id(digits):
        raise CellProblem(
            _("“%(text)s” is not a valid ID number: ten digits, starting with 1 or 2.")
            % {"text": words(cell)}
        )
    return digits


def parse_mobile(cell: Cell) -> str | None:
    """E.164. A number that lost its leading zero in the sheet is understood."""
    if is_unknown(cell):
        return None
    number = phones.parse_mobile(western(words(cell)))
    if not number:
        raise CellProblem(
            _("“%(text)s” is not a mobile number, such as 0551234567.") % {"text": words(cell)}
        )
    return number


def parse_email(cell: Cell) -> str | None:
    if is_unknown(cell):
        return None
    text = words(cell).removeprefix("mailto:").strip(" <>;,").lower()
    try:
        validate_email(text)
    except ValidationError:
        raise CellProblem(
            _("“%(text)s” is not an e-mail address.") % {"text": words(cell)}
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
        raise CellProblem(_("“%(text)s” is not a link.") % {"text": text}) from None
    return url


# ---------------------------------------------------------------- numbers
def parse_count(cell: Cell) -> int | None:
    """A whole number of things: 20, ``٢٠``, ``20 متطوع``; None for ``??`` or ``غير محدد``."""
    if is_unknown(cell):
        return None
    found = re.fullmatch(r"\D*?(\d{1,7})(?:\.0+)?\D*", western(words(cell)).replace(",", ""))
    if not found or words(cell).startswith("-"):
        raise CellProblem(_("“%(text)s” is not a whole number.") % {"text": words(cell)})
    return int(found[1])


def parse_duration(cell: Cell) -> int | None:
    """Minutes: 4, ``٤``, ``4 ساعات``, ``3:30``, ``ساعتان ونصف``, ``90 دقيقة``, a time cell."""
    if is_unknown(cell):
        return None
    match cell:
        case timedelta():
            return round(cell.total_seconds() / 60)
        case datetime():  # a duration over a day in a cell formatted as time
            return round((cell - datetime(1899, 12, 31)).total_seconds() / 60)  # noqa: DTZ001
        case time():
            return cell.hour * 60 + cell.minute
        case int() | float() if not isinstance(cell, bool):
            minutes = round(cell * 60)
        case _:
            minutes = _spoken_minutes(western(words(cell)))
    if minutes is None or minutes < 0:
        raise CellProblem(_("“%(text)s” is not a number of hours.") % {"text": words(cell)})
    return minutes


def show_duration(value) -> str:
    return "" if value is None else f"{value // 60}:{value % 60:02}"


def _spoken_minutes(text: str) -> int | None:
    clock = re.fullmatch(r"\D*?(\d{1,4}):([0-5]\d)(?::[0-5]\d)?\D*", text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    total, rest = 0.0, arabic.normalise(text)
    for pattern, worth in _SPOKEN:
        rest, times = pattern.subn(" ", rest)
        total += times * worth
    for pattern, worth in _COUNTED:
        for found in pattern.findall(rest):
            total += float(found.replace(",", ".")) * worth
        rest = pattern.sub(" ", rest)
    return round(total) if total or rest != arabic.normalise(text) else None


_UNKNOWN = {arabic.normalise(word) for word in UNKNOWN}
_SPOKEN = [
    (re.compile(pattern), worth)
    for pattern, worth in (
        (r"\bساعتا?ي?ن\b", 120), (r"\bنصف ساعه\b", 30), (r"\bربع ساعه\b", 15),
        (r"\bو? ?نصف\b", 30), (r"\bو? ?ربع\b", 15), (r"^ساعه( واحده)?\b", 60),
    )
]  # fmt: skip
_COUNTED = [
    (re.compile(r"(\d+(?:[.,]\d+)?) *(?:دقيقه|دقايق|دقائق|د\b|min(?:ute)?s?\b|m\b)"), 1),
    (re.compile(r"(\d+(?:[.,]\d+)?) *(?:ساعه|ساعات|س\b|hours?\b|hrs?\b|h\b)?"), 60),
]


# ---------------------------------------------------------------- dates and times
def parse_date_cell(cell: Cell) -> date | None:
    """A Gregorian date from a date cell or from any spelling, Hijri or Gregorian."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
    if is_unknown(cell):
        return None
    found = hijri.parse_date(western(words(cell)).split(" 00:00")[0])
    if found is None:
        raise CellProblem(
            _("“%(text)s” is not a date that exists, such as 26/01/2025 or 26/07/1446.")
            % {"text": words(cell)}
        )
    return found


def parse_birth_date(cell: Cell) -> date | None:
    """A date in a living person's past; that it is past today is the importer's to check."""
    born = parse_date_cell(cell)
    if born and born.year < 1900:  # noqa: PLR2004
        raise CellProblem(
            _("“%(text)s” is too long ago for a birth date.") % {"text": words(cell)}
        )
    return born


def parse_timestamp(cell: Cell) -> datetime | None:
    """A naive local moment: ``19/01/2025 07:17:00``, or a date alone as its midnight."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    day, _sep, clock = western(words(cell)).replace("T", " ").partition(" ")
    found = parse_date_cell(day)
    if found is None or not clock:
        return found and datetime.combine(found, time())
    return datetime.combine(found, parse_time(clock) or time())


def parse_time(cell: Cell) -> time | None:
    """``8:00``, ``16.30``, ``٤:٣٠ م``, ``4 pm``, a time cell, or a fraction of a day."""
    match cell:
        case datetime():
            return cell.time().replace(microsecond=0)
        case time():
            return cell.replace(microsecond=0)
        case timedelta():
            return _clock(round(cell.total_seconds()))
        case float() if 0 <= cell < 1:
            return _clock(round(cell * 86_400))
    if is_unknown(cell):
        return None
    found = _TIME.fullmatch(arabic.normalise(western(words(cell))))
    if not found:
        raise CellProblem(
            _("“%(text)s” is not a time, such as 16:30.") % {"text": words(cell)}
        )
    return _spoken_time(found, cell)


def _spoken_time(found: re.Match[str], cell: Cell) -> time:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = found["half"] or ""
    if half[:1] in {"م", "p", "ع", "ل"} and hour < 12:  # noqa: PLR2004
        hour += 12
    if (half[:1] in {"ص", "a", "ف"} and hour == 12) or (hour, minute) == (24, 0):  # noqa: PLR2004
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        raise CellProblem(
            _("“%(text)s” is not a time, such as 16:30.") % {"text": words(cell)}
        ) from None


def _clock(seconds: int) -> time:
    return (datetime.min + timedelta(seconds=seconds % 86_400)).time()


def show_time(value) -> str:
    return value.isoformat("minutes") if value else ""


_TIME = re.compile(
    r"(?:الساعه )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:[:.]\d{2}(?:\.\d+)?)?"
    r" ?(?P<half>ص|م|صباحا|مساء|مساءا|عصرا|ليلا|فجرا|a\.?m\.?|p\.?m\.?)?"
)


# ---------------------------------------------------------------- what a column looks like
def _takes(parse, cell: Cell) -> bool:
    try:
        return parse(cell) is not None
    except CellProblem:
        return False


def looks_like_national_id(cell: Cell) -> bool:
    return bool(re.fullmatch(r"[12]\d{9}", western(words(cell))))


def looks_like_mobile(cell: Cell) -> bool:
    return bool(
        re.fullmatch(r"(?:\+|00)?(?:966)?0?5\d{8}", re.sub(r"[\s\-()]", "", western(words(cell))))
    )


def looks_like_email(cell: Cell) -> bool:
    return _takes(parse_email, cell)


def looks_like_url(cell: Cell) -> bool:
    return "://" in words(cell) or words(cell).startswith("www.")


def looks_like_gender(cell: Cell) -> bool:
    return _takes(parse_gender, cell)


def looks_like_date(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    return isinstance(cell, str) and _takes(parse_date_cell, cell)


def looks_like_timestamp(cell: Cell) -> bool:
    if isinstance(cell, datetime):
        return bool(cell.hour or cell.minute)
    return isinstance(cell, str) and ":" in cell and _takes(parse_timestamp, cell)


def looks_like_time(cell: Cell) -> bool:
    if isinstance(cell, time):
        return True
    return isinstance(cell, str) and ":" in cell and _takes(parse_time, cell)


def looks_like_duration(cell: Cell) -> bool:
    return not isinstance(cell, (date, time)) and _takes(parse_duration, cell)


def looks_like_name(cell: Cell) -> bool:
    text = words(cell)
    return isinstance(cell, str) and bool(re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){1,6}", text))
