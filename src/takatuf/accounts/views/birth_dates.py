"""A wrong birth date: asking the desk to correct it, and the desk with the identity card."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.accounts import commands, policies, queries
from takatuf.accounts.enums import BirthDateRequestStatus
from takatuf.accounts.forms import (
    AcceptanceForm,
    BirthDateForm,
    FindPersonForm,
    RefusalForm,
)
from takatuf.accounts.models import BirthDateRequest, years_old
from takatuf.kernel.errors import DomainError
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import status_of, tried
from takatuf.kernel.working_days import usual_due

LATELY, SHOWN = timedelta(days=30), 50
DECIDED = {
    "accept": lambda: _("The birth date is corrected, and they are told why."),
    "refuse": lambda: _("Refused. They are told why."),
}


# ---------------------------------------------------------------- one's own
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The right date and how the wrong one came about; then how the request stands."""
    person, at = request.user, timezone.now()
    form = BirthDateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _ask(person, form)):
        messages.success(request, _("The desk has your request."))
        return redirect("my_birth_date_ask")
    last = queries.latest_birth_date_request(person)
    is_minor = queries.is_minor_by_any_date(person, on=timezone.localdate(at))
    if last is None and not is_minor:
        return redirect("my_birth_date")
    waits = last is not None and last.status == BirthDateRequestStatus.ASKED
    context = {
        "form": form, "row": last, "waits": waits, "may_ask": is_minor and not waits,
        "due": usual_due(last.asked_at) if last else None, "person": person,
        "why_refused": queries.why_refused(last) if last else "",
    }  # fmt: skip
    return render(request, "accounts/birth_date_ask.html", context, status=status_of(form))


def _ask(person, form: BirthDateForm) -> BirthDateRequest:
    limit(f"birth_date_ask:{person.pk}", count=5, per_seconds=86400)
    return commands.ask_birth_date(
        person=person, **form.cleaned_data, by=person, at=timezone.now()
    )


@login_required
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    last = queries.latest_birth_date_request(request.user)
    if last is None:
        raise Http404
    try:
        commands.withdraw_birth_date(request=last, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. The birth date stays as it is."))
    return redirect("my_birth_date_ask")


# ---------------------------------------------------------------- the desk


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Name the person; their contact stays out of the address."""
    if not policies.is_desk(request.user):
        raise PermissionDenied
    form = FindPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["contact"]
        own = person.pk == request.user.pk
        return redirect("my_birth_date") if own else redirect("birth_date_correct", person.ref)
    ended = queries.ended_birth_dates(since=timezone.now() - LATELY, apart_from=request.user)
    waiting = queries.waiting_birth_dates(apart_from=request.user)  # never on oneself
    context = {"form": form, "rows": waiting, "ended": ended[:SHOWN]}
    return render(request, "accounts/birth_date_find.html", context, status=status_of(form))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, ref: UUID) -> HttpResponse:
    person = queries.person_by_ref(ref)
    if person is None or not policies.may_correct_birth_date(request.user, person):
        raise Http404
    form = BirthDateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = tried(
            form,
            lambda: commands.correct_birth_date(
                person=person, **form.cleaned_data, by=request.user, at=timezone.now()
            ),
        )
        if saved:
            messages.success(request, _("The birth date is corrected, and they are told why."))
            return redirect("birth_date_find")
    context = {
        "form": form, "person": person, "suggested": queries.is_suggested(person),
        "minor": person.is_minor(on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "accounts/birth_date_correct.html", context, status=status_of(form))


@never_cache
@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), AcceptanceForm(), RefusalForm())


@login_required
@require_POST
def decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    found = _found(request, pk)
    accept = AcceptanceForm(request.POST if act == "accept" else None)
    refusal = RefusalForm(request.POST if act == "refuse" else None)
    form = accept if act == "accept" else refusal
    if form.is_valid() and tried(form, lambda: _decide(found, act, form, request.user)):
        messages.success(request, DECIDED[act]())
        return redirect("birth_date_find")
    return _show(request, _found(request, pk), accept, refusal)


def _decide(found: BirthDateRequest, act: str, form, by) -> BirthDateRequest:
    if act == "accept":
        return commands.accept_birth_date(
            request=found, reason=form.cleaned_data["seen"], by=by, at=timezone.now()
        )
    return commands.refuse_birth_date(
        request=found, reason=form.cleaned_data["reason"], by=by, at=timezone.now()
    )


def _found(request: HttpRequest, pk: int) -> BirthDateRequest:
    """To strangers, and to whoever asked it, it looks like a missing one."""
    found = queries.birth_date_request(pk)
    if found is None or not policies.may_correct_birth_date(request.user, found.person):
        raise Http404
    return found


def _show(request: HttpRequest, found: BirthDateRequest, accept, refusal) -> HttpResponse:
    person, today = found.person, timezone.localdate()
    context = {
        "row": found, "person": person, "accept": accept, "refusal": refusal,
        "waits": found.status == BirthDateRequestStatus.ASKED,
        "due": usual_due(found.asked_at), "why_refused": queries.why_refused(found),
        "suggested": queries.is_suggested(person), "consent": queries.latest_consent_of(person),
        "age_now": years_old(person.birth_date, on=today),
        "age_asked": years_old(found.birth_date, on=today),
        "contacts": queries.verified_contacts(person),
        "earlier": queries.other_birth_date_requests(found),
    }  # fmt: skip
    status = max(status_of(accept), status_of(refusal))
    return render(request, "accounts/birth_date_request.html", context, status=status)
