"""Why a closed round gave one no place, said to oneself."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takatuf.engine.matching.instance import Malformed
from takatuf.placement import queries
from takatuf.placement.enums import LIVE_PROPOSALS, ProposalStatus
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.rounds import words_to_person as words
from takatuf.placement.rounds.explaining import Apart, PlanReader


@login_required
@require_safe
def why_not_me(request: HttpRequest, role: int) -> HttpResponse:
    """The reason and what would change it; nobody else is named, nor how many there were."""
    place = queries.place_of_closed_round(role)
    if place is None:
        raise Http404
    proposal = queries.proposal_for(place, request.user.pk)
    if proposal and proposal.status in (*LIVE_PROPOSALS, ProposalStatus.ENDED):
        return redirect("placement:mine")
    if proposal:
        sentence, change = words.DECIDED[proposal.status], ""
    else:
        sentence, change = _explained(place, request.user)
    context = {"place": place, "sentence": sentence, "change": change}
    return render(request, "placement/why_not_me.html", context)


def _explained(place, person) -> tuple[Any, Any]:
    try:
        found = PlanReader(place.round).explained(
            person.pk, place.shift_role_id, at=timezone.now()
        )
    except Malformed:
        return words.changed_since()
    if isinstance(found, Apart):
        return words.APART[found]
    return words.why_not_you(*found, round_settings.as_opened(place.round.options))
