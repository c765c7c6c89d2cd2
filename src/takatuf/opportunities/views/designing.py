"""The design studio: steps that save themselves, with the score beside them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.needs import queries as needs
from takatuf.opportunities import commands, policies, queries
from takatuf.opportunities.enums import EDITABLE
from takatuf.opportunities.errors import EditedMeanwhile
from takatuf.opportunities.forms import STEPS, RoleForm, ShiftForm, WeeklyForm, step_form
from takatuf.opportunities.quality import Verdict, hours_of
from takatuf.opportunities.views.loading import managed

REVIEW = "review"


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A new draft: for which body, and perhaps from a need."""
    bodies = queries.my_bodies(request.user)
    if not bodies:
        raise NotAllowed(_("Opportunities are designed by the units of registered bodies."))
    need = needs.open_need(request.GET.get("need", "") or request.POST.get("need", ""))
    if request.method == "GET":
        return render(request, "opportunities/start.html", {"bodies": bodies, "need": need})
    body = next((b for b in bodies if b.code == request.POST.get("body")), None)
    if body is None:
        raise Http404
    draft = commands.create_draft(body=body, need=need, by=request.user, at=timezone.now())
    return redirect("opportunities:design", code=draft.code, step="work")


@login_required
@require_http_methods(["GET", "POST"])
def design(request: HttpRequest, code: str, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    opportunity = managed(request, code, policies.may_edit)
    if request.method == "GET" or step == REVIEW:
        return _show(request, opportunity, step, step_form(step, opportunity))
    return _save(request, opportunity, step)


def _save(request: HttpRequest, opportunity, step: str) -> HttpResponse:
    form = step_form(step, opportunity, request.POST)
    refusal = None
    try:
        opportunity = commands.save_step(
            opportunity_id=opportunity.pk, version=_version(request), changes=form.changes(),
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        refusal = error
    status = 409 if refusal else 422 if form.errors else 200
    if request.htmx:
        return _panel(request, opportunity, form, refusal, status=status)
    if refusal or form.errors:
        return _show(request, opportunity, step, form, refusal=refusal, status=status)
    messages.success(request, _("Saved."))
    return redirect("opportunities:design", code=opportunity.code, step=_following(step))


def _version(request: HttpRequest) -> int:
    """The version the page was made from; ``keep``: one's own words over the other's."""
    typed = request.POST.get("keep") or request.POST.get("version", "")
    return row_key(typed) or 0


def _following(step: str) -> str:
    names = list(STEPS)
    return names[min(names.index(step) + 1, len(names) - 1)]


def _panel(request: HttpRequest, opportunity, form, refusal, *, status: int) -> HttpResponse:
    """What a save by itself answers: score, what could not be read, the new version."""
    context = _score(opportunity) | {
        "form": form, "refusal": refusal, "saved_at": None if refusal else timezone.now(),
        "meanwhile": isinstance(refusal, EditedMeanwhile), "oob": True,
    }  # fmt: skip
    return render(request, "opportunities/design.html#panel", context, status=status)


def _score(opportunity) -> dict:
    now = timezone.now()
    draft = queries.draft_of(opportunity, now)
    return {
        "opportunity": opportunity,
        "verdict": queries.judge(draft),
        "computed_hours": hours_of(draft.shifts),
        "is_draft": opportunity.status in EDITABLE,
    }


def _show(request: HttpRequest, opportunity, step: str, form, *, refusal=None, status=200):
    context = _score(opportunity) | {
        "form": form, "step": step, "refusal": refusal,
        "meanwhile": isinstance(refusal, EditedMeanwhile),
        "next_step": _following(step), "title": _title(step),
    }  # fmt: skip
    context["steps"] = _steps(opportunity, step, context["verdict"])
    if step == "shifts":
        context |= {
            "shift_form": ShiftForm(opportunity, prefix="one"),
            "weekly_form": WeeklyForm(opportunity, prefix="weekly"),
            "shifts": queries.shift_lines(opportunity, timezone.now()),
        }
    if step == "people":
        context |= {"role_form": RoleForm(prefix="role", klass=opportunity.klass),
                    "roles": list(queries.roles_of(opportunity))}  # fmt: skip
    if step == REVIEW:
        context |= {"detail": queries.detail(opportunity, timezone.now())}
    return render(request, "opportunities/design.html", context, status=status)


def _title(step: str):
    return STEPS[step].title_of_step if STEPS[step] else _("Review")


def _steps(opportunity, current: str, verdict: Verdict) -> list[dict]:
    """A step is done when nothing is missing from it, not when a later one was opened."""
    blocked = {check.step for check in verdict.blocked_by}
    done = {
        name
        for name, form in STEPS.items()
        if name not in blocked
        and (form.is_filled(opportunity) if form else opportunity.status not in EDITABLE)
    }
    return [
        {
            "label": _title(name),
            "state": "now" if name == current else "done" if name in done else "ahead",
            "href": reverse("opportunities:design", args=[opportunity.code, name]),
        }
        for name in STEPS
    ]
