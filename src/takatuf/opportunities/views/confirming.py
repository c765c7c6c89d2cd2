"""“It still stands”, said from a message, without signing in."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import WrongState
from takatuf.kernel.typography import day, join_soft, times, when
from takatuf.opportunities import commands, policies, queries
from takatuf.opportunities.enums import OPEN, OpportunityStatus
from takatuf.opportunities.links import STILL_STANDS
from takatuf.opportunities.models import Opportunity


@dataclass(frozen=True)
class Asked:
    """Whom the link asks about what; ``until`` is the last listed day it was sent about."""

    opportunity: Opportunity
    person: Any
    until: date


@require_http_methods(["GET", "POST"])
def still_stands(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms in the name of whom the link was sent to."""
    linked = cache(lambda: _linked(request, token))
    return one_click.answer(
        request,
        lambda: _question(linked()),
        lambda: _act(linked()),
        way_on=lambda: _way_on(linked()),
        about=lambda: format_html("<bdi>{}</bdi>", linked().opportunity.title),
    )


def _linked(request: HttpRequest, token: str) -> Asked:
    payload = signed_links.read(token, STILL_STANDS)
    opportunity, person = queries.asked_by_link(payload["opportunity"], payload["person"])
    if opportunity is None:
        raise Http404
    one_click.require_its_person(request, person)
    if not policies.may_manage(person, opportunity):
        raise NotAllowed(
            _("You do not manage this body's opportunities any more: a colleague confirms it.")
        )
    return Asked(opportunity, person, date.fromisoformat(payload["until"]))


def _question(asked: Asked) -> one_click.OneClick:
    """:raises WrongState: where there is nothing left to confirm; it says how things stand."""
    opportunity = asked.opportunity
    if opportunity.status not in OPEN:
        raise WrongState(
            _("This is now “%(state)s”: there is nothing to confirm.")
            % {"state": opportunity.get_status_display()}
        )
    if opportunity.reconfirm_by != asked.until:
        raise WrongState(
            _("Somebody has confirmed it already: it is listed until %(day)s.")
            % {"day": when(opportunity.reconfirm_by)}
        )
    otherwise = _("If it no longer stands, close it in the studio.")
    return one_click.OneClick(
        title=_("Does “%(title)s” still stand?") % {"title": opportunity.title},
        text=f"{_meaning(asked)} {otherwise}",
        button=_("It still stands"),
        facts=_facts(opportunity),
    )


def _meaning(asked: Asked) -> str:
    if asked.opportunity.status == OpportunityStatus.PAUSED:
        return _(
            "It is paused, and stays so until you resume it in the studio. One tap keeps it "
            "for thirty more days."
        )
    last = {"day": when(asked.until)}
    if asked.until < timezone.localdate():
        return (
            _("It left the list after %(day)s. One tap brings it back for thirty days.") % last
        )
    return _("It is listed until %(day)s. One tap keeps it for thirty more days.") % last


def _facts(opportunity: Opportunity) -> dict[str, object]:
    governorate, n = opportunity.governorate, opportunity.shift_count
    starts = opportunity.first_start
    return {
        _("Body"): opportunity.body.name,
        _("Where"): opportunity.place or (governorate.name if governorate else _("Remote")),
        _("Next shift"): join_soft([day(starts, "short"), starts and times(starts)]),
        _("Shifts to come"): ngettext("%(n)s shift", "%(n)s shifts", n) % {"n": n},
        _("Seats"): _("%(taken)s of %(seats)s taken")
        % {"taken": opportunity.seats_taken, "seats": opportunity.seats_total},
        _("How it stands"): opportunity.get_status_display(),
    }


def _act(asked: Asked) -> str:
    confirmed = commands.reconfirm(
        opportunity_id=asked.opportunity.pk, asked_until=asked.until, by=asked.person,
        at=timezone.now(),
    )  # fmt: skip
    if confirmed.status == OpportunityStatus.PAUSED:
        return _("Thank you. It is paused: people can join once you resume it in the studio.")
    return _("Thank you: it is listed until %(day)s.") % {"day": when(confirmed.reconfirm_by)}


def _way_on(asked: Asked) -> tuple[str, str]:
    return reverse("opportunities:manage", args=[asked.opportunity.code]), _("To the studio")
