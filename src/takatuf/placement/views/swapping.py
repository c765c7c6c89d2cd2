"""Offering one's shift for another, and answering whoever offers theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from takatuf.kernel.errors import DomainError
from takatuf.kernel.typography import day, times
from takatuf.placement import commands, policies, queries
from takatuf.placement.forms import SwapForm
from takatuf.placement.models import CoverAsk
from takatuf.placement.views.mine import mine_page, own


@login_required
@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the shifts one would come to instead; whoever has a place there is asked."""
    row, at = own(request, pk), timezone.now()
    if row.looking or not policies.may_be_covered(row, at=at):
        return redirect("placement:mine")
    choices = queries.swap_choices(row, at=at)
    given = request.POST if request.method == "POST" else None
    form = SwapForm(given, choices=[(c.shift_id, _words(c)) for c in choices])
    if request.method == "POST" and form.is_valid():
        try:
            commands.ask_for_cover(
                application_id=pk, accepts=form.cleaned_data["accepts"], by=request.user, at=at
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. Until somebody says yes, your place is yours."))
            return redirect("placement:mine")
    status = 422 if form.errors else 200
    context = {"row": row, "form": form, "choices": choices}
    return render(request, "placement/swap.html", context, status=status)


def _words(role) -> str:
    shift = role.shift
    said = day(shift.starts_at, "short"), times(shift.starts_at, shift.ends_at)
    return format_html("{} · {}", *said)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes to whoever offers their shift; a no is said above one's places."""
    ask = _own_ask(request, pk)
    try:
        commands.accept_ask(ask_id=ask.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return mine_page(request, refusal=refusal)
    messages.success(request, _("Swapped. Your places below are as they are now."))
    return redirect("placement:mine")


@login_required
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No: one's own shift stays as it is."""
    ask = _own_ask(request, pk)
    commands.decline_ask(ask_id=ask.pk, by=request.user, at=timezone.now())
    messages.success(request, _("Thank you for answering. Your shift stays as it is."))
    return redirect("placement:mine")


def _own_ask(request: HttpRequest, pk: int) -> CoverAsk:
    """Missing and somebody else's look alike."""
    ask = queries.ask_by_id(pk)
    if ask is None or not policies.may_answer_ask(request.user, ask):
        raise Http404
    return ask
