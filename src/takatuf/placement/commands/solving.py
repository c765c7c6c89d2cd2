"""Working a round out: gathered, solved with progress, stored. Read by workers alone.

Killed anywhere it has changed nothing but the figures of its progress, and is run again. Of two
workers on one round the one that comes second finds the round moved on and changes nothing.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takatuf.engine.matching.eligibility import ENTRY, entry_for
from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.plan import ENGINE_VERSION, gap_between, heads_of
from takatuf.engine.matching.planning import RegionPlan, plan_region
from takatuf.engine.matching.region import APPLIED, FINE, INCUMBENT
from takatuf.engine.matching.scoring import applied, away, cause, fit, lasting, stays
from takatuf.kernel.transitions import change_state
from takatuf.placement import queries
from takatuf.placement.commands.rounds import fail_round
from takatuf.placement.enums import ROUND_STEPS, ProposalStatus, RoundStatus
from takatuf.placement.models import Proposal, Round, RoundPlace, RoundPlan
from takatuf.placement.rounds.gathering import Gathered, gather
from takatuf.placement.rounds.lining import put_in_order
from takatuf.placement.rounds.storing import Stored, digest_of, of_today, packed

TELL_EVERY = 1.0  # seconds between two writes of the progress
LOG = logging.getLogger(__name__)
Tell = Callable[[Round], None]


def work_out(round_id: int, attempt: int, tell: Tell | None = None) -> None:
    """Job: nothing happens if the round is no longer in this attempt.

    :param tell: called with the round after each write of its progress.
    """
    matching_round = Round.objects.filter(
        pk=round_id, attempt=attempt, status=RoundStatus.SOLVING
    ).first()
    if matching_round is None:
        return
    began, progress = time.monotonic(), _Progress(matching_round, tell)
    if not progress.begin():
        return
    gathered = gather(matching_round, at=timezone.now())
    empty = _why_there_is_nothing(gathered)
    if empty or not progress.gathered(gathered):
        _fail(matching_round, empty)
        return
    try:
        planned = plan_region(
            gathered.region, gap=matching_round.options["gap"] / 1000,
            seed=matching_round.seed, progress=progress,
        )  # fmt: skip
    except Malformed:
        LOG.exception("round %s: the engine does not take its inputs", round_id)
        _fail(matching_round, _("Its inputs contradict each other; the log says where."))
        return
    if not progress.moved_on:
        _keep(matching_round, gathered, planned, seconds=time.monotonic() - began)


def _why_there_is_nothing(gathered: Gathered) -> Any:
    if not gathered.place:
        return _("No seat is free in these days and places. Widen the scope.")
    if not len(gathered.person):
        return _("Nobody takes part: nobody asked, and nobody agreed to be proposed.")
    return ""


def _fail(matching_round: Round, why: Any) -> None:
    if not why:
        return
    with transaction.atomic():
        found = queries.lock_round(matching_round.pk)
        if _is_ours(found, matching_round):
            fail_round(found, why, at=timezone.now())


def _is_ours(found: Round, matching_round: Round) -> bool:
    """Neither cancelled nor taken over meanwhile."""
    return found.status == RoundStatus.SOLVING and found.attempt == matching_round.attempt


class _Progress:
    """What the engine reports between its steps: written down now and then, and answered with
    whether to go on. Cancelled or taken over, it stops; its time over, it takes what it has.
    """

    def __init__(self, matching_round: Round, tell: Tell | None) -> None:
        self.round, self.tell = matching_round, tell
        self.moved_on, self.last = False, 0.0

    def begin(self) -> bool:
        """Its time begins now, however long the job waited for its turn."""
        seconds = timedelta(seconds=self.round.options["seconds"])
        self.round.ends_by = timezone.now() + seconds
        return self._put(ends_by=self.round.ends_by)

    def gathered(self, gathered: Gathered) -> bool:
        seats = int(gathered.region.asked["maximum"].sum())
        return self._write(people=len(gathered.person), seats_asked=seats)

    def __call__(self, objective: int, bound: float) -> bool:
        if time.monotonic() - self.last >= TELL_EVERY:
            self.last = time.monotonic()
            gap = min(1.0, gap_between(objective, bound))
            self._write(objective=int(objective), bound=float(bound), gap=gap)
        out_of_time = self.round.ends_by is not None and timezone.now() >= self.round.ends_by
        return not self.moved_on and not out_of_time

    def _write(self, **columns: Any) -> bool:
        if self._put(**columns) and self.tell:
            self.round.refresh_from_db()
            self.tell(self.round)
        return not self.moved_on

    def _put(self, **columns: Any) -> bool:
        ours = Round.objects.filter(
            pk=self.round.pk, attempt=self.round.attempt, status=RoundStatus.SOLVING
        )
        self.moved_on = not ours.update(touched_at=timezone.now(), **columns)
        return not self.moved_on


# ---------------------------------------------------------------- storing
@transaction.atomic
def _keep(
    matching_round: Round, gathered: Gathered, planned: RegionPlan, *, seconds: float
) -> None:
    """The plan, its places and proposals take the place of an earlier attempt's, at once."""
    lines = _hold_lines(gathered)
    found, at = queries.lock_round(matching_round.pk), timezone.now()
    if not _is_ours(found, matching_round):
        return
    stored = Stored(
        instance=planned.instance, plan=planned.plan, person_key=gathered.person,
        role_key=np.array([each["pk"] for each in gathered.place], np.int64),
        weeks=gathered.weeks, gathered=gathered.digest(), own=gathered.own,
    )  # fmt: skip
    now, standing = of_today(stored), _clear(found)
    proposals = _proposals(found, gathered, now, standing, at=at)
    Proposal.objects.bulk_create(proposals, batch_size=1000)
    RoundPlace.objects.bulk_create(_places(found, gathered, stored), batch_size=1000)
    figures: dict[str, Any] = {
        "objective": stored.plan.objective, "bound": float(stored.plan.bound),
        "gap": float(stored.plan.gap), "seats_filled": len(proposals),
        "seats_asked": int(stored.instance.role_max.sum()), "people": len(gathered.person),
        "solved_at": at,
    }  # fmt: skip
    RoundPlan.objects.create(
        round=found, digest=digest_of(stored, options=found.options, seed=found.seed),
        engine_version=ENGINE_VERSION, options=found.options, seed=found.seed,
        arrays=packed(stored), pairs=stored.instance.pairs, seconds=seconds,
        dropped=len(standing - {(p.person_id, p.shift_role_id) for p in proposals}), **figures,
    )  # fmt: skip
    change_state(
        found, RoundStatus.PROPOSED, table=ROUND_STEPS, by=None, at=at, action="solved",
        touched_at=at, **figures,
    )  # fmt: skip
    put_in_order(found, now, lines)


