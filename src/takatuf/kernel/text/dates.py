"""Dates as people and spreadsheets write them, in either calendar, become ``date``."""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.text.umm_al_qura import gregorian

Order = Literal["day", "month"]
Calendar = Literal["hijri", "gregorian"] | None  # None: the text does not say

HIJRI_YEARS = range(1300, 1501)
GREGORIAN_YEARS = range(1900, 2101)
# Serial numbers count days from here; Excel's invented 29 February 1900 is before our range.
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(7306, 73416)  # 1920-01-01 to 2100-12-31
TEXT_SERIALS = range(10_000, 73_416)  # as text only five digits: 1927-05-18 onward

GREGORIAN_MONTHS = (
    "يناير|كانون الثاني|جانفي|january|jan",
    "فبراير|شباط|فيفري|february|feb",
    "مارس|اذار|march|mar",
    "ابريل|نيسان|افريل|april|apr",
    "مايو|ايار|ماي|may",
    "يونيو|يونيه|حزيران|جوان|june|jun",
    "يوليو|يوليه|تموز|جويليه|july|jul",
    "اغسطس|اب|اوت|august|aug",
    "سبتمبر|ايلول|september|sept|sep",
    "اكتوبر|تشرين الاول|october|oct",
    "نوفمبر|تشرين الثاني|november|nov",
    "ديسمبر|كانون الاول|december|dec",
)
HIJRI_MONTHS = (
    "محرم الحرام|محرم|المحرم|muharram",
    "صفر الخير|صفر|safar",
    "ربيع الاول|ربيع اول|ربيع1|ربيع 1|rabi al awwal|rabi i|rabi 1",
    "ربيع الثاني|ربيع الاخر|ربيع ثاني|ربيع2|ربيع 2|rabi al thani|rabi al akhir|rabi ii|rabi 2",
    "جمادي الاولي|جمادي الاول|جماد اول|جماد الاول|جمادي 1|jumada al ula|jumada i",
    "جمادي الاخره|جمادي الثانيه|جمادي الثاني|جمادي الاخر|جماد ثاني|جمادي2|جمادي 2|jumada ii",
    "رجب|rajab",
    "شعبان|sha ban|shaban",
    "رمضان المبارك|رمضان|ramadan|ramadhan",
    "شوال|shawwal|shawal",
    "ذو القعده|ذي القعده|ذوالقعده|القعده|dhu al qa dah|dhu al qadah|dhul qadah",
    "ذو الحجه|ذي الحجه|ذوالحجه|الحجه|dhu al hijjah|dhul hijjah",
)
NAMED: tuple[tuple[Calendar, tuple[str, ...]], ...] = (
    ("gregorian", GREGORIAN_MONTHS),
    ("hijri", HIJRI_MONTHS),
)
# Folded month name -> its calendar and number.
MONTH_NAMES: dict[str, tuple[Calendar, int]] = {
    name: (calendar, number)
    for calendar, names in NAMED
    for number, spellings in enumerate(names, start=1)
    for name in spellings.split("|")
}
NAME = "|".join(sorted(map(re.escape, MONTH_NAMES), key=len, reverse=True))
WEEKDAY = re.compile(
    r"\b(?:يوم )?(?:ال)?(?:احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت)\b"
    r"|\b(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?\b"
)
HIJRI_ERA = re.compile(r"هجريه?|(?<![ء-ي])ه(?![ء-ي])|\bah\b|\bh\b")
GREGORIAN_ERA = re.compile(r"ميلاديه?|(?<![ء-ي])م(?![ء-ي])|\bad\b|\bce\b")
CLOCK = re.compile(r"[t ]+(?:الساعه )?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?.*$")
NUMBERS = re.compile(r"(\d{1,4})[-/.\s,]+(\d{1,2})[-/.\s,]+(\d{1,4})")
DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]*({NAME})[-/., ]*(\d{{1,4}})")
NAME_FIRST = re.compile(rf"({NAME})[-/., ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{1,4}})")
YEAR_FIRST = re.compile(rf"(\d{{3,4}})[-/., ]*({NAME})[-/., ]*(\d{{1,2}})")
LATIN_JOINT = re.compile(r"(?<=[a-z])[-'’`]+(?=[a-z])")  # Dhu al-Qa'dah
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
LONGEST = 60


