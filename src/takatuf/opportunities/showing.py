"""How the list looks: cards drawn once for equal values, filters with their counts."""

import time
from dataclasses import replace
from functools import lru_cache

from django.db import connection
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from takatuf.kernel.prepared import Row
from takatuf.kernel.typography import when
from takatuf.opportunities.enums import Class, Length, Mode, ShiftStatus, Way, When
from takatuf.opportunities.filters import ADDRESS, FLAGS, Filters
from takatuf.opportunities.queries.cards import Card, card_of
from takatuf.opportunities.queries.story import Told
from takatuf.registry import queries as registry

TONES = {Class.GENERAL: "neutral", Class.SKILLED: "teal", Class.PROFESSIONAL: "clay"}
CHOICES = {"klass": Class, "length": Length, "mode": Mode, "when": When}
NAMES_KEPT = 60  # seconds
GROUPS = ("field", "place", *CHOICES)


@lru_cache(maxsize=20_000)
def card_html(row: Row, language: str) -> SafeString:
    """Equal values look alike, so a card is drawn once a language, not once a visitor."""
    return draw_card(card_of(row), language)


def draw_card(card: Card, language: str) -> SafeString:
    english = language == "en"
    drawn = get_template("opportunities/_card.html").render(
        {
            "card": card,
            "url": detail_url(card.code),
            "klass": Class(card.klass).label,
            "tone": TONES[Class(card.klass)],
            "body": (card.body_en if english else "") or card.body_ar,
            "place": _place(card, english=english),
            "needs": card.needs_label_en if english else card.needs_label_ar,
            "is_open": card.way == Way.OPEN,
            "remote": card.mode == Mode.REMOTE,
        }
    )
    return SafeString(drawn)


def _place(card: Card, *, english: bool) -> str:
    governorate = (card.governorate_en if english else card.governorate_ar) or ""
    if card.mode == Mode.REMOTE:
        return _("Remote")
    return (
        _("%(governorate)s, %(place)s") % {"governorate": governorate, "place": card.place}
        if (governorate and card.place)
        else governorate or card.place
    )


def detail_url(code: str) -> str:
    """The public page, in the language of the moment; a floor above offers it."""
    try:
        return reverse("site:opportunity", args=[code])
    except NoReverseMatch:
        return reverse("opportunities:preview", args=[code])


# ---------------------------------------------------------------- filters
@lru_cache(maxsize=8)
def titles(language: str | None) -> dict[str, str]:  # noqa: ARG001 - words differ
    return {
        "q": _("Words"), "field": _("Field of work"), "klass": _("Class"), "place": _("Place"),
        "when": _("Next shift"), "length": _("Length of a shift"), "mode": _("Mode"),
        "minors": _("Suits under 18"), "accessible": _("Suits wheelchair users"),
        "training": _("Training given"), "seats": _("Seats left"), "weekend": _("At weekends"),
    }  # fmt: skip


