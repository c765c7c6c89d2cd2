"""Who may do what, judged anew: a stored plan against the rows its pairs were found among.

Numpy alone, one person after another: none of the code that found the pairs. It can be done as
long as these rows are what they were. People and places come to say other things, seats are
taken, and no copy of what people said is kept with a plan.
"""

from dataclasses import dataclass

import numpy as np

from takatuf.engine.matching.single import judge
from takatuf.placement.models import Round, RoundPlan
from takatuf.placement.rounds.gathering import Gathered, gather
from takatuf.placement.rounds.storing import Stored, unpacked

TOLERANCE = 1.0  # points: prices are fractions


@dataclass(frozen=True, kw_only=True)
class Anew:
    """:param fitting: pairs of a person's week and a place that every rule allows.
    :param left_out: how many of them the plan does not list, for they are worth too little.
    :param faults: what is wrong, in English sentences.
    """

    fitting: int
    left_out: int
    faults: list[str]


def judged_anew(matching_round: Round) -> Anew | None:
    """None where the rows are no longer those the plan was made from.

    :raises Malformed: where the plan's arrays cannot be read.
    """
    plan = RoundPlan.objects.get(round=matching_round)
    stored = unpacked(plan.arrays)
    matching_round.options = plan.options
    gathered = gather(matching_round, at=plan.solved_at, own=stored.own)
    return _judged(gathered, stored) if gathered.digest() == stored.gathered else None


def _judged(gathered: Gathered, stored: Stored) -> Anew:
    chosen, price = stored.instance, stored.plan.price
    order = np.argsort(chosen.pair_agent, kind="stable")
    begin = np.searchsorted(chosen.pair_agent[order], np.arange(chosen.agents + 1))
    fitting = left_out = strange = other = worth_it = 0
    for agent in range(chosen.agents):
        pairs = order[begin[agent] : begin[agent + 1]]
        judged, listed = judge(gathered.region, agent), chosen.pair_role[pairs]
        fits = judged.unmet < 0
        strange += int((~fits[listed]).sum())
        other += int((judged.score[listed] != chosen.pair_score[pairs])[fits[listed]].sum())
        fitting += int(fits.sum())
        fits[listed] = False
        worth = judged.score[fits] - chosen.agent_size[agent] * price[fits]
        left_out += int(fits.sum())
        worth_it += int((worth > TOLERANCE).sum())
    counted = (
        (strange, "pairs of the plan are against a rule"),
        (other, "pairs of the plan have other points than they are worth"),
        (worth_it, "pairs that are worth more than their place's price are not in the plan"),
    )
    faults = [f"{count} {what}" for count, what in counted if count]
    return Anew(fitting=fitting, left_out=left_out, faults=faults)
