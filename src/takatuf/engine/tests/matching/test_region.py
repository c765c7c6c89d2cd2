"""From rows of people and places to pairs and plans, against a slow, plain reading of the rules."""

import math
from dataclasses import replace

import numpy as np
import pytest

from takatuf.engine.matching import planning
from takatuf.engine.matching.index import index_of, pairs_of
from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.planning import plan_region
from takatuf.engine.matching.region import (
    APPLIED,
    BARRED,
    INCUMBENT,
    LOCKED,
    NO_DAY,
    NO_SKILL,
    PERSON,
    TIE,
    Region,
)
from takatuf.engine.matching.verifying import broken_rules
from takatuf.engine.tests.matching.exact import optimum
from takatuf.engine.tests.matching.regions import fitting, scattered

SEEDS = range(12)


def plainly(region: Region) -> dict[tuple[int, int], int]:
    """Every eligible pair and its score, by loops over everything."""
    found = {}
    for a in range(len(region.people)):
        for r in range(len(region.asked)):
            score = _score(region, a, r)
            if score is not None:
                found[a, r] = score
    return found


def _score(region: Region, a: int, r: int) -> int | None:
    p, q, w = region.people[a], region.asked[r], region.weights
    mine = region.grants[region.grants["agent"] == a]
    tie = region.ties[(region.ties["agent"] == a) & (region.ties["role"] == r)]
    kind = int(tie["kind"][0]) if len(tie) else 0
    enough = [
        g for g in mine
        if g["skill"] == q["skill"] and g["level"] >= q["level"]
        and g["basis"] >= q["basis"] and g["until"] >= q["day"]
    ]  # fmt: skip
    holds = ((mine["skill"] == q["credential"]) & (mine["until"] >= q["day"])).any()
    squared = int(p["x"] - q["x"]) ** 2 + int(p["y"] - q["y"]) ** 2
    asked_for = bool(kind & APPLIED)
    if not (
        not kind & BARRED
        and p["week"] == q["week"]
        and p["born"] != NO_DAY
        and q["born_after"] < p["born"] <= q["born_by"]
        and (p["born"] <= q["minor_after"] or p["consent_until"] > q["day"])
        and (q["gender"] == 0 or p["gender"] == q["gender"])
        and int(q["languages"]) & ~int(p["languages"]) == 0
        and (q["skill"] == NO_SKILL or enough)
        and (q["credential"] == NO_SKILL or holds)
        and (q["anywhere"] or asked_for or squared <= int(p["reach"]) ** 2)
        and (asked_for or int(q["cells"]) & ~int(p["free"]) == 0)
        and q["end"] - q["start"] <= p["cap"]
        and not _engaged(region, a, q)
    ):
        return None
    tenths = w.base + int(q["priority"])
    tenths += w.cause if int(p["causes"]) & int(q["causes"]) else 0
    if q["skill"] != NO_SKILL:
        tenths += max(w.fit - w.surplus * int(g["level"] - q["level"]) for g in enough)
    tenths -= 0 if q["anywhere"] else int(w.away * math.sqrt(squared) / 10)
    tenths += (w.applied if asked_for else 0) + (w.stay if kind & INCUMBENT else 0)
    recent = int(p["recent"])
    tenths += w.rest * max(0, 2400 - recent) // 2400
    return max(1, 100 * tenths + 99 - min(99, recent // 60))


def _engaged(region: Region, a: int, q) -> bool:
    today = q["end"] - q["start"]
    for b in region.busy[region.busy["agent"] == a]:
        same_day = b["start"] // 1440 == q["start"] // 1440
        away = math.hypot(int(b["x"]) - int(q["x"]), int(b["y"]) - int(q["y"])) / 10
        way = 0 if b["anywhere"] or q["anywhere"] else math.ceil(region.pace * away)
        gap = region.buffer + way
        gap = gap if same_day else max(gap, region.rest)
        if q["start"] < b["end"] + gap and b["start"] < q["end"] + gap:
            return True
        today += b["end"] - b["start"] if same_day else 0
    return 0 < region.day_cap < today


def as_dict(pairs) -> dict[tuple[int, int], int]:
    keys = list(zip(pairs.agent.tolist(), pairs.role.tolist(), strict=True))
    assert len(keys) == len(set(keys)), "a pair is listed twice"
    return dict(zip(keys, pairs.score.tolist(), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_index_finds_what_loops_over_everything_find(seed):
    ruled = {"day_cap": 240, "rest": 600} if seed % 2 else {"pace": seed % 4}
    region = scattered(seed, **ruled)
    expected = plainly(region)
    assert len(expected) > 10
    assert as_dict(pairs_of(region, index_of(region))) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_floor_leaves_out_what_is_not_above_it_but_for_ties(seed):
    region, random = scattered(seed), np.random.default_rng(seed)
    floor = random.integers(90_000, 150_000, len(region.asked)).astype(float)
    tied = {(int(t["agent"]), int(t["role"])) for t in region.ties}
    expected = {
        pair: score for pair, score in plainly(region).items()
        if score > floor[pair[1]] or pair in tied
    }  # fmt: skip
    assert as_dict(pairs_of(region, index_of(region), floor=floor)) == expected


def test_a_sample_is_some_of_the_pairs_and_changes_with_the_phase():
    region = scattered(3, agents=400)
    index, everything = index_of(region), plainly(region)
    every = np.full(len(region.asked), 3)
    samples = [as_dict(pairs_of(region, index, every=every, phase=n)) for n in range(3)]
    for sample in samples:
        assert sample.items() <= everything.items()
        assert 0 < len(sample) < len(everything)
    assert samples[0] != samples[1]
    joined = samples[0] | samples[1] | samples[2]
    assert joined == everything, "three phases of every third entry see everybody"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_by_price_is_bound_over_all_pairs(seed):
    region = scattered(seed, agents=200, roles=10)
    listed = plan_region(region, gap=0.0, seed=seed)
    priced = plan_region(region, gap=0.0, seed=seed, listed=0)
    best = optimum(listed.instance)
    for planned in (listed, priced):
        assert not broken_rules(planned.instance, planned.plan.assigned)
        assert planned.plan.objective <= best <= planned.plan.bound + 1
    assert priced.plan.objective >= 0.97 * best


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_by_the_prices_of_finer_and_finer_samples_is_bound_over_all_pairs(
    seed, monkeypatch
):
    for name in ("SEATS_SAMPLED", "LEAST_SAMPLED", "TRIED", "FINE_ENOUGH"):
        monkeypatch.setattr(planning, name, 1)
    monkeypatch.setattr(planning, "FINER", 3)
    region = scattered(seed, agents=200, roles=10)
    best = optimum(plan_region(region, gap=0.0, seed=seed).instance)

    sampled = plan_region(region, gap=0.0, seed=seed, listed=0)

    assert not broken_rules(sampled.instance, sampled.plan.assigned)
    assert 0.97 * best <= sampled.plan.objective <= best <= sampled.plan.bound + 1


def test_locked_ties_stay_whatever_the_rules_say():
    region = scattered(5)
    everything, taken = plainly(region), {}
    for a, r in sorted(everything):
        if a not in taken.values() and r not in taken:
            taken[r] = a
    ties = np.zeros(len(taken), TIE)
    ties["role"], ties["agent"], ties["kind"] = list(taken), list(taken.values()), LOCKED
    planned = plan_region(replace(region, ties=ties), gap=0.0)
    held = set(zip(planned.agent.tolist(), planned.role.tolist(), strict=True))
    assert {(a, r) for r, a in taken.items()} <= held


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_without_a_place_is_worth_more_than_who_sits_there(seed):
    region = scattered(seed, agents=120, roles=8)
    planned = plan_region(region, gap=1.0, seed=seed)
    holds = np.bincount(planned.agent, minlength=len(region.people))
    sitting = list(zip(planned.agent, planned.role, planned.score, strict=True))
    spread, begun = region.spread * 100, region.people["begun"]
    of_week = holds + begun
    for (a, r), score in plainly(region).items():
        if holds[a]:
            continue
        gain = score - spread * begun[a]
        lost = [int(s) - spread * (of_week[b] > 1) for b, role, s in sitting if role == r]
        assert len(lost) == region.asked["maximum"][r] or gain <= 0
        assert not lost or gain <= min(lost)


def test_of_two_who_are_worth_the_same_the_one_with_fewer_recent_hours_comes():
    person, place, grant = fitting()
    for tired, rested in ((0, 1), (1, 0)):
        people, grants = np.repeat(person, 2), np.repeat(grant, 2)
        grants["agent"] = [0, 1]
        people["recent"][tired], people["recent"][rested] = 3000 + 60, 3000
        planned = plan_region(Region(people=people, asked=place, grants=grants))
        assert planned.agent.tolist() == [rested]


def test_a_team_comes_whole_or_not_at_all():
    person, place, grant = fitting(maximum=3)
    person["size"] = 4
    assert not len(plan_region(Region(people=person, asked=place, grants=grant)).agent)
    place["maximum"] = 4
    planned = plan_region(Region(people=person, asked=place, grants=grant))
    assert planned.agent.tolist() == [0]


@pytest.mark.parametrize("empty", ["people", "asked"])
def test_an_empty_region_has_an_empty_plan(empty):
    region = scattered(1)
    nothing = {
        "people": region.people[:0],
        "grants": region.grants[:0],
        "busy": region.busy[:0],
    }
    kept = nothing if empty == "people" else {"asked": region.asked[:0]}
    planned = plan_region(replace(region, ties=region.ties[:0], **kept))
    assert not len(planned.agent)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda r: replace(r, people=np.zeros(3)), "people are not rows of their kind"),
        (lambda r: replace(r, people=r.people[:4]), "agent number"),
        (lambda r: replace(r, ties=np.repeat(r.ties[:1], 2)), "twice"),
        (lambda r: replace(r, asked=_with(r.asked, "end", 0)), "does not end after it starts"),
        (lambda r: replace(r, asked=_with(r.asked, "week", 9)), "outside the week"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(change, sentence):
    with pytest.raises(Malformed, match=sentence):
        change(scattered(1))


def _with(rows, name, value):
    rows = rows.copy()
    rows[name] = value
    return rows


def test_people_have_no_week_beyond_the_horizon_to_fall_into():
    person, place, grant = fitting()
    people = np.concatenate((person, person))
    people["week"] = [5, 0]
    grant["agent"] = 1
    assert people.dtype == PERSON
    planned = plan_region(Region(people=people, asked=place, grants=grant))
    assert planned.agent.tolist() == [1]