def labels(name: str) -> dict[str, str]:
    """Value → words, in the order they are offered."""
    language = get_language()
    if name not in ("field", "place"):
        return _choices(name, language)
    if connection.in_atomic_block:  # what is not committed yet is nobody else's to see
        return _names(name, language)
    return _kept_names(name, language, int(time.time()) // NAMES_KEPT)


def _names(name: str, language: str | None) -> dict[str, str]:
    rows = registry.fields() if name == "field" else registry.governorates()
    words = rows.values_list("code", "name_en" if language == "en" else "name_ar")
    return dict(words)


@lru_cache(maxsize=8)
def _kept_names(name: str, language: str | None, minute: int) -> dict[str, str]:  # noqa: ARG001
    """The region's lists change once in years: a renamed field may show late by a minute."""
    return _names(name, language)


@lru_cache(maxsize=32)
def _choices(name: str, language: str | None) -> dict[str, str]:  # noqa: ARG001 - words differ
    return {value: str(label) for value, label in CHOICES[name].choices}


def panel(filters: Filters, counts: dict) -> SafeString:
    """The filters with how many each choice would leave.

    Some seventy boxes on the most visited page: the frame is drawn once a language, the
    boxes are put together from escaped pieces that are kept.
    """
    drawn = {"flags": _flags(filters, counts)}
    drawn |= {name: _boxes(name, labels(name), filters, counts) for name in GROUPS}
    pieces = _frame(get_language())
    return SafeString("".join(drawn[p] if i % 2 else p for i, p in enumerate(pieces)))


@lru_cache(maxsize=8)
def _frame(language: str | None) -> list[str]:  # noqa: ARG001 - words differ
    """The frame's text, with the names of its slots between."""
    slots = {name: SafeString(f"\0{name}\0") for name in ("flags", *GROUPS)}
    return get_template("opportunities/_filters.html").render({"slots": slots}).split("\0")


def _flags(filters: Filters, counts: dict) -> str:
    words = titles(get_language())
    of_age = _box(
        "checkbox", "age", filters.age, suits_age(filters.age),
        counts["age"].get(int(filters.age), 0), checked=True,
    ) if filters.age else ""  # fmt: skip
    return of_age + "".join(
        _box("checkbox", name, "1", words[name], counts[name].get(True, 0),
             checked=getattr(filters, name))
        for name in FLAGS
        if counts[name].get(True) or getattr(filters, name)
    )  # fmt: skip


def _boxes(name: str, known: dict[str, str], filters: Filters, counts: dict) -> str:
    """What leaves something, and what is chosen."""
    now = getattr(filters, name)
    picked = set(now) if isinstance(now, tuple) else {now}
    kind, address = ("radio" if name == "when" else "checkbox"), ADDRESS.get(name, name)
    found = counts.get(name, {})
    boxes = [
        _box(kind, address, value, words, found.get(value, 0), checked=value in picked)
        for value, words in known.items()
        if found.get(value) or value in picked
    ]
    if name == "when":
        boxes.insert(0, _box(kind, address, "", _("Any time"), None, checked=not now))
    return "".join(boxes)


def _box(kind: str, name: str, value: str, words: str, count, *, checked: bool) -> str:
    before, after = _pieces(kind, name, value, words)
    figure = "" if count is None else f' <bdi dir="ltr">{count:,}</bdi>'
    return f"{before}{' checked' if checked else ''}{after}{figure}</label>"


@lru_cache(maxsize=1_000)
def _pieces(kind: str, name: str, value: str, words: str) -> tuple[str, str]:
    box = format_html(
        '<label class="chip"><input type="{}" name="{}" value="{}"', kind, name, value
    )
    return box, format_html(">{}", words)


def chosen(filters: Filters) -> list[dict[str, str]]:
    """Every condition in force, each with the address of the list without it."""
    names = titles(get_language())
    found: list[dict[str, str]] = []
    for name in (*CHOICES, "field", "place", "age", "q", *FLAGS):
        value = getattr(filters, name)
        if isinstance(value, tuple):
            known = labels(name) if value else {}
            found += [
                {"text": str(known.get(one, one)), "href": filters.without(name, one).query()}
                for one in value
            ]
        elif value:
            words = names[name] if value is True else _said(name, value)
            found.append({"text": words, "href": filters.without(name).query()})
    return found


def _said(name: str, value: str) -> str:
    if name == "age":
        return suits_age(value)
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    return _("“%(words)s”") % {"words": value}


def suits_age(age: str) -> str:
    return _("Suits age %(age)s") % {"age": age}


def next_place(filters: Filters, counts: dict) -> dict | None:
    """Where nothing is in the places asked for: the nearest that has some with all other
    filters kept, with how many; one query.
    """
    some = {code: n for code, n in counts["place"].items() if code}
    place = registry.nearest_with(some, to=filters.place) if filters.place and some else None
    if place is None:
        return None
    there = replace(filters, place=(place.code,))
    return {"name": place.name, "count": some[place.code], "query": there.query()}


def left_out(asked: Filters, kept: Filters) -> str:
    """The names of the conditions one has and the other has not."""
    names = titles(get_language())
    return _(", ").join(
        name for key, name in names.items() if getattr(asked, key) != getattr(kept, key)
    )


# ---------------------------------------------------------------- history
ACTIONS = {
    "created": gettext_lazy("Draft begun"),
    "imported": gettext_lazy("Imported from a spreadsheet"),
    "submitted": gettext_lazy("Handed in"),
    "published by the gate": gettext_lazy("Published: it passed the quality gate"),
    "published by a reviewer": gettext_lazy("Published by a reviewer"),
    "sent to a reviewer": gettext_lazy("Sent to a reviewer"),
    "returned by the gate": gettext_lazy("Came back from the quality gate"),
    "returned by a reviewer": gettext_lazy("Sent back by a reviewer"),
    "edited": gettext_lazy("Text put right"),
    "role saved": gettext_lazy("Role saved"),
    "role removed": gettext_lazy("Role removed"),
    "shift added": gettext_lazy("Shift added"),
    "weekly shifts added": gettext_lazy("Weekly shifts added"),
    "shifts changed": gettext_lazy("Shifts changed"),
    "shifts removed": gettext_lazy("Shifts removed"),
    "first shift started": gettext_lazy("First shift began"),
    "running again": gettext_lazy("Running again"),
    "paused": gettext_lazy("Intake paused"),
    "resumed": gettext_lazy("Intake resumed"),
    "confirmed again": gettext_lazy("Confirmed for thirty days"),
    "cancelled": gettext_lazy("Cancelled"),
    "closed": gettext_lazy("Closed"),
}


def words_of(told: Told) -> str:
    """A line of the history in the reader's language."""
    action, n = told.entry.action, len(told.shifts)
    if not n:
        return str(ACTIONS.get(action, action))
    if n > 1:
        several = (
            ngettext("%(n)s shift moved", "%(n)s shifts moved", n)
            if action == ShiftStatus.MOVED
            else ngettext("%(n)s shift cancelled", "%(n)s shifts cancelled", n)
        )
        return several % {"n": n}
    [(shift, there)] = told.shifts
    if there is None:
        return _("Shift of %(when)s cancelled") % {"when": when(shift.starts_at)}
    moments = {"when": when(shift.starts_at), "there": when(there.starts_at)}
    return _("Shift of %(when)s moved to %(there)s") % moments
