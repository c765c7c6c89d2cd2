"""The page behind a signed link: what it is about, one button, and afterwards the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takatuf.kernel.errors import DomainError
from takatuf.kernel.private_pages import keep_private


@dataclass(frozen=True, kw_only=True)
class OneClick:
    """What the page asks.

    :param title: the question, as the heading.
    :param text: one or two sentences: what happens after the button.
    :param button: words on the button.
    :param facts: label → value, shown as a list (when, where, whose).
    :param danger: True for a refusal or a withdrawal.
    :param choices: value → words of other buttons, sent as ``choice``, under ``choices_title``.
    :param other: a second link, as (address, words), such as "decline instead".
    """

    title: str
    text: str = ""
    button: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    danger: bool = False
    other: tuple[str, str] | None = None
    choices_title: str = ""
    choices: Mapping[int, str] = field(default_factory=dict)


def answer(
    request: HttpRequest,
    ask: OneClick | Callable[[], OneClick],
    act: Callable[[], str],
    *,
    way_on: Callable[[], tuple[str, str]] | None = None,
) -> HttpResponse:
    """Show the question on GET; on POST run ``act`` and show the sentence it returns.

    A refusal of either is shown in place with status 409.

    :param ask: a function, where the question itself can be refused (an expired link).
    :param way_on: a link out of the page, as (address, words); a broken link has none.
    """
    page: dict[str, Any] = {"ask": None, "done": "", "refusal": None}
    try:
        if request.method == "POST":
            page["done"] = act()
        else:
            page["ask"] = ask() if callable(ask) else ask
    except DomainError as refusal:
        page["refusal"] = refusal
    page["way_on"] = _where(way_on)
    status = 409 if page["refusal"] else 200
    return keep_private(render(request, "kernel/one_click.html", page, status=status))


def _where(way_on: Callable[[], tuple[str, str]] | None) -> tuple[str, str] | None:
    try:
        return way_on() if way_on else None
    except DomainError:
        return None
