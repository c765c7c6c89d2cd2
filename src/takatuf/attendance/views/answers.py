"""Hours waiting for an answer: confirmed, approved, rejected, taken back."""

from collections.abc import Callable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takatuf.attendance import commands, policies, queries
from takatuf.attendance.flags import flags_of
from takatuf.attendance.forms import ReasonForm
from takatuf.attendance.models import HourClaim
from takatuf.attendance.queries import Reach
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.registry import queries as people


@login_required
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Nothing is ticked by itself; ``?tick=all`` ticks what carries no flag."""
    ticks_all = request.GET.get("tick") == "all"
    return _page(request, queries.reach_of(request.user), ticks_all=ticks_all)


@login_required
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """What was ticked; what cannot be approved is named, with the reason."""
    reach = queries.reach_of(request.user)
    _require_answering(reach.bodies)
    chosen = [_key(typed) for typed in request.POST.getlist("claim")]
    if len(queries.claims_answered_by(reach, chosen)) != len(set(chosen)):
        raise Http404
    try:
        approval = commands.approve_each(claim_ids=chosen, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _page(request, reach, refusal=refusal, chosen=set(chosen), status=refusal.status)
    n = len(approval.taken)
    words = ngettext(
        "The hours of %(n)s entry are approved.", "The hours of %(n)s entries are approved.", n
    )
    if approval.left:
        return _page(
            request, reach, left=approval, taken=words % {"n": n} if n else "",
            chosen={claim.pk for claim, _why in approval.waiting}, status=409,
        )  # fmt: skip
    messages.success(request, words % {"n": n})
    return redirect("attendance:approvals")


@login_required
@require_POST
def approve_rest(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """What counts already cut off, approved the rest."""
    reach = queries.reach_of(request.user)
    claim = _claim(reach, claim_id)
    try:
        done = commands.approve_rest(claim_id=claim.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _page(request, reach, refusal=refusal, status=refusal.status)
    clocks = {"start": done.started_at, "end": done.ended_at}
    messages.success(
        request,
        _("Approved: from %(start)s to %(end)s.")
        % {name: f"{timezone.localtime(moment):%H:%M}" for name, moment in clocks.items()},
    )
    return redirect("attendance:approvals")


@login_required
@require_POST
def confirm(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    reach = queries.reach_of(request.user)
    claim = _claim(reach, claim_id)
    try:
        commands.confirm_hours(claim_id=claim.pk, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _page(request, reach, refusal=refusal, status=refusal.status)
    messages.success(request, _("Confirmed. The body's manager approves them next."))
    return redirect("attendance:approvals")


@login_required
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    reach = queries.reach_of(request.user)
    claim = _claim(reach, claim_id)
    if not policies.may_approve(request.user, claim, reach=reach):
        raise NotAllowed(_("Only the body's manager answers these hours."))
    form = ReasonForm(request.POST or None)
    if _answered(request, form, claim, commands.reject_hours):
        messages.success(request, _("Not approved. The volunteer is told why."))
        return redirect("attendance:approvals")
    return _reason_page(request, claim, form, "attendance/reject.html")


@login_required
@require_POST
def confirm_served(request: HttpRequest, shift_id: int) -> HttpResponse:
    reach = queries.reach_of(request.user)
    if not queries.people_served_of(reach, shift_id):
        raise Http404
    try:
        commands.confirm_people_served(shift_id=shift_id, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return _page(request, reach, refusal=refusal, status=refusal.status)
    messages.success(request, _("Confirmed: the figure counts from now on."))
    return redirect("attendance:approvals")


@login_required
@require_GET
def approved(request: HttpRequest) -> HttpResponse:
    """What was approved or imported, for those who may take it back."""
    reach = queries.reach_of(request.user)
    if not policies.may_see_ledger(request.user, reach=reach):
        raise NotAllowed(_("This page is for a body's head and for the regional desk."))
    words = request.GET.get("q", "").strip()[:80]
    typed = request.GET.get("after", "")
    after = _key(typed) if typed else None
    rows, last = queries.ledger_page(reach, words, after=after)
    context = {
        "rows": rows, "may_take_back": not reach.audits, "q": words,
        "older": f"?{urlencode({'q': words, 'after': last})}" if last else "",
        "newer": f"?{urlencode({'q': words})}" if after else "",
    }  # fmt: skip
    return render(request, "attendance/approved.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    reach = queries.reach_of(request.user)
    claim = queries.reversible_claim(reach, claim_id)
    if claim is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if _answered(request, form, claim, commands.reverse_hours):
        messages.success(request, _("Taken back. The volunteer is told why."))
        return redirect("attendance:approved")
    return _reason_page(request, claim, form, "attendance/reverse.html")


# ---------------------------------------------------------------- shared
def _answered(
    request: HttpRequest, form: ReasonForm, claim: HourClaim, command: Callable[..., object]
) -> bool:
    """Whether the claim was answered with the reason that was written; a no is on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        command(
            claim_id=claim.pk, reason=form.cleaned_data["reason"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _page(
    request: HttpRequest, reach: Reach, *, refusal=None, chosen=frozenset(), status: int = 200,
    ticks_all: bool = False, **more,
) -> HttpResponse:  # fmt: skip
    to_approve = list(queries.hours_to_approve(reach.bodies)[: queries.PAGE + 1])
    to_confirm = list(queries.hours_to_confirm(reach)[: queries.PAGE])
    served = list(queries.served_to_confirm(reach)[: queries.PAGE])
    _require_answering(reach.bodies or reach.teams or to_confirm or refusal)
    shown = to_approve[: queries.PAGE]
    me, own_refs = request.user, people.refs_of(request.user)
    entered_by = queries.entered_by(shown)
    mine = {c.pk for c in shown if c.person_id == me.pk or own_refs & entered_by[c.pk]}
    beside = queries.others_at_the_time(shown)
    flags = flags_of(shown, beside=beside, bodies=reach.bodies)
    plain = {c.pk for c in shown if c.pk not in mine and not flags[c.pk]}
    context = {
        "groups": _groups([c for c in shown if c.pk not in mine], flags, beside),
        "blocked": _groups([c for c in shown if c.pk in mine], flags, beside),
        "to_confirm": [
            (claim, claim.person_id == request.user.pk) for claim in to_confirm
        ],
        "served": [(one, one.entered_by_id == request.user.pk) for one in served],
        "more": len(to_approve) > queries.PAGE,
        "chosen": plain if ticks_all else chosen,
        "plain": len(plain),
        "ticks_all": ticks_all,
        "refusal": refusal,
        "manages": bool(reach.bodies),
        "sees_ledger": policies.may_see_ledger(request.user, reach=reach), **more,
    }  # fmt: skip
    return render(request, "attendance/approvals.html", context, status=status)


def _groups(claims: list[HourClaim], flags: dict, beside: dict) -> list[dict[str, Any]]:
    """By opportunity and shift, in the order they come in."""

    def shift_of(claim: HourClaim) -> tuple:
        return claim.opportunity_id, claim.presence.shift_id if claim.presence else None

    return [_group(list(same), flags, beside) for _key, same in groupby(claims, key=shift_of)]


def _group(claims: list[HourClaim], flags: dict, beside: dict) -> dict[str, Any]:
    first = claims[0]
    return {
        "title": first.work,
        "body": first.body,
        "shift": first.presence.shift if first.presence else None,
        "rows": [(claim, flags[claim.pk], _rest(claim, beside)) for claim in claims],
        "minutes": sum(claim.minutes for claim in claims),
    }


def _rest(claim: HourClaim, beside: dict) -> tuple | None:
    """The time left of hours that overlap others which count."""
    counting = [one for one in beside[claim.pk] if one.counts]
    return queries.rest_of(claim, counting) if counting else None


def _require_answering(something: object) -> None:
    """:raises NotAllowed: where there is nothing they answer for, or could."""
    if not something:
        raise NotAllowed(_("This page is for those who run shifts and approve hours."))


def _claim(reach: Reach, claim_id: UUID) -> HourClaim:
    """A claim the person may have a say in; others are not found."""
    found = queries.claims_answered_by(reach, [claim_id])
    if not found:
        raise Http404
    return found[0]


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


def _reason_page(request: HttpRequest, claim, form, template: str) -> HttpResponse:
    context = {"claim": claim, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)
