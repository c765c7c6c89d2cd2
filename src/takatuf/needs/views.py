"""Pages of needs."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.kernel import signed_links
from takatuf.kernel.asked import connection_of
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.private_pages import keep_private
from takatuf.kernel.rate_limits import TooMany, limit
from takatuf.kernel.refusals import refuse
from takatuf.needs import commands, links, policies, queries
from takatuf.needs.enums import OPEN_NEEDS, NeedStatus, TargetGroup
from takatuf.needs.forms import CloseForm, DecisionForm, NeedForm
from takatuf.needs.models import Need
from takatuf.registry import queries as registry

FILTERS = ("q", "field", "governorate", "group", "state")
REPORTS_A_DAY = 10
MESSAGES_A_DAY = 3  # to one contact a visitor writes down, from wherever it is written


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    filters = {
        name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in FILTERS
    }
    answered = filters["state"] == "answered"
    filters["state"] = "answered" if answered else ""
    rows = queries.listed(filters=filters, after=request.GET.get("after", ""))
    shown = rows[: queries.PAGE]
    more = len(rows) > queries.PAGE
    context = {
        "needs": shown,
        "filters": filters,
        "groups": _filter_groups(filters),
        "filtered": any(value for name, value in filters.items() if name != "state"),
        "answered": answered,
        "tabs": [
            {
                "text": _("Open needs"),
                "href": _address(filters | {"state": ""}),
                "current": not answered,
            },
            {
                "text": _("Answered in full"),
                "href": _address(filters | {"state": "answered"}),
                "current": answered,
            },
        ],
        "older": _address(filters, after=queries.cursor(shown[-1])) if more else "",
        "first": _address(filters) if request.GET.get("after") else "",
    }
    return render(request, "needs/list.html", context)


@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    try:
        row = queries.need_visible_to(request.user, code)
    except Need.DoesNotExist:
        if (stands := queries.joined_to(code)) is None:
            raise Http404 from None
        return redirect("needs:detail", stands.code)
    return _page(request, row)


def _page(request: HttpRequest, row: Need, *, form=None, closing=None, status=200):
    desk = policies.may_decide(request.user)
    if desk and row.status == NeedStatus.REPORTED and form is None:
        form = DecisionForm(need=row, alike=queries.alike(row))
    if desk and row.status in OPEN_NEEDS and closing is None:
        closing = CloseForm()
    answers, joined = queries.linked_with(row, request.user)
    context = {
        "need": row,
        "own": request.user.is_authenticated and row.reporter_id == request.user.pk,
        "is_open": row.status in OPEN_NEEDS,
        "served_all": row.status in OPEN_NEEDS and row.coverage == 100,  # noqa: PLR2004
        "may_design": row.status in OPEN_NEEDS and policies.may_design(request.user),
        "story": queries.story(row),
        "answers": answers,
        "joined": joined,
        "form": form,
        "closing": closing,
        "desk": desk,
    }
    return render(request, "needs/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    form = NeedForm(request.POST or None, person=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _report(request, form)
            except TooMany as refusal:
                status = refuse(form, refusal)
    return render(request, "needs/report.html", {"form": form}, status=status)


def _report(request: HttpRequest, form: NeedForm) -> HttpResponse:
    person, at = request.user if request.user.is_authenticated else None, timezone.now()
    who = person.pk if person else connection_of(request)
    values = form.values()
    submission = queries.submission_of(who, values)
    if sent := queries.sent_before(submission, at=at):
        return redirect("needs:follow", links.follow_token(sent, at=at))
    limit(f"need:{who}", count=REPORTS_A_DAY, per_seconds=86400, at=at)
    language = (get_language() or "ar")[:2]
    tell = _may_write_to(values.get("reporter_contact", ""), at=at)
    row = commands.report_once(
        submission=submission, by=person, at=at, language=language, tell=tell, **values
    )
    if not tell:
        messages.info(
            request,
            _(
                "Recorded. Enough messages have gone to this contact today, so none was sent "
                "now: keep the address of this page. The answer will be sent as usual."
            ),
        )
    return redirect("needs:follow", links.follow_token(row, at=at))


def _may_write_to(contact: str, *, at) -> bool:
    """Nobody proved that the contact is theirs: whoever it belongs to is not flooded."""
    if not contact:
        return True
    try:
        limit(f"need.contact:{contact}", count=MESSAGES_A_DAY, per_seconds=86400, at=at)
    except TooMany:
        return False
    return True


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where reporting leads: the number, the promised day, and later the answer."""
    payload = signed_links.read(token, links.FOLLOW)
    try:
        row = queries.need_for_link(payload["need"])
    except Need.DoesNotExist:
        raise Http404 from None
    return keep_private(render(request, "needs/thanks.html", {"need": row}))


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    if not policies.may_see_queue(request.user):
        raise NotAllowed(_("This page is the regional desk's."))
    rows = list(queries.waiting_for_desk()[:100])
    context = {"needs": rows, "may_decide": policies.may_decide(request.user)}
    return render(request, "needs/queue.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    row = _need(request, code)
    if not policies.may_decide(request.user):
        raise NotAllowed(_("Only the regional desk answers needs."))
    form = DecisionForm(request.POST, need=row, alike=queries.alike(row))
    if form.is_valid():
        try:
            _decide(row, form.cleaned_data, by=request.user)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Answered. Whoever reported it is being told."))
            return redirect("needs:queue")
    return _page(request, _need(request, code), form=form, status=422)


def _decide(row: Need, cleaned: dict, *, by) -> None:
    at = timezone.now()
    if cleaned["answer"] == "validate":
        commands.validate_need(
            need_id=row.pk, by=by, at=at, people_estimate=cleaned["people_estimate"],
            estimate_basis=cleaned["estimate_basis"],
        )  # fmt: skip
    elif cleaned["answer"] == "merge":
        commands.merge_need(need_id=row.pk, into_id=int(cleaned["into"]), by=by, at=at)
    else:
        commands.reject_need(need_id=row.pk, answer=cleaned["words"], by=by, at=at)


@login_required
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    row = _need(request, code)
    if not policies.may_decide(request.user):
        raise NotAllowed(_("Only the regional desk closes needs."))
    form = CloseForm(request.POST)
    if form.is_valid():
        answer, at = form.cleaned_data["answer"], timezone.now()
        try:
            commands.close_need(need_id=row.pk, answer=answer, by=request.user, at=at)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Closed. Whoever reported it is being told."))
            return redirect("needs:detail", code)
    return _page(request, _need(request, code), closing=form, status=422)


def _need(request: HttpRequest, code: str) -> Need:
    try:
        return queries.need_visible_to(request.user, code)
    except Need.DoesNotExist:
        raise Http404 from None


def _filter_groups(filters: dict) -> list[dict]:
    counts = queries.facets(filters=filters)
    places = [(row.code, row.name) for row in registry.governorates()]
    choices = {
        "governorate": (_("Governorate"), places),
        "group": (_("Who needs it"), TargetGroup.choices),
        "field": (_("Field of work"), [(row.code, row.name) for row in registry.fields()]),
    }
    return [
        {"title": title, "chips": chips}
        for name, (title, options) in choices.items()
        if (chips := _chips(name, options, filters, counts[name]))
    ]


def _chips(name: str, options, filters: dict, counts: dict[str, int]) -> list[dict]:
    return [
        {
            "text": label,
            "count": counts.get(code, 0),
            "current": filters[name] == code,
            "href": _address(filters | {name: "" if filters[name] == code else code}),
        }
        for code, label in options
        if counts.get(code) or filters[name] == code
    ]


def _address(filters: dict, **more) -> str:
    """The list's address with these filters."""
    given = {name: value for name, value in (filters | more).items() if value}
    return "?" + urlencode(given)
