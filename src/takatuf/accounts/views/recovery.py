"""The way back in: what the person can do alone, the form for the desk, the desk's page."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.accounts import commands, links, policies, queries
from takatuf.accounts.codes import RAN_OUT, CodeGone, ContactCode
from takatuf.accounts.enums import RECOVERY_STEPS, RecoveryStatus
from takatuf.accounts.forms import CodeForm, RecoveryForm, RefusalForm
from takatuf.accounts.views.shared import ask_anew, kept_words, send_again, wants_it_again
from takatuf.kernel import signed_links
from takatuf.kernel.asked import connection_of
from takatuf.kernel.errors import DomainError
from takatuf.kernel.one_click import OneClick, answer
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import refuse, status_of
from takatuf.kernel.transitions import WrongState

PURPOSE = "recover"
ASKED = "recovery_request"  # in the session: the request sent from this browser
LATELY, SHOWN = timedelta(days=30), 50
ACTS = {"approve": commands.approve_recovery, "confirm": commands.confirm_recovery}
DONE = {
    "approve": lambda: _("Approved. Another person of the desk has to agree now."),
    "confirm": lambda: _("Agreed. The account moves when the day of notice is over."),
    "refuse": lambda: _("Refused. They are told why."),
}


@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    form = RecoveryForm(request.POST or None, initial=_written(request))
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _count(request, data["claimed_contact"])
            ContactCode.initiate(
                request, contact=data["new_contact"], purpose=PURPOSE,
                about={**data, "birth_date": str(data["birth_date"] or "")},
            )  # fmt: skip
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("recover_code")
    return render(request, "accounts/recover.html", {"form": form}, status=status)


def _written(request: HttpRequest) -> dict:
    """Who comes back from the code's page to change a word finds the others still there."""
    process = ContactCode.resume(request, purpose=PURPOSE)
    words = process.about if process else kept_words(request)
    return {**words, "birth_date": _birth_date(words)}


def _birth_date(words: dict) -> date | None:
    written = words.get("birth_date")
    return date.fromisoformat(written) if written else None


def _count(request: HttpRequest, claimed: str) -> None:
    """Typos and codes that ran out are asked again; a school is one connection."""
    where = connection_of(request)
    limit(f"recover:connection:{where}", count=40, per_seconds=3600)
    limit(f"recover:both:{claimed} {where}", count=10, per_seconds=86400)


@never_cache
@require_http_methods(["GET", "POST"])
def recover_code(request: HttpRequest) -> HttpResponse:
    process = ContactCode.begun(request, purpose=PURPOSE)
    if process is None:
        return redirect("recover")
    if not process.is_valid():
        return ask_anew(request, process, str(RAN_OUT), "recover", process.about)
    if wants_it_again(request):
        return send_again(request, process)
    form = CodeForm(request.POST or None)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            process.check(form.cleaned_data["code"])
        except CodeGone as error:
            return ask_anew(request, process, str(error), "recover", process.about)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return _ask(request, process)
    return render(request, "accounts/recover_code.html", {"form": form, "process": process},
                  status=status)  # fmt: skip


def _ask(request: HttpRequest, process: ContactCode) -> HttpResponse:
    about = process.about
    try:
        asked = commands.ask_recovery(
            claimed_name=about["claimed_name"],
            claimed_contact=about["claimed_contact"],
            new_contact=process.contact,
            birth_date=_birth_date(about),
            id_last_three=about["id_last_three"],
            explanation=about["explanation"],
            lost_second_factor=about["lost_second_factor"],
            at=timezone.now(),
        )
    except commands.CannotRecover as error:
        messages.error(request, str(error))
        process.persist()  # what was written is there again, to change the contact in it
        return redirect("recover")
    request.session[ASKED] = asked.pk
    return redirect("recover_done")


@never_cache
@require_safe
def recover_done(request: HttpRequest) -> HttpResponse:
    """What happens now; nobody is told of a request who has sent none."""
    asked = queries.recovery_for_link(request.session.get(ASKED))
    if asked is None:
        return redirect("recover")
    return render(request, "accounts/recover_done.html", {"row": asked})


@require_http_methods(["GET", "POST"])
def recovery_stop(request: HttpRequest, token: str) -> HttpResponse:
    def find():
        named = signed_links.read(token, links.STOP)
        found = queries.recovery_for_link(named["recovery"])
        if found is None:
            raise Http404
        return found

    def ask() -> OneClick:
        _require_under_way(find())
        return OneClick(
            title=_("Somebody asks for your account"),
            text=_("If it was not you, stop it here: nothing will change. If it was you, "
                   "there is nothing to do."),
            button=_("It was not me: stop it"),
            danger=True,
        )  # fmt: skip

    def act() -> str:
        commands.stop_recovery(request=find(), at=timezone.now())
        return _("Stopped. Your account stays as it is, and the desk sees that you stopped it.")

    return answer(request, ask, act)


def _require_under_way(found) -> None:
    """:raises WrongState: where there is nothing left to stop."""
    if found.status == RecoveryStatus.STOPPED:
        raise WrongState(_("You have stopped this already. Your account is as it was."))
    if not RECOVERY_STEPS.get(found.status):
        raise WrongState(_("This request is over: nothing can be stopped any more."))


# ---------------------------------------------------------------- the desk
@login_required
@require_safe
def recovery_list(request: HttpRequest) -> HttpResponse:
    if not policies.may_see_recoveries(request.user):
        raise PermissionDenied
    ended = queries.ended_recoveries(since=timezone.now() - LATELY)
    context = {"rows": queries.open_recoveries(), "ended": ended[:SHOWN]}
    return render(request, "accounts/recovery_list.html", context)


@never_cache
@login_required
@require_safe
def recovery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), RefusalForm())


@login_required
@require_POST
def recovery_decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    found = _found(request, pk)
    form = RefusalForm(request.POST if act == "refuse" else None)
    if act == "refuse" and not form.is_valid():
        return _show(request, found, form)
    try:
        if act == "refuse":
            commands.refuse_recovery(
                request=found, reason=form.cleaned_data["reason"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        else:
            ACTS[act](request=found, by=request.user, at=timezone.now())
    except DomainError as error:
        return _show(request, queries.recovery_for_link(pk), form, refusal=error)
    messages.success(request, DONE[act]())
    return redirect("recovery_list")


def _found(request: HttpRequest, pk: int):
    """To strangers, and to the account's own person, it looks like a missing one."""
    found = queries.recovery_for_link(pk)
    if found is None or not policies.may_recover(request.user, found):
        raise Http404
    return found


def _show(
    request: HttpRequest, found, form, refusal: DomainError | None = None
) -> HttpResponse:
    context = {
        "row": found,
        "form": form,
        "refusal": refusal,
        "why_refused": queries.why_refused(found),
        "may_confirm": policies.may_confirm_recovery(request.user, found),
    }
    status = 409 if refusal else status_of(form)
    return render(request, "accounts/recovery_detail.html", context, status=status)
