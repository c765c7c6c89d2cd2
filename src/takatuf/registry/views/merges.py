"""Two records of one person: proposed by one of the desk, decided by another."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takatuf.registry import commands, policies, queries
from takatuf.registry.views.helpers import did, now, require, today


@login_required
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    require(policies.may_see_duplicates(request.user, today()))
    merges, pairs = list(queries.open_merges()), queries.likely_duplicates(limit=50)
    held = queries.offices_held_by([row.drop.pk for row in (*merges, *pairs)], today())
    context = {
        # Each with the offices that go over to the record that stays.
        "merges": [(merge, held.get(merge.drop.pk, [])) for merge in merges],
        "pairs": [(pair, held.get(pair.drop.pk, [])) for pair in pairs],
        "may_decide": policies.may_merge_people(request.user, today()),
    }
    return render(request, "registry/duplicates.html", context)


@login_required
@require_POST
def merge_propose(request: HttpRequest) -> HttpResponse:
    require(policies.may_merge_people(request.user, today()))
    pair = queries.pair_of_people(request.POST.get("keep", ""), request.POST.get("drop", ""))
    if pair is not None:
        keep, drop = pair
        did(
            request,
            lambda: commands.propose_merge(
                keep=keep, drop=drop, reason=request.POST.get("reason", ""), by=request.user,
                at=now(),
            ),
            _("A second person of the desk decides now."),
        )  # fmt: skip
    return redirect("registry:duplicates")


@login_required
@require_POST
def merge_decide(request: HttpRequest, pk: int) -> HttpResponse:
    require(policies.may_merge_people(request.user, today()))
    merge = get_object_or_404(queries.open_merges(), pk=pk)
    if request.POST.get("answer") == "merge":
        did(
            request,
            lambda: commands.confirm_merge(merge=merge, by=request.user, at=now()),
            _("The two records are one now."),
        )
    else:
        did(
            request,
            lambda: commands.refuse_merge(merge=merge, by=request.user, at=now()),
            _("They stay two people."),
        )
    return redirect("registry:duplicates")
