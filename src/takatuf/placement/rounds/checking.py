"""Is a round what it says? Its stored plan checked without the code that made it, and its rows
in the database against the plan.
"""

from collections.abc import Iterator

import numpy as np

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.plan import heads_of
from takatuf.engine.matching.verifying import faults
from takatuf.placement.models import Proposal, Round, RoundPlace, RoundPlan
from takatuf.placement.rounds.storing import Stored, digest_of, unpacked
from takatuf.registry import queries as registry

NEAR = 1e-6


def faults_of(matching_round: Round) -> list[str]:
    """What is wrong with the round, in English sentences; nothing if it holds."""
    plan = RoundPlan.objects.filter(round=matching_round).first()
    if plan is None:
        return ["no plan is stored with it"]
    try:
        stored = unpacked(plan.arrays)
    except Malformed as error:
        return [f"its arrays are damaged: {error}"]
    found = list(_digest_faults(plan, stored))
    found += faults(stored.instance, stored.plan)
    found += _figure_faults(matching_round, plan, stored)
    found += _place_faults(matching_round, stored)
    return found + list(_proposal_faults(matching_round, stored))


def _digest_faults(plan: RoundPlan, stored: Stored) -> Iterator[str]:
    if digest_of(stored, options=plan.options, seed=plan.seed) != plan.digest:
        yield "its inputs are not those that were digested"


def _figure_faults(matching_round: Round, plan: RoundPlan, stored: Stored) -> Iterator[str]:
    """The figures beside the arrays, on the plan's row and on the round's own."""
    said = {
        "objective": stored.plan.objective, "bound": stored.plan.bound, "gap": stored.plan.gap,
        "seats_filled": int(stored.plan.assigned.sum()),
    }  # fmt: skip
    for name, value in said.items():
        for row in (plan, matching_round):
            shown = getattr(row, name)
            if shown is None or abs(shown - value) > NEAR * max(1.0, abs(value)):
                yield f"{row._meta.verbose_name} says {name} {shown}, the arrays say {value}"


def _place_faults(matching_round: Round, stored: Stored) -> Iterator[str]:
    heads = heads_of(stored.instance, stored.plan.assigned)
    rows = {row.number: row for row in RoundPlace.objects.filter(round=matching_round)}
    if len(rows) != len(stored.role_key):
        yield f"{len(rows)} places are stored for {len(stored.role_key)} roles"
    wrong = [
        row.shift_role_id
        for number, row in rows.items()
        if number >= len(heads)
        or row.shift_role_id != stored.role_key[number]
        or row.filled != heads[number]
        or not np.isclose(row.price, stored.plan.price[number])
    ]
    if wrong:
        yield f"{len(wrong)} places have other prices or heads than the plan"


def _proposal_faults(matching_round: Round, stored: Stored) -> Iterator[str]:
    """The proposals made of the plan are its pairs; a merged person is still one."""
    columns = ("agent", "shift_role_id", "person_id", "score")
    rows = Proposal.objects.filter(round=matching_round, in_plan=True).values_list(*columns)
    kept = {(agent, role): (person, score) for agent, role, person, score in rows}
    planned = {
        (agent, int(stored.role_key[role])): (stored.person_of(agent), score)
        for _pair, agent, role, score in stored.given()
    }
    if missing := len(planned.keys() - kept.keys()):
        yield f"{missing} places of the plan are no proposals"
    if more := len(kept.keys() - planned.keys()):
        yield f"{more} proposals are not in the plan"
    merged = registry.people_merged({person for person, _score in planned.values()})
    other = sum(
        kept[key] != (merged.get(person, person), score)
        for key, (person, score) in planned.items()
        if key in kept
    )
    if other:
        yield f"{other} proposals name another person or score than the plan"
