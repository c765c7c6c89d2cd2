"""Matching rounds: listed, opened, changed, started, followed while they are worked out."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.refusals import status_of, tried
from takatuf.placement import commands, policies, queries
from takatuf.placement.enums import CHANGEABLE_ROUNDS, SOLVED, RoundStatus
from takatuf.placement.forms import RoundForm
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.views import round_plan
from takatuf.registry import queries as registry

USUAL_DAYS = 14
POLLED_EVERY = 2  # seconds; without JavaScript the page loads again after three times as long


def found_round(request: HttpRequest, pk: int):
    """The round, for whoever sees it; for others there is no such page."""
    try:
        return queries.round_visible_to(request.user, pk)
    except ObjectDoesNotExist:
        raise Http404 from None


def round_to_run(request: HttpRequest, pk: int):
    """The round, for whoever runs it."""
    row = found_round(request, pk)
    if not policies.may_run_round(request.user, row):
        raise Http404
    return row


@login_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    if not policies.may_see_rounds(request.user):
        raise NotAllowed(
            _("Matching rounds are for unit managers and the regional desk. Places you are "
              "offered stand under “My places”.")
        )  # fmt: skip
    rows, older = queries.rounds_page(
        request.user, before=row_key(request.GET.get("before", ""))
    )
    context = {
        "rounds": rows,
        "older": f"?before={older}" if older else "",
        "opens": queries.opens_rounds_for(request.user),
    }
    return render(request, "placement/rounds.html", context)


# ---------------------------------------------------------------- preparing one
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """For the region, or for one of the person's bodies: ``?body=CODE``."""
    opens = queries.opens_rounds_for(request.user)
    if not opens:
        raise NotAllowed(_("The desk opens rounds, and unit managers for their own body."))
    wanted = request.GET.get("body", "")
    body = next((each for each in opens if each.code == wanted), opens[0])
    options = round_settings.defaults()
    form = _form(request, body, options, initial=_usual())
    if request.method == "POST" and form.is_valid():
        opened = tried(form, lambda: commands.open_round(
            body=body, scope=form.scope(), options=form.options(), by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if opened:
            return redirect("placement:round", opened.pk)
    context = {"form": form, "body": body, "tabs": _choices_of(opens, body)}
    return render(request, "placement/round_form.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_to_run(request, pk)
    if row.status not in CHANGEABLE_ROUNDS:
        return redirect("placement:round", row.pk)
    scope = queries.scope_of(row)
    names = ("first_day", "last_day", "all_ways", "with_agreed", "passes_on")
    initial = {name: getattr(row, name) for name in names} | {
        "bodies": [body.pk for body in scope.bodies],
        "governorates": [governorate.pk for governorate in scope.governorates],
    }
    form = _form(request, row.body, row.options, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = tried(form, lambda: commands.change_round(
            matching_round=row, scope=form.scope(), options=form.options(), by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if changed:
            messages.success(request, _("Changed."))
            return redirect("placement:round", row.pk)
    context = {"form": form, "body": row.body, "round": row}
    return render(request, "placement/round_form.html", context, status=status_of(form))


def _form(request: HttpRequest, body, options, *, initial: dict) -> RoundForm:
    named = initial.get("bodies", [])
    bodies = queries.bodies_to_fill(timezone.now(), also=named) if body.is_desk else None
    return RoundForm(
        request.POST or None, bodies=bodies, governorates=registry.governorates(),
        options=round_settings.defaults() | options, initial=initial,
    )  # fmt: skip


def _usual() -> dict:
    today = timezone.localdate()
    return {
        "first_day": today, "last_day": today + timedelta(days=USUAL_DAYS - 1),
        "with_agreed": True, "passes_on": True,
    }  # fmt: skip


def _choices_of(opens: list, body) -> list[dict]:
    return [
        {"text": _("The region") if each.is_desk else each.name, "href": f"?body={each.code}",
         "current": each == body}
        for each in opens
    ]  # fmt: skip


# ---------------------------------------------------------------- one round
@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the round stands: prepared, worked out, to be approved, or over."""
    row = found_round(request, pk)
    if row.status == RoundStatus.SOLVING:
        return render(request, "placement/round_working.html", _progress(request, row))
    if row.status in SOLVED:
        return round_plan.plan(request, row)
    return _prepared(request, row)


def _prepared(request: HttpRequest, row) -> HttpResponse:
    """Without a plan: its scope in words, and what may be done with it."""
    context = {
        "round": row,
        "scope": queries.scope_of(row),
        "settings": round_settings.in_words(row.options),
        "size": queries.size_of(row, at=timezone.now()),
        "runs": policies.may_run_round(request.user, row),
        "changeable": row.status in CHANGEABLE_ROUNDS,
    }
    return render(request, "placement/round_prepared.html", context)


def _progress(request: HttpRequest, row) -> dict:
    at = timezone.now()
    left = row.seconds_left(at=at)
    whole = row.options["seconds"]
    return {
        "round": row,
        "seconds_left": left,
        "whole": whole,
        "spent": whole - (left or 0),
        "runs": policies.may_run_round(request.user, row),
        "every": POLLED_EVERY,
        "reload_after": 3 * POLLED_EVERY,
    }


@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page, asked for again and again until there is a plan."""
    row = found_round(request, pk)
    if row.status != RoundStatus.SOLVING:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "placement/round_working.html#progress", _progress(request, row))


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_to_run(request, pk)
    commands.start_round(matching_round=row, by=request.user, at=timezone.now())
    return redirect("placement:round", row.pk)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_to_run(request, pk)
    commands.cancel_round(matching_round=row, by=request.user, at=timezone.now())
    messages.info(request, _("The round is cancelled. Nobody is offered anything by it."))
    return redirect("placement:round", row.pk)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = round_to_run(request, pk)
    commands.close_round(matching_round=row, by=request.user, at=timezone.now())
    messages.info(
        request, _("The round is closed. Whoever asked and has no place waits for a free seat.")
    )
    return redirect("placement:round", row.pk)
