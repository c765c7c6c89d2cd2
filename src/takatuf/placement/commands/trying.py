"""Working out what a round's plan would be with other settings. Read by workers alone.

Nothing is proposed and nothing of the round changes; run twice, the second finds it done.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.planning import RegionPlan, plan_region
from takatuf.engine.matching.region import FINE, INCUMBENT, Region
from takatuf.engine.matching.single import judge
from takatuf.kernel.sayings import write_down
from takatuf.placement.enums import ProposalStatus, TrialStatus
from takatuf.placement.models import Proposal, Round, RoundTrial
from takatuf.placement.rounds.gathering import Gathered, gather, weights

LOG = logging.getLogger(__name__)
Pairs = set[tuple[int, int]]  # (agent, role)


def try_out(trial_id: int) -> None:
    """Job: gather as the round would, solve with the trial's settings, keep the figures."""
    trial = RoundTrial.objects.select_related("round").get(pk=trial_id)
    found = trial.round
    if trial.status != TrialStatus.WORKING or trial.attempt != found.attempt:
        return
    own, found.options = found.options, trial.options
    gathered = gather(found, at=timezone.now())
    if not gathered.place or not len(gathered.person):
        _end(trial, failure=_("No seat is free any more, or nobody takes part."))
        return
    deadline = _Deadline(seconds=own["seconds"])
    try:
        planned = plan_region(
            gathered.region, gap=trial.options["gap"] / 1000, seed=found.seed, progress=deadline
        )
    except Malformed:
        LOG.exception("trial %s: the engine does not take its inputs", trial_id)
        _end(trial, failure=_("Its inputs contradict each other; the log says where."))
        return
    _end(trial, **_figures(found, gathered, planned, own))


class _Deadline:
    """The engine asks between its steps whether to go on."""

    def __init__(self, *, seconds: int) -> None:
        self.until = timezone.now() + timedelta(seconds=seconds)

    def __call__(self, _objective: int, _bound: float) -> bool:
        return timezone.now() < self.until


def _end(trial: RoundTrial, *, failure: Any = "", **figures: Any) -> None:
    status = TrialStatus.FAILED if failure else TrialStatus.DONE
    words = write_down(failure) if failure else ""
    rows = RoundTrial.objects.filter(pk=trial.pk, status=TrialStatus.WORKING)
    rows.update(status=status, done_at=timezone.now(), failure=words, **figures)


def _figures(
    found: Round, gathered: Gathered, planned: RegionPlan, own: dict[str, int]
) -> dict[str, Any]:
    """Both plans weighed by the round's own settings, and what differs."""
    there = set(zip(planned.agent.tolist(), planned.role.tolist(), strict=True))
    before = _standing(found, gathered)
    region = replace(
        gathered.region, weights=weights(own), spread=own["spread"],
        ties=_without_standing(gathered.region),
    )  # fmt: skip
    return {
        "seats_filled": len(there), "people": _people(there, gathered),
        "people_before": _people(before, gathered),
        "short": int(planned.plan.shortfall.sum()), "moved": len(before - there),
        "points": _worth(region, there), "points_before": _worth(region, before),
        "gap": float(planned.plan.gap),
    }  # fmt: skip


def _without_standing(region: Region) -> NDArray[Any]:
    """What ties people to places, but for standing in the plan: neither is better by that."""
    ties = region.ties.copy()
    ties["kind"] &= ~INCUMBENT
    return ties


def _standing(found: Round, gathered: Gathered) -> Pairs:
    """What the round proposes, of those who still take part."""
    number = {int(key): n for n, key in enumerate(gathered.person)}
    role_of = {each["pk"]: n for n, each in enumerate(gathered.place)}
    week = gathered.region.asked["week"]
    rows = Proposal.objects.filter(round=found, status=ProposalStatus.PROPOSED)
    return {
        (number[person] * gathered.weeks + int(week[role_of[role]]), role_of[role])
        for person, role in rows.values_list("person_id", "shift_role_id")
        if person in number and role in role_of
    }


def _people(pairs: Iterable[tuple[int, int]], gathered: Gathered) -> int:
    return len({agent // gathered.weeks for agent, _role in pairs})


def _worth(region: Region, pairs: Pairs) -> int:
    """Points of the places, less the spread beyond each week's first, less missing heads."""
    held: dict[int, list[int]] = {}
    heads = np.zeros(len(region.asked), np.int64)
    for agent, role in pairs:
        held.setdefault(agent, []).append(role)
        heads[role] += 1
    score = sum(int(judge(region, agent).score[roles].sum()) for agent, roles in held.items())
    spread = (
        region.spread
        * FINE
        * sum(
            len(roles) - 1 + int(region.people["begun"][agent]) for agent, roles in held.items()
        )
    )
    missing = np.maximum(0, region.asked["minimum"] - heads)
    return (
        score - spread - int((missing * region.asked["penalty"].astype(np.int64)).sum()) * FINE
    )
