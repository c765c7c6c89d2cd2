"""One place of a plan, with everybody it concerns; and why this one, why not that one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.region import FINE, Weights
from takatuf.placement import policies, queries
from takatuf.placement.enums import LIVE_PROPOSALS, RUNNING_ROUNDS
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.rounds import words
from takatuf.placement.rounds.explaining import Next, PlanReader
from takatuf.placement.views.round_plan import around, found_plan, page_asked

NEXT_SHOWN, ASKING_SHOWN = 5, 10


@dataclass(frozen=True, kw_only=True)
class Other:
    """Somebody who is not proposed for the place.

    :param points: what the plan weighed them with; None where it could not.
    :param elsewhere: the plan gives them another place in that week.
    """

    person: Any
    name: str
    points: int | None = None
    elsewhere: bool = False


def found_place(request: HttpRequest, pk: int, role: int):
    """The round and one place of its plan, for whoever sees that part."""
    row, bodies = found_plan(request, pk)
    try:
        return row, queries.place_in_round(row, role, bodies=bodies)
    except ObjectDoesNotExist:
        raise Http404 from None


@login_required
@require_safe
def place(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """One role of one shift: who is proposed, who would be next, who asked in vain."""
    row, found = found_place(request, pk, role)
    page = page_asked(request)
    proposals, more = queries.people_page(found, page=page)
    asking = queries.asking_in_vain(found, most=ASKING_SHOWN)
    context = {
        "round": row,
        "place": found,
        "proposals": proposals,
        **around(page, more=more),
        "asking": [Other(person=a.person, name=a.person.full_name) for a in asking],
        "others": _next(row, role, apart_from={a.person_id for a in (*asking, *proposals)}),
        "weights": round_settings.as_opened(row.options),
        "decides": row.status in RUNNING_ROUNDS
        and policies.may_approve_for(request.user, found.body),
    }
    return render(request, "placement/round_place.html", context)


def _next(row, role: int, *, apart_from: set[int]) -> list[Other]:
    following = [
        each
        for each in PlanReader(row).next_for(role, most=NEXT_SHOWN + len(apart_from))
        if each.person_id not in apart_from
    ]
    people = queries.people_by_key(each.person_id for each in following)
    return [
        Other(
            person=people[each.person_id], points=each.points, elsewhere=each.elsewhere,
            name=words.known_as(people[each.person_id], asked=False),
        )
        for each in following[:NEXT_SHOWN]
        if each.person_id in people
    ]  # fmt: skip


@login_required
@require_safe
def why(request: HttpRequest, pk: int, role: int, ref: UUID) -> HttpResponse:
    """About whoever the place concerns: proposed for it, asking for it, or weighed for it."""
    row, found = found_place(request, pk, role)
    person = queries.person_by_ref(ref)
    if person is None:
        raise Http404
    reader = PlanReader(row)
    proposal = queries.proposal_for(found, person.pk)
    asked = queries.has_asked(person.pk, role)
    if not (proposal or asked or person.pk in reader.weighed(role)):
        raise Http404
    context = {"round": row, "place": found, "weights": round_settings.as_opened(row.options)}
    if proposal and proposal.status in LIVE_PROPOSALS:
        context |= _chosen(proposal, found, reader.next_for(role, most=1))
    else:
        context |= _not_chosen(reader, person, role)
        context["name"] = words.known_as(person, asked=asked)
    part = "#why" if request.htmx else ""
    return render(request, f"placement/round_why.html{part}", context)


def _chosen(proposal, found, following: list[Next]) -> dict:
    """What speaks for them, and by how many tenths of a point they are ahead of the next."""
    after = following[0] if following else None
    return {
        "name": words.name_for_body(proposal),
        "proposal": proposal,
        "parts": words.part_names(proposal.parts),
        "base": Weights._field_defaults["base"],
        "price": found.price if found.price > 0 else None,
        "after": after,
        "ahead": proposal.score // FINE - after.points // FINE if after else None,
    }


def _not_chosen(reader: PlanReader, person, role: int) -> dict:
    try:
        answer = reader.explain(person.pk, role, at=timezone.now())
    except Malformed:
        sentence = _(
            "This shift has changed since, so the plan says nothing about it any more."
        )
        return {"sentence": sentence, "change": ""}
    sentence, change = words.why_not(answer)
    return {"sentence": sentence, "change": change}
