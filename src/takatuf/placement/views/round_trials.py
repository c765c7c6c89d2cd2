"""What if: a plan with other settings, beside the plan; and taking them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from takatuf.kernel.refusals import status_of, tried
from takatuf.placement import commands, policies, queries
from takatuf.placement.enums import RoundStatus, TrialStatus
from takatuf.placement.forms import TrialForm
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.views.round_plan import found_plan

POLLED_EVERY = 2  # seconds


@login_required
@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a trial, and what has been worked out so far."""
    row, bodies = found_plan(request, pk)
    runs = policies.may_run_round(request.user, row)
    if bodies is not None or (request.method == "POST" and not runs):
        raise Http404
    options = round_settings.as_opened(row.options)
    form = TrialForm(request.POST or None, options=options, names=commands.WHAT_IF)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: commands.try_settings(
            matching_round=row, options=form.options(), by=request.user, at=timezone.now(),
        ))  # fmt: skip
        if made:
            return redirect("placement:round_what_if", row.pk)
    trials = queries.trials_of(row)
    context = {
        "round": row,
        "form": form,
        "trials": [(trial, round_settings.in_words(_tried(trial.options))) for trial in trials],
        "own": round_settings.in_words(_tried(options)),
        "served": queries.served_by(row),
        "working": any(trial.status == TrialStatus.WORKING for trial in trials),
        "runs": runs,
        "open": runs and row.status == RoundStatus.PROPOSED,
        "every": POLLED_EVERY,
    }
    part = "#trials" if request.htmx and request.method == "GET" else ""
    template = f"placement/round_what_if.html{part}"
    return render(request, template, context, status=status_of(form))


def _tried(options: dict[str, int]) -> dict[str, int]:
    return {name: options[name] for name in commands.WHAT_IF}


@login_required
@require_POST
def take(request: HttpRequest, pk: int, trial: int) -> HttpResponse:
    """Work the round out with the settings of a trial; the plan stands until that is done."""
    row, _bodies = found_plan(request, pk)
    found = queries.trial_of(row, trial)
    if found is None or not policies.may_run_round(request.user, row):
        raise Http404
    commands.start_round(
        matching_round=row, options=found.options, by=request.user, at=timezone.now()
    )
    return redirect("placement:round", row.pk)
