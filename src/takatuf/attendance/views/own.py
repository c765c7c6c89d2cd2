"""My hours, and the certificates that come of them."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takatuf.attendance import commands, queries
from takatuf.attendance.enums import EvidenceClass, HourState
from takatuf.attendance.forms import AnewForm
from takatuf.credentials import policies as credentials_policies
from takatuf.credentials import queries as certificates
from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.refusals import status_of, tried
from takatuf.kernel.verify_codes import grouped

TONES: dict[str, str] = {
    HourState.APPROVED: "good", HourState.CONFIRMED: "teal", HourState.CLAIMED: "warn",
    HourState.REJECTED: "bad", HourState.REVERSED: "bad",
}  # fmt: skip


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    opportunity = queries.opportunity_worked_for(request.user, code)
    if opportunity is None:
        raise Http404
    try:
        commands.request_certificate(
            person=request.user, opportunity=opportunity, by=request.user, at=timezone.now()
        )
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Your certificate is ready: open or download it here."))
    return redirect("credentials:mine")


@login_required
def certificate_anew(request: HttpRequest, serial: str) -> HttpResponse:
    """Another certificate after one revoked for cause, by whoever may; with the reason."""
    found = get_object_or_404(certificates.certificates_visible_to(request.user), serial=serial)
    if not credentials_policies.may_issue_anew(request.user, found):
        raise PermissionDenied
    form = AnewForm(request.POST or None)
    if form.is_valid():
        made = tried(
            form,
            lambda: commands.issue_certificate_anew(
                certificate_id=found.pk, reason=form.cleaned_data["reason"], by=request.user,
                at=timezone.now(),
            ),
        )  # fmt: skip
        if made:
            messages.success(request, _("The new certificate is issued, and the holder told."))
            return redirect("credentials:check", grouped(made.code))
    context = {
        "form": form, "found": found, "code": grouped(found.code),
        "can_be": certificates.is_barred(found),
    }  # fmt: skip
    return render(request, "attendance/certificate_anew.html", context, status=status_of(form))


def _page(request: HttpRequest, *, refusal=None, status: int = 200) -> HttpResponse:
    years = queries.years_of(request.user)
    asked = row_key(request.GET.get("year", ""))
    year = asked if asked in years else next(iter(years), None)
    totals = queries.minutes_by_evidence(request.user)
    imported = totals.pop(EvidenceClass.IMPORTED, 0)
    claims = queries.claims_visible_to(request.user, year)
    context = {
        "total": sum(totals.values()),
        "by_evidence": [(e.label, totals[e]) for e in EvidenceClass if e in totals],
        "imported": imported,
        "certificates": queries.approved_by_opportunity(request.user),
        "years": [
            {"text": str(y), "href": f"?year={y}", "current": y == year} for y in years
        ],
        "months": [
            list(rows) for _month, rows in groupby(
                ((claim, TONES.get(claim.state, "neutral")) for claim in claims),
                key=lambda pair: timezone.localtime(pair[0].started_at).month,
            )
        ],
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "attendance/mine.html", context, status=status)
