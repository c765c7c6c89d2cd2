"""Teams from the inside: founding, roster, joining, leaving."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.refusals import status_of, tried
from takatuf.registry import commands, links, policies, queries
from takatuf.registry.forms import ReasonForm, TeamForm
from takatuf.registry.views.helpers import (
    body_or_404,
    did,
    now,
    reason_forms,
    require,
    team_or_404,
    today,
)


@login_required
def team_new(request: HttpRequest, code: str) -> HttpResponse:
    body = body_or_404(request, code)
    require(policies.may_manage_body(request.user, body, today()))
    form = TeamForm(request.POST or None, initial={"governorate": body.governorate})
    if request.method == "POST" and form.is_valid():
        team = tried(
            form,
            lambda: commands.found_team(
                body=body, by=request.user, at=now(), **form.cleaned_data
            ),
        )
        if team:
            return redirect("registry:team_roster", team.code)
    context = {"form": form, "body": body}
    return render(request, "registry/team_new.html", context, status=status_of(form))


@login_required
def team_edit(request: HttpRequest, code: str) -> HttpResponse:
    team = team_or_404(request, code)
    require(policies.may_lead_team(request.user, team, today()))
    form = TeamForm(
        request.POST or None, editing=True, initial={"about": team.about, "field": team.field}
    )
    if request.method == "POST" and form.is_valid():
        commands.edit_team(team=team, by=request.user, at=now(), **form.cleaned_data)
        return redirect("registry:team", team.code)
    context = {"form": form, "team": team}
    return render(request, "registry/team_edit.html", context, status=status_of(form))


@login_required
def team_roster(request: HttpRequest, code: str) -> HttpResponse:
    """Members and requests: the leader and the sponsoring body only."""
    team = team_or_404(request, code)
    require(policies.may_lead_team(request.user, team, today()))
    return render(
        request,
        "registry/team_roster.html",
        {
            "team": team,
            "members": queries.team_roster(team, today()),
            "requests": queries.open_requests(team),
            "link": links.team_link(team, at=now()),
        },
    )


@login_required
def team_decide(request: HttpRequest, code: str) -> HttpResponse:
    """Suspend, resume, end: who answers for the team, and the desk."""
    team = team_or_404(request, code)
    require(policies.may_end_team(request.user, team, today()))
    act = request.POST.get("act", "")
    forms = reason_forms(request, act, ("suspend", "end"))
    if request.method == "POST" and _decided(request, team, act, forms):
        return redirect("registry:team", team.code)
    form = forms.get(act)
    context = {
        "team": team,
        "forms": forms,
        "form": form,
        "members": queries.member_count(team),
        "history": queries.what_happened(team),
    }
    status = status_of(form) if form else 200
    return render(request, "registry/team_decide.html", context, status=status)


def _decided(request: HttpRequest, team, act: str, forms: dict[str, ReasonForm]) -> bool:
    if act == "resume":
        return did(
            request,
            lambda: commands.resume_team(team=team, by=request.user, at=now()),
            _("The team is active again."),
        )
    command = {"suspend": commands.suspend_team, "end": commands.end_team}.get(act)
    form = forms.get(act)
    if command is None or form is None or not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    return bool(
        tried(form, lambda: command(team=team, reason=reason, by=request.user, at=now()))
    )


@login_required
@require_POST
def request_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    team = team_or_404(request, code)
    require(policies.may_lead_team(request.user, team, today()))
    asked = get_object_or_404(queries.open_requests(team), pk=pk)
    accept = request.POST.get("answer") == "accept"
    did(
        request,
        lambda: commands.answer_request(
            request=asked, accept=accept, by=request.user, at=now()
        ),
        (_("%(name)s is in the team now.") if accept else _("%(name)s has been declined."))
        % {"name": asked.person},
    )
    return redirect("registry:team_roster", team.code)


@login_required
@require_POST
def member_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    team = team_or_404(request, code)
    require(policies.may_lead_team(request.user, team, today()))
    member = get_object_or_404(queries.team_roster(team, today()), pk=pk)
    did(
        request,
        lambda: commands.leave_team(member=member, by=request.user, at=now()),
        _("%(name)s is off the list.") % {"name": member.person},
    )
    return redirect("registry:team_roster", team.code)


@login_required
@require_POST
def team_ask(request: HttpRequest, code: str) -> HttpResponse:
    team = team_or_404(request, code)
    did(
        request,
        lambda: commands.ask_to_join(team=team, person=request.user, by=request.user, at=now()),
        _("The team's leader has your request."),
    )
    return redirect("registry:team", team.code)


@login_required
@require_POST
def team_leave(request: HttpRequest, code: str) -> HttpResponse:
    team = team_or_404(request, code)
    member = queries.membership_of(request.user, team, today())
    if member is None:
        raise Http404
    did(
        request,
        lambda: commands.leave_team(member=member, by=request.user, at=now()),
        _("You have left the team."),
    )
    return redirect("registry:team", team.code)


@login_required
@require_POST
def team_name(request: HttpRequest, code: str) -> HttpResponse:
    """Be named on the team's page, or not any more."""
    team = team_or_404(request, code)
    member = queries.membership_of(request.user, team, today())
    if member is None:
        raise Http404
    shows = request.POST.get("shows") == "yes"
    commands.show_name(member=member, shows=shows, by=request.user, at=now())
    return redirect("registry:team", team.code)


@login_required
def team_join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a team's link."""

    def team():
        found = queries.team_for_link(signed_links.read(token, links.TEAM)["t"])
        if found is None:
            raise signed_links.BadLink(_("This team is not known any more."))
        return found

    def question():
        found = team()
        return one_click.OneClick(
            title=_("Join the team %(team)s") % {"team": found.name},
            text=_(
                "The leader will see your name and how to reach you. You can leave any time."
            ),
            button=_("Join"),
            facts={_("Body"): found.body.name, _("Governorate"): found.governorate.name},
        )

    def join():
        found = team()
        commands.join_by_link(team=found, person=request.user, by=request.user, at=now())
        return _("You are now in the team %(team)s.") % {"team": found.name}

    def way_on():
        return reverse("registry:team", args=[team().code]), _("See the team")

    return one_click.answer(request, question, join, way_on=way_on)
