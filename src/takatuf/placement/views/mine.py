"""A person's own places."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.kernel.errors import DomainError
from takatuf.opportunities import queries as opportunities
from takatuf.placement import commands, queries
from takatuf.placement.calendar import calendar_of
from takatuf.placement.enums import HOLDING, LIVE, ApplicationStatus
from takatuf.placement.forms import LeaveForm
from takatuf.placement.models import Application
from takatuf.placement.rounds.suggesting import suggested_to

TAKEN = (ApplicationStatus.CONFIRMED, ApplicationStatus.ATTENDED)  # ticked while it goes on


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is next, what waits for an answer, what was."""
    return mine_page(request)


def mine_page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    at = timezone.now()
    coming = list(queries.places_of(request.user, at=at))
    context = {
        "asks": queries.asks_of(request.user, at=at),
        "offers": [row for row in coming if row.status == ApplicationStatus.OFFERED],
        "places": [row for row in coming if row.status in TAKEN],
        "waiting": [row for row in coming if row.status not in HOLDING],
        "past": list(queries.past_places_of(request.user, at=at)),
        "refusal": refusal,
    }
    return render(request, "placement/mine.html", context, status=409 if refusal else 200)


@login_required
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """The few places that suit the person best, and those that look for cover."""
    return for_you_page(request)


def for_you_page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    at = timezone.now()
    context = {
        "suggestions": suggested_to(request.user, at=at),
        "refusal": refusal,
    }
    return render(request, "placement/for_you.html", context, status=409 if refusal else 200)


@login_required
@require_safe
def joined(request: HttpRequest, code: str) -> HttpResponse:
    """What the person has, or awaits, at one opportunity: where joining leads."""
    opportunity = opportunities.opportunity_visible_to(request.user, code)
    rows = queries.live_of(request.user, opportunity, at=timezone.now())
    if not rows:
        return redirect("site:opportunity", code)
    context = {"opportunity": opportunity, "rows": rows}
    return render(request, "placement/joined.html", context)


def own(request: HttpRequest, pk: int) -> Application:
    try:
        return queries.own_application(request.user, pk)
    except Application.DoesNotExist:
        raise Http404 from None


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes to an offer, or once more to a place already had."""
    row, at = own(request, pk), timezone.now()
    if row.status == ApplicationStatus.CONFIRMED:
        commands.reconfirm_place(application_id=row.pk, by=request.user, at=at)
    else:
        commands.confirm_place(application_id=row.pk, by=request.user, at=at)
    if request.htmx:
        return card(request, pk)
    messages.success(request, _("You have a place. See you there."))
    return redirect("placement:mine")


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a place, an offer, a place in line or an application."""
    row = own(request, pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.withdraw(
            application_id=row.pk, by=request.user, at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if request.htmx:
            return card(request, pk)
        messages.success(request, _("Done. You may apply again at any time."))
        return redirect("placement:mine")
    if row.status not in LIVE:
        return redirect("placement:mine")
    status = 422 if form.errors else 200
    return render(request, "placement/leave.html", {"row": row, "form": form}, status=status)


def card(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.own_application(request.user, pk)
    return render(request, "placement/_place.html", {"row": row, "announced": True})


@login_required
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One place as a calendar file; an offer stands in it as tentative."""
    row = own(request, pk)
    if row.status not in HOLDING:
        raise Http404
    return _ics([row], f"takatuf-{row.opportunity.code}-{row.pk}.ics")


@login_required
@require_safe
def calendar_all(request: HttpRequest) -> HttpResponse:
    """Every place to come in one file; what was given up or called off is cancelled in it."""
    rows = queries.calendar_places_of(request.user, at=timezone.now())
    return _ics(list(rows), "takatuf.ics")


def _ics(rows: list[Application], name: str) -> HttpResponse:
    response = HttpResponse(
        calendar_of(rows, at=timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
