"""Times of day and durations as people and spreadsheets write them."""

import re
from datetime import datetime, time, timedelta
from itertools import product

from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.problems import Unreadable

MINUTES_A_DAY, HALF_A_DAY = 24 * 60, 12 * 60
NOON = 12
MORNING, AFTERNOON, NOONISH, NIGHT = "morning", "afternoon", "noon", "night"
PERIODS = {
    MORNING: "ص|صباحا|صباح|الصباح|فجرا|الفجر|am|a m|ضحي",
    AFTERNOON: "م|مساء|المساء|عصرا|العصر|مغربا|المغرب|pm|p m",
    NOONISH: "ظ|ظهرا|الظهر|noon",
    NIGHT: "ليلا|الليل|عشاء|العشاء",
}
PERIOD_OF = {word: period for period, words in PERIODS.items() for word in words.split("|")}
PERIOD = "|".join(sorted(PERIOD_OF, key=len, reverse=True))
CLOCK = re.compile(
    rf"(?:الساعه )?(\d{{1,2}})(?:[:.h](\d{{2}}))?(?::(\d{{2}}))? ?({PERIOD})?(?: ?تماما)?"
)
MOST_HOURS = 100_000


def parse_stretch(first: str, last: str) -> tuple[time, time] | timedelta:
    """From when until when: ``4`` and ``7 م`` as 16:00 and 19:00; ``4`` and ``7`` as 3 hours.

    A part of the day said of one of them is enough: the other is the nearest to it. Where hours
    stand alone, morning and evening are as long, so the length is all that is said; as it is of
    11:00 and 2:00, where the hand goes past twelve. 8 and 14, 8:00 and 12:30, or 22:00 and
    02:00 are times of the 24-hour clock.

    :raises Unreadable: as ``parse_time``; ``no_part_of_day`` for 4 and 4.
    """
    times = parse_time(first), parse_time(last)
    (first_part, first_bare), (last_part, last_bare) = _written(first), _written(last)
    if bool(first_part) != bool(last_part):
        near = product(_halves(times[0], first_part), _halves(times[1], last_part))
        return min(near, key=lambda both: _between(*both))
    goes_on = not (first_bare or last_bare) and times[0] <= times[1]
    if first_part or goes_on or not all(map(_on_a_dial, times)):
        return times
    minutes = _between(*times) % HALF_A_DAY
    if not minutes:
        raise Unreadable("no_part_of_day", f"{first} - {last}")
    return timedelta(minutes=minutes)


def _written(text: str) -> tuple[str, bool]:
    """The part of the day a time says, and whether its hour stands alone."""
    _hour, minute, _second, period = _found(text).groups(default="")
    return period, not minute


def _halves(at: time, part: str) -> list[time]:
    """The times a clock's hand may mean, where no part of the day was said."""
    other = at.replace(hour=(at.hour + NOON) % 24)
    return [at] if part or not _on_a_dial(at) else [at, other]


def _on_a_dial(at: time) -> bool:
    return 1 <= at.hour <= NOON


def _between(first: time, last: time) -> int:
    """Minutes until the clock next shows the last; a whole day for the same time."""
    minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
    return minutes % MINUTES_A_DAY or MINUTES_A_DAY


