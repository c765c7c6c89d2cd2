"""The unit's own pages: its opportunities, one of them, what waits for a reviewer."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from takatuf.accounts import queries as accounts
from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.opportunities import commands, policies, queries
from takatuf.opportunities.enums import EDITABLE, Gate, OpportunityStatus
from takatuf.opportunities.forms import ReasonForm
from takatuf.opportunities.showing import detail_url, words_of
from takatuf.opportunities.views.loading import managed

TONES: dict[str, str] = {
    OpportunityStatus.PUBLISHED: "good", OpportunityStatus.RUNNING: "teal",
    OpportunityStatus.RETURNED: "warn", OpportunityStatus.PAUSED: "warn",
    OpportunityStatus.CANCELLED: "bad",
}  # fmt: skip
# act → (command, needs a reason, sentence afterwards)
ACTS = {
    "pause": (commands.pause, False, gettext_lazy(
        "Paused: nobody new can join until you resume."
    )),
    "resume": (commands.resume, False, gettext_lazy("People can join again.")),
    "reconfirm": (commands.reconfirm, False, gettext_lazy("Confirmed for thirty days.")),
    "close": (commands.close_opportunity, False, gettext_lazy("Closed.")),
    "cancel": (commands.cancel_opportunity, True, gettext_lazy(
        "Cancelled: everybody concerned is being told."
    )),
    "publish": (commands.publish, False, gettext_lazy("Published.")),
    "return": (
        commands.return_with_reasons, True, gettext_lazy("Sent back with your reasons."),
    ),
}  # fmt: skip
REVIEWERS_ACTS = {"publish", "return"}
CONFIRM_WITHIN = timedelta(days=7)  # until then “it still stands” is not pressing


@login_required
@require_GET
def studio(request: HttpRequest) -> HttpResponse:
    bodies = queries.my_bodies(request.user)
    if not bodies:
        raise NotAllowed(_("The studio is for units that offer opportunities."))
    status, after = request.GET.get("status", ""), row_key(request.GET.get("after", "")) or 0
    states = queries.states_of(bodies)
    rows = list(
        queries.own_list(
            bodies, at=timezone.now(), after=after,
            status=status if status in OpportunityStatus.values else "",
        )
    )  # fmt: skip
    shown = rows[: queries.STUDIO_PAGE]
    more = f"?status={status}&after={after + len(shown)}" if len(rows) > len(shown) else ""
    tabs = [
        {"text": _("All"), "href": "?", "current": not status, "count": sum(states.values())}
    ]
    tabs += [
        {
            "text": label,
            "href": f"?status={value}",
            "current": status == value,
            "count": states[value],
        }
        for value, label in OpportunityStatus.choices
        if value in states
    ]
    context = {"rows": [(row, TONES.get(row.status, "neutral")) for row in shown],
               "tabs": tabs, "several": len(bodies) > 1, "older": more}  # fmt: skip
    return render(request, "opportunities/studio.html", context)


@login_required
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    if not policies.may_see_queue(request.user):
        raise NotAllowed(_("This page is for the region's reviewers."))
    return render(
        request, "opportunities/review_queue.html", {"rows": list(queries.in_review()[:100])}
    )


@login_required
@require_GET
def manage(request: HttpRequest, code: str) -> HttpResponse:
    opportunity = managed(request, code, _may_look)
    return _page(request, opportunity)


def _may_look(user, opportunity) -> bool:
    return policies.may_see_history(user, opportunity) or policies.may_review(user, opportunity)


def _page(request: HttpRequest, opportunity, *, form=None, refusal=None, status=200):
    now = timezone.now()
    shifts = list(queries.all_shifts(opportunity, at=now))
    story = queries.story_of(opportunity, shifts)
    names = accounts.names_of(told.entry.actor for told in story)
    may_review = policies.may_review(request.user, opportunity)
    context = {
        "opportunity": opportunity,
        "tone": TONES.get(opportunity.status, "neutral"),
        "verdict": queries.verdict_on(opportunity, now),
        "shifts": shifts,
        "now": now,
        "history": [
            (told.entry, names.get(told.entry.actor, ""), words_of(told)) for told in story
        ],
        "may_edit": policies.may_edit(request.user, opportunity),
        "may_submit": policies.may_submit(request.user, opportunity),
        "may_review": may_review,
        "detail": queries.detail(opportunity, now) if may_review else None,
        "runs": policies.may_manage(request.user, opportunity),
        "is_draft": opportunity.status in EDITABLE,
        "confirm_soon": _soon(opportunity.reconfirm_by, timezone.localdate(now)),
        "public_url": detail_url(opportunity.code),
        "form": form or ReasonForm(),
        "refusal": refusal,
    }
    return render(request, "opportunities/manage.html", context, status=status)


def _soon(last_day: date | None, today: date) -> bool:
    """Its days on the list run out within a week."""
    return last_day is not None and last_day - today <= CONFIRM_WITHIN


@login_required
@require_GET
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """As the volunteer sees it."""
    opportunity = queries.opportunity_visible_to(request.user, code)
    detail = queries.detail(opportunity, timezone.now())
    return render(request, "opportunities/preview.html", {"detail": detail})


@login_required
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    opportunity = managed(request, code, policies.may_submit)
    verdict = commands.submit(opportunity_id=opportunity.pk, by=request.user, at=timezone.now())
    if verdict.outcome == Gate.PUBLISHES:
        messages.success(request, _("Published: people can join from now on."))
    elif verdict.outcome == Gate.REVIEWS:
        messages.info(request, _("A reviewer of the region looks at it first."))
    else:
        messages.warning(
            request, _("Not published yet: mend what is listed, then hand it in again.")
        )
        return redirect("opportunities:design", code=code, step="review")
    return redirect("opportunities:manage", code=code)


@login_required
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    command, needs_reason, sentence = ACTS[act]
    may = policies.may_review if act in REVIEWERS_ACTS else policies.may_manage
    opportunity = managed(request, code, may)
    form = ReasonForm(request.POST) if needs_reason else None
    given = {"reason": request.POST.get("reason", "").strip()[:300]} if needs_reason else {}
    try:
        command(opportunity_id=opportunity.pk, by=request.user, at=timezone.now(), **given)
    except DomainError as refusal:
        return _page(request, opportunity, form=form, refusal=refusal, status=409)
    messages.success(request, sentence)
    if act in REVIEWERS_ACTS:
        return redirect("opportunities:review_queue")
    return redirect("opportunities:manage", code=code)
