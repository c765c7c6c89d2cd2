"""How a round stands by now: its stored plan brought up to what has been decided since.

What is approved stays in every plan (a locked pair); what is undecided may move; whoever was
refused or not approved is barred from that place, as when a round is worked out, and whoever
gave a place up is not asked for another of that week. Seats are those of the database.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import Flags, Instance
from takatuf.engine.matching.plan import Plan, shortfall_of, worth_of
from takatuf.engine.matching.region import BARRED
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus
from takatuf.placement import queries
from takatuf.placement.enums import LAST_OFFER_BEFORE_START, ProposalStatus
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.placement.rounds import gathering
from takatuf.placement.rounds.explaining import PlanReader
from takatuf.placement.rounds.storing import Stored, of_today, unpacked


class Row(NamedTuple):
    """A proposal, as a re-plan sees it."""

    pk: int
    agent: int
    shift_role_id: int
    status: str
    stay: int  # points it has for staying already


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The round as it stood when it was read.

    :param instance: with today's seats, what is approved locked, what is barred left in.
    :param held: the pairs that stand, approved or not.
    :param barred: pairs that are not to come.
    :param rows: the proposals it was read from; others by now: read it again.
    """

    round: Round
    stored: Stored
    instance: Instance
    held: Flags
    barred: Flags
    rows: tuple[Row, ...]

    @cached_property
    def reader(self) -> PlanReader:
        """For what somebody is worth in a place by what is known now."""
        return PlanReader(self.round, self.stored)

    def role_number(self, shift_role_id: int) -> int:
        return int(np.flatnonzero(self.stored.role_key == shift_role_id)[0])

    def plan(self) -> Plan:
        return Plan(
            assigned=self.held, price=self.stored.plan.price,
            objective=worth_of(self.instance, self.held), bound=self.stored.plan.bound,
            shortfall=shortfall_of(self.instance, self.held),
        )  # fmt: skip

    def undecided(self) -> dict[int, Row]:
        """Pair -> the proposal that may move."""
        rows = [row for row in self.rows if row.status == ProposalStatus.PROPOSED]
        pairs = _pairs_of(self.stored, rows)
        return {int(pair): row for pair, row in zip(pairs, rows, strict=True) if pair >= 0}


def rows_of(matching_round: Round) -> tuple[Row, ...]:
    rows = Proposal.objects.filter(round=matching_round).order_by("pk")
    columns = ("pk", "agent", "shift_role_id", "status", "parts")
    return tuple(
        Row(pk, agent, role, status, parts.get("stay", 0))
        for pk, agent, role, status, parts in rows.values_list(*columns)
    )


def standing_of(matching_round: Round, *, at: datetime) -> Standing:
    """Seven queries, whatever the round's size."""
    stored = of_today(unpacked(matching_round.plan.arrays))
    rows = rows_of(matching_round)
    held, locked, barred = (np.zeros(stored.instance.pairs, np.bool_) for _ in range(3))
    pairs = _pairs_of(stored, rows)
    for pair, row in zip(pairs, rows, strict=True):
        if pair < 0:
            continue
        held[pair] |= row.status in (ProposalStatus.PROPOSED, ProposalStatus.APPROVED)
        locked[pair] |= row.status == ProposalStatus.APPROVED
        barred[pair] |= row.status == ProposalStatus.REJECTED
    gave_up = queries.who_gave_up(matching_round)
    barred |= np.isin(stored.instance.pair_agent, np.array(sorted(gave_up), np.int64))
    barred |= _refused(matching_round, stored)
    least, most = _seats(matching_round, stored, held, locked, at=at)
    instance = replace(stored.instance, role_min=least, role_max=most, pair_locked=locked)
    return Standing(
        round=matching_round, stored=stored, instance=instance, held=held,
        barred=barred & ~held, rows=rows,
    )  # fmt: skip


def _pairs_of(stored: Stored, rows: Collection[Any]) -> NDArray[np.int64]:
    """The pair of each row's agent and role; -1 where the plan never had it."""
    number = {int(key): n for n, key in enumerate(stored.role_key)}
    agents = np.array([row.agent for row in rows], np.int64)
    roles = np.array([number.get(row.shift_role_id, -1) for row in rows], np.int64)
    return find_pairs(stored.instance, agents, roles)


def find_pairs(
    instance: Instance, agents: NDArray[np.int64], roles: NDArray[np.int64]
) -> NDArray[np.int64]:
    keys = instance.pair_agent.astype(np.int64) * instance.roles + instance.pair_role
    if not len(keys):
        return np.full(len(agents), -1, np.int64)
    order = np.argsort(keys, kind="stable")
    wanted = agents * instance.roles + roles
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = order[place]
    return np.where((keys[found] == wanted) & (roles >= 0), found, -1)


def _refused(matching_round: Round, stored: Stored) -> Flags:
    """Who left a place, or was refused it, and has not asked for it again since."""
    places = RoundPlace.objects.filter(round=matching_round)
    in_shift: dict[int, list[int]] = {}
    for role, shift in places.values_list("shift_role_id", "shift_role__shift_id"):
        in_shift.setdefault(shift, []).append(role)
    number = {int(key): n for n, key in enumerate(stored.role_key)}
    refused: list[int] = []

    def tie(person: int, role: int, kind: int) -> None:
        if kind == BARRED and role in number:
            refused.append(person * stored.instance.roles + number[role])

    asked = Application.objects.filter(shift_id__in=places.values("shift_role__shift_id"))
    gathering.tie_to_asked(gathering.asked_for(asked), in_shift, tie)
    person = stored.person_key[stored.instance.pair_agent // stored.weeks]
    keys = person * stored.instance.roles + stored.instance.pair_role
    return np.isin(keys, np.array(refused, np.int64))


def _seats(
    matching_round: Round, stored: Stored, held: Flags, locked: Flags, *, at: datetime
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Heads each role wants at least and takes at most of this round, by today's seats."""
    heads = np.bincount(stored.instance.pair_role[held], minlength=stored.instance.roles)
    ours = np.bincount(stored.instance.pair_role[locked], minlength=stored.instance.roles)
    least, most = np.zeros(len(heads), np.int32), heads.astype(np.int32)
    number = {int(key): n for n, key in enumerate(stored.role_key)}
    places = RoundPlace.objects.filter(round=matching_round).values("shift_role_id")
    open_still = opportunities.shift_roles().filter(
        pk__in=places, shift__status=ShiftStatus.PLANNED,
        shift__starts_at__gt=at + LAST_OFFER_BEFORE_START,
        shift__opportunity__status__in=PUBLIC,
    )  # fmt: skip
    for pk, wanted, seats, taken in open_still.values_list("pk", "minimum", "seats", "taken"):
        r = number[pk]
        others = max(0, taken - int(ours[r]))  # who is there without this round
        least[r] = max(0, wanted - others)
        most[r] = max(int(heads[r]), seats - others)
    return least, most
