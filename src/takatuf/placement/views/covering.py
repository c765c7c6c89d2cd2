"""Somebody else asked to come to one's place, and coming instead of somebody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.placement import commands, policies, queries
from takatuf.placement.views.mine import card, for_you_page, mine_page, own


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for somebody to come instead; the place stays one's own until then."""
    row = own(request, pk)
    try:
        commands.ask_for_cover(application_id=row.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _refused(request, refusal)
    if request.htmx:
        return card(request, pk)
    messages.success(request, _("Asked. Until somebody takes it, the place is yours."))
    return redirect("placement:mine")


@login_required
@require_POST
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Come after all. Where nobody is looked for any more there is nothing to call back."""
    row = own(request, pk)
    try:
        if (cover := queries.cover_of(row)) is not None:
            commands.call_back_cover(cover_id=cover.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _refused(request, refusal)
    if request.htmx:
        return card(request, pk)
    return redirect("placement:mine")


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Come instead of somebody; a no is said above the places that are left."""
    cover = queries.cover_by_id(pk)
    if cover is None:
        raise Http404
    if not policies.may_take_cover(request.user, cover):
        raise NotAllowed(_("This is your own place."))
    try:
        taken = commands.take_cover(cover_id=pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return for_you_page(request, refusal=refusal)
    return redirect("placement:joined", taken.opportunity.code)


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """On the page, or by what every refusal becomes beside a card that is swapped."""
    if request.htmx:
        raise refusal
    return mine_page(request, refusal=refusal)
