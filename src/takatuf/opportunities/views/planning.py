"""Shifts and roles: added, changed, moved, cancelled, removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands, policies, queries
from takatuf.opportunities.enums import EDITABLE, Scope
from takatuf.opportunities.errors import CannotChange
from takatuf.opportunities.forms import (
    ChangeShiftForm,
    MoveOpportunityForm,
    MoveShiftForm,
    ReasonForm,
    RoleForm,
    ShiftForm,
    WeeklyForm,
)
from takatuf.opportunities.views.loading import managed, managed_shift


def _back(opportunity) -> HttpResponse:
    """To the step of a draft, to the page of what is published."""
    if opportunity.status in EDITABLE:
        return redirect("opportunities:design", code=opportunity.code, step="shifts")
    return redirect("opportunities:manage", code=opportunity.code)


@login_required
@require_http_methods(["GET", "POST"])
def shift_add(request: HttpRequest, code: str) -> HttpResponse:
    """One shift or a weekly series; the page of its own is for what needs mending."""
    opportunity = managed(request, code, policies.may_edit)
    is_weekly = request.POST.get("kind") == "weekly"
    one = ShiftForm(opportunity, _posted(request, is_weekly=False), prefix="one")
    weekly = WeeklyForm(opportunity, _posted(request, is_weekly=True), prefix="weekly")
    form, refusal = (weekly if is_weekly else one), None
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, opportunity, form, is_weekly=is_weekly)
            return _back(opportunity)
        except DomainError as error:
            refusal = error
    status = 409 if refusal else 422 if form.errors else 200
    context = {
        "opportunity": opportunity,
        "shift_form": one,
        "weekly_form": weekly,
        "refusal": refusal,
    }
    return render(request, "opportunities/shift_add.html", context, status=status)


def _posted(request: HttpRequest, *, is_weekly: bool):
    asked = request.POST.get("kind") == "weekly"
    return request.POST if request.method == "POST" and asked == is_weekly else None


def _add(request: HttpRequest, opportunity, form, *, is_weekly: bool) -> None:
    common = {
        "opportunity_id": opportunity.pk, "seats": form.seats(), "by": request.user,
        "at": timezone.now(),
    }  # fmt: skip
    if is_weekly:
        series = commands.add_series(weekly_plan=form.plan(), **common)
        count = series.shifts.count()
        messages.success(
            request, ngettext("%(n)s shift added.", "%(n)s shifts added.", count) % {"n": count}
        )
    else:
        starts_at, ends_at = form.span()
        commands.add_shift(starts_at=starts_at, ends_at=ends_at, **common)
        messages.success(request, _("Shift added."))


@login_required
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Other times or seats, for this one, the following or all of its series."""
    row = managed_shift(request, code, pk)
    form, refusal = ChangeShiftForm(row, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            count = commands.change_shifts(
                shift_id=row.pk, seats=form.seats(), by=request.user, at=timezone.now(),
                **{name: form.cleaned_data[name] for name in ("scope", "starts", "ends")},
            )  # fmt: skip
        except DomainError as error:
            refusal = error
        else:
            messages.success(
                request,
                ngettext("%(n)s shift changed.", "%(n)s shifts changed.", count) % {"n": count},
            )
            return _back(row.opportunity)
    return _shift_page(request, row, form=form, refusal=refusal)


def _shift_page(request: HttpRequest, row, *, form=None, move=None, cancel=None, refusal=None):
    forms = [each for each in (form, move, cancel) if each is not None]
    is_draft = row.opportunity.status in EDITABLE
    if not (refusal or is_draft or row.is_to_come) and any(each.errors for each in forms):
        # No form is shown that could say why: the shift began while it was filled in.
        refusal = CannotChange(_("This shift has begun or is over, so it cannot be changed."))
    status = 409 if refusal else 422 if any(each.errors for each in forms) else 200
    context = {
        "shift": row, "opportunity": row.opportunity, "refusal": refusal,
        "form": form or ChangeShiftForm(row),
        "move_form": move or MoveShiftForm(row, prefix="move"),
        "cancel_form": cancel or ReasonForm(prefix="cancel"),
        "is_draft": is_draft,
        "placed": sum(place.taken for place in row.roles.all()),
    }  # fmt: skip
    return render(request, "opportunities/shift.html", context, status=status)


@login_required
@require_POST
def shift_move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = managed_shift(request, code, pk)
    form, refusal = MoveShiftForm(row, request.POST, prefix="move"), None
    if form.is_valid():
        starts_at, ends_at = form.span()
        try:
            commands.move_shift(
                shift_id=row.pk, starts_at=starts_at, ends_at=ends_at,
                reason=form.cleaned_data["reason"], by=request.user, at=timezone.now(),
                scope=form.cleaned_data.get("scope") or Scope.THIS,
            )  # fmt: skip
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Moved: everybody who has a place is being told."))
            return _back(row.opportunity)
    return _shift_page(request, row, move=form, refusal=refusal)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    """All that is still to come, by as many days."""
    opportunity = managed(request, code, policies.may_manage)
    coming = queries.shifts_to_come(opportunity, at=timezone.now())
    form = MoveOpportunityForm(coming[0] if coming else None, request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            commands.move_opportunity(
                opportunity_id=opportunity.pk, days=form.days, by=request.user,
                reason=form.cleaned_data["reason"], at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Moved: everybody who has a place is being told."))
            return redirect("opportunities:manage", code=code)
    context = {
        "opportunity": opportunity, "form": form, "refusal": refusal, "coming": coming,
        "placed": sum(place.taken for shift in coming for place in shift.roles.all()),
    }  # fmt: skip
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "opportunities/move.html", context, status=status)


@login_required
@require_POST
def shift_cancel(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = managed_shift(request, code, pk)
    form, refusal = ReasonForm(request.POST, prefix="cancel"), None
    if form.is_valid():
        try:
            commands.cancel_shift(
                shift_id=row.pk, reason=form.cleaned_data["reason"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Cancelled: everybody who has a place is being told."))
            return _back(row.opportunity)
    return _shift_page(request, row, cancel=form, refusal=refusal)


@login_required
@require_POST
def shift_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = managed_shift(request, code, pk)
    scope = request.POST.get("scope", Scope.THIS)
    count = commands.remove_shifts(
        shift_id=row.pk, scope=scope if scope in Scope.values else Scope.THIS, by=request.user,
        at=timezone.now(),
    )  # fmt: skip
    messages.success(
        request, ngettext("%(n)s shift removed.", "%(n)s shifts removed.", count) % {"n": count}
    )
    return _back(row.opportunity)


# ---------------------------------------------------------------- roles
@login_required
@require_POST
def role_save(request: HttpRequest, code: str) -> HttpResponse:
    opportunity = managed(request, code, policies.may_edit)
    form = RoleForm(request.POST, prefix="role", klass=opportunity.klass)
    role_id = request.POST.get("role_id", "")
    refusal = None
    if form.is_valid():
        try:
            role = commands.save_role(
                opportunity_id=opportunity.pk, by=request.user, at=timezone.now(),
                role_id=row_key(role_id),
                **form.cleaned_data,
            )  # fmt: skip
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Role saved."))
            if role.skill and role.skill.needs_licence:
                sentence = _("“%(skill)s” is licensed work: the role asks for the licence.")
                messages.info(request, sentence % {"skill": role.skill.name})
            return redirect("opportunities:design", code=code, step="people")
    context = {"opportunity": opportunity, "form": form, "refusal": refusal, "role_id": role_id}
    return render(request, "opportunities/role.html", context, status=409 if refusal else 422)


@login_required
@require_POST
def role_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    opportunity = managed(request, code, policies.may_edit)
    commands.remove_role(
        opportunity_id=opportunity.pk, role_id=pk, by=request.user, at=timezone.now()
    )
    messages.success(request, _("Role removed."))
    return redirect("opportunities:design", code=code, step="people")
