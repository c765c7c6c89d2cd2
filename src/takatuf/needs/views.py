"""Pages of needs."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.rate_limits import limit
from takatuf.needs import commands, policies, queries
from takatuf.needs.enums import TargetGroup
from takatuf.needs.forms import DecisionForm, NeedForm
from takatuf.needs.models import Need
from takatuf.registry import queries as registry

FILTERS = ("q", "field", "governorate", "group")
REPORTS_A_DAY = 10


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    filters = {name: request.GET.get(name, "").strip()[:80] for name in FILTERS}
    after = request.GET.get("after", "")
    rows = list(
        queries.listed(
            request.user, filters=filters, after=int(after) if after.isdecimal() else None
        )
    )
    more = len(rows) > queries.PAGE
    rows = rows[: queries.PAGE]
    context = {
        "needs": rows,
        "filters": filters,
        "groups": _filter_groups(request, filters),
        "filtered": any(filters.values()),
        "older": _address(filters, after=rows[-1].pk) if more else "",
    }
    return render(request, "needs/list.html", context)


@require_GET
def need(request: HttpRequest, code: str) -> HttpResponse:
    row = _need(request, code)
    deciding = row.status == "reported" and policies.may_decide(request.user)
    context = {
        "need": row,
        "own": request.user.is_authenticated and row.reporter_id == request.user.pk,
        "story": queries.story(row),
        "form": DecisionForm(alike=queries.alike(row)) if deciding else None,
    }
    return render(request, "needs/detail.html", context)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    signed_in = request.user.is_authenticated
    form = NeedForm(request.POST or None, signed_in=signed_in)
    if request.method == "POST" and form.is_valid():
        who = request.user.pk if signed_in else request.META["REMOTE_ADDR"]
        limit(f"need:{who}", count=REPORTS_A_DAY, per_seconds=86400)
        row = commands.report_need(
            by=request.user if signed_in else None, at=timezone.now(), **form.values()
        )
        return render(request, "needs/thanks.html", {"need": row})
    status = 422 if form.errors else 200
    return render(request, "needs/report.html", {"form": form}, status=status)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    if not policies.may_decide(request.user):
        raise NotAllowed(_("This page is the regional desk's."))
    return render(request, "needs/queue.html", {"needs": list(queries.waiting_for_desk()[:100])})


@login_required
@require_http_methods(["POST"])
def decide(request: HttpRequest, code: str) -> HttpResponse:
    row = _need(request, code)
    form = DecisionForm(request.POST, alike=queries.alike(row))
    if form.is_valid():
        try:
            _decide(row, form.cleaned_data, by=request.user)
        except NotAllowed:
            raise
        except DomainError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Answered. Whoever reported it has been told."))
            return redirect("needs:queue")
    context = {"need": row, "form": form, "story": queries.story(row), "own": False}
    return render(request, "needs/detail.html", context, status=422)


def _decide(row: Need, cleaned: dict, *, by) -> None:
    at = timezone.now()
    if cleaned["answer"] == "validate":
        commands.validate_need(need_id=row.pk, by=by, at=at)
    elif cleaned["answer"] == "merge":
        commands.merge_need(need_id=row.pk, into_id=int(cleaned["into"]), by=by, at=at)
    else:
        commands.reject_need(need_id=row.pk, answer=cleaned["words"], by=by, at=at)


def _need(request: HttpRequest, code: str) -> Need:
    try:
        return queries.need_visible_to(request.user, code)
    except Need.DoesNotExist:
        raise Http404 from None


def _filter_groups(request: HttpRequest, filters: dict) -> list[dict]:
    counts = queries.facets(request.user, filters=filters)
    choices = {
        "field": (_("Field"), [(row.code, row.name) for row in registry.fields()]),
        "governorate": (_("Governorate"), [(row.code, row.name) for row in registry.governorates()]),
        "group": (_("Who needs it"), TargetGroup.choices),
    }
    return [
        {
            "title": title,
            "chips": [
                {
                    "text": label,
                    "count": counts[name].get(code, 0),
                    "current": filters[name] == code,
                    "href": _address(filters | {name: "" if filters[name] == code else code}),
                }
                for code, label in options
                if counts[name].get(code) or filters[name] == code
            ],
        }
        for name, (title, options) in choices.items()
    ]


def _address(filters: dict, **more) -> str:
    """The list's address with these filters."""
    given = {name: value for name, value in (filters | more).items() if value}
    return "?" + urlencode(given)
