"""The page behind a signed link: what it is about, one button, and afterwards the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.private_pages import keep_private

Said = TypeVar("Said")


@dataclass(frozen=True, kw_only=True)
class OneClick:
    """What the page asks.

    :param title: the question, as the heading.
    :param text: one or two sentences: what happens after the button.
    :param button: words on the button; none where there is only a choice to make.
    :param facts: label → value, shown as a list (when, where, whose).
    :param danger: True for a refusal or a withdrawal.
    :param choices: value → words of other buttons, sent as ``choice``, under ``choices_title``.
    :param none: words of the last of them, sent as ``none``: not one of these.
    :param other: a second link, as (address, words), such as "decline instead".
    """

    title: str
    text: str = ""
    button: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    danger: bool = False
    other: tuple[str, str] | None = None
    choices_title: str = ""
    choices: Mapping[int, str] = field(default_factory=dict)
    none: str = ""


class SomebodyElseIsIn(NotAllowed):
    """The link is one person's and another is signed in: the page offers to sign out."""

    sign_out = True


def require_its_person(request: HttpRequest, person: Any) -> None:
    """For a link that answers in somebody's name: they are still here, and nobody else is in.

    A link that only stops what was begun against its holder's will does not ask.

    :param person: whom the link was sent to, or None for who is gone.
    :raises NotAllowed: with what to do about it; SomebodyElseIsIn where signing out mends it.
    """
    if person is None or not person.is_active or person.erased_at is not None:
        raise NotAllowed(
            _("The account this link was sent to is closed: it answers for nobody any more.")
        )
    if request.user.is_authenticated and request.user.pk != person.pk:
        sentence = _(
            "This link answers for %(name)s alone, and here somebody else is signed in. Sign "
            "out, then open it again from the message."
        )
        name = person.get_short_name() if person.full_name else _("whoever it was sent to")
        raise SomebodyElseIsIn(sentence % {"name": name})


def answer(
    request: HttpRequest,
    ask: OneClick | Callable[[], OneClick],
    act: Callable[[], str],
    *,
    way_on: Callable[[], tuple[str, str]] | None = None,
    about: Callable[[], str] | None = None,
) -> HttpResponse:
    """Show the question on GET; on POST run ``act`` and show the sentence it returns.

    A refusal of either is shown in place with status 409; where one of several choices was
    refused, those that are left stand below it.

    :param ask: a function, where the question itself can be refused (an expired link).
    :param way_on: a link out of the page, as (address, words); a broken link has none.
    :param about: what the answer or the refusal is about, in a line; a broken link has none.
    """
    page: dict[str, Any] = {"ask": None, "done": "", "refusal": None}
    # What is found when the page is opened is news, not somebody's mistake.
    page["tone"] = "bad" if request.method == "POST" else "neutral"
    try:
        if request.method == "POST":
            page["done"] = act()
        else:
            page["ask"] = ask() if callable(ask) else ask
    except DomainError as refusal:
        page["refusal"] = refusal
        if request.POST.get("choice") and callable(ask):
            page["ask"] = _unless_broken(ask)
    page["way_on"], page["about"] = _unless_broken(way_on), _unless_broken(about)
    status = 409 if page["refusal"] else 200
    return keep_private(render(request, "kernel/one_click.html", page, status=status))


def _unless_broken(said: Callable[[], Said] | None) -> Said | None:
    try:
        return said() if said else None
    except DomainError:
        return None
