"""`/ui/`: every interface part in every state, and the palette in figures."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from takatuf.kernel import contrast
from takatuf.kernel.forms_ui import SpecimenForm
from takatuf.kernel.registries import ui_parts
from takatuf.kernel.specimens import HOSTILE, SPECIMENS
from takatuf.kernel.templatetags.ui import DIRECTIONAL, TONES

THEMES = ("light", "dark")
REFUSED = {"mail": "nobody@", "place": "duba", "free": ["0-1", "3-2"]}


def parts(request: HttpRequest) -> HttpResponse:
    theme = request.GET.get("theme", "")
    specimen = SPECIMENS[get_language() or "ar"]
    now = timezone.now()
    more = [make() for name, make in ui_parts]
    return render(request, "kernel/ui.html", {
        "more": more,
        "stylesheets": dict.fromkeys(part.stylesheet for part in more if part.stylesheet),
        "theme": theme if theme in THEMES else "",
        "s": specimen,
        "both": SPECIMENS.values(),
        "tabs": [
            {"text": text, "href": "#around", "count": count, "current": at == 0}
            for at, (text, count) in enumerate(specimen.tabs)
        ],
        "tones": TONES,
        "icons": _icons(),
        "directional": DIRECTIONAL,
        "hostile": HOSTILE,
        "form": SpecimenForm(auto_id="empty_%s"),
        "refused": SpecimenForm(REFUSED, auto_id="refused_%s"),
        "days": list(enumerate(specimen.days)),
        "parts": list(enumerate(specimen.parts)),
        "palettes": [(theme, list(contrast.pairs(theme))) for theme in THEMES],
        "now": now,
        "end": now + timedelta(hours=4),
        "dues": [now + timedelta(days=days) for days in (-3, 0, 1, 2, 5, 12)],
        "lengths": (30, 60, 120, 210, 660, 6000),
    })  # fmt: skip


def _icons() -> list[str]:
    sprite = contrast.STYLESHEET.with_name("icons.svg").read_text()
    return [piece.split('"', 1)[0] for piece in sprite.split('<symbol id="')[1:]]
