"""A worked-out round: is this the plan? As a whole, one body's part of it, one place."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takatuf.kernel.asked import row_key
from takatuf.kernel.transitions import WrongState
from takatuf.placement import commands, policies, queries
from takatuf.placement.enums import RUNNING_ROUNDS, SOLVED, RoundStatus
from takatuf.placement.rounds import settings as round_settings

BODIES_A_PAGE = 12


def seen_part(request: HttpRequest, row) -> list[int] | None:
    """The bodies whose part of the round they see; None: all."""
    whole = policies.may_see_round(request.user, row)
    return queries.part_visible_to(request.user, whole=whole)


def plan(request: HttpRequest, row) -> HttpResponse:
    """The figures first, then what lacks, then body by body."""
    bodies = seen_part(request, row)
    summary = queries.summary_of(row, bodies=bodies, viewer=request.user.pk)
    page = page_asked(request)
    first = (page - 1) * BODIES_A_PAGE
    context = {
        "round": row,
        "summary": summary,
        "parts": summary.parts[first : first + BODIES_A_PAGE],
        **around(page, more=len(summary.parts) > first + BODIES_A_PAGE),
        "since": queries.since_solved(row, bodies=bodies, at=timezone.now()),
        "settings": round_settings.in_words(row.options),
        "weights": round_settings.as_opened(row.options),
        "whole": bodies is None,
        "runs": policies.may_run_round(request.user, row),
        "running": row.status in RUNNING_ROUNDS,
        "left": queries.left_out(row, bodies=bodies),
        "to_approve": sum(p.to_approve for p in summary.parts if _decides(request, row, p)),
    }
    return render(request, "placement/round_plan.html", context)


def _decides(request: HttpRequest, row, part) -> bool:
    return row.status in RUNNING_ROUNDS and policies.may_approve_for(request.user, part)


def page_asked(request: HttpRequest) -> int:
    return max(1, row_key(request.GET.get("page", "")) or 1)


def around(page: int, *, more: bool, keep: str = "") -> dict[str, str]:
    """The addresses of the pages before and after.

    :param keep: what else the address says, as ``&name=value``.
    """
    return {
        "before": f"?page={page - 1}{keep}" if page > 1 else "",
        "after": f"?page={page + 1}{keep}" if more else "",
    }


def found_plan(request: HttpRequest, pk: int):
    """The round with a plan, and the bodies whose part they see; else there is no such page."""
    try:
        row = queries.round_visible_to(request.user, pk)
    except ObjectDoesNotExist:
        raise Http404 from None
    if row.status == RoundStatus.SOLVING and request.method == "POST":
        raise WrongState(str(commands.NOT_MEANWHILE))  # pressed on the page of before
    if row.status not in SOLVED:
        raise Http404
    return row, seen_part(request, row)


@login_required
@require_safe
def body(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One body's places by opportunity and shift, with those proposed for each."""
    row, bodies = found_plan(request, pk)
    part = queries.part_of(row, code, bodies=bodies, viewer=request.user.pk)
    if part is None:
        raise Http404
    only = request.GET.get("only", "")
    only = only if only in queries.ONLY else ""
    page = page_asked(request)
    lines, more = queries.places_page(row, part.body_id, only=only, page=page)
    if page > 1 and not lines:
        return redirect(request.path)
    context = {
        "round": row,
        "part": part,
        "lines": lines,
        "only": only,
        "counts": queries.counts_of(row, part.body_id),
        **around(page, more=more, keep=f"&only={only}" if only else ""),
        "weights": round_settings.as_opened(row.options),
        "decides": _decides(request, row, part),
    }
    return render(request, "placement/round_body.html", context)
