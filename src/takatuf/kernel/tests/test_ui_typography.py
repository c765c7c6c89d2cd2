from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from takatuf.kernel import typography

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _arabic():
    with translation.override("ar"):
        yield


def words(markup):
    return str(markup).replace('<bdi dir="ltr">', "").replace("</bdi>", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234, "1,234"),
        (3.5, "3.5"),
        (2.0, "2"),
        (Decimal("174300.04"), "174,300"),
        (-5, "−5"),
    ],
)
def test_numbers_are_grouped_western_and_isolated(value, shown):
    assert typography.num(value) == f'<bdi dir="ltr">{shown}</bdi>'


def test_nothing_is_a_dash_and_not_a_zero():
    assert typography.num(None) == typography.hours(None) == typography.day(None) == "—"


def test_arabic_digits_become_western_with_their_signs():
    assert words(typography.digits("٤٫٦/٥")) == "4.6/5"


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (0, "0%"),
        (0.001, "&lt;1%"),
        (0.923, "92%"),
        (0.999, "&gt;99%"),
        (1, "100%"),
        (1.2, "120%"),
    ],
)
def test_a_percentage_never_rounds_to_none_or_all(ratio, shown):
    assert words(typography.percent(ratio)) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0 ساعة"), (1, "دقيقة واحدة"), (5, "5 دقائق"), (30, "30 دقيقة"), (60, "ساعة واحدة"),
        (90, "1.5 ساعة"), (120, "ساعتان"), (150, "2.5 ساعة"), (210, "3.5 ساعات"),
        (178, "3 ساعات"), (600, "10 ساعات"), (660, "11 ساعة"), (6000, "100 ساعة"), (6180, "103 ساعات"),
    ],
)  # fmt: skip
def test_hours_take_the_right_arabic_form(minutes, shown):
    assert words(typography.hours(minutes)) == shown
    assert typography.hours_text(minutes) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [(20, "متأخر 3 أيام"), (21, "متأخر يومين"), (22, "متأخر يومًا"), (23, "اليوم"), (24, "بقي يوم"),
     (25, "بقي يومان"), (28, "بقي 5 أيام")],
)  # fmt: skip
def test_what_is_left_is_said_in_words(day, shown):
    assert words(typography.remaining(date(2026, 11, day), NOON)) == shown


def test_a_day_begins_at_midnight_in_tabuk_not_in_greenwich():
    late = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)

    assert "24\u00a0نوفمبر 2026" in typography.day(late)


def test_below_a_heading_the_hijri_day_stands_alone():
    assert typography.day(date(2026, 11, 23), "hijri") == "13 جمادى الآخرة 1448 هـ"


def test_a_full_day_stands_in_both_calendars():
    shown = typography.day(date(2026, 11, 23))

    assert "الاثنين 23\u00a0نوفمبر 2026" in shown
    assert "13\u00a0جمادى\u00a0الآخرة 1448\u00a0هـ" in shown
    assert 'datetime="2026-11-23"' in shown


def test_no_line_breaks_between_a_day_and_its_month_or_within_the_year():
    shown = typography.day(date(1990, 8, 18))

    assert "1990\u00a0<span" in shown, "the dot stays on the line of what it follows"
    assert "27\u00a0محرم 1411\u00a0هـ" in shown


def test_a_day_outside_the_hijri_table_stands_in_one_calendar():
    assert "·" not in typography.day(date(1900, 1, 1))


def test_a_range_of_times_is_one_left_to_right_piece():
    end = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

    assert typography.times(NOON, end) == ('<bdi dir="ltr" class="nowrap">12:00–16:00</bdi>')


@time_machine.travel(NOON)
def test_a_day_of_another_year_says_which():
    with translation.override("en"):
        assert typography.when(datetime(2027, 1, 1, 9, tzinfo=UTC)) == (
            "Friday 1 January 2027 12:00"
        )
        assert "10\u00a0December 2099<" in typography.day(date(2099, 12, 10), "short")
        assert "23\u00a0November<" in typography.day(NOON, "short")


@time_machine.travel(NOON)
def test_a_moment_in_a_sentence_is_plain_words():
    with translation.override("en"):
        assert typography.when(NOON) == "Monday 23 November 12:00"
        assert typography.when(date(2026, 11, 23)) == "Monday 23 November"


def test_yesterday_has_a_word():
    assert typography.ago(date(2026, 11, 22), NOON) == "أمس"


def test_initials_skip_the_article_and_do_not_join():
    assert typography.initials("نورة بنت الحربي") == "ن\u200cح"
    assert typography.initials("Noura") == "N"
    assert typography.initials("  ") == ""


def test_prose_takes_each_paragraphs_own_direction():
    assert typography.userprose("سطر\n\nline").count('<p dir="auto">') == 2


@given(st.text(max_size=80))
def test_no_text_escapes_its_isolation(text):
    for shown in (typography.usertext(text), typography.code(text), typography.ltr(text)):
        inner = str(shown)[str(shown).index(">") + 1 : str(shown).rindex("<")]
        assert "<" not in inner
        assert ">" not in inner
