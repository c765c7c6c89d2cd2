"""The day sheet: who is here?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from takatuf.accounts import queries as accounts
from takatuf.attendance import commands, queries
from takatuf.attendance.forms import NoteForm, ServedForm, TimesForm
from takatuf.attendance.showing import Sheet, sheet_of
from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.refusals import tried
from takatuf.placement import policies as placement

# What a button on the sheet says → the command it runs, given the shift.
ACTS: dict[str, Callable[..., Any]] = {
    "came": lambda _shift, **given: commands.check_in(**given),
    "left": lambda _shift, **given: commands.check_out(**given),
    "until_end": lambda shift, **given: commands.check_out(left_at=shift.ends_at, **given),
    "whole": lambda shift, **given: commands.record_times(
        came_at=shift.starts_at, left_at=shift.ends_at, **given
    ),
    "absent": lambda _shift, **given: commands.mark_absent(excused=False, **given),
    "excused": lambda _shift, **given: commands.mark_absent(excused=True, **given),
    "undo": lambda _shift, **given: commands.undo_mark(**given),
}

EVERYBODY: dict[str, Callable[..., int]] = {
    "came": commands.everybody_came,
    "left": commands.everybody_left,
}


@login_required
@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """Shifts I run: not closed yet, today, to come."""
    at, reach = timezone.now(), queries.reach_of(request.user)
    found = queries.sheets_of(reach, at=at)
    today = timezone.localdate(at)
    context = {
        "open": [s for s in found if s.ends_at <= at],
        "today": [
            s for s in found if s.ends_at > at and timezone.localdate(s.starts_at) <= today
        ],
        "coming": [s for s in found if timezone.localdate(s.starts_at) > today],
        "closed": queries.sheets_closed(reach),
        "runs_some": bool(found or reach.bodies or reach.teams),
    }
    return render(request, "attendance/sheets.html", context)


@login_required
@require_GET
def day_sheet(request: HttpRequest, shift_id: int, code: str = "") -> HttpResponse:
    shift, reach = _shift(request, shift_id, code)
    return _page(request, shift, reach)


@login_required
@require_POST
def mark(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One tick: the button's name says what happened, its value to whom."""
    shift, _reach = _shift(request, shift_id)
    at, refusal = timezone.now(), None
    if "everybody" in request.POST:
        return _mark_everybody(request, shift, at)
    act = next((name for name in ACTS if name in request.POST), "")
    application_id = _on_sheet(shift, request.POST.get(act, ""))
    try:
        ACTS[act](shift, application_id=application_id, by=request.user, at=at)
    except NotAllowed:
        raise
    except DomainError as problem:
        refusal = problem
    if not request.htmx:
        if refusal:
            messages.error(request, str(refusal))
        address = reverse("attendance:day_sheet", args=[shift.pk])
        return redirect(f"{address}#p{application_id}")
    shift, _reach = _shift(request, shift_id)  # the first tick starts the shift
    sheet = _sheet(request, shift, at)
    line = next(n for n in sheet.lines if n.row.application.pk == application_id)
    context = {"sheet": sheet, "shift": shift, "line": line, "refusal": refusal, "swap": True}
    return render(request, "attendance/_line.html", context, status=409 if refusal else 200)


def _mark_everybody(request: HttpRequest, shift, at: datetime) -> HttpResponse:
    """One tick for all who stand alike; each has its own way back."""
    command = EVERYBODY.get(request.POST["everybody"])
    if command is None:
        raise Http404
    try:
        marked = command(shift_id=shift.pk, by=request.user, at=at)
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext(
            "%(n)s person was marked. “Undo” stands beside the name.",
            "%(n)s people were marked. “Undo” stands beside each name.",
            marked,
        )
        messages.success(request, words % {"n": marked})
    return redirect("attendance:day_sheet", shift_id=shift.pk)


@login_required
@require_GET
def row(request: HttpRequest, shift_id: int, application_id: int) -> HttpResponse:
    """One name: times put right, a note."""
    shift, _reach = _shift(request, shift_id)
    return _row_page(request, shift, _on_sheet(shift, str(application_id)))


@login_required
@require_POST
def times(request: HttpRequest, shift_id: int, application_id: int) -> HttpResponse:
    shift, _reach = _shift(request, shift_id)
    application_id = _on_sheet(shift, str(application_id))
    form = TimesForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: commands.record_times(
            application_id=application_id, by=request.user, at=timezone.now(),
            **form.moments(shift),
        ),
    ):  # fmt: skip
        return redirect("attendance:day_sheet", shift_id=shift.pk)
    return _row_page(request, shift, application_id, times_form=form)


