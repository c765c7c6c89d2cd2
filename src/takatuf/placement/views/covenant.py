"""The covenant a volunteer under 18 signs before joining."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from takatuf.accounts import queries as accounts
from takatuf.kernel import signed_links
from takatuf.kernel.errors import DomainError
from takatuf.kernel.private_pages import keep_private
from takatuf.kernel.refusals import refuse
from takatuf.opportunities import queries as opportunities
from takatuf.placement import commands, queries, texts
from takatuf.placement.forms import CovenantForm
from takatuf.placement.links import GUARDIAN

SIGNED, INVALID = 303, 422


@login_required
@require_http_methods(["GET", "POST"])
def covenant(request: HttpRequest, code: str) -> HttpResponse:
    """Read, then sign; the guardian's consent comes before both."""
    person, now = request.user, timezone.now()
    today = timezone.localdate(now)
    opportunity = opportunities.opportunity_visible_to(person, code)
    signed = queries.covenant_of(person, opportunity)
    form = CovenantForm(request.POST or None, initial={"version": texts.COVENANT_VERSION})
    status = 200
    if request.method == "POST":
        status = _sign(form, person, opportunity, now)
        if status == SIGNED:
            messages.success(request, _("The covenant is signed. Now choose a shift."))
            return redirect("site:opportunity", code)
    version = signed.text_version if signed else texts.COVENANT_VERSION
    context = {
        "opportunity": opportunity,
        "signed": signed,
        "lines": texts.covenant(version, "en" if get_language() == "en" else "ar"),
        "form": form,
        "is_minor": person.is_minor(on=today),
        "consented": accounts.has_live_consent(person, on=today),
    }
    return render(request, "placement/covenant.html", context, status=status)


@require_GET
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """What the guardian's link opens: the covenant as signed; the times and the way back only
    while the consent it was sent for holds, for another may be the guardian by then.
    """
    named, now = signed_links.read(token, GUARDIAN), timezone.now()
    signed = queries.covenant_for_link(named["person"], named["opportunity"])
    if signed is None:
        raise Http404
    language = "en" if get_language() == "en" else "ar"
    take_back = accounts.guardian_page(named.get("consent", 0), signed.person, at=now)
    places = queries.held_at(signed.person, signed.opportunity, at=now) if take_back else []
    context = {
        "signed": signed,
        "lines": texts.covenant(signed.text_version, language),
        "places": places,
        "take_back": take_back,
    }
    return keep_private(render(request, "placement/guardian.html", context))


def _sign(form: CovenantForm, person, opportunity, at) -> int:
    """The status of the answer; what is wrong stands on the form."""
    if not form.is_valid():
        return INVALID
    try:
        commands.sign_covenant(
            person=person, opportunity=opportunity, by=person, at=at,
            signed_name=form.cleaned_data["signed_name"],
            text_version=form.cleaned_data["version"],
        )  # fmt: skip
    except DomainError as refusal:
        refuse(form, refusal)
        return refusal.status
    return SIGNED
