"""Why somebody was chosen for a place, or was not, and what would change it. Numpy alone: pages
ask it too.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.instance import MINUTES_A_DAY
from takatuf.engine.matching.plan import RegionPlan
from takatuf.engine.matching.region import FINE, GRANT, NO_DAY, Region
from takatuf.engine.matching.single import RULES, Judged, apart2, judge, ways


class Kind(StrEnum):
    """What decided."""

    CHOSEN = "chosen"  # the plan gives the place
    RULE = "rule"  # a rule stands against it
    ENGAGED = (
        "engaged"  # the plan gives places that do not go with this one, and are worth more
    )
    OUTBID = "outbid"  # whoever sits there is worth more
    KEPT = "kept"  # the seats are all promised, or held by teams
    SPREAD = (
        "spread"  # has a place of the week already: another is not worth what sharing out is
    )
    OPEN = "open"  # could have come: the plan is good to its gap, not beyond


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would meet a rule: a person's (or grant's) field and the value it would need."""

    field: str
    value: int
    skill: int | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer about one agent and one role; points are in the score's steps.

    :param rule: the name of the first rule that is not met.
    :param change: what would meet it; None where nothing the person can do would.
    :param points: what the agent is worth in the role, None where a rule stands against it.
    :param price: what it takes: the worth of the weakest who sits there.
    :param instead: roles the plan gives the agent that do not go with this one.
    """

    kind: Kind
    rule: str = ""
    change: Change | None = None
    points: int | None = None
    price: int | None = None
    instead: tuple[int, ...] = ()

    @property
    def short(self) -> int:
        """How many points are missing to sit there, 1 or more; 0 where points do not decide."""
        if self.kind != Kind.OUTBID or self.points is None or self.price is None:
            return 0
        return self.price - self.points + 1


class Explainer:
    """Answers about one plan of one region."""

    def __init__(self, region: Region, planned: RegionPlan) -> None:
        self.region = region
        self._judged: dict[int, Judged] = {}  # the last agent asked about
        agent, role, points = planned.agent, planned.role, planned.score
        locked = planned.instance.pair_locked[planned.plan.assigned]
        order = np.argsort(role, kind="stable")
        self.agent, self.role = agent[order], role[order]
        self.points, self.locked = points[order].astype(np.int64), locked[order]
        self.begin = np.searchsorted(self.role, np.arange(len(region.asked) + 1))
        self.by_agent = np.argsort(self.agent, kind="stable")
        self.agents = self.agent[self.by_agent]
        self.holds = np.bincount(self.agent, minlength=len(region.people))
        self.holds += region.people["begun"]

    def explain(self, agent: int, role: int) -> Answer:
        """:raises IndexError: where there is no such agent or role"""
        judged = self.judged(agent)
        if not 0 <= role < len(self.region.asked):
            raise IndexError(f"There is no role {role}.")
        held, points = self.held_by(agent), int(judged.score[role])
        if role in held:
            return Answer(kind=Kind.CHOSEN, points=points, price=self._weakest(role))
        if judged.unmet[role] >= 0:
            name = RULES[judged.unmet[role]]
            change = self._change(name, self.region.people[agent], role)
            return Answer(kind=Kind.RULE, rule=name, change=change)
        return self._among_the_eligible(agent, role, held, points)

    def held_by(self, agent: int) -> tuple[int, ...]:
        """The roles the plan gives an agent."""
        first, last = np.searchsorted(self.agents, (agent, agent + 1))
        return tuple(int(r) for r in self.role[self.by_agent[first:last]])

    def _among_the_eligible(
        self, agent: int, role: int, held: tuple[int, ...], points: int
    ) -> Answer:
        if instead := self._in_the_way(agent, role, held):
            return Answer(kind=Kind.ENGAGED, points=points, instead=instead)
        begun = self.region.people["begun"][agent]
        spread = self.region.spread * FINE if held or begun else 0
        size = int(self.region.people["size"][agent])
        sitting = self.agent[self.begin[role] : self.begin[role + 1]]
        heads = int(self.region.people["size"][sitting].sum())
        if heads + size <= self.region.asked["maximum"][role]:
            kind = Kind.OPEN if points > spread else Kind.SPREAD
            return Answer(kind=kind, points=points)
        weakest = self._weakest(role)
        if weakest is None or size > 1:
            return Answer(kind=Kind.KEPT, points=points)
        kind = Kind.OUTBID if points - spread <= weakest else Kind.OPEN
        return Answer(kind=kind, points=points, price=weakest + spread)

    def judged(self, agent: int) -> Judged:
        """All places as this agent sees them.

        :raises IndexError: where there is no such agent.
        """
        if agent not in self._judged:
            self._judged = {agent: judge(self.region, agent)}
        return self._judged[agent]

    def _weakest(self, role: int) -> int | None:
        """What the plan would lose with the person it could best do without there."""
        here = slice(self.begin[role], self.begin[role + 1])
        agent = self.agent[here]
        free = ~self.locked[here] & (self.region.people["size"][agent] == 1)
        lost = self.points[here] - self.region.spread * FINE * (self.holds[agent] > 1)
        return int(lost[free].min()) if free.any() else None

    def _in_the_way(self, agent: int, role: int, held: tuple[int, ...]) -> tuple[int, ...]:
        """The held roles that do not go with this one: by time, or all where hours run out."""
        region, asked = self.region, self.region.asked
        r, length = asked[role], int(asked[role]["end"] - asked[role]["start"])
        clashing, same_day = [], []
        for other in held:
            o = asked[other]
            today = o["start"] // MINUTES_A_DAY == r["start"] // MINUTES_A_DAY
            apart = region.buffer + int(ways(region, o, r))
            gap = apart if today else max(apart, region.rest)
            if r["start"] < o["end"] + gap and o["start"] < r["end"] + gap:
                clashing.append(other)
            if today:
                same_day.append(other)
        if clashing:
            return tuple(clashing)
        minutes = asked["end"] - asked["start"]
        if length + int(minutes[list(held)].sum()) > region.people["cap"][agent]:
            return held
        if 0 < region.day_cap < length + int(minutes[same_day].sum()):
            return tuple(same_day)
        return ()

    def _change(self, rule: str, e: Any, role: int) -> Change | None:
        r = self.region.asked[role]
        skill = int(r["skill"])
        needed = {
            "guardian": ("consent_until", int(r["day"]) + 1, None),
            "language": ("languages", int(r["languages"]), None),
            "skill": ("level", int(r["level"]), skill),
            "level": ("level", int(r["level"]), skill),
            "basis": ("basis", int(r["basis"]), skill),
            "expiry": ("until", int(r["day"]), skill),
            "credential": ("until", int(r["day"]), int(r["credential"])),
            "reach": ("reach", int(np.ceil(np.sqrt(float(apart2(e, r))))), None),
            "times": ("free", int(r["cells"]), None),
            "hours": ("cap", int(r["end"] - r["start"]), None),
        }.get(rule)
        if rule == "age" and e["born"] == NO_DAY:
            needed = ("born", int(r["born_by"]), None)
        if rule == "gender" and e["gender"] == 0:
            needed = ("gender", int(r["gender"]), None)
        if needed is None:
            return None
        return Change(field=needed[0], value=needed[1], skill=needed[2])


def explain(region: Region, planned: RegionPlan, agent: int, role: int) -> Answer:
    """One answer; for several of one plan, keep an ``Explainer``."""
    return Explainer(region, planned).explain(agent, role)


def with_change(region: Region, agent: int, change: Change) -> Region:
    """The region in which one agent has changed so; a bit mask gains bits, nothing is lost."""
    if change.skill is not None:
        return replace(region, grants=_with_grant(region, agent, change))
    people = region.people.copy()
    if change.field in {"languages", "free"}:
        people[change.field][agent] |= np.uint64(change.value)
    else:
        people[change.field][agent] = change.value
    return replace(region, people=people)


def _with_grant(region: Region, agent: int, change: Change) -> NDArray[Any]:
    grants = region.grants.copy()
    mine = (grants["agent"] == agent) & (grants["skill"] == change.skill)
    if mine.any():
        grants[change.field][mine] = np.maximum(grants[change.field][mine], change.value)
        return grants
    new = np.zeros(1, GRANT)
    new["agent"], new["skill"], new["until"] = agent, change.skill, 2**31 - 1
    new["basis"] = region.asked["basis"].max(initial=0)
    new[change.field] = change.value
    return np.concatenate((grants, new))
