"""Who asked for a place, and whom to ask: the unit manager's pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError
from takatuf.opportunities import queries as opportunities
from takatuf.placement import commands, policies, queries
from takatuf.placement.enums import DeclineReason
from takatuf.placement.forms import BulkForm, DeclineForm, InviteForm

SHIFTS_AS_CHIPS = 12


def _managed(request: HttpRequest, code: str):
    """The opportunity, for whoever answers its applicants; for others there is no such page."""
    opportunity = opportunities.opportunity_visible_to(request.user, code)
    if not policies.may_see_applicants(request.user, opportunity):
        raise Http404
    return opportunity


@login_required
@require_safe
def applicants(request: HttpRequest, code: str) -> HttpResponse:
    """One shift at a time: who asks, who is coming, who waits."""
    opportunity = _managed(request, code)
    page = _page(opportunity, request.GET.get("shift", ""))
    return render(request, "placement/applicants.html", page)


def _page(opportunity, wanted: str, **more) -> dict:
    at = timezone.now()
    choices = queries.choices(opportunity, at=at)
    choice = _chosen(choices, wanted)
    roles = queries.applicants_of(opportunity, choice, at=at) if choice else []
    return {
        "opportunity": opportunity,
        "choices": choices,
        "chips": choices
        if len(choices) <= SHIFTS_AS_CHIPS
        else [c for c in choices if c.asking or c == choice][:SHIFTS_AS_CHIPS],
        "choice": choice,
        "roles": roles,
        "reasons": DeclineReason.choices,
        "now": at,
        **more,
    }


def _chosen(choices: list, wanted: str):
    """The shift asked for; else the one whose answer is due first; else the next one."""
    named = next((c for c in choices if str(c.shift.pk) == wanted), None)
    owing = [choice for choice in choices if choice.due]
    first_due = min(owing, key=lambda choice: choice.due, default=None)
    return named or first_due or next(iter(choices), None)


def _first_name(person) -> str:
    """Enough to know who was meant; the rest of the name is the list's to show."""
    return person.full_name.partition(" ")[0]


def _application(opportunity, pk: int):
    """One of this opportunity's; of another's it is not found, whoever manages that."""
    found = queries.application_of(opportunity, pk)
    if found is None:
        raise Http404
    return found


def _back(
    request: HttpRequest, opportunity, shift_id: int | str, *, said: str = "", left=(),
    refusal: DomainError | None = None,
) -> HttpResponse:  # fmt: skip
    """The list as it now stands, and what came of it: what changed by HTMX, or the page."""
    if request.htmx:
        more = {"said": said, "left": left, "refusal": refusal, "swap": True}
        page = _page(opportunity, str(shift_id), **more)
        status = refusal.status if refusal else 200
        return render(request, "placement/applicants.html#people", page, status=status)
    if refusal:
        messages.error(request, str(refusal))
    if said:
        messages.success(request, said)
    for row, why in left:
        messages.warning(request, f"{row.person}: {why}")
    address = reverse("placement:applicants", args=[opportunity.code])
    return redirect(f"{address}?shift={shift_id}")


@login_required
@require_POST
def accept(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    opportunity = _managed(request, code)
    row = _application(opportunity, pk)
    try:
        commands.accept_application(application_id=row.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _back(request, opportunity, row.shift_id, refusal=refusal)
    said = _("%(name)s is asked to confirm.") % {"name": _first_name(row.person)}
    return _back(request, opportunity, row.shift_id, said=said)


@login_required
@require_POST
def decline(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    opportunity = _managed(request, code)
    row = _application(opportunity, pk)
    form = DeclineForm(request.POST)
    form.is_valid()
    try:
        commands.decline_application(
            application_id=row.pk, by=request.user, at=timezone.now(),
            reason=form.cleaned_data.get("reason", ""),
            template=form.cleaned_data.get("template", ""),
        )  # fmt: skip
    except DomainError as refusal:
        return _back(request, opportunity, row.shift_id, refusal=refusal)
    said = _("%(name)s is told why.") % {"name": _first_name(row.person)}
    return _back(request, opportunity, row.shift_id, said=said)


@login_required
@require_POST
def accept_several(request: HttpRequest, code: str) -> HttpResponse:
    opportunity = _managed(request, code)
    # Also those somebody answered meanwhile: the command says so, and takes the others.
    typed = {key for each in request.POST.getlist("application") if (key := row_key(each))}
    form = BulkForm(request.POST, ids=queries.ids_among(opportunity, typed))
    form.is_valid()
    chosen = form.cleaned_data.get("application") or []
    shift_id = row_key(request.POST.get("shift", "")) or ""
    if not chosen:
        refusal = DomainError(_("Tick at least one person first."))
        return _back(request, opportunity, shift_id, refusal=refusal)
    try:
        outcome = commands.accept_applications(
            application_ids=chosen, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return _back(request, opportunity, shift_id, refusal=refusal)
    count = len({row.person_id for row in outcome.accepted})
    said = ngettext(
        "%(count)s person is asked to confirm.", "%(count)s people are asked to confirm.", count
    ) % {"count": count}
    return _back(request, opportunity, shift_id, said=said, left=outcome.left)


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Whom to ask for one role of one shift: suggested, or found by name among people met."""
    opportunity, at = _managed(request, code), timezone.now()
    place = queries.place_to_fill(opportunity, pk, at=at)
    if place is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            row = _invited(request, opportunity, place)
        except DomainError as error:
            refusal = error
        else:
            said = _("%(name)s is invited and has until the offer ends to answer.")
            messages.success(request, said % {"name": _first_name(row.person)})
            return redirect("placement:invite", code, pk)
    words = request.GET.get("name", "").strip()[:80]
    context = {
        "opportunity": opportunity,
        "place": place,
        "words": words,
        "found": queries.people_met(opportunity, place, words, at=at) if words else [],
        "suggested": queries.suggestions(opportunity, place, at=at),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "placement/invite.html", context, status=status)


def _invited(request: HttpRequest, opportunity, place):
    form = InviteForm(request.POST)
    person = (
        queries.person_to_invite(opportunity, place, form.cleaned_data["person"])
        if form.is_valid()
        else None
    )
    if person is None:
        raise Http404
    return commands.invite(
        person=person, shift_role_id=place.pk, by=request.user, at=timezone.now(),
        message=form.cleaned_data["message"],
    )  # fmt: skip
