"""The public page of an opportunity: should I join, can I, and joining."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError
from takatuf.kernel.kept_pages import keep, may_be_kept
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, OpportunityStatus
from takatuf.placement import commands, queries

MOST_KEPT = 50  # places: what an address holds of a choice
ENDED = ("closed", "over")  # no date to come is left to show: it is said when it was


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows, with the places named ``place`` ticked; POST asks for them."""
    if request.method == "POST" and not request.user.is_authenticated:
        return _signed_out_meanwhile(request)
    if request.method == "POST":
        return _join(request, code)
    return _shown(request, code)


def _shown(request: HttpRequest, code: str) -> HttpResponse:
    """Visitors nothing is known about see one page, kept until something on it changes."""
    at = timezone.now()
    again = partial(opportunities.stamp_of_page, code)
    stamp = again() if may_be_kept(request) else None
    row = opportunities.opportunity_visible_to(request.user, code)
    chosen = _places(request.GET) if request.user.is_authenticated else ()
    return keep(_page(request, row, at=at, chosen=chosen), stamp=stamp, ask=again, at=at)


def _places(given: QueryDict) -> list[int]:
    return [key for typed in given.getlist("place") if (key := row_key(typed))]


def _signed_out_meanwhile(request: HttpRequest) -> HttpResponse:
    """Only who is signed in is shown the form: the way leads back to it, ticked as it was."""
    messages.warning(
        request,
        _("Nothing was sent: you were signed out meanwhile. Sign in, and your choice is here."),
    )
    chosen = urlencode({"place": _places(request.POST)[:MOST_KEPT]}, doseq=True)
    back = f"{request.path}?{chosen}#shifts" if chosen else request.path
    return redirect(reverse("account_login") + "?" + urlencode({"next": back}))


def _join(request: HttpRequest, code: str) -> HttpResponse:
    """The rules refuse what is not open, so the page is read only where it is shown."""
    chosen = _places(request.POST)
    message = normalize_newlines(request.POST.get("message", ""))
    try:
        rows = commands.apply(
            person=request.user, shift_role_ids=chosen, by=request.user, at=timezone.now(),
            message=message,
        )  # fmt: skip
    except DomainError as refusal:
        row = opportunities.opportunity_visible_to(request.user, code)
        return _page(
            request, row, at=timezone.now(), chosen=chosen, message=message, refusal=refusal
        )
    if not request.htmx:
        return redirect("placement:joined", rows[0].opportunity.code)
    row = rows[0].opportunity
    rows = queries.live_of(request.user, row, at=timezone.now())
    response = render(
        request, "placement/joined.html#result", {"opportunity": row, "rows": rows}
    )
    response["HX-Push-Url"] = reverse("placement:joined", args=[row.code])
    return response


def _page(
    request: HttpRequest, row, *, at, chosen=(), message="", refusal=None
) -> HttpResponse:
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
        "takes_people": state == "open",
        "held": opportunities.when_held(row, at=at) if state in ENDED else None,
        "chosen": set(chosen) or {panel.only_choice},
        "message": message,
        "refusal": refusal,
    }
    part = request.htmx and not request.htmx.history_restore_request
    template = "site/opportunity.html#page" if part else "site/opportunity.html"
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