def _hold_lines(gathered: Gathered) -> set[int]:
    """The opportunities where somebody waits for one of the places, locked: the round comes
    after.
    """
    found = queries.with_a_line([each["pk"] for each in gathered.place])
    queries.lock_listings(found)
    return found


def _clear(found: Round) -> set[tuple[int, int]]:
    """Take away an earlier attempt's plan; what stood proposed in it: (person, shift role)."""
    before = Proposal.objects.filter(round=found)
    undecided = before.filter(status=ProposalStatus.PROPOSED)
    standing = set(undecided.values_list("person_id", "shift_role_id"))
    undecided.delete()
    before.update(in_plan=False)  # what was rejected is not of the new plan
    RoundPlace.objects.filter(round=found).delete()
    RoundPlan.objects.filter(round=found).delete()
    return standing


def _places(found: Round, gathered: Gathered, stored: Stored) -> list[RoundPlace]:
    heads = heads_of(stored.instance, stored.plan.assigned)
    return [
        RoundPlace(
            round=found, shift_role_id=each["pk"], body_id=each["body_id"],
            skill_id=each["skill_id"], number=number,
            seats=int(stored.instance.role_max[number]),
            minimum=int(stored.instance.role_min[number]), filled=int(heads[number]),
            price=float(stored.plan.price[number]),
        )
        for number, each in enumerate(gathered.place)
    ]  # fmt: skip


def _proposals(
    found: Round, gathered: Gathered, stored: Stored, standing: set, *, at: datetime
) -> list[Proposal]:
    proposals = []
    for _pair, agent, role, score in stored.given():
        each, person = gathered.place[role], stored.person_of(agent)
        kind = gathered.region.tie_of(agent, role)
        proposals.append(
            Proposal(
                round=found, body_id=each["body_id"], opportunity_id=each["opportunity_id"],
                shift_id=each["shift_id"], shift_role_id=each["pk"], person_id=person,
                agent=agent, score=score, parts=parts_of_score(gathered, agent, role, kind),
                asked=bool(kind & APPLIED), kept=(person, each["pk"]) in standing, made_at=at,
            )
        )  # fmt: skip
    return proposals


def parts_of_score(gathered: Gathered, agent: int, role: int, kind: int) -> Mapping[str, int]:
    """What the score is made of, in points: the base left out, nothing that is 0."""
    region, entry = gathered.region, np.zeros(1, ENTRY)
    entry_for(entry[0], region.columns(), agent, role, kind)
    e, r, w = entry[0], region.asked[role], region.weights
    parts = {
        "applied": applied(e, w), "priority": r["priority"], "cause": cause(e, r, w),
        "fit": fit(e, r, w), "away": -away(e, r, w), "rest": lasting(e, w) // FINE,
        "stay": stays(e, w) if kind & INCUMBENT else 0,
    }  # fmt: skip
    return {name: int(points) for name, points in parts.items() if points}
