"""How the list looks: cards drawn once for equal values, filters with their counts."""

from functools import lru_cache

from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.kernel.typography import num
from takatuf.opportunities.enums import Class, Length, Mode, Way, When
from takatuf.opportunities.filters import FLAGS, Filters
from takatuf.opportunities.queries.cards import Card
from takatuf.registry import queries as registry

TONES = {Class.GENERAL: "neutral", Class.SKILLED: "teal", Class.PROFESSIONAL: "clay"}
CHOICES = {"klass": Class, "length": Length, "mode": Mode, "when": When}


@lru_cache(maxsize=20_000)
def card_html(card: Card, language: str) -> SafeString:
    """Equal values look alike, so a card is drawn once a language, not once a visitor."""
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
def titles() -> dict[str, object]:
    return {
        "q": _("Words"), "field": _("Field of work"), "klass": _("Class"), "place": _("Place"),
        "when": _("Next shift"), "length": _("Length of a shift"), "mode": _("Mode"),
        "minors": _("Suits under 18"), "accessible": _("Suits wheelchair users"),
        "training": _("Training given"), "seats": _("Seats left"), "weekend": _("At weekends"),
    }  # fmt: skip


def labels(name: str) -> dict[str, str]:
    """Value → words, in the order they are offered."""
    if name == "field":
        return {field.code: field.name for field in registry.fields()}
    if name == "place":
        return {place.code: place.name for place in registry.governorates()}
    return {value: str(label) for value, label in CHOICES[name].choices}


def groups(filters: Filters, counts: dict) -> dict[str, SafeString]:
    """For each filter its options as markup, with how many each would leave."""
    drawn = {
        name: _options(name, tuple(labels(name).items()), filters, counts)
        for name in ("field", "place", "when", "length", "klass", "mode")
    }
    drawn["flags"] = format_html_join(
        "",
        '<label class="chip"><input type="checkbox" name="{}" value="1"{}>{} {}</label>',
        (
            (
                name,
                _checked(getattr(filters, name)),
                titles()[name],
                num(counts[name].get(True, 0)),
            )
            for name in FLAGS
        ),
    )
    return drawn


def _options(name: str, known: tuple, filters: Filters, counts: dict) -> SafeString:
    chosen_now = getattr(filters, name)
    picked = set(chosen_now) if isinstance(chosen_now, tuple) else {chosen_now}
    found = counts.get(name, {})
    kind = "radio" if name == "when" else "checkbox"
    shown = [(v, label, found.get(v, 0)) for v, label in known if found.get(v) or v in picked]
    return format_html_join(
        "",
        '<label class="chip"><input type="{}" name="{}" value="{}"{}>{} {}</label>',
        (
            (
                kind,
                "class" if name == "klass" else name,
                value,
                _checked(value in picked),
                label,
                num(n),
            )
            for value, label, n in shown
        ),
    )


def _checked(yes: bool) -> SafeString:  # noqa: FBT001 - one value, one answer
    return SafeString(" checked") if yes else SafeString("")


def chosen(filters: Filters) -> list[dict[str, str]]:
    """Every condition in force, each with the address of the list without it."""
    names = titles()
    found: list[dict[str, str]] = []
    for name in (*CHOICES, "field", "place", "q", *FLAGS):
        value = getattr(filters, name)
        if isinstance(value, tuple):
            words = labels(name) if value else {}
            found += [
                {"text": str(words.get(one, one)), "href": filters.without(name, one).query()}
                for one in value
            ]
        elif value:
            text = (
                names[name]
                if value is True
                else CHOICES[name](value).label
                if name in CHOICES
                else f"«{value}»"
            )
            found.append({"text": str(text), "href": filters.without(name).query()})
    return found


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
    "shift added": gettext_lazy("Shift added"),
    "weekly shifts added": gettext_lazy("Weekly shifts added"),
    "shifts changed": gettext_lazy("Shifts changed"),
    "first shift started": gettext_lazy("First shift began"),
    "running again": gettext_lazy("Running again"),
    "paused": gettext_lazy("Intake paused"),
    "resumed": gettext_lazy("Intake resumed"),
    "confirmed again": gettext_lazy("Confirmed for thirty days"),
    "cancelled": gettext_lazy("Cancelled"),
    "closed": gettext_lazy("Closed"),
}


def action_words(action: str) -> str:
    """An entry of the history in the reader's language."""
    return str(ACTIONS.get(action, action))
