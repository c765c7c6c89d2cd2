"""Dates in both calendars. The Umm al-Qura table comes from `hijridate`.

Known: 1343-01-01 to 1500-12-30 AH, which is 1924-08-01 to 2077-11-16. Browsers disagree
with the table on many dates before 2000, so Hijri is computed here and nowhere else.
"""

from datetime import date
from typing import NamedTuple

from hijridate import Gregorian, Hijri

from takatuf.kernel.text.problems import Unreadable

FIRST_YEAR, LAST_YEAR = 1343, 1500
MONTHS = {
    "ar": (
        "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
        "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
    ),
    "en": (
        "Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II",
        "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah",
    ),
}  # fmt: skip
ERA = {"ar": "هـ", "en": "AH"}


class HijriDate(NamedTuple):
    year: int
    month: int
    day: int

    def __str__(self) -> str:
        """``1446/07/15``."""
        return f"{self.year:04}/{self.month:02}/{self.day:02}"


def hijri(day: date) -> HijriDate | None:
    """The Hijri date, or None outside 1924-08-01 to 2077-11-16."""
    try:
        return HijriDate(*Gregorian(day.year, day.month, day.day).to_hijri().datetuple())
    except OverflowError:
        return None


def hijri_label(day: date, language: str = "ar") -> str:
    """``15 رجب 1446 هـ`` or ``15 Rajab 1446 AH``; empty where the table ends."""
    known = hijri(day)
    if known is None:
        return ""
    words = "en" if language.startswith("en") else "ar"
    return f"{known.day} {MONTHS[words][known.month - 1]} {known.year} {ERA[words]}"


def gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Hijri one.

    :raises Unreadable: ``out_of_range`` for a year outside the table, ``impossible_date`` for
        a month or day that year does not have.
    """
    typed = f"{year}/{month}/{day}"
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("out_of_range", typed)
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        raise Unreadable("impossible_date", typed) from None
    return date(*converted.datetuple())
