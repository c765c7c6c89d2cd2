"""One's own account: who I am, how I am reached, where I am signed in, what is known of me."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import reauthenticate
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.accounts import commands, journey, policies, queries
from takatuf.accounts import sessions as open_sessions
from takatuf.accounts.codes import RAN_OUT, CodeGone, ContactCode
from takatuf.accounts.enums import BirthDateRequestStatus
from takatuf.accounts.forms import (
    BirthDateForm,
    CodeForm,
    ContactForm,
    IdentityForm,
    ProfileForm,
)
from takatuf.accounts.views.shared import (
    ask_anew,
    kept_words,
    next_url,
    send_again,
    wants_it_again,
)
from takatuf.kernel.errors import DomainError
from takatuf.kernel.privacy import own_data
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import refuse, status_of

PURPOSE = "change_contact"
sure_of_person = reauthentication_required(app="allauth.account")


@never_cache
@login_required
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    person = request.user
    is_minor = person.is_minor(on=timezone.localdate())
    context = {
        "person": person,
        "contacts": queries.verified_contacts(person),
        "is_staff_role": policies.needs_second_factor(person),
        "has_second_factor": queries.has_second_factor(person),
        "consents": queries.consents_visible_to(person).order_by("-asked_at", "-pk"),
        "is_minor": is_minor,
        "birth_date_request": queries.latest_birth_date_request(person) if is_minor else None,
        "acceptances": queries.acceptances_of(person),
    }
    return render(request, "accounts/my_account.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = request.user
    names = ("full_name", "language", "channel", "gender")
    form = ProfileForm(request.POST or None, initial={n: getattr(person, n) for n in names})

    def save(data: dict):
        commands.change_profile(person=person, **data, by=person, at=timezone.now())

    return _edit(request, form, save, "accounts/profile.html")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def birth_date(request: HttpRequest) -> HttpResponse:
    person = request.user
    if not queries.is_profile_complete(person):
        wanted = next_url(request)
        return redirect(
            journey.with_next("join_name", wanted)
        )  # nothing to correct before it was said once
    form = BirthDateForm(request.POST or None)
    minor = person.is_minor(on=timezone.localdate())
    asked = queries.latest_birth_date_request(person) if minor else None
    waits = asked is not None and asked.status == BirthDateRequestStatus.ASKED

    def save(data: dict):
        commands.correct_birth_date(person=person, **data, by=person, at=timezone.now())

    return _edit(request, form, save, "accounts/birth_date.html", is_minor=minor, waits=waits)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    person = request.user
    form = IdentityForm(request.POST or None)

    def save(data: dict):
        limit(f"identity:{person.pk}", count=5, per_seconds=3600)
        commands.set_identity(
            person=person, number=data["identity"], by=person, at=timezone.now()
        )

    return _edit(request, form, save, "accounts/identity.html")


def _edit(request: HttpRequest, form, save, template: str, **more) -> HttpResponse:
    """One form, one command, back to where it was asked for: else to the account page."""
    status, back = status_of(form), next_url(request) or reverse("my_account")
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "person": request.user, "back": back, **more}
    return render(request, template, context, status=status)


# ---------------------------------------------------------------- is it still you?
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Allauth's page asks for the password. Who has none, nor a second factor, came in by a
    code and is asked for no more: on to the page they wanted.
    """
    person = request.user
    if (
        person.is_authenticated
        and not person.has_usable_password()
        and not queries.has_second_factor(person)
    ):
        return redirect(next_url(request) or "my_account")
    return reauthenticate(request)


# ---------------------------------------------------------------- mobile and e-mail
@never_cache
@login_required
@sure_of_person
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or None, initial=kept_words(request))
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            ContactCode.initiate(
                request, contact=form.cleaned_data["contact"], purpose=PURPOSE,
                about={"person": request.user.pk},
            )  # fmt: skip
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("contact_code")
    return render(request, "accounts/contact.html", {"form": form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def contact_code(request: HttpRequest) -> HttpResponse:
    process = ContactCode.begun(request, purpose=PURPOSE)
    if process is None or process.about["person"] != request.user.pk:
        return redirect("contact_change")
    if not process.is_valid():
        return ask_anew(request, process, str(RAN_OUT), reverse("contact_change"))
    if wants_it_again(request):
        return send_again(request, process)
    form = CodeForm(request.POST or None)
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            process.check(form.cleaned_data["code"])
            person = commands.change_contact(
                person=request.user, contact=process.contact, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except CodeGone as error:
            return ask_anew(request, process, str(error), reverse("contact_change"))
        except DomainError as error:
            status = refuse(form, error)
        else:
            open_sessions.renew(request, person)
            messages.success(request, _("Saved. Other devices are signed out."))
            return redirect("my_account")
    context = {"form": form, "process": process}
    return render(request, "accounts/contact_code.html", context, status=status)


# ---------------------------------------------------------------- devices, data
@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    devices = open_sessions.devices_of(request.user)
    return render(request, "accounts/sessions.html", {"devices": devices})


@login_required
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    person = commands.end_sessions(person=request.user, by=request.user, at=timezone.now())
    open_sessions.renew(request, person)
    messages.success(request, _("Every other device is signed out."))
    return redirect("my_sessions")


@never_cache
@login_required
@sure_of_person
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """A copy of what is known about the person, as a file."""
    response = JsonResponse(
        own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="takatuf-my-data.json"'
    return response
