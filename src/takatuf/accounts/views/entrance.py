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
from takatuf.accounts.codes import CodeGone, ContactCode
from takatuf.accounts.forms import CodeForm, ContactForm, GuardianForm, NameForm
from takatuf.accounts.views.shared import language, next_url, send_again, wants_it_again
from takatuf.kernel.errors import DomainError
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import refuse

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
    form = ContactForm(request.POST or None)
    status = 200
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
    process = ContactCode.resume(request, purpose=PURPOSE)
    if process is None:
        return redirect("account_login")
    if wants_it_again(request):
        return send_again(request, process)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            process.check(form.cleaned_data["code"])
        except CodeGone as error:
            messages.error(request, str(error))
            return redirect("account_login")
        except DomainError as error:
            status = refuse(form, error)
        else:
            return _enter(request, process)
    context = {"form": form, "process": process, "steps": _steps(1, process.about["next"])}
    return render(request, "accounts/entrance_code.html", context, status=status)


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
    person = request.user
    if queries.is_profile_complete(person):
        return redirect(journey.onward(person, next_url(request)))
    initial = {"full_name": person.full_name, "birth_date": person.birth_date}
    form = NameForm(request.POST or None, initial=initial)
    status = 200
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
                return redirect("join_guardian")
            return redirect(journey.onward(person, next_url(request)))
    context = {
        "form": form, "steps": _steps(2, next_url(request)), "next": next_url(request),
        "suggested": queries.is_suggested(request.user),
    }  # fmt: skip
    return render(request, "accounts/name.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def join_guardian(request: HttpRequest) -> HttpResponse:
    """Under eighteen: browse at once, join after a guardian's consent."""
    person, now = request.user, timezone.now()
    if not queries.is_profile_complete(person):
        return redirect("join_name")
    if not person.is_minor(on=timezone.localdate(now)):
        return redirect(journey.onward(person))
    form = GuardianForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            limit(f"consent:{person.pk}", count=5, per_seconds=86400)
            commands.ask_consent(minor=person, **form.cleaned_data, by=person, at=now)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _("The link is on its way to your guardian."))
            return redirect("join_guardian")
    onward = journey.onward(person)
    context = {
        "form": form,
        "consent": queries.latest_consent_of(person),
        "steps": _steps(2),
        "onward": onward,
        "joining": onward != journey.address("site:me"),  # steps are still ahead
    }
    return render(request, "accounts/guardian_ask.html", context, status=status)
