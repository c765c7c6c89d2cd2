"""Interface parts. One tag, one template, no hidden context; `/ui/` shows them all.

A builtin library: templates use these without ``{% load %}``. The parts that stand many
times on a page (badge, bar, icon, the text filters) are built here, the rest in ``ui/``.
"""

from functools import lru_cache

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.forms import widgets as form_widgets
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from takatuf.kernel import typography
from takatuf.kernel.fields import StepField
from takatuf.kernel.references import reference

register = template.Library()

TONES = ("neutral", "teal", "clay", "good", "warn", "bad")
CARDS = ("", "raised", "tint", "clay", "plain", "link")
BUTTONS = ("main", "quiet", "text", "danger")
STATES = ("done", "now", "late", "ahead")
NOTICE_ICONS = {
    "neutral": "info", "teal": "info", "clay": "info",
    "good": "check-circle", "warn": "warning", "bad": "cross-circle",
}  # fmt: skip
# Icons that point along the line of reading; all others keep their shape in both directions.
DIRECTIONAL = frozenset({"forward", "back", "next", "undo", "exit", "out", "list"})
LEFT_TO_RIGHT = (
    form_widgets.EmailInput,
    form_widgets.URLInput,
    form_widgets.NumberInput,
    form_widgets.PasswordInput,
    form_widgets.DateTimeBaseInput,
    form_widgets.TelInput,
)

for name in ("ltr", "email", "num", "digits", "percent", "code", "phone", "usertext",
             "userprose", "day", "hours", "remaining", "ago", "duration", "initials",
             "join_soft"):  # fmt: skip
    register.filter(name, getattr(typography, name))
register.simple_tag(typography.times, name="times")
register.simple_tag(typography.map_address, name="map_address")
register.filter("reference", reference)


def _one_of(tag: str, what: str, value: str, known) -> str:
    if value not in known:
        raise template.TemplateSyntaxError(f"{tag}: {what} {value!r} is not one of {known}.")
    return value


# ---------------------------------------------------------------- small parts, built here
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "clock" %}``: decoration unless it has a label of its own."""
    if label:
        drawing = '<svg class="icon{}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(drawing, _flip(name), label, _icon_url(name))
    return _decoration(name)


@lru_cache(maxsize=256)
def _decoration(name: str) -> SafeString:
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}"/></svg>',
                       _flip(name), _icon_url(name))  # fmt: skip


def _flip(name: str) -> str:
    return " flip" if name in DIRECTIONAL else ""


@lru_cache(maxsize=256)
def _icon_url(name: str) -> str:
    return f"{static('kernel/ui/icons.svg')}#{name}"


@register.simple_tag
def badge(text, tone: str = "neutral", icon: str = "") -> SafeString:
    """``{% badge _("Skilled") tone="teal" %}``: a short word for a state or a kind."""
    _one_of("badge", "tone", tone, TONES)
    picture = _decoration(icon) if icon else ""
    return format_html('<span class="badge {}">{}{}</span>', tone, picture, text)


@register.simple_tag
def demo_mark(is_demo) -> SafeString:
    """``{% demo_mark person.is_demo %}``: a small soft word beside what is invented."""
    if not is_demo:
        return SafeString("")
    return format_html(' <span class="demo-mark">{}</span>', _("demo"))


@register.simple_tag
def bar(value, of, label: str, tone: str = "teal") -> SafeString:
    """``{% bar taken seats label=seats_text %}``: how full; the label says it in words."""
    _one_of("bar", "tone", tone, TONES)
    markup = '<progress class="bar {}" value="{}" max="{}" aria-label="{}"></progress>'
    return format_html(markup, tone, min(value or 0, of or 1), of or 1, label)


@register.simple_tag
def avatar(name, tone: str = "teal", big: bool = False) -> SafeString:  # noqa: FBT001, FBT002
    """A circle with initials; decoration, so the name must stand beside it."""
    _one_of("avatar", "tone", tone, TONES)
    return format_html('<span class="avatar {}{}" aria-hidden="true">{}</span>',
                       tone, " big" if big else "", typography.initials(name))  # fmt: skip


@register.simple_tag
def chip(text, href: str, *, current: bool = False, count: int | None = None) -> SafeString:
    """A filter choice as a link, with how many it leads to."""
    figure = "" if count is None else typography.num(count)
    state = SafeString(' aria-current="true"') if current else ""
    tick = _decoration("check") if current else ""
    return format_html(
        '<a class="chip" href="{}"{}>{}{} {}</a>', href, state, tick, text, figure
    )


@register.simple_tag
def clock(due, now=None) -> SafeString:
    """How long is left, as a badge: late is bad, today and tomorrow warn."""
    left = typography.days_left(due, now)
    tone = "bad" if left < 0 else "warn" if left <= 1 else "neutral"
    return badge(typography.remaining(due, now), tone)


# ---------------------------------------------------------------- blocks
@register.simple_block_tag
def card(content, *, heading="", level: int = 2, tone: str = "", link: str = "",
         link_text: str = "", id: str = ""):  # noqa: A002 - the HTML attribute  # fmt: skip
    """``{% card heading=_("Needs") link=url link_text=_("All needs") %}…{% endcard %}``"""
    _one_of("card", "tone", tone, CARDS)
    return render_to_string("ui/card.html", {
        "content": content, "heading": heading, "level": level, "tone": tone, "link": link,
        "link_text": link_text, "id": id,
    })  # fmt: skip


@register.simple_block_tag
def notice(content, *, tone: str = "teal", heading="", live: bool = False):
    """Something to know here and now. ``live``: announced when it appears."""
    _one_of("notice", "tone", tone, TONES)
    return render_to_string("ui/notice.html", {
        "content": content, "tone": tone, "heading": heading, "live": live,
        "icon": NOTICE_ICONS[tone],
    })  # fmt: skip


@register.simple_block_tag
def empty_state(
    content, *, heading, icon: str = "search", action: str = "", href: str = "", level: int = 2
):
    """Nothing here, why, and the one way on."""
    return render_to_string("ui/empty_state.html", {
        "content": content, "heading": heading, "icon": icon, "action": action, "href": href,
        "level": level,
    })  # fmt: skip


@register.simple_block_tag
def stats(content):
    """Several ``{% stat %}`` in a row."""
    return format_html('<dl class="stats">{}</dl>', content)


@register.inclusion_tag("ui/stat.html")
def stat(value, label, *, note="", tone: str = "neutral", href: str = ""):
    """A figure, what it counts, and until when; inside ``{% stats %}``."""
    _one_of("stat", "tone", tone, TONES)
    figure = typography.num(value) if isinstance(value, int | float) else value
    return {"value": figure, "label": label, "note": note, "tone": tone, "href": href}


@register.simple_block_tag
def timeline(content):
    """A story in order; each ``{% moment %}`` inside is one event."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def moment(content, *, title, at=None, state: str = "done"):
    """One event of a timeline. ``at``: a date, a moment, or words."""
    _one_of("moment", "state", state, STATES)
    at = typography.day(at, "gregorian") if hasattr(at, "year") else at
    return render_to_string(
        "ui/moment.html", {"content": content, "title": title, "at": at, "state": state}
    )