def parse_date(value: object, *, prefer: Order = "day", sure: bool = False) -> date:
    """A date from almost anything a form or a cell holds.

    ``2025/01/28``, ``26-01-2025``, ``19/01/2025 07:17:00``, ``15 رجب 1446``,
    ``1446/07/15 هـ``, ``٢٠٢٥-٠١-٠٢``, ``28 كانون الثاني 2025``, ``Jan 28, 2025``, 20250128,
    spreadsheet serials, ``date`` and ``datetime``. A year from 1300 to 1500 is Hijri.

    :param prefer: which comes first where both orders are possible (01/02/2025). Where only
        one is possible, that one is taken.
    :param sure: who typed it was asked for the day first: a month after the twelfth is a slip,
        and no other order is tried.
    :raises Unreadable: ``empty``; ``not_a_date``; ``impossible_date`` (31/02);
        ``impossible_month`` (5/13/2011 if ``sure``);
        ``two_digit_year``; ``out_of_range`` for a year before 1900, after 2100, or a Hijri
        year outside the Umm al-Qura table.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(value)
    text = normalise(str(value)[: LONGEST * 4].replace("،", ","))
    if not text:
        raise Unreadable("empty", value)
    if len(text) > LONGEST:
        raise Unreadable("not_a_date", value)
    return _from_text(text, value, prefer, sure=sure)


def _from_serial(value: float) -> date:
    if not 0 < value < 100_000_000:  # noqa: PLR2004 - eight digits; refuses NaN too
        raise Unreadable("not_a_date", value)
    if int(value) not in EXCEL_SERIALS:
        if value >= 10_000_000:  # noqa: PLR2004
            return _from_text(str(int(value)), value, "day")
        raise Unreadable("not_a_date", value)
    return EXCEL_EPOCH + timedelta(days=int(value))


def _from_text(text: str, typed: object, prefer: Order, *, sure: bool = False) -> date:
    if text.isdecimal() and len(text) == 5 and int(text) in TEXT_SERIALS:  # noqa: PLR2004
        return _from_serial(int(text))
    text = LATIN_JOINT.sub(" ", WEEKDAY.sub(" ", CLOCK.sub("", text)))
    is_hijri = bool(HIJRI_ERA.search(_without_names(text)))
    is_gregorian = bool(GREGORIAN_ERA.search(_without_names(text)))
    if is_hijri and is_gregorian:
        raise Unreadable("not_a_date", typed)
    text = _without_eras(text).strip(" -/.,()")
    calendar: Calendar = "hijri" if is_hijri else "gregorian" if is_gregorian else None
    if found := NUMBERS.fullmatch(text) or COMPACT.fullmatch(text):
        if sure and len(found[1]) < 3 and int(found[2]) > 12:  # noqa: PLR2004
            raise Unreadable("impossible_month", typed)
        return _from_numbers(found.groups(), typed, prefer, calendar)
    return _from_words(text, typed, calendar)


def _without_names(text: str) -> str:
    return re.sub(NAME, "#", text)


def _without_eras(text: str) -> str:
    """Era marks gone, month names untouched (ه ends ذو القعده)."""
    parts = re.split(f"({NAME})", text)
    parts[::2] = [GREGORIAN_ERA.sub(" ", HIJRI_ERA.sub(" ", part)) for part in parts[::2]]
    return " ".join("".join(parts).replace("شهر", " ").replace(" من ", " ").split())


def _from_numbers(
    groups: tuple[str, ...], typed: object, prefer: Order, calendar: Calendar
) -> date:
    first, second, third = groups
    if len(first) >= 3:  # noqa: PLR2004 - a year of three or four digits
        year, month, day = int(first), int(second), int(third)
        if len(third) > 2:  # noqa: PLR2004
            raise Unreadable("not_a_date", typed)
        return _checked(year, month, day, typed, calendar)
    if len(third) < 3:  # noqa: PLR2004
        raise Unreadable("two_digit_year", typed)
    day, month = int(first), int(second)
    if (prefer == "month" and day <= 12) or (month > 12 >= day):  # noqa: PLR2004
        day, month = month, day
    return _checked(int(third), month, day, typed, calendar)


def _from_words(text: str, typed: object, calendar: Calendar) -> date:
    if found := DAY_FIRST.fullmatch(text):
        day, name, year = found.groups()
    elif found := NAME_FIRST.fullmatch(text):
        name, day, year = found.groups()
    elif found := YEAR_FIRST.fullmatch(text):
        year, name, day = found.groups()
    else:
        raise Unreadable("not_a_date", typed)
    if len(year) < 3:  # noqa: PLR2004
        raise Unreadable("two_digit_year", typed)
    named, month = MONTH_NAMES[name]
    if calendar not in (None, named):
        raise Unreadable("not_a_date", typed)
    return _checked(int(year), month, int(day), typed, named)


def _checked(year: int, month: int, day: int, typed: object, calendar: Calendar) -> date:
    if calendar == "hijri" or (calendar is None and year in HIJRI_YEARS):
        return gregorian(year, month, day)
    if year not in GREGORIAN_YEARS:
        raise Unreadable("out_of_range", typed)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("impossible_date", typed) from None
