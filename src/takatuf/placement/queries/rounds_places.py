"""Who a round proposes for what: place by place within a body, person by person within one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, QuerySet

from takatuf.opportunities.enums import PUBLIC
from takatuf.placement.enums import SOLVED, UNANSWERED, ProposalStatus, RoundStatus
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.placement.queries.rounds import WITH_PLACE
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS

PLACES_A_PAGE, PEOPLE_A_PLACE, PEOPLE_A_PAGE = 8, 5, 25
MOST_PAGES, LEFT_SHOWN = 10_000, 20
AT_RISK, EMPTY = Q(filled__lt=F("minimum")), Q(filled__lt=F("seats"))
ONLY = {"risk": AT_RISK, "empty": EMPTY}
WITH_SHIFT = (
    "shift_role__shift__opportunity__body", "shift_role__role", "skill", "body",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One place of the plan with the first of those proposed for it.

    :param more: how many more there are.
    """

    place: RoundPlace
    proposals: list[Proposal]
    more: int

    @property
    def shift(self):
        return self.place.shift_role.shift

    @property
    def short(self) -> int:
        return max(0, self.place.minimum - self.place.filled)


def part_visible_to(person, *, whole: bool) -> list[int] | None:
    """The bodies whose part of a round the person sees; None: all.

    :param whole: they see rounds as a whole.
    """
    if whole:
        return None
    return [o.body_id for o in registry.offices_of(person) if o.role in MANAGERS]


def counts_of(matching_round: Round, body_id: int) -> dict[str, int]:
    """How many places of a body there are, at risk, and with an empty seat; one question."""
    rows = RoundPlace.objects.filter(round=matching_round, body_id=body_id)
    return rows.aggregate(
        all=Count("pk"), risk=Count("pk", filter=AT_RISK), empty=Count("pk", filter=EMPTY)
    )


def places_page(
    matching_round: Round, body_id: int, *, only: str = "", page: int = 1
) -> tuple[list[Line], bool]:
    """A page of a body's places by opportunity and shift, and whether there is another. Two
    questions.

    :param only: ``risk`` below the minimum, ``empty`` with an empty seat; all otherwise.
    """
    rows = RoundPlace.objects.filter(
        ONLY.get(only, Q()), round=matching_round, body_id=body_id
    ).select_related(*WITH_SHIFT)
    ordered = rows.order_by(
        "shift_role__shift__opportunity_id", "shift_role__shift__starts_at", "pk"
    )
    found, more = _page(ordered, page, PLACES_A_PAGE)
    people: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in _proposals(matching_round, [place.shift_role_id for place in found]):
        people[proposal.shift_role_id].append(proposal)
    lines = []
    for place in found:
        theirs = people[place.shift_role_id]
        shown = theirs[:PEOPLE_A_PLACE]
        lines.append(Line(place=place, proposals=shown, more=len(theirs) - len(shown)))
    return lines, more


def place_in_round(
    matching_round: Round, shift_role_id: int, *, bodies: Iterable[int] | None
) -> RoundPlace:
    """:raises RoundPlace.DoesNotExist: if the plan has none, or it is of no such body."""
    rows = RoundPlace.objects.filter(round=matching_round, shift_role__pk=shift_role_id)
    if bodies is not None:
        rows = rows.filter(body_id__in=list(bodies))
    return rows.select_related(*WITH_SHIFT).get()


def place_of_closed_round(shift_role_id: int) -> RoundPlace | None:
    """The role's place in the latest round that filled it, if that one is closed and its
    opportunity may be seen by everybody.
    """
    rows = RoundPlace.objects.filter(
        shift_role__pk=shift_role_id, round__status__in=SOLVED,
        shift_role__shift__opportunity__status__in=PUBLIC,
    ).select_related("round", *WITH_SHIFT)  # fmt: skip
    found = rows.order_by("-round__solved_at", "-round_id").first()
    return found if found and found.round.status == RoundStatus.CLOSED else None


def people_page(place: RoundPlace, *, page: int = 1) -> tuple[list[Proposal], bool]:
    """Those proposed for a place, the best first, and whether there are more; one question."""
    return _page(_proposals(place.round, [place.shift_role_id]), page, PEOPLE_A_PAGE)


def asking_in_vain(place: RoundPlace, *, most: int) -> list[Application]:
    """Who asked for the place and was never proposed for it, the first to ask first."""
    proposed = Proposal.objects.filter(round_id=place.round_id, shift_role=place.shift_role_id)
    rows = Application.objects.filter(
        shift_role=place.shift_role_id, status__in=UNANSWERED
    ).exclude(person__in=proposed.values("person"))
    return list(rows.select_related("person").order_by("applied_at", "pk")[:most])


def proposal_for(place: RoundPlace, person_id: int) -> Proposal | None:
    """The person's latest for the place, if the round made one."""
    rows = _proposals(place.round, [place.shift_role_id]).filter(person=person_id)
    return rows.order_by("-pk").first()


def proposal_in(
    matching_round: Round, pk: int, *, bodies: Iterable[int] | None
) -> Proposal | None:
    """One of the round's, if it is for a shift of these bodies; None: of any."""
    rows = Proposal.objects.filter(round=matching_round, pk=pk).select_related(*WITH_PLACE)
    if bodies is not None:
        rows = rows.filter(body_id__in=list(bodies))
    return rows.first()


def has_asked(person_id: int, shift_role_id: int) -> bool:
    rows = Application.objects.filter(shift_role=shift_role_id, status__in=UNANSWERED)
    return rows.filter(person=person_id).exists()


def people_by_key(keys: Iterable[int]) -> dict[int, Any]:
    """Those who are still with us, by their keys."""
    people = get_user_model().objects.filter(is_active=True, erased_at__isnull=True)
    return people.in_bulk(list(keys))


def left_out(matching_round: Round, *, bodies: Iterable[int] | None) -> list[Proposal]:
    """Not offered though somebody approved them, each with why; the first few."""
    rows = Proposal.objects.filter(
        round=matching_round, made_at__gte=matching_round.solved_at,
        status__in=[ProposalStatus.PROPOSED, ProposalStatus.LAPSED],
    )  # fmt: skip
    if bodies is not None:
        rows = rows.filter(body_id__in=list(bodies))
    rows = rows.exclude(reason="").select_related("person", "opportunity", "shift")
    return list(rows.order_by("shift__starts_at", "pk")[:LEFT_SHOWN])


def _proposals(matching_round: Round, roles: Iterable[int]) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(round=matching_round, shift_role_id__in=list(roles))
    return rows.select_related("person", "application").order_by(
        "shift_role_id", "-score", "pk"
    )


def _page(rows: QuerySet, page: int, size: int) -> tuple[list, bool]:
    first = (min(max(page, 1), MOST_PAGES) - 1) * size
    found = list(rows[first : first + size + 1])
    return found[:size], len(found) > size
