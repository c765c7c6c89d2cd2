"""Approving what a round proposes: all of it, a body's, one by one; or no, with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from takatuf.kernel.asked import page_of_ours
from takatuf.kernel.errors import DomainError
from takatuf.placement import commands, policies, queries
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.views.round_plan import found_plan


@login_required
@require_POST
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything they decide, or what is proposed for one body (``body=CODE``)."""
    row, bodies = found_plan(request, pk)
    code = request.POST.get("body", "")
    part = queries.part_of(row, code, bodies=bodies) if code else None
    if code and part is None:
        raise Http404
    outcome = commands.approve_all(
        matching_round=row, bodies=[part.body_id] if part else None, by=request.user,
        at=timezone.now(),
    )  # fmt: skip
    messages.add_message(request, _level_of(outcome), outcome_in_words(outcome))
    address = reverse("placement:round", args=[pk])
    return redirect(reverse("placement:round_body", args=[pk, code]) if part else address)


def _level_of(outcome: commands.Approved) -> int:
    if outcome.left:
        return messages.WARNING
    return messages.SUCCESS if outcome.approved or outcome.later else messages.INFO


def outcome_in_words(outcome: commands.Approved) -> str:
    """How many are offered a place; how many are left out, and that the page says why."""
    if outcome.later:
        return ngettext(
            "%(n)s place is being offered now. This page says how far it is.",
            "%(n)s places are being offered now. This page says how far it is.",
            outcome.later,
        ) % {"n": outcome.later}
    if not (outcome.approved or outcome.left):  # pressed once more, or by somebody else before
        return _("Nothing waits for approval any more.")
    offered = ngettext(
        "%(n)s place is offered: the volunteer answers with one tap.",
        "%(n)s places are offered: the volunteers answer with one tap.",
        len(outcome.approved),
    ) % {"n": len(outcome.approved)}
    if not outcome.left:
        return offered
    left = ngettext(
        "%(n)s is left out; the reason stands below.",
        "%(n)s are left out; the reasons stand below.",
        len(outcome.left),
    ) % {"n": len(outcome.left)}
    return f"{offered} {left}"


@login_required
@require_POST
def approve(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    row, found = _decided_by(request, pk, proposal)
    try:
        commands.approve_proposal(proposal_id=found.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _back(request, row, found, refusal=refusal)
    return _back(request, row, found)


@login_required
@require_POST
def reject(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    row, found = _decided_by(request, pk, proposal)
    try:
        commands.reject_proposal(
            proposal_id=found.pk, reason=request.POST.get("reason", ""), by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        return _back(request, row, found, refusal=refusal)
    return _back(request, row, found)


def _decided_by(request: HttpRequest, pk: int, proposal: int):
    """The round and one of its proposals, for whoever decides it; else there is none."""
    row, bodies = found_plan(request, pk)
    found = queries.proposal_in(row, proposal, bodies=bodies)
    if found is None or not policies.may_approve_for(request.user, found.body):
        raise Http404
    return row, found


def _back(request: HttpRequest, row, found, *, refusal: DomainError | None = None):
    """The proposal as it stands now: its line by HTMX, else the page it stands on."""
    found = queries.proposal_in(row, found.pk, bodies=None)
    if request.htmx:
        context = {
            "round": row, "proposal": found, "decides": True, "refusal": refusal,
            "weights": round_settings.as_opened(row.options),
        }  # fmt: skip
        status = refusal.status if refusal else 200
        return render(request, "placement/_proposal.html", context, status=status)
    if refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, found.get_status_display())
    place = reverse("placement:round_place", args=[row.pk, found.shift_role_id])
    return redirect(page_of_ours(request.POST.get("next", "")) or place)
