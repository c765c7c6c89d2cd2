"""Skills and their proof: asked for by volunteers, confirmed by a body's managers."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError
from takatuf.kernel.refusals import refuse
from takatuf.opportunities import queries as opportunities
from takatuf.placement import commands, policies, queries
from takatuf.placement.forms import ConfirmForm
from takatuf.registry import commands as registry_commands
from takatuf.registry import policies as registry_policies
from takatuf.registry import queries as registry

INVALID = 422


@login_required
@require_http_methods(["GET", "POST"])
def ask_skill(request: HttpRequest) -> HttpResponse:
    """What one may have confirmed, and by whom; one button each."""
    code = (request.POST or request.GET).get("opportunity", "")[:20]
    opportunity = opportunities.opportunity_visible_to(request.user, code) if code else None
    wanted = queries.to_prove(request.user, opportunity)
    refusal = None
    if request.method == "POST":
        try:
            _ask(request, wanted, opportunity)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("The body is asked. You are told of its answer."))
            query = f"?{urlencode({'opportunity': code})}" if code else ""
            return redirect(reverse("placement:ask_skill") + query)
    context = {"wanted": wanted, "opportunity": opportunity, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "placement/ask_skill.html", context, status=status)


def _ask(request: HttpRequest, wanted: list, opportunity) -> None:
    """Among what the page offers; anything else is not there."""
    named = (request.POST.get("skill", ""), request.POST.get("body", ""))
    for each in wanted:
        for line in each.lines:
            if (str(each.skill.pk), line.body.code) == named:
                commands.ask_to_confirm(
                    person=request.user, skill=each.skill, body=line.body,
                    opportunity=opportunity, by=request.user, at=timezone.now(),
                )  # fmt: skip
                return
    raise DomainError(_("Choose a skill and a body from the list."))


@login_required
@require_http_methods(["GET", "POST"])
def person_skills(request: HttpRequest, code: str, ref: UUID) -> HttpResponse:
    """One person's skills, for the managers of a body that has met them or was asked."""
    body = registry.body_visible_to(request.user, code, timezone.localdate())
    person = queries.person_by_ref(ref)
    if not (body and person and policies.may_open_skills(request.user, person, body)):
        raise Http404
    act = request.POST.get("act", "")
    asked = list(registry.open_skill_requests_of(person, body))
    met = queries.has_met(person.pk, body.pk)
    form = _confirm_form(request, act, asked, met=met)
    refusal = None
    if request.method == "POST":
        try:
            done = _act(request, act, form, person=person, body=body, asked=asked)
        except DomainError as error:
            refusal = error
            if act == "confirm":
                refuse(form, error)
        else:
            if done:
                messages.success(request, done)
                again = policies.may_open_skills(request.user, person, body)
                return redirect(request.path if again else "site:desk")
    context = {
        "person": person, "body": body, "form": form, "asked": asked, "refusal": refusal,
        "grants": _shown(request.user, person, asked, met=met), "met": met,
    }  # fmt: skip
    status = refusal.status if refusal else INVALID if form.errors else 200
    return render(request, "placement/person_skills.html", context, status=status)


def _confirm_form(request: HttpRequest, act: str, asked: list, *, met: bool) -> ConfirmForm:
    return ConfirmForm(
        request.POST if act == "confirm" else None,
        skills=queries.skills_to_confirm(asked, met=met),
        initial={"skill": _wanted(request, asked)},
    )  # fmt: skip


def _wanted(request: HttpRequest, asked: list) -> int | None:
    """The skill the page was opened for, or the first one asked about."""
    first = asked[0].skill_id if asked else None
    return row_key(request.GET.get("skill", "")) or first


def _shown(reader, person, asked: list, *, met: bool) -> list[tuple]:
    """(grant, whether the reader may take it back)."""
    named = {row.skill_id for row in asked}
    return [
        (grant, registry_policies.may_take_back(reader, grant))
        for grant in registry.active_grants(person)
        if met or grant.skill_id in named
    ]


def _act(request: HttpRequest, act: str, form: ConfirmForm, *, person, body, asked) -> str:
    """What was done, in words; nothing where the form is not ready."""
    how = partial(dict, by=request.user, at=timezone.now())
    reason = request.POST.get("reason", "").strip()[:500]
    pk = row_key(request.POST.get("row", ""))
    if act == "confirm":
        if not form.is_valid():
            return ""
        commands.confirm_skill(person=person, body=body, **form.cleaned_data, **how())
        return _("The skill is confirmed, and the volunteer is told.")
    if act == "refuse":
        row = next((row for row in asked if row.pk == pk), None)
        if row is None:
            raise DomainError(_("This request has been answered already."))
        registry_commands.refuse_confirmation(request=row, reason=reason, **how())
        return _("The volunteer is told why.")
    grant = registry.grant_by_key(pk) if act == "take_back" and pk else None
    if grant is None or grant.person_id != person.pk:
        raise DomainError(_("Choose what to do first."))
    registry_commands.take_back_grant(grant=grant, reason=reason, **how())
    return _("The confirmation is taken back, and the volunteer is told why.")
