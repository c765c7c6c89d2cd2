"""What pages say about one person is what the kernels say: asked of every pair of a region."""

import numpy as np
import pytest

from takatuf.engine.matching import eligibility, single
from takatuf.engine.matching.eligibility import ENTRY, entry_for, unmet
from takatuf.engine.matching.index import settings_of
from takatuf.engine.matching.region import FINE, Weights
from takatuf.engine.matching.scoring import applied, away, cause, fit, lasting, score, stays
from takatuf.engine.tests.matching.regions import scattered


def test_the_rules_have_the_same_names_in_the_same_order():
    assert tuple(rule.name for rule in eligibility.RULES) == single.RULES


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"pace": 3},
        {"buffer": 0, "day_cap": 300, "rest": 700, "weights": Weights(away=37, surplus=90)},
    ],
)
def test_every_pair_is_judged_alike(seed, settings):
    region = scattered(seed, agents=120, roles=25, **settings)
    columns, entry = region.columns(), np.zeros(1, ENTRY)
    met = set()
    for a in range(len(region.people)):
        judged = single.judge(region, a)
        for r, role in enumerate(region.asked):
            entry_for(entry[0], columns, a, r, region.tie_of(a, r))
            e, w = entry[0], region.weights
            entry[0]["lasting"] = lasting(e, w)
            first = unmet(columns, entry, r, settings_of(region))
            met.add(first)
            assert judged.unmet[r] == first, (a, r)
            assert judged.score[r] == score(e, role, w), (a, r)
            if first < 0:
                parts = {
                    "applied": applied(e, w), "priority": role["priority"],
                    "cause": cause(e, role, w),
                    "fit": fit(e, role, w), "away": -away(e, role, w),
                    "rest": lasting(e, w) // FINE, "stay": stays(e, w),
                }  # fmt: skip
                assert judged.parts_of(r) == {n: int(p) for n, p in parts.items() if p}
    assert -1 in met
    assert len(met) > 8, "the region has pairs of many kinds"


def test_nobody_is_judged_who_is_not_there():
    with pytest.raises(IndexError, match="no agent 7"):
        single.judge(scattered(1, agents=3, roles=3), 7)
