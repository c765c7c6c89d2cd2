"""Why this person, why not that one: answers about a stored plan, worked out by the process
that serves the page. The plan's points and seats are those stored; what is known about the
person is read anew, so that the answer says what would change it now.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.explaining import Answer, Explainer
from takatuf.engine.matching.plan import RegionPlan
from takatuf.engine.matching.region import BARRED, BUSY, GRANT, PERSON, TIE, Region
from takatuf.engine.matching.single import judge
from takatuf.opportunities import queries as opportunities
from takatuf.placement.models import Application, Proposal, Round, RoundPlan
from takatuf.placement.rounds import gathering
from takatuf.placement.rounds.people import People
from takatuf.placement.rounds.places import Known, asked_rows, place_rows
from takatuf.placement.rounds.scales import UNASKED
from takatuf.placement.rounds.storing import Stored, of_today, unpacked
from takatuf.registry import queries as registry


@dataclass(frozen=True, kw_only=True)
class Next:
    """Somebody who fits a place and is not given it.

    :param elsewhere: the plan gives them another place in that week.
    """

    person_id: int
    points: int
    elsewhere: bool


class Apart(Enum):
    """Why somebody is not weighed for a place at all."""

    THEN = auto()  # took no part when the plan was worked out
    NOW = auto()  # no place is to be had by them any more: the account, profile or charter
    UNASKED = auto()  # did not ask for this one, and is not to be proposed unasked


class PlanReader:
    """One round's stored plan, read for questions about people and places.

    :param stored: the plan ``of_today``, where it has been read already.
    """

    def __init__(self, matching_round: Round, stored: Stored | None = None) -> None:
        self.round = matching_round
        if stored is None:
            plans = RoundPlan.objects.filter(round=matching_round)
            stored = of_today(unpacked(plans.values_list("arrays", flat=True).get()))
        self.stored: Stored = stored
        self.role_of = {int(key): n for n, key in enumerate(self.stored.role_key)}

    def next_for(self, shift_role_id: int, *, most: int) -> list[Next]:
        """Who fits and is not given the place, of those the plan weighed: first whoever has
        nothing else in that week, the best first.
        """
        chosen, role = self.stored.instance, self.role_of[shift_role_id]
        pairs = np.flatnonzero((chosen.pair_role == role) & ~self.stored.plan.assigned)
        placed = np.zeros(chosen.agents, np.bool_)
        placed[chosen.pair_agent[self.stored.plan.assigned]] = True
        elsewhere = placed[chosen.pair_agent[pairs]]
        order = np.lexsort((pairs, -chosen.pair_score[pairs], elsewhere))[:most]
        return [
            Next(
                person_id=self.stored.person_of(int(chosen.pair_agent[pairs[n]])),
                points=int(chosen.pair_score[pairs[n]]), elsewhere=bool(elsewhere[n]),
            )
            for n in order
        ]  # fmt: skip

    def weighed(self, shift_role_id: int) -> frozenset[int]:
        """Everybody the plan weighed for the place."""
        chosen, role = self.stored.instance, self.role_of[shift_role_id]
        agents = np.unique(chosen.pair_agent[chosen.pair_role == role])
        return frozenset(self.stored.person_of(int(agent)) for agent in agents)

    def explain(self, person_id: int, shift_role_id: int, *, at: datetime) -> Answer | Apart:
        """Seven questions.

        :raises Malformed: if a shift was changed so that the plan no longer describes it.
        """
        found = self.explained(person_id, shift_role_id, at=at)
        return found if isinstance(found, Apart) else found[0]

    def explained(
        self, person_id: int, shift_role_id: int, *, at: datetime
    ) -> tuple[Answer, dict[str, int]] | Apart:
        """As ``explain``, with what the person's points are made of."""
        first, role = self._first_of(person_id), self.role_of[shift_role_id]
        if first is None:
            return Apart.THEN
        known = self._known_of(person_id, at=at)
        if not len(known.keys):
            return Apart.NOW
        planned = RegionPlan(self.stored.instance, self.stored.plan)
        explainer = Explainer(self._region(person_id, first, known), planned)
        agent = first + int(self._asked["week"][role])
        answer = explainer.explain(agent, role)
        if answer.rule == "times" and not known.rows["free"][0] & np.uint64(UNASKED):
            return Apart.UNASKED
        return answer, explainer.judged(agent).parts_of(role)

    def points_of(
        self, person_id: int, shift_role_id: int, *, at: datetime
    ) -> tuple[int, dict[str, int]] | None:
        """What the person is worth in the place by what is known now, and what that is made of;
        six questions. None for whoever does not take part.

        :raises Malformed: as ``explain``.
        """
        first, role = self._first_of(person_id), self.role_of[shift_role_id]
        known = None if first is None else self._known_of(person_id, at=at)
        if first is None or known is None or not len(known.keys):
            return None
        region = self._region(person_id, first, known)
        judged = judge(region, first + int(self._asked["week"][role]))
        return int(judged.score[role]), judged.parts_of(role)

    def role_key(self, role: int) -> int:
        return int(self.stored.role_key[role])

    def _first_of(self, person_id: int) -> int | None:
        """The person's first agent; None for whoever was not there when it was worked out."""
        number = np.flatnonzero(self.stored.person_key == person_id)
        return int(number[0]) * self.stored.weeks if len(number) else None

    # ------------------------------------------------------------ what is read anew
    @cached_property
    def _places(self) -> list[dict[str, Any]]:
        """The plan's places in its order, as they are now."""
        rows = opportunities.shift_roles().filter(pk__in=self.role_of)
        by_key = {row["pk"]: row for row in place_rows(rows)}
        return [by_key[int(key)] for key in self.stored.role_key]

    @cached_property
    def _asked(self) -> NDArray[Any]:
        start, _weeks = gathering.horizon(self.round)
        known = Known(self._places)
        asked = asked_rows(self._places, known, start, self.round.options)
        chosen = self.stored.instance
        # Seats as they were: those given since are given by this plan.
        asked["maximum"], asked["minimum"] = chosen.role_max, chosen.role_min
        return asked

    def _known_of(self, person_id: int, *, at: datetime) -> People:
        """Whoever is in the plan takes part, whatever has become of what they asked for."""
        return People(
            registry.who_may_be_placed([person_id], agreed=False), weeks=self.stored.weeks,
            known=Known(self._places), at=at, unasked=self.round.with_agreed,
        )  # fmt: skip

    def _region(self, person_id: int, first: int, known: People) -> Region:
        """All agents by what the plan keeps of them, and this person by all that is known."""
        chosen = self.stored.instance
        people = np.zeros(chosen.agents, PERSON)
        people["cap"], people["size"] = chosen.agent_cap, chosen.agent_size
        people["begun"] = chosen.agent_begun
        start, _weeks = gathering.horizon(self.round)
        given = self._given_to(range(first, first + self.stored.weeks))
        busy, grants = known.engagements(start=start, apart_from=given), known.grants()
        people[first : first + self.stored.weeks] = known.rows  # less what is engaged
        for rows in (busy, grants):
            rows["agent"] += first
        return Region(
            people=people, asked=self._asked, grants=grants.astype(GRANT),
            busy=busy.astype(BUSY), ties=self._ties(person_id, first),
            **gathering.limits(self.round.options),
        )  # fmt: skip

    def _given_to(self, agents: range) -> list[int]:
        """The places the plan gives them; what became of these is no engagement beside."""
        chosen = self.stored.instance
        here = self.stored.plan.assigned & np.isin(chosen.pair_agent, agents)
        return self.stored.role_key[chosen.pair_role[here]].tolist()

    def _ties(self, person_id: int, first: int) -> NDArray[Any]:
        """What the person asked for, and what they or the body said no to."""
        kinds = ties_of(person_id, self._places)
        rows = np.zeros(len(kinds), TIE)
        for row, (role, kind) in zip(rows, sorted(kinds.items()), strict=True):
            row["agent"], row["role"] = first + int(self._asked["week"][role]), role
            row["kind"] = kind
        return rows


def ties_of(person_id: int, places: list[dict[str, Any]]) -> dict[int, int]:
    """Number of a place -> what ties the person to it; two questions."""
    in_shift, number = numbered(places)
    kinds: dict[int, int] = {}

    def tie(_person: int, role: int, kind: int) -> None:
        if role in number:
            kinds[number[role]] = kinds.get(number[role], 0) | kind

    asked = Application.objects.filter(person=person_id, shift__in=list(in_shift))
    gathering.tie_to_asked(gathering.asked_for(asked), in_shift, tie)
    refused = Proposal.objects.filter(person=person_id, status="rejected")
    for role in refused.values_list("shift_role_id", flat=True):
        tie(person_id, role, BARRED)
    return kinds


def numbered(places: list[dict[str, Any]]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Shift -> keys of its places; key of a place -> its number."""
    in_shift: dict[int, list[int]] = {}
    for each in places:
        in_shift.setdefault(each["shift_id"], []).append(each["pk"])
    return in_shift, {each["pk"]: n for n, each in enumerate(places)}
