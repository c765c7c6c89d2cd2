"""Numbers, dates, names and codes as they stand in a page, safe in both directions.

A number, time range, phone or code inside Arabic text is isolated left to right; a
person's own text takes the direction of its first strong letter.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from takatuf.kernel.text.digits import western
from takatuf.kernel.text.phones import pretty
from takatuf.kernel.text.umm_al_qura import hijri_label

NOTHING = "—"
NO_BREAK = "\u00a0"
SIGNS = str.maketrans("٫٬", ".,")


def ltr(value) -> SafeString:
    """Isolate left to right: e-mail addresses, links, ranges, fractions."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


def email(value) -> SafeString:
    """``{{ address|email }}``: where it is too long for its line it parts before the @."""
    name, at, host = str(value).partition("@")
    return format_html('<bdi dir="ltr">{}<wbr>{}</bdi>', name, at + host)


def number_text(value) -> str:
    """-1234.50 → ``−1,234.5``: Western digits, at most one decimal place, a true minus."""
    decimal = isinstance(value, float | Decimal)
    text = f"{value:,.1f}".removesuffix(".0") if decimal else f"{int(value):,}"
    return text.replace("-", "−")


def num(value) -> str:
    """``{{ n|num }}``: a grouped number; a dash where there is none."""
    return NOTHING if value in (None, "") else ltr(number_text(value))


def digits(value) -> SafeString:
    """``{{ "٤/١٠"|digits }}``: Western digits as they are, no grouping (years, fractions)."""
    return ltr(western(str(value)).translate(SIGNS))


def percent(ratio) -> str:
    """``{{ 0.923|percent }}`` → 92%; never rounds up to a whole it is not."""
    if ratio is None:
        return NOTHING
    figure = float(ratio) * 100
    rounded = f"{figure:.0f}%"
    if figure > 0 and rounded == "0%":
        rounded = "<1%"
    elif figure < 100 and rounded == "100%":  # noqa: PLR2004
        rounded = ">99%"
    return ltr(rounded)


def code(value) -> SafeString:
    """``{{ serial|code }}``: a serial, reference or verify code."""
    return format_html('<bdi dir="ltr" class="serial">{}</bdi>', value)


def phone(value) -> SafeString:
    """``{{ phone|phone }}``: 055 364 0525, or as stored where it cannot be read."""
    return format_html('<bdi dir="ltr" class="nowrap">{}</bdi>', pretty(str(value)))


def usertext(value) -> SafeString:
    """``{{ name|usertext }}``: what a person typed, in its own direction."""
    return format_html('<span dir="auto">{}</span>', value)


def userprose(value) -> SafeString:
    """``{{ text|userprose }}``: what a person typed, in paragraphs."""
    paragraphs = linebreaks(normalize_newlines(str(value).strip()), autoescape=True)
    return SafeString(paragraphs.replace("<p>", '<p dir="auto">'))


# ---------------------------------------------------------------- time
def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _as_date(value: date | datetime) -> date:
    value = _local(value)
    return value.date() if isinstance(value, datetime) else value


def day(value: date | datetime | None, style: str = "full") -> str:
    """``{{ date|day }}``: weekday, Gregorian and Hijri.

    :param style: ``full``, ``gregorian`` (no Hijri), ``hijri`` (it alone, below a heading) or
        ``short`` (weekday, day, month; the year too where it is another than this one).
    """
    if not value:
        return NOTHING
    on = _as_date(value)
    if style == "hijri":
        return hijri_label(on, get_language() or "ar")
    short = style == "short"
    text = day_text(on, NO_BREAK) if short else date_format(on, f"l j{NO_BREAK}F Y")
    hijri = hijri_label(on, get_language() or "ar") if style == "full" else ""
    if hijri:
        # The day stays on the line of its month, of two words too; the era on that of its year.
        month, year, era = hijri.rsplit(" ", 2)
        hijri = f"{month.replace(' ', NO_BREAK)} {year}{NO_BREAK}{era}"
        text = format_html('{}{}<span class="soft">· {}</span>', text, NO_BREAK, hijri)
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), text)


def whole_day(value: date | datetime) -> str:
    """Plain words for a message, as ``day`` in a page: weekday, Gregorian and Hijri."""
    on = _as_date(value)
    hijri = hijri_label(on, get_language() or "ar")
    return " · ".join(filter(None, (date_format(on, "l j F Y"), hijri)))


