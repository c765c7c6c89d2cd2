"""The desk mends somebody's birth date, with the identity card before its eyes."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from takatuf.accounts import commands, policies, queries
from takatuf.accounts.forms import BirthDateForm, FindPersonForm
from takatuf.kernel.refusals import status_of, tried


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
    context = {"form": form}
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
