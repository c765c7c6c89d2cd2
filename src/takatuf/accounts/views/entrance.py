"""One entrance for those who have an account and those who have none yet."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from takatuf.accounts import commands, journey, queries
from takatuf.accounts.codes import RAN_OUT, CodeGone, ContactCode
from takatuf.accounts.forms import CodeForm, ContactForm, GuardianForm, NameForm
from takatuf.accounts.views.shared import (
    ask_anew,
    kept_words,
    language,
    next_url,
    send_again,
    wants_it_again,
)
from takatuf.kernel.errors import DomainError
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import refuse, status_of

PURPOSE = "enter"


def _steps(now: int, wanted: str = "") -> list[dict]:
    last = _("The body") if journey.is_of_a_body(wanted) else _("Place and interests")
    labels = [_("Mobile or e-mail"), _("Name and birth date"), last]
    return [
        {"label": label, "state": "done" if i < now else "now" if i == now else "ahead"}
        for i, label in enumerate(labels, start=1)
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    return _ask_contact(request, joining=False)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    return _ask_contact(request, joining=True)


def _ask_contact(request: HttpRequest, *, joining: bool) -> HttpResponse:
    """Both pages do the same: whoever is known gets in, whoever is new joins."""
    if request.user.is_authenticated:
        return redirect(journey.onward(request.user, next_url(request)))
    form = ContactForm(request.POST or None, initial=kept_words(request))
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            ContactCode.initiate(
                request, contact=form.cleaned_data["contact"], purpose=PURPOSE,
                about={"next": next_url(request), "joining": joining},
            )  # fmt: skip
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("join_code")
    context = {
        "form": form, "joining": joining, "steps": _steps(1, next_url(request)),
        "next": next_url(request),
    }  # fmt: skip
    return render(request, "accounts/entrance.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def join_code(request: HttpRequest) -> HttpResponse:
    process = ContactCode.begun(request, purpose=PURPOSE)
    if process is None:
        return redirect("account_login")
    asked_at = _asked_at(process)
    if not process.is_valid():
        return ask_anew(request, process, str(RAN_OUT), asked_at)
    if wants_it_again(request):
        return send_again(request, process)
    form = CodeForm(request.POST or None)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            process.check(form.cleaned_data["code"])
        except CodeGone as error:
            return ask_anew(request, process, str(error), asked_at)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return _enter(request, process)
    steps = _steps(1, process.about["next"])
    context = {"form": form, "process": process, "steps": steps, "asked_at": asked_at}
    return render(request, "accounts/entrance_code.html", context, status=status)


def _asked_at(process: ContactCode) -> str:
    """The entrance that sent the code, leading on to the page wanted from there."""
    name = "join" if process.about["joining"] else "account_login"
    return journey.with_next(name, process.about["next"])


def _enter(request: HttpRequest, process: ContactCode) -> HttpResponse:
    """The contact is proved: sign in through allauth's stages (second factor, closed)."""
    person, is_new = commands.enter_by_contact(
        contact=process.contact, language=language(), by=None, at=timezone.now()
    )
    kind = "email" if "@" in process.contact else "phone"
    record_authentication(request, person, method="code", **{kind: process.contact})
    login = Login(
        user=person, signup=is_new, redirect_url=journey.onward(person, process.about["next"])
    )
    return perform_login(request, login)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def join_name(request: HttpRequest) -> HttpResponse:
    person, wanted = request.user, next_url(request)
    if queries.is_profile_complete(person):
        return redirect(journey.onward(person, wanted))
    initial = {"full_name": person.full_name, "birth_date": person.birth_date}
    form = NameForm(request.POST or None, initial=initial)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            person = commands.name_person(
                person=person, **form.cleaned_data, by=request.user, at=now
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            if person.is_minor(on=timezone.localdate(now)):
                return redirect(journey.with_next("join_guardian", wanted))
            return redirect(journey.onward(person, wanted))
    context = {
        "form": form, "steps": _steps(2, wanted), "next": wanted,
        "suggested": queries.is_suggested(request.user),
        "is_minor": queries.is_minor_by_any_date(request.user, on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "accounts/name.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def join_guardian(request: HttpRequest) -> HttpResponse:
    """Under eighteen: browse at once, join after a guardian's consent."""
    person, now, wanted = request.user, timezone.now(), next_url(request)
    if not queries.is_profile_complete(person):
        return redirect(journey.with_next("join_name", wanted))
    if not person.is_minor(on=timezone.localdate(now)):
        return redirect(journey.onward(person, wanted))
    if wants_it_again(request):
        return _ask_again(request, wanted)
    form = GuardianForm(request.POST or None)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            _may_ask(person)
            commands.ask_consent(minor=person, **form.cleaned_data, by=person, at=now)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _("The link is on its way to your guardian."))
            return redirect(journey.with_next("join_guardian", wanted))
    onward, mine = journey.onward(person, wanted), journey.address("site:me")
    context = {
        "form": form,
        "consent": queries.latest_consent_of(person),
        "steps": _steps(2, wanted),
        "onward": onward,
        "mine": mine,
        "next": wanted,
        "joining": onward not in (wanted, mine),  # steps are still ahead
    }
    return render(request, "accounts/guardian_ask.html", context, status=status)


def _ask_again(request: HttpRequest, wanted: str) -> HttpResponse:
    person = request.user
    try:
        _may_ask(person)
        commands.ask_consent_again(minor=person, by=person, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link is on its way to your guardian."))
    return redirect(journey.with_next("join_guardian", wanted))


def _may_ask(person) -> None:
    """:raises takatuf.kernel.rate_limits.TooMany: more links in a day than one needs."""
    limit(f"consent:{person.pk}", count=5, per_seconds=86400)