def day_text(value: date | datetime, space: str = " ") -> str:
    """Weekday, day and month; the year too where it is another than this one.

    :param space: between the day and its month.
    """
    on = _as_date(value)
    year = "" if on.year == timezone.localdate().year else " Y"
    return date_format(on, f"l j{space}F{year}")


def when(value: date | datetime | None) -> str:
    """Plain words for a sentence: ``day_text``, and the hour of a moment."""
    if not value:
        return NOTHING
    local = _local(value)
    text = day_text(local)
    return f"{text} {local:%H:%M}" if isinstance(local, datetime) else text


def times(start, end=None) -> SafeString:
    """``{% times start end %}`` → 16:00–20:00, local time."""
    ends = [start] if end is None else [start, end]
    text = "–".join(_local(moment).strftime("%H:%M") for moment in ends)
    return format_html('<bdi dir="ltr" class="nowrap">{}</bdi>', text)


def map_address(latitude, longitude) -> str:
    """``{% map_address lat lon %}``: a map any phone and any computer opens."""
    return (
        f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
        f"#map=16/{latitude}/{longitude}"
    )


def hours(minutes: int | None) -> str:
    """``{{ minutes|hours }}`` → "3.5 hours", in words where Arabic wants words."""
    if minutes is None:
        return NOTHING
    return _counted(*_length(minutes))


def hours_text(minutes: int) -> str:
    """The same, without markup."""
    sentence, value = _length(minutes)
    return sentence % {"n": number_text(value)}


def _length(minutes: int) -> tuple[str, float]:
    """The sentence for so many minutes, and its number."""
    if 0 < minutes < 60:  # noqa: PLR2004
        return ngettext("%(n)s minute", "%(n)s minutes", minutes), minutes
    # 2.98 hours are shown, and so counted, as 3.
    whole, rest = divmod(round(minutes / 6), 10)
    if not rest:
        return ngettext("%(n)s hour", "%(n)s hours", whole), whole
    # "2.5" must keep its figure, which the forms for one and two leave out.
    form = whole if whole > 2 else 11  # noqa: PLR2004
    return ngettext("%(n)s hour", "%(n)s hours", form), minutes / 60


def _counted(sentence: str, value) -> SafeString:
    return format_html(sentence.replace("%(n)s", "{n}"), n=ltr(number_text(value)))


def days_left(due: date | datetime, now: datetime | None = None) -> int:
    """Whole calendar days from today to the due day; negative when it has passed."""
    today = _as_date(now or timezone.now())
    return (_as_date(due) - today).days


def remaining(due: date | datetime | None, now: datetime | None = None) -> str:
    """``{{ due|remaining }}``: today, one day left, 3 days late."""
    if not due:
        return NOTHING
    left = days_left(due, now)
    if left == 0:
        return _("today")
    if left > 0:
        return _counted(ngettext("%(n)s day left", "%(n)s days left", left), left)
    return _counted(ngettext("%(n)s day late", "%(n)s days late", -left), -left)


def ago(value: date | datetime | None, now: datetime | None = None) -> str:
    """``{{ date|ago }}``: today, yesterday, 9 days ago."""
    if not value:
        return NOTHING
    passed = -days_left(value, now)
    if passed <= 0:
        return _("today")
    return _counted(ngettext("%(n)s day ago", "%(n)s days ago", passed), passed)


def duration(seconds: float) -> str:
    """How long something still takes, roughly: seconds under a minute, else minutes."""
    length = timedelta(seconds=round(seconds))
    if length < timedelta(minutes=1):
        n = max(length.seconds, 1)
        return _counted(ngettext("%(n)s second", "%(n)s seconds", n), n)
    return hours(max(round(length.total_seconds() / 60), 1))


def initials(name: str) -> str:
    """Two letters for a face: of the first and the last name, without the article."""
    words = [word.removeprefix("ال") or word for word in str(name).split() if word[0].isalpha()]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    # A joiner between them: two initials are not one word.
    return "\u200c".join(letters)


def join_soft(parts) -> SafeString:
    """``{{ parts|join_soft }}``: facts in one line, divided by a middle dot."""
    return format_html_join(f"{NO_BREAK}· ", "{}", ((part,) for part in parts if part))