@login_required
@require_POST
def note(request: HttpRequest, shift_id: int, application_id: int) -> HttpResponse:
    shift, _reach = _shift(request, shift_id)
    application_id = _on_sheet(shift, str(application_id))
    form = NoteForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: commands.note(
            application_id=application_id, text=form.cleaned_data["note"], by=request.user,
            at=timezone.now(),
        ),
    ):  # fmt: skip
        return redirect("attendance:day_sheet", shift_id=shift.pk)
    return _row_page(request, shift, application_id, note_form=form)


@login_required
@require_POST
def close(request: HttpRequest, shift_id: int) -> HttpResponse:
    shift, reach = _shift(request, shift_id)
    try:
        written = commands.close_day_sheet(
            shift_id=shift.pk, by=request.user, at=timezone.now()
        )
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(request, shift, reach, refusal=refusal, status=409)
    if written is None:
        _say_closed_before(request, shift)
        return redirect("attendance:day_sheet", shift_id=shift.pk)
    words = ngettext(
        "The sheet is closed: hours of %(n)s person were entered.",
        "The sheet is closed: hours of %(n)s people were entered.",
        written,
    )
    messages.success(request, words % {"n": written})
    return redirect("attendance:day_sheet", shift_id=shift.pk)


def _say_closed_before(request: HttpRequest, shift) -> None:
    """By a colleague, or in another window: what this press would have done is done."""
    n = queries.hours_entered_from(shift)
    words = ngettext(
        "The sheet was closed already, with the hours of %(n)s person.",
        "The sheet was closed already, with the hours of %(n)s people.",
        n,
    )
    messages.info(request, words % {"n": n})


@login_required
@require_POST
def served(request: HttpRequest, shift_id: int) -> HttpResponse:
    shift, reach = _shift(request, shift_id)
    form = ServedForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: commands.enter_people_served(
            shift_id=shift.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Noted. A colleague of the body confirms the figure."))
        return redirect("attendance:day_sheet", shift_id=shift.pk)
    return _page(request, shift, reach, served_form=form, status=422)


# ---------------------------------------------------------------- shared


def _shift(request: HttpRequest, shift_id: int, code: str = ""):
    """The shift and the person's reach; a stranger's day is not found."""
    reach = queries.reach_of(request.user)
    try:
        return queries.shift_visible_to(reach, shift_id, code), reach
    except ObjectDoesNotExist:
        raise Http404 from None


def _on_sheet(shift, typed: str) -> int:
    """A place of this very shift; anything else is not found."""
    ids = {row.application.pk for row in queries.day_sheet(shift)}
    key = row_key(typed)
    if key is None or key not in ids:
        raise Http404
    return key


def _sheet(request: HttpRequest, shift, at: datetime) -> Sheet:
    return sheet_of(shift, queries.day_sheet(shift), viewer=request.user, at=at)


def _page(
    request: HttpRequest, shift, reach, *, refusal=None, served_form=None, status: int = 200
) -> HttpResponse:
    figure = queries.people_served_at(shift)
    start = {"count": figure.count, "basis": figure.basis} if figure else None
    context = {
        "shift": shift,
        "opportunity": shift.opportunity,
        "sheet": _sheet(request, shift, timezone.now()),
        "manages": shift.opportunity.body_id in reach.bodies,
        "served": figure,
        "served_form": served_form or ServedForm(initial=start),
        "refusal": refusal,
    }
    return render(request, "attendance/day_sheet.html", context, status=status)


def _row_page(
    request: HttpRequest, shift, application_id: int, *, times_form=None, note_form=None
) -> HttpResponse:
    sheet = _sheet(request, shift, timezone.now())
    line = next(n for n in sheet.lines if n.row.application.pk == application_id)
    person = line.row.application.person
    context = {
        "shift": shift,
        "opportunity": shift.opportunity,
        "sheet": sheet,
        "line": line,
        "may_confirm": placement.may_open_skills(request.user, person, shift.opportunity.body),
        "guardian": accounts.guardian_of(person, on=timezone.localdate(shift.starts_at)),
        "times_form": times_form or TimesForm(initial=_times_of(line.row.presence)),
        "note_form": note_form
        or NoteForm(initial={"note": line.row.presence.note if line.row.presence else ""}),
    }
    refused = times_form is not None or note_form is not None
    return render(request, "attendance/row.html", context, status=422 if refused else 200)


def _times_of(presence) -> dict:
    """As clocks here show them."""
    moments = {"came_at": presence.came_at, "left_at": presence.left_at} if presence else {}
    return {name: timezone.localtime(m).time() for name, m in moments.items() if m}