def parse_time(value: object) -> time:
    """``٤:٣٠ م``, ``4:30 pm``, ``16:30``, ``4م``, ``10 ليلا``, a spreadsheet's day fraction.

    A bare hour without ص or م is read on the 24-hour clock. Seconds are dropped.

    :raises Unreadable: ``empty``; ``not_a_time``; ``impossible_time`` (25:00, 16 ص).
    """
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * MINUTES_A_DAY) % MINUTES_A_DAY
        return time(minutes // 60, minutes % 60)
    hour, minute, second, period = _found(value).groups(default="")
    if int(minute or 0) > 59 or int(second or 0) > 59:  # noqa: PLR2004
        raise Unreadable("impossible_time", value)
    return time(_hour(int(hour), PERIOD_OF.get(period), value), int(minute or 0))


def _found(value: object) -> re.Match[str]:
    text = normalise(str(value)[:80]).replace("a.m", "am").replace("p.m", "pm").rstrip(".")
    if not text:
        raise Unreadable("empty", value)
    found = CLOCK.fullmatch(text)
    if found is None:
        raise Unreadable("not_a_time", value)
    return found


def _hour(hour: int, period: str | None, typed: object) -> int:
    """The hour on the 24-hour clock."""
    if hour > 23 or (hour == 0 and period not in (None, MORNING)):  # noqa: PLR2004
        raise Unreadable("impossible_time", typed)
    if period is None:
        return hour
    if hour > NOON:  # ``16:30 م`` says the same thing twice; ``16:30 ص`` contradicts itself
        if period == MORNING:
            raise Unreadable("impossible_time", typed)
        return hour
    twelve = hour % NOON
    if period == NIGHT:  # 10 at night is evening, 2 at night is before dawn
        return twelve + NOON if twelve >= 5 else twelve  # noqa: PLR2004
    if period == NOONISH:
        return hour if hour in (10, 11) else twelve + NOON
    return twelve if period == MORNING else twelve + NOON


COUNTS = {
    word: number
    for number, words in enumerate(
        ("واحد|واحده", "اثنين|اثنان|اثنتين|اثنتان", "ثلاث|ثلاثه", "اربع|اربعه", "خمس|خمسه",
         "ست|سته", "سبع|سبعه", "ثمان|ثماني|ثمانيه", "تسع|تسعه", "عشر|عشره"), start=1,
    )
    for word in words.split("|")
}  # fmt: skip
PARTS = {"نصف": 30, "نص": 30, "ربع": 15, "ثلث": 20, "half": 30}
COUNT = "|".join(sorted(COUNTS, key=len, reverse=True))
PART = "|".join(PARTS)
HOUR_UNIT = r"(?:ساعات|ساعه|ساعتين|ساعتان|س|hours?|hrs?|h)"
MINUTE_UNIT = r"(?:دقايق|دقيقه|د|minutes?|mins?|m)"
NUMBER = r"\d+(?:[.,٫]\d+)?"
COLONS = re.compile(r"(\d{1,4}):(\d{2})(?::\d{2})?(?: ?" + HOUR_UNIT + ")?")
HOURS = re.compile(
    rf"(?:(?P<dual>ساعتين|ساعتان)|(?P<count>{NUMBER}|{COUNT})? ?(?P<unit>{HOUR_UNIT})"
    rf"|(?P<bare>{NUMBER}))"
    rf"(?: (?P<sign>و|الا) ?(?P<part>{PART})(?: ساعه)?)?"
    rf"(?:[ ,]*(?:و ?|and )?(?P<minutes>{NUMBER}) ?{MINUTE_UNIT})?"
)
MINUTES = re.compile(rf"(?P<minutes>{NUMBER}|{COUNT})? ?{MINUTE_UNIT}")
PART_ALONE = re.compile(rf"(?P<part>{PART}) (?:ساعه|an hour|hour)")


def parse_duration(value: object) -> int:
    """Whole minutes from ``4 ساعات``, ``3.5``, ``٣ ساعات ونصف``, ``240 دقيقة``, ``4:30``.

    A bare number counts hours. Parts of a minute are rounded. Also takes numbers,
    ``timedelta``, and ``time`` as spreadsheets store durations.

    :raises Unreadable: ``empty``; ``not_a_duration``; ``out_of_range`` when negative or above
        100,000 hours.
    """
    if isinstance(value, timedelta):
        return _in_range(value.total_seconds() / 60, value)
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _in_range(float(value) * 60, value)
    text = normalise(str(value)[:80]).replace("٫", ".")
    if not text:
        raise Unreadable("empty", value)
    if re.fullmatch(r"[-−]\s*\d.*", text):
        raise Unreadable("out_of_range", value)
    return _in_range(_minutes(text, value), value)


def _minutes(text: str, typed: object) -> float:
    if (found := COLONS.fullmatch(text)) and int(found[2]) < 60:  # noqa: PLR2004
        return int(found[1]) * 60 + int(found[2])
    if found := PART_ALONE.fullmatch(text):
        return PARTS[found["part"]]
    if found := MINUTES.fullmatch(text):
        return _count(found["minutes"])
    if (found := HOURS.fullmatch(re.sub(r"\bو(?=\w)", "و ", text))) is None:
        raise Unreadable("not_a_duration", typed)
    # ساعتين without a number is two; "2 ساعتين" is still two.
    hours = 2.0 if found["dual"] else _count(found["bare"] or found["count"])
    part = PARTS.get(found["part"] or "", 0) * (-1 if found["sign"] == "الا" else 1)
    return hours * 60 + part + (_count(found["minutes"]) if found["minutes"] else 0)


def _count(text: str | None) -> float:
    """The number, in digits or as a word; none means one (``ساعة``)."""
    if text is None:
        return 1.0
    return float(COUNTS[text]) if text in COUNTS else float(re.sub("[,٫]", ".", text))


def _in_range(minutes: float, typed: object) -> int:
    if not 0 <= minutes <= MOST_HOURS * 60:  # also refuses NaN
        raise Unreadable("out_of_range", typed)
    return round(minutes)
