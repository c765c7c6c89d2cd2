"""Professional licences the desk has read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from takatuf.kernel.refusals import status_of, tried
from takatuf.registry import commands, policies, queries
from takatuf.registry.forms import LicenceForm, ReasonForm
from takatuf.registry.views.helpers import now, require, today

SHOWN = 50


@login_required
def licences(request: HttpRequest) -> HttpResponse:
    """Record one for a volunteer named by e-mail or mobile; below, what stands."""
    require(policies.may_act_for_desk(request.user, today()))
    form = LicenceForm(request.POST or None, skills=queries.skills())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        recorded = tried(
            form,
            lambda: commands.record_licence(
                volunteer=given["contact"], skill=given["skill"], level=given["level"],
                words=given["words"], valid_until=given["valid_until"], by=request.user,
                at=now(),
            ),
        )  # fmt: skip
        if recorded:
            messages.success(request, _("The licence is recorded, and the volunteer is told."))
            return redirect("registry:licences")
    context = {"form": form, "licences": queries.licences_recorded()[:SHOWN]}
    return render(request, "registry/licences.html", context, status=status_of(form))


@login_required
def licence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a licence back, with a reason."""
    grant = queries.grant_by_key(pk)
    if grant is None or not policies.may_take_back(request.user, grant, today()):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(
            form,
            lambda: commands.take_back_grant(
                grant=grant, reason=reason, by=request.user, at=now()
            ),
        )
        if done:
            messages.success(request, _("It is taken back, and the volunteer is told why."))
            return redirect("registry:licences")
    context = {"form": form, "grant": grant}
    return render(request, "registry/licence_end.html", context, status=status_of(form))
