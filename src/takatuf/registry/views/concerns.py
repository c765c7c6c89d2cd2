"""Reporting a concern, following it, and the desk's side of it."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from takatuf.kernel.asked import connection_of
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import status_of
from takatuf.registry import commands, policies, queries
from takatuf.registry.forms import AnswerForm, ConcernForm, FollowForm
from takatuf.registry.views.helpers import did, now, require, today, where_from

HOUR = 3600
RECEIVED = "registry.concern_received"  # in the session until it was shown


def concern_new(request: HttpRequest) -> HttpResponse:
    """Open to everybody. The page it leads to shows number and code once."""
    signed_in = request.user.is_authenticated
    form = ConcernForm(
        request.POST or None, signed_in=signed_in,
        initial={"page": where_from(request), "about_body": _body_named(request)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        limit(f"registry.concern:{_who(request)}", count=10, per_seconds=HOUR)
        given = form.cleaned_data
        reported = commands.report_concern(
            by=request.user if signed_in else None, at=now(), kind=given["kind"],
            text=given["text"], page=given["page"], about_body=given["about_body"],
            contact=given["contact"], anonymous=given.get("anonymous", False),
        )  # fmt: skip
        request.session[RECEIVED] = {
            "number": reported.concern.number, "code": reported.code,
            "due": reported.concern.due_at.isoformat(),
        }  # fmt: skip
        return redirect("registry:concern_received")
    return render(request, "registry/concern_new.html", {"form": form}, status=status_of(form))


@never_cache
@require_GET
def concern_received(request: HttpRequest) -> HttpResponse:
    """Number and code, once: from then on no session tells who reported what."""
    received = request.session.pop(RECEIVED, None)
    if received is None:
        return redirect("registry:concern_follow")
    received["due"] = datetime.fromisoformat(received["due"])
    return render(request, "registry/concern_received.html", received)


def concern_follow(request: HttpRequest) -> HttpResponse:
    """With number and code, without an account."""
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limit(f"registry.follow:{_who(request)}", count=20, per_seconds=HOUR)
        number = form.cleaned_data["number"].strip().upper()
        digest = commands.concern_digest(number, form.cleaned_data["code"])
        concern = queries.concern_by_code(number, digest)
        if concern is not None:
            return render(request, "registry/concern_own.html", {"concern": concern})
        form.add_error(None, _("No concern has this number and code. Check both."))
    context = {"form": form, "own": queries.concerns_reported_by(request.user)[:20]}
    return render(request, "registry/concern_follow.html", context, status=status_of(form))


@login_required
@require_GET
def concern_own(request: HttpRequest, number: str) -> HttpResponse:
    concern = get_object_or_404(queries.concerns_reported_by(request.user), number=number)
    return render(request, "registry/concern_own.html", {"concern": concern})


@login_required
@require_GET
def concerns(request: HttpRequest) -> HttpResponse:
    """The queue of the desk, by its clock."""
    desk = policies.may_act_for_desk(request.user, today())
    require(desk or policies.may_audit(request.user, today()))
    show = request.GET.get("show", "open")
    read = queries.open_concerns if show == "open" else queries.concerns_handled_by
    shown = read(request.user, today())
    context = {"concerns": shown[:200], "show": show, "desk": desk}
    return render(request, "registry/concerns.html", context)


@login_required
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """One concern, for whoever may handle it; nobody else learns that it exists."""
    found = get_object_or_404(queries.concerns_handled_by(request.user, today()), pk=pk)
    act = request.POST.get("act", "")
    form = AnswerForm(request.POST if act == "answer" else None)
    if request.method == "POST" and _handled(request, found, act, form):
        return redirect("registry:concern", found.pk)
    context = {"concern": found, "form": form}
    return render(request, "registry/concern.html", context, status=status_of(form))


def _handled(request: HttpRequest, concern, act: str, form: AnswerForm) -> bool:
    steps = {
        "take": (commands.take_concern, _("It is in your hands.")),
        "reopen": (commands.reopen_concern, _("It is open again.")),
        "close": (commands.close_concern, _("It is closed.")),
    }
    if act in steps:
        command, words = steps[act]
        return did(request, lambda: command(concern=concern, by=request.user, at=now()), words)
    if act == "answer" and form.is_valid():
        answer = form.cleaned_data["answer"]
        return did(
            request,
            lambda: commands.answer_concern(
                concern=concern, answer=answer, by=request.user, at=now()
            ),
            _("The answer has been sent."),
        )
    return False


def _body_named(request: HttpRequest):
    code = request.GET.get("body", "")
    return queries.body_visible_to(request.user, code, today()) if code else None


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"address:{connection_of(request)}"