@register.simple_block_tag
def table(content, *, caption="", caption_hidden: bool = False):
    """A frame for thead/tbody. Cells carry ``data-label`` for the phone, ``class="n"`` for
    figures, ``class="act"`` for buttons; the first cell of a row is a ``th scope="row"``.
    """
    return render_to_string(
        "ui/table.html", {"content": content, "caption": caption, "hidden": caption_hidden}
    )


@register.simple_block_tag
def dialog(content, *, id: str, heading):  # noqa: A002 - the HTML attribute
    """Opened by ``<a href="#id" data-dialog>``, which works without JavaScript too."""
    return render_to_string(
        "ui/dialog.html", {"content": content, "id": id, "heading": heading}
    )


# ---------------------------------------------------------------- ways around
@register.inclusion_tag("ui/steps.html")
def steps(items, *, label):
    """``items``: each with ``label``, ``state`` (done, now, ahead) and perhaps ``href``."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*trail):
    """``{% breadcrumb _("Needs") needs_url need.title %}``: text, address, …, this page."""
    *pairs, here = trail
    return {"links": list(zip(pairs[::2], pairs[1::2], strict=True)), "here": here}


@register.inclusion_tag("ui/tabs.html")
def tabs(items, *, label):
    """``items``: each with ``text``, ``href``, ``current`` and perhaps ``count``."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/pagination.html")
def pagination(*, first: str = "", previous: str = "", following: str = ""):
    """Pages of a list, called the same everywhere: addresses, empty where there is none.

    :param first: for lists that know the way on only, and back to where they start.
    """
    return {
        "back": first or previous, "following": following,
        "back_text": _("First page") if first else _("Previous page"),
    }  # fmt: skip


@register.inclusion_tag("ui/button.html")
def button(text, *, kind: str = "main", href: str = "", icon: str = "", size: str = "",
           name: str = "", value: str = "", form: str = "", disabled: bool = False,
           hx_post: str = "", hx_get: str = "", hx_target: str = "",
           hx_swap: str = ""):  # fmt: skip
    """A link when it has an ``href``, else the submit button of its form."""
    _one_of("button", "kind", kind, BUTTONS)
    _one_of("button", "size", size, ("", "small", "wide", "tall"))
    return {
        "text": text, "kind": kind, "href": href, "icon": icon, "size": size, "name": name,
        "value": value, "form": form, "disabled": disabled, "hx_post": hx_post,
        "hx_get": hx_get, "hx_target": hx_target, "hx_swap": hx_swap,
    }  # fmt: skip


