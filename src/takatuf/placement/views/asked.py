"""Yes or no to coming instead of somebody, or to a swap, from a message, without signing in."""

from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.transitions import WrongState
from takatuf.kernel.typography import day, times
from takatuf.placement import commands, queries
from takatuf.placement.enums import ApplicationStatus, AskStatus, CoverStatus
from takatuf.placement.links import ASK
from takatuf.placement.models import Application, CoverAsk
from takatuf.placement.views.answering import where


@require_http_methods(["GET", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST acts. Whoever holds the link answers for the person it was sent to."""
    declining = request.GET.get("no") == "1"
    linked = cache(lambda: _linked(request, token))
    return one_click.answer(
        request,
        lambda: _question(linked(), declining=declining),
        lambda: _act(linked(), declining=declining),
        way_on=lambda: _way_on(linked()),
        about=lambda: _when(linked().cover.application),
    )


def _linked(request: HttpRequest, token: str) -> CoverAsk:
    ask = queries.ask_by_id(signed_links.read(token, ASK)["ask"])
    if ask is None:
        raise Http404
    one_click.require_its_person(request, ask.person)
    return ask


def _way_on(ask: CoverAsk) -> tuple[str, str]:
    code = ask.cover.application.opportunity.code
    return reverse("site:opportunity", args=[code]), _("See the opportunity")


def _when(place: Application) -> str:
    shift = place.shift
    return format_html(
        "<bdi>{}</bdi><br>{} · {}", place.opportunity.title, day(shift.starts_at, "short"),
        times(shift.starts_at, shift.ends_at),
    )  # fmt: skip


def _question(ask: CoverAsk, *, declining: bool) -> one_click.OneClick:
    """:raises WrongState: where there is nothing left to answer; it says how things stand."""
    if over := _over(ask, declining=declining):
        raise WrongState(over)
    swap, title = ask.place is not None, ask.cover.application.opportunity.title
    if declining:
        return one_click.OneClick(
            title=title, facts=_facts(ask), button=_("No, thanks"), other=("?", _("Back")),
            text=_("Nobody else hears of your answer, and your own places stay as they are."),
        )  # fmt: skip
    text = (
        _("Another volunteer offers their shift for yours. You come to theirs, they to yours.")
        if swap
        else _("Somebody cannot come. Whoever says yes first has the place.")
    )
    return one_click.OneClick(
        title=title, text=text, facts=_facts(ask), other=("?no=1", _("No, thanks")),
        button=_("Yes, swap") if swap else _("Yes, I am coming"),
    )  # fmt: skip


def _facts(ask: CoverAsk) -> dict[str, object]:
    given = ask.cover.application
    opportunity, shift = given.opportunity, given.shift
    facts: dict[str, object] = {
        _("When"): day(shift.starts_at), _("Time"): times(shift.starts_at, shift.ends_at),
        _("Where"): where(opportunity),
        _("Role"): given.shift_role.role.title, _("Body"): opportunity.body.name,
    }  # fmt: skip
    if ask.place is not None:
        mine = ask.place.shift
        facts[_("Your shift for it")] = format_html(
            "{} · {}", day(mine.starts_at, "short"), times(mine.starts_at, mine.ends_at)
        )
    return facts


def _over(ask: CoverAsk, *, declining: bool) -> str:
    cover, at = ask.cover, timezone.now()
    if cover.taken is not None and cover.taken.person_id == ask.person_id:
        return _("You have said yes: the place is yours. See you there.")
    if declining and ask.status == AskStatus.DECLINED:
        return _("You have said no already. Thank you for answering.")
    if cover.status != CoverStatus.OPEN or cover.application.shift.starts_at <= at:
        return _("Somebody comes already, or it is no longer needed. Thank you.")
    mine = ask.place
    if mine and (mine.status != ApplicationStatus.CONFIRMED or mine.shift.starts_at <= at):
        return _("You do not have the shift any more that was to be swapped.")
    return ""


def _act(ask: CoverAsk, *, declining: bool) -> str:
    at = timezone.now()
    if declining:
        commands.decline_ask(ask_id=ask.pk, by=ask.person, at=at)
        return _("Thank you for answering. Nothing changes for you.")
    commands.accept_ask(ask_id=ask.pk, by=ask.person, at=at)
    return _("Swapped. See you there.") if ask.place else _("You have a place. See you there.")
