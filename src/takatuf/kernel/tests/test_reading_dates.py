"""Both calendars, times of day, durations."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel.text.dates import parse_date
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.text.times import parse_duration, parse_stretch, parse_time
from takatuf.kernel.text.umm_al_qura import MONTHS, HijriDate, gregorian, hijri, hijri_label

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
GREGORIAN_AR = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
KNOWN = st.dates(min_value=date(1924, 8, 1), max_value=date(2077, 11, 16))
ANY = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def kind_of(function, typed, **options):
    with pytest.raises(Unreadable) as refusal:
        function(typed, **options)
    return refusal.value.kind


# ---------------------------------------------------------------- calendars
def test_known_days_in_both_calendars():
    assert hijri(date(2023, 2, 7)) == (1444, 7, 16)
    assert gregorian(1441, 5, 27) == date(2020, 1, 22)
    assert gregorian(1400, 1, 1) == date(1979, 11, 20)
    assert str(HijriDate(1446, 7, 5)) == "1446/07/05"


@given(KNOWN)
def test_there_and_back_is_the_same_day(day):
    assert gregorian(*hijri(day)) == day


def test_labels_in_both_languages():
    assert hijri_label(date(2025, 1, 15), "ar") == "15 رجب 1446 هـ"
    assert hijri_label(date(2025, 1, 15), "en") == "15 Rajab 1446 AH"


def test_outside_the_table_there_is_no_hijri_date():
    assert hijri(date(1924, 7, 31)) is None
    assert hijri_label(date(2077, 11, 17)) == ""
    assert kind_of(lambda _t: gregorian(1342, 1, 1), "") == "out_of_range"
    assert kind_of(lambda _t: gregorian(1446, 13, 1), "") == "impossible_date"
    assert kind_of(lambda _t: gregorian(1446, 1, 31), "") == "impossible_date"


# ---------------------------------------------------------------- reading dates
SHAPES = (
    "{d:%Y/%m/%d}", "{d:%d-%m-%Y}", "{d:%d/%m/%Y} 07:17:00", "{d.day}/{d.month}/{d.year}",
    "{d:%Y-%m-%d}T07:17:00+03:00", "{d.day} {ar} {d.year}", "{d.day} {ar} {d.year}م",
    "{d:%d %B %Y}", "{d:%b %d, %Y}", "{d:%A %d %b %Y}", "{d:%d.%m.%Y}", "{d:%d %m %Y} ميلادي",
    "\u200f{d:%d/%m/%Y}\u200f",
)  # fmt: skip


@given(ANY, st.sampled_from(SHAPES), st.booleans())
def test_a_gregorian_date_in_any_shape_is_read(day, shape, arabic):
    typed = shape.format(d=day, ar=GREGORIAN_AR[day.month - 1])

    assert parse_date(typed.translate(ARABIC_INDIC) if arabic else typed) == day


HIJRI_SHAPES = (
    "{h.year}/{h.month:02}/{h.day:02} هـ", "{h.day}/{h.month}/{h.year}", "{h.day}-{h.month}-{h.year}هـ",
    "{h.day} {ar} {h.year}", "{h.day} {ar} {h.year} هـ", "{h.day} {en} {h.year} AH", "{h.year} {ar} {h.day}",
    "هـ {h.year}/{h.month}/{h.day}", "{h.day} شهر {ar} {h.year} هجري",
)  # fmt: skip


@given(KNOWN, st.sampled_from(HIJRI_SHAPES), st.booleans())
def test_a_hijri_date_in_any_shape_is_read(day, shape, arabic):
    known = hijri(day)
    names = {language: MONTHS[language][known.month - 1] for language in ("ar", "en")}
    typed = shape.format(h=known, **names)

    assert parse_date(typed.translate(ARABIC_INDIC) if arabic else typed) == day


@given(KNOWN)
def test_a_label_can_be_typed_back(day):
    assert parse_date(hijri_label(day, "ar")) == parse_date(hijri_label(day, "en")) == day


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2099, 12, 31)))
def test_serials_of_spreadsheets_are_dates(day):
    serial = (day - date(1899, 12, 30)).days

    assert (
        parse_date(serial) == parse_date(float(serial) + 0.3) == parse_date(str(serial)) == day
    )
    assert parse_date(int(f"{day:%Y%m%d}")) == parse_date(f"{day:%Y%m%d}") == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("28 كانون الثاني 2025", date(2025, 1, 28)), ("5 آب 2024", date(2024, 8, 5)),
        ("٢٨ يناير، ٢٠٢٥", date(2025, 1, 28)), ("الأحد ٢٦/٠١/٢٠٢٥ ٤:٣٠ م", date(2025, 1, 26)),
        ("10 ذي الحجة 1445 هـ", date(2024, 6, 16)), ("27 جمادى الاولى 1441", date(2020, 1, 22)),
        ("12/10/1419هـ", date(1999, 1, 29)), ("01/28/2025", date(2025, 1, 28)),
        ("28th January 2025", date(2025, 1, 28)), ("28-Jan-2025", date(2025, 1, 28)),
    ],
)  # fmt: skip
def test_dates_as_sheets_hold_them(typed, day):
    assert parse_date(typed) == day


def test_dates_and_moments_of_python_pass_through():
    assert parse_date(date(2025, 1, 2)) == date(2025, 1, 2)
    assert parse_date(datetime(2025, 1, 2, 23, 59, tzinfo=UTC)) == date(2025, 1, 2)


def test_the_day_comes_first_unless_asked_otherwise():
    assert parse_date("01/02/2025") == date(2025, 2, 1)
    assert parse_date("01/02/2025", prefer="month") == date(2025, 1, 2)
    assert parse_date("28/01/2025", prefer="month") == date(2025, 1, 28)
    assert parse_date("01/28/2025") == date(2025, 1, 28)


@pytest.mark.parametrize("typed", ["5/13/2011", "١٢/١٣/١٤١٥", "3-30-1446هـ"])
def test_who_was_asked_for_the_day_first_is_told_of_a_month_that_is_none(typed):
    with pytest.raises(Unreadable) as problem:
        parse_date(typed, sure=True)

    assert problem.value.kind == "impossible_month"
    for other in ("13/5/2011", "2011-05-13", "13 مايو 2011"):
        assert parse_date(other, sure=True) == date(2011, 5, 13)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "empty"), ("غدا", "not_a_date"), ("??/??/????", "not_a_date"), (True, "not_a_date"),
        (float("nan"), "not_a_date"), (10**30, "not_a_date"), (-3, "not_a_date"), (3.0, "not_a_date"),
        ("31/02/1999", "impossible_date"), ("2025/02/29", "impossible_date"),
        ("1446-13-01", "impossible_date"), ("14/11/82", "two_digit_year"),
        ("5 رجب 46", "two_digit_year"), ("1300/1/1", "out_of_range"), ("1 محرم 1501", "out_of_range"),
        ("1/1/1850", "out_of_range"), ("1/1/2300", "out_of_range"), ("1446/07/15 م", "out_of_range"),
        ("15 رجب 1446 م", "not_a_date"), ("28 يناير 2025 هـ", "not_a_date"), ("1/" * 400, "not_a_date"),
        ("2025/01/2025", "not_a_date"), ("1/1/2025 هـ م", "not_a_date"), (20251399, "impossible_date"),
    ],
)  # fmt: skip
def test_what_is_not_a_date_says_why(typed, kind):
    assert kind_of(parse_date, typed) == kind


# ---------------------------------------------------------------- times
@given(st.times(), st.booleans())
def test_a_time_on_either_clock_is_read(moment, arabic):
    minute = moment.replace(second=0, microsecond=0)
    for typed in (f"{minute:%H:%M}", f"{minute:%H:%M:%S}", f"{minute:%I:%M %p}"):
        assert parse_time(typed.translate(ARABIC_INDIC) if arabic else typed) == minute
    spoken = f"{minute:%I:%M} {'ص' if minute.hour < 12 else 'م'}"
    assert parse_time(spoken) == minute
    assert parse_time((minute.hour * 60 + minute.minute) / 1440) == minute
    assert parse_time(moment) == minute


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("٤:٣٠ م", time(16, 30)), ("4م", time(16)), ("الساعة 4 عصرا", time(16)),
        ("12 ص", time(0)), ("12 م", time(12)), ("1 ظهرا", time(13)), ("11 ظهرا", time(11)),
        ("10 ليلا", time(22)), ("2 ليلا", time(2)), ("12 ليلا", time(0)), ("16:30 م", time(16, 30)),
        ("٧ صباحًا", time(7)), ("4:30 p.m.", time(16, 30)), ("8", time(8)), ("4.30", time(4, 30)),
    ],
)  # fmt: skip
def test_times_as_people_write_them(typed, moment):
    assert parse_time(typed) == moment


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("", "empty"), ("abc", "not_a_time"), ("9:5", "not_a_time"), ("24:00", "impossible_time"),
     ("25:00", "impossible_time"), ("16 ص", "impossible_time"), ("10:75", "impossible_time"),
     ("0:15 م", "impossible_time"), (1.5, "not_a_time")],
)  # fmt: skip
def test_what_no_clock_shows_is_refused(typed, kind):
    assert kind_of(parse_time, typed) == kind


@pytest.mark.parametrize(
    ("first", "last", "stretch"),
    [
        ("4", "٧ م", (time(16), time(19))), ("٤ ص", "7", (time(4), time(7))),
        ("8", "2 م", (time(8), time(14))), ("10 ليلا", "2", (time(22), time(2))),
        ("9", "12 ظهرا", (time(9), time(12))), ("8 م", "12", (time(20), time(0))),
        ("8:00", "7:30 pm", (time(8), time(19, 30))), ("16", "7 م", (time(16), time(19))),
        ("8:00", "12:30", (time(8), time(12, 30))), ("9", "17", (time(9), time(17))),
        ("22", "6", (time(22), time(6))), ("0", "4", (time(0), time(4))),
        ("4", "7", timedelta(hours=3)), ("8", "2:30", timedelta(hours=6.5)),
        ("12", "4", timedelta(hours=4)), ("٨", "١٢", timedelta(hours=4)),
    ],
)  # fmt: skip
def test_from_when_until_when(first, last, stretch):
    assert parse_stretch(first, last) == stretch


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [("11:00", "2:00", 3), ("9:00", "1:00", 4), ("١٢:٠٠", "٤:٠٠", 4), ("12:30", "1:00", 0.5)],
)
def test_the_clock_of_a_wall_is_read_with_minutes_too(first, last, hours):
    assert parse_stretch(first, last) == timedelta(hours=hours)


@given(st.times(), st.times(), st.booleans())
def test_times_with_minutes_are_of_both_halves_of_the_day_only_going_back(first, last, arabic):
    first, last = (moment.replace(second=0, microsecond=0) for moment in (first, last))
    typed = [f"{moment:%H:%M}" for moment in (first, last)]
    stretch = parse_stretch(*(t.translate(ARABIC_INDIC) if arabic else t for t in typed))

    if last < first and all(1 <= moment.hour <= 12 for moment in (first, last)):
        assert timedelta() < stretch < timedelta(hours=12)
        ended = datetime.combine(date(2025, 1, 1), first) + stretch
        assert f"{ended:%I:%M}" == f"{last:%I:%M}"  # as the dial shows it
    else:
        assert stretch == (first, last)


@given(st.times(), st.times())
def test_a_part_of_the_day_said_of_both_is_believed(first, last):
    first, last = (moment.replace(second=0, microsecond=0) for moment in (first, last))

    assert parse_stretch(f"{first:%I:%M %p}", f"{last:%I:%M %p}") == (first, last)


def test_the_same_hour_twice_says_nothing():
    assert kind_of(lambda both: parse_stretch(*both), ("4", "4")) == "no_part_of_day"


# ---------------------------------------------------------------- durations
@given(st.integers(0, 60_000), st.booleans())
def test_a_duration_written_out_is_read(minutes, arabic):
    hours, rest = divmod(minutes, 60)
    spellings = [
        f"{hours}:{rest:02}",
        f"{minutes} دقيقة",
        f"{hours} ساعات و {rest} دقيقة",
        f"{hours}h {rest}m",
    ]
    for typed in spellings if hours < 10_000 else spellings[1:]:
        assert parse_duration(typed.translate(ARABIC_INDIC) if arabic else typed) == minutes
    assert parse_duration(minutes / 60) == parse_duration(timedelta(minutes=minutes)) == minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("4 ساعات", 240), ("3.5", 210), ("٣٫٥ ساعة", 210), ("3,5", 210), ("٣ ساعات ونصف", 210),
        ("240 دقيقة", 240), ("ساعة", 60), ("ساعتان", 120), ("ساعتين إلا ربع", 105),
        ("نصف ساعة", 30), ("ساعة وثلث", 80), ("ثلاث ساعات", 180), ("عشر دقائق", 10),
        ("ساعة و30 دقيقة", 90), ("half an hour", 30), ("5 hours", 300), ("30 min", 30), (time(4, 30), 270),
    ],
)  # fmt: skip
def test_durations_as_people_write_them(typed, minutes):
    assert parse_duration(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("", "empty"), ("?", "not_a_duration"), ("4 أيام", "not_a_duration"), ("1e9", "not_a_duration"),
     (True, "not_a_duration"), ("-3", "out_of_range"), ("999999999", "out_of_range"),
     (float("nan"), "out_of_range"), (-1, "out_of_range"), ("4:75", "not_a_duration")],
)  # fmt: skip
def test_what_is_not_a_duration_says_why(typed, kind):
    assert kind_of(parse_duration, typed) == kind


@given(st.text() | st.text(alphabet="0123456789/-: .هـمصرجبساعةودقيقة٤", max_size=30))
def test_any_text_is_read_or_refused(text):
    for function in (parse_date, parse_time, parse_duration):
        with suppress(Unreadable):
            function(text)
