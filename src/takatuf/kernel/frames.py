"""Pages for visitors nothing is known about: the frame drawn once, the values put into it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from takatuf.kernel.context import other_language_url
from takatuf.kernel.kept_pages import may_be_kept

MARK = "\0"  # no page and no form holds it
MOST = 100
_frames: dict[tuple[Any, ...], list[str]] = {}


def render_framed(request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
    """Like Django's ``render``, for a template that prints its values as they are: it may not
    decide anything by them, nor hand them to a filter or tag.
    """
    if not may_be_kept(request) or settings.DEBUG:
        return render(request, template, values)
    values = {"other_language_url": other_language_url(request.get_full_path()), **values}
    key = template, get_language(), request.path, settings.DEMO
    pieces = _frames.get(key) or _frame(key, request, values)
    return HttpResponse("".join([
        str(conditional_escape(values[piece])) if place % 2 else piece
        for place, piece in enumerate(pieces)
    ]))  # fmt: skip


def _frame(key: tuple[Any, ...], request: HttpRequest, names) -> list[str]:
    """The text between the values, and between these texts the names of the values."""
    marked = {name: SafeString(f"{MARK}{name}{MARK}") for name in names}
    pieces = render_to_string(key[0], marked, request=request).split(MARK)
    if len(_frames) < MOST:
        _frames[key] = pieces
    return pieces
