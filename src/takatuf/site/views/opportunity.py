"""The public page of an opportunity: should I join, can I, and joining."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from takatuf.kernel.errors import DomainError
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, OpportunityStatus
from takatuf.placement import commands, queries

LONGEST_WORD = 600


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows; POST asks for places in the shifts named ``place``."""
    row = opportunities.opportunity_visible_to(request.user, code)
    if request.method != "POST":
        return _page(request, row)
    if not request.user.is_authenticated:
        return redirect(reverse("join") + "?" + urlencode({"next": request.path}))
    chosen = [int(pk) for pk in request.POST.getlist("place") if pk.isascii() and pk.isdigit()]
    message = request.POST.get("message", "")[:LONGEST_WORD]
    try:
        commands.apply(
            person=request.user, shift_role_ids=chosen, by=request.user, at=timezone.now(),
            message=message,
        )  # fmt: skip
    except DomainError as refusal:
        return _page(request, row, chosen=chosen, message=message, refusal=refusal)
    if not request.htmx:
        return redirect("placement:joined", row.code)
    rows = queries.live_of(request.user, row, at=timezone.now())
    response = render(
        request, "placement/joined.html#result", {"opportunity": row, "rows": rows}
    )
    response["HX-Push-Url"] = reverse("placement:joined", args=[row.code])
    return response


def _page(request: HttpRequest, row, *, chosen=(), message="", refusal=None) -> HttpResponse:
    at = timezone.now()
    every = request.GET.get("all") == "1"
    limit = {"limit": None} if every or chosen else {}
    detail = opportunities.detail(row, at, **limit)
    panel = queries.panel(request.user, row, detail.shifts, at=at)
    state = _state(row, panel, at)
    context = {
        "opportunity": row,
        "detail": detail,
        "panel": panel,
        "state": state,
        "takes_people": state in ("open", "unconfirmed"),
        "chosen": set(chosen),
        "message": message,
        "refusal": refusal,
    }
    template = "site/opportunity.html#page" if request.htmx else "site/opportunity.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _state(row, panel, at) -> str:
    """Why joining is possible, or not, apart from who asks."""
    if row.status not in PUBLIC:
        return str(OpportunityStatus(row.status))
    if not panel.lines:
        return "over"
    if row.reconfirm_by and row.reconfirm_by < timezone.localdate(at):
        return "unconfirmed"
    return "open"