# ---------------------------------------------------------------- standing, progress
@register.inclusion_tag("ui/eligibility.html")
def eligibility(rules):
    """``rules``: each with ``met`` (True, False, or None for not yet), ``text``, and when it
    is not met the ``way`` to meet it, perhaps with ``href`` and ``href_text``.
    """
    return {"rules": rules}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int, *, label, seconds_left=None, cancel_url: str = ""):
    """Long work: how many of how many, how long still, and a way to stop it.

    :param total: 0 while nothing is counted yet, which is then not said either.
    """
    return {
        "done": done, "total": total, "label": label, "seconds_left": seconds_left,
        "cancel_url": cancel_url,
    }  # fmt: skip


# ---------------------------------------------------------------- forms
@register.simple_tag
def field(bound: BoundField, *, hint=None, label=None, look: str = "", autocomplete: str = "",
          placeholder: str = "", optional: bool = True):  # fmt: skip
    """A form field with label, hint and errors, tied together for screen readers.

    :param look: ``cards`` or ``columns`` for choices, ``short`` for a narrow input.
    :param optional: say so where the field is; False where a whole list of them is.
    """
    _one_of("field", "look", look, ("", "cards", "columns", "short"))
    if bound.is_hidden:
        return SafeString(str(bound))
    hint = bound.help_text if hint is None else hint
    kind, control = _control(bound, hint, autocomplete, placeholder)
    return render_to_string(f"ui/field_{kind}.html", {
        "bound": bound, "control": control, "hint": hint, "look": look,
        "words": bound.field.words(bound.value()) if isinstance(bound.field, StepField) else (),
        "label": label or bound.label, "id": bound.id_for_label or bound.auto_id,
        "described": _described(bound, hint), "optional": optional and not bound.field.required,
    })  # fmt: skip


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: Form):
    """What is to be mended, at the top of the form, each with a link to its field."""
    named = [
        (f"#{_first_control(form[name])}", _said(form[name].label), errors)
        for name, errors in form.errors.items()
        if name in form.fields
    ]
    return {"general": form.non_field_errors(), "named": named, "bound": form.is_bound}


def _said(label) -> tuple[str, str]:
    """A label and what divides it from the sentence after it: a question has its mark, and a
    sentence to agree to gives up its full stop.
    """
    said = str(label).removesuffix(".")
    return said, "" if said.endswith(("?", "؟")) else ":"


@register.inclusion_tag("ui/grid_choice.html")
def grid_choice(bound: BoundField, *, rows, columns, corner="", legend_hidden=False):
    """Days by parts of the day. ``rows`` and ``columns`` are (value, label) pairs; each box
    posts ``row-column`` under the field's name (a MultipleChoiceField of such values).
    """
    chosen = {str(value) for value in bound.value() or ()}
    lines = [
        (row_label, [(f"{row}-{column}", f"{row}-{column}" in chosen, label)
                     for column, label in columns])
        for row, row_label in rows
    ]  # fmt: skip
    return {"bound": bound, "lines": lines, "columns": columns, "corner": corner,
            "described": _described(bound, bound.help_text),
            "legend_hidden": legend_hidden}  # fmt: skip


def _control(bound: BoundField, hint, autocomplete: str, placeholder: str):
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices", None
    attrs = {"aria-describedby": _described(bound, hint) or None}
    attrs |= {"autocomplete": autocomplete or widget.attrs.get("autocomplete"),
              "placeholder": placeholder or widget.attrs.get("placeholder")}  # fmt: skip
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if isinstance(widget, CheckboxInput):
        return "check", bound.as_widget(attrs=_present(attrs))
    if isinstance(bound.field, StepField):
        return "steps", bound.as_widget(attrs=_present(attrs))
    if "dir" not in widget.attrs:
        attrs["dir"] = _direction(widget)
    return "input", bound.as_widget(attrs=_present(attrs))


def _present(attrs: dict) -> dict:
    return {name: value for name, value in attrs.items() if value}


def _direction(widget) -> str | None:
    if isinstance(widget, LEFT_TO_RIGHT):
        return "ltr"
    return (
        "auto" if isinstance(widget, form_widgets.TextInput | form_widgets.Textarea) else None
    )


def _described(bound: BoundField, hint) -> str:
    own = [f"{bound.auto_id}_hint"] if hint else []
    return " ".join(own + ([f"{bound.auto_id}_error"] if bound.errors else []))


def _first_control(bound: BoundField) -> str:
    several = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if several else bound.id_for_label or bound.auto_id
