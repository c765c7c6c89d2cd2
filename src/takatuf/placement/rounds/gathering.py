"""The region's rows as the engine's arrays: whoever takes part, and the places to fill.

What is written here and the rules of ``placement.eligibility`` answer alike for every pair; a
test asks both. People the rules would refuse everywhere (no charter accepted, no birth date)
are left out or fit nowhere; what one pair alone decides is a tie. Under 18 nobody is proposed
unasked: each place takes its own covenant, and who asked has signed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from takatuf.engine.matching.region import (
    APPLIED,
    BARRED,
    INCUMBENT,
    TIE,
    Region,
    Weights,
)
from takatuf.placement import queries
from takatuf.placement.enums import ENDED, RUNNING_ROUNDS, UNANSWERED, ProposalStatus
from takatuf.placement.models import Application, Proposal, Round
from takatuf.placement.rounds import settings
from takatuf.placement.rounds.people import People
from takatuf.placement.rounds.places import Known, asked_rows, place_rows
from takatuf.placement.rounds.scales import WEEK, minutes_since
from takatuf.registry import queries as registry

WEIGHED = ("cause", "fit", "surplus", "away", "rest", "applied", "stay")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A round's inputs, with whose and which they are.

    :param person: the key of each volunteer; agent ``weeks * i + w`` is volunteer ``i`` in
        week ``w`` of the horizon.
    :param place: key, body, opportunity, shift and skill of each role, as dictionaries.
    :param start: the horizon's first midnight, a Sunday's.
    :param own: rows of person and place (``ShiftRole``): what stood in the round's own plan.
    """

    region: Region
    person: NDArray[np.int64]
    place: list[dict[str, Any]]
    weeks: int
    start: datetime
    own: NDArray[np.int64]

    def person_of(self, agent: int) -> int:
        return int(self.person[agent // self.weeks])

    def digest(self) -> str:
        """SHA-256 of the region's rows: the same rows gathered again give it again."""
        found = sha256()
        for rows in (
            self.region.people, self.region.asked, self.region.grants, self.region.busy,
            self.region.ties, self.person,
        ):  # fmt: skip
            found.update(np.ascontiguousarray(rows).tobytes())
        return found.hexdigest()


def gather(
    matching_round: Round, *, at: datetime, own: NDArray[np.int64] | None = None
) -> Gathered:
    """Seven queries for any number of people and places.

    :param own: what stood in the round's own plan before, as ``Gathered.own``: who is in it has
        a tie to that place; None: what stands undecided in it now.
    """
    start, weeks = horizon(matching_round)
    rows = queries.places_in(matching_round, at=at).order_by("shift__starts_at", "pk")
    place = place_rows(rows)
    known = Known(place)
    shifts = rows.order_by().values("shift_id")
    asked = Application.objects.filter(shift_id__in=shifts, status__in=UNANSWERED)
    profiles = registry.who_may_be_placed(
        asked.values("person_id"), agreed=matching_round.with_agreed
    )
    people = People(
        profiles, weeks=weeks, known=known, at=at, unasked=matching_round.with_agreed
    )
    wanted = asked_rows(place, known, start, matching_round.options)
    busy = people.engagements(start=start)
    own = _standing_in(matching_round) if own is None else own
    region = Region(
        people=people.rows, asked=wanted, grants=people.grants(), busy=busy,
        ties=_ties(matching_round, place, wanted, people, shifts, own=own),
        **limits(matching_round.options),
    )  # fmt: skip
    return Gathered(
        region=region, person=people.keys, place=place, weeks=weeks, start=start, own=own
    )  # fmt: skip


def horizon(matching_round: Round) -> tuple[datetime, int]:
    """From the Sunday before the first day, in whole weeks."""
    first, after = queries.days_of(matching_round)
    start, _end = queries.week_of(first)
    return start, -(-minutes_since(after, start) // WEEK)


def weights(options: Mapping[str, int]) -> Weights:
    return Weights(**{name: options[name] for name in WEIGHED})


def limits(options: Mapping[str, int]) -> dict[str, Any]:
    """What a round's settings say of a whole plan; a setting newer than the round as usual."""
    known = settings.as_opened(options)
    return {
        "weights": weights(known), "spread": known["spread"], "buffer": known["buffer"],
        "day_cap": known["day"], "rest": known["pause"], "pace": known["pace"],
    }  # fmt: skip


# ---------------------------------------------------------------- ties
def _ties(
    matching_round: Round, place: list[dict[str, Any]], asked: NDArray[Any], people: People,
    shifts: QuerySet, *, own: NDArray[np.int64],
) -> NDArray[Any]:  # fmt: skip
    """Who asked for a place, was refused it or refused it, or was proposed for it before."""
    role_of = {each["pk"]: number for number, each in enumerate(place)}
    in_shift: dict[int, list[int]] = {}
    for each in place:
        in_shift.setdefault(each["shift_id"], []).append(each["pk"])
    kinds: dict[tuple[int, int], int] = {}

    def tie(person: int, role: int, kind: int) -> None:
        if person in people.number and role in role_of:
            kinds[person, role] = kinds.get((person, role), 0) | kind

    tie_to_asked(asked_for(Application.objects.filter(shift_id__in=shifts)), in_shift, tie)
    _tie_to_proposed(matching_round, shifts, tie)
    for person, role in own.tolist():
        tie(person, role, INCUMBENT)
    rows = np.zeros(len(kinds), TIE)
    for row, ((person, role), kind) in zip(rows, sorted(kinds.items()), strict=True):
        number = role_of[role]
        week = asked["week"][number]
        row["agent"], row["role"] = people.number[person] * people.weeks + week, number
        row["kind"] = kind
    return rows


def asked_for(applications: QuerySet[Application]) -> Iterator[tuple]:
    """Person, shift, role and state of what was asked for and is not had; one query."""
    # Ended by either side: not proposed again there.
    rows = applications.filter(status__in=(*UNANSWERED, *ENDED)).order_by("pk")
    columns = ("person_id", "shift_id", "shift_role_id", "status")
    return rows.values_list(*columns).iterator(chunk_size=5000)


def tie_to_asked(asked: Iterable[tuple], in_shift: Mapping[int, list[int]], tie) -> None:
    refused: set[tuple[int, int]] = set()
    asks: dict[tuple[int, int], int] = {}
    for person, shift, role, status in asked:
        if status in UNANSWERED:
            asks[person, shift] = role
        else:
            refused.add((person, role))
    for (person, shift), wanted in asks.items():
        for role in in_shift.get(shift, ()):  # who asked for one role of a shift means that one
            tie(person, role, APPLIED if role == wanted else BARRED)
        refused.discard((person, wanted))  # asked again since
    for person, role in refused:
        tie(person, role, BARRED)


def _standing_in(matching_round: Round) -> NDArray[np.int64]:
    rows = Proposal.objects.filter(round=matching_round, status=ProposalStatus.PROPOSED)
    found = list(rows.order_by("pk").values_list("person_id", "shift_role_id"))
    return np.array(found, np.int64).reshape(-1, 2)


def _tie_to_proposed(matching_round: Round, shifts: QuerySet, tie) -> None:
    """A plan of another round that stands undecided, and what was not approved in any."""
    undecided = Q(status=ProposalStatus.PROPOSED, round__status__in=RUNNING_ROUNDS)
    undecided &= ~Q(round=matching_round)
    rows = Proposal.objects.filter(undecided | Q(status=ProposalStatus.REJECTED))
    rows = rows.filter(shift_id__in=shifts).order_by("pk")
    columns = ("person_id", "shift_role_id", "status")
    for person, role, status in rows.values_list(*columns).iterator(chunk_size=5000):
        tie(person, role, INCUMBENT if status == ProposalStatus.PROPOSED else BARRED)
