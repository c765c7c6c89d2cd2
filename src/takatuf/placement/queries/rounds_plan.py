"""What the pages of matching rounds show beside the rounds themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus
from takatuf.placement.enums import (
    LIVE_PROPOSALS,
    RUNNING_ROUNDS,
    ProposalStatus,
    TrialStatus,
)
from takatuf.placement.models import Proposal, Round, RoundTrial
from takatuf.placement.queries.rounds import (
    WAYS_WITH_FREE_SEATS,
    places_in,
    rounds_visible_to,
)
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, Role

PAGE, TRIALS_SHOWN = 25, 8


def opens_rounds_for(person) -> list:
    """The bodies for which the person opens rounds, the desk's first; from their offices."""
    found: dict[int, Any] = {}
    for office in registry.offices_of(person):
        regional = office.role == Role.DESK and office.body.is_desk
        # For the body that runs the desk a round is the region's, and the desk's to open.
        own = office.role in MANAGERS and not office.body.is_desk
        if regional or own:
            found.setdefault(office.body_id, office.body)
    return sorted(found.values(), key=lambda body: not body.is_desk)


def rounds_page(person, *, before: int | None = None) -> tuple[list[Round], int]:
    """A page of the rounds they see, the latest first, and where the older ones begin, or 0."""
    rows = rounds_visible_to(person)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def rounds_on_desk(bodies: Iterable[int], *, regional: bool) -> list[Any]:
    """``round_id`` and ``waiting``, how many proposals they decide; the oldest round first.

    :param bodies: those they manage.
    :param regional: the desk too, for bodies that let it place people.
    """
    theirs = Q(body_id__in=list(bodies))
    if regional:
        theirs |= Q(body__desk_may_place=True, round__body__is_desk=True)
    rows = Proposal.objects.filter(
        theirs, status=ProposalStatus.PROPOSED, round__status__in=RUNNING_ROUNDS
    )
    return list(
        rows.values("round_id", "round__first_day")
        .annotate(waiting=Count("pk"))
        .order_by("round_id")
    )


def bodies_to_fill(at: datetime, *, also: Iterable[int] = ()) -> QuerySet:
    """Bodies with a shift to come that a round may fill, by name.

    :param also: keys of bodies to list in any case: those a round names already.
    """
    places = opportunities.shift_roles().filter(
        shift__opportunity__body=OuterRef("pk"), shift__starts_at__gt=at,
        shift__status=ShiftStatus.PLANNED, shift__opportunity__status__in=PUBLIC,
        shift__opportunity__way__in=WAYS_WITH_FREE_SEATS, taken__lt=F("seats"),
        shift__opportunity__reconfirm_by__gte=timezone.localdate(at),
    )  # fmt: skip
    return registry.public_bodies().filter(Q(Exists(places)) | Q(pk__in=list(also)))


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much a round has to fill: free seats, roles of shifts, shifts, bodies."""

    seats: int
    shifts: int
    bodies: int


def size_of(matching_round: Round, *, at: datetime) -> Size:
    """One query; the round's scope as it stands is asked with two."""
    counted = places_in(matching_round, at=at).aggregate(
        free=Sum(F("seats") - F("taken")), shifts_n=Count("shift", distinct=True),
        bodies_n=Count("shift__opportunity__body", distinct=True),
    )  # fmt: skip
    return Size(
        seats=counted["free"] or 0, shifts=counted["shifts_n"], bodies=counted["bodies_n"]
    )


@dataclass(frozen=True, kw_only=True)
class Named:
    """The bodies and governorates a round names; empty where it takes all."""

    bodies: list
    governorates: list


def scope_of(matching_round: Round) -> Named:
    """Two queries."""
    return Named(
        bodies=list(matching_round.bodies.order_by("name_sort_key", "pk")),
        governorates=list(matching_round.governorates.order_by("position", "pk")),
    )


def trials_of(matching_round: Round) -> list[RoundTrial]:
    """Of the plan that stands now, the latest first; one query."""
    rows = RoundTrial.objects.filter(round=matching_round, attempt=matching_round.attempt)
    return list(rows.order_by("-pk")[:TRIALS_SHOWN])


def trial_of(matching_round: Round, pk: int) -> RoundTrial | None:
    """One that is worked out, of the plan that stands now."""
    rows = RoundTrial.objects.filter(
        round=matching_round, attempt=matching_round.attempt, status=TrialStatus.DONE
    )
    return rows.filter(pk=pk).first()


def served_by(matching_round: Round) -> int:
    """How many people the plan gives a place."""
    rows = Proposal.objects.filter(round=matching_round, status__in=LIVE_PROPOSALS)
    return rows.aggregate(n=Count("person", distinct=True))["n"]
