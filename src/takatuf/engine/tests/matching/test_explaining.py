"""Why not, and what would change it: the change is made, and the answer turns."""

from dataclasses import replace

import numpy as np
import pytest

from takatuf.engine.matching.eligibility import RULES
from takatuf.engine.matching.explaining import Explainer, Kind, explain, with_change
from takatuf.engine.matching.planning import plan_region
from takatuf.engine.matching.region import APPLIED, BARRED, BUSY, NO_DAY, NO_SKILL, TIE, Region
from takatuf.engine.matching.solving import solve
from takatuf.engine.tests.matching.regions import SUNDAY, fitting, scattered

# What is done to the person who fits: (rows, field, value).
BROKEN = {
    "week": ("person", "week", 1),
    "age": ("person", "born", NO_DAY),
    "guardian": ("person", "born", SUNDAY - 17 * 365),
    "gender": ("person", "gender", 0),
    "language": ("person", "languages", 2),
    "skill": ("grant", "skill", 1),
    "level": ("grant", "level", 1),
    "basis": ("grant", "basis", 0),
    "expiry": ("grant", "until", SUNDAY - 1),
    "credential": ("place", "credential", 4),
    "reach": ("person", "reach", 20),
    "times": ("person", "free", 4),
    "hours": ("person", "cap", 100),
}
FINAL = {"week", "barred", "clash"}  # nothing the person could change


def region_with(rule: str | None = None) -> Region:
    person, place, grant = fitting(gender=1)
    more = {}
    if rule == "guardian":
        person["consent_until"] = SUNDAY
    if rule == "barred":
        more["ties"] = np.array([(0, 0, BARRED)], TIE)
    if rule == "clash":
        more["busy"] = np.array([(0, 11 * 60 + 30, 13 * 60, 0, 0, 0)], BUSY)
    if rule in BROKEN:
        rows, field, value = BROKEN[rule]
        {"person": person, "grant": grant, "place": place}[rows][field] = value
    return Region(people=person, asked=place, grants=grant, **more)


def test_who_fits_is_chosen():
    region = region_with()
    answer = explain(region, plan_region(region), 0, 0)
    assert answer.kind == Kind.CHOSEN
    assert answer.points > 0


@pytest.mark.parametrize("rule", [each.name for each in RULES])
def test_every_rule_is_named_and_its_change_turns_the_answer(rule):
    region = region_with(rule)
    planned = plan_region(region)
    answer = explain(region, planned, 0, 0)
    assert (answer.kind, answer.rule) == (Kind.RULE, rule)
    assert not len(planned.agent), "what the explanation says the plan does"
    if rule in FINAL:
        assert answer.change is None
        return
    mended = with_change(region, 0, answer.change)
    assert explain(mended, plan_region(mended), 0, 0).kind == Kind.CHOSEN


def test_what_nobody_can_change_about_themselves_is_not_proposed():
    person, place, grant = fitting(gender=2)
    region = Region(people=person, asked=place, grants=grant)
    assert explain(region, plan_region(region), 0, 0).change is None
    person, place, grant = fitting(born_by=SUNDAY - 50 * 365)
    region = Region(people=person, asked=place, grants=grant)
    assert explain(region, plan_region(region), 0, 0).change is None


def test_whoever_asked_is_not_held_to_times_and_reach():
    for rule in ("times", "reach"):
        region = replace(region_with(rule), ties=np.array([(0, 0, APPLIED)], TIE))
        assert explain(region, plan_region(region), 0, 0).kind == Kind.CHOSEN


def test_who_is_outbid_is_told_by_how_much_and_that_is_exactly_it():
    person, place, _grant = fitting(skill=NO_SKILL, level=0)
    people = np.repeat(person, 2)
    people["recent"] = [0, 2000]
    region = Region(people=people, asked=place)
    planned = plan_region(region)
    answer = explain(region, planned, 1, 0)
    assert answer.kind == Kind.OUTBID
    assert answer.points + answer.short == answer.price + 1
    assert _sits_with(region, answer.short)
    assert not _sits_with(region, answer.short - 1)


def _sits_with(region: Region, more: int) -> bool:
    """Whether the second person gets the place with so many points more."""
    instance = plan_region(region).instance
    score = instance.pair_score.copy()
    score[instance.pair_agent == 1] += more
    raised = replace(instance, pair_score=score)
    assigned = solve(raised, gap=0.0).assigned
    return raised.pair_agent[assigned].tolist() == [1]


def test_who_holds_something_at_that_time_is_told_what():
    person, place, _grant = fitting(skill=NO_SKILL, level=0)
    places = np.repeat(place, 2)
    places["priority"], places["maximum"] = [900, 100], 5
    region = Region(people=person, asked=places)
    answer = explain(region, plan_region(region), 0, 1)
    assert (answer.kind, answer.instead) == (Kind.ENGAGED, (0,))


@pytest.mark.parametrize(
    ("pace", "anywhere", "kind"),
    [(1, 0, Kind.ENGAGED), (0, 0, Kind.CHOSEN), (1, 1, Kind.CHOSEN)],
)
def test_who_holds_something_too_far_away_is_told_what(pace, anywhere, kind):
    """Until eleven here, from noon fifty kilometres off; half an hour is left beside the way."""
    person, place, _grant = fitting(skill=NO_SKILL, level=0, cells=0)
    person["reach"] = 1000
    places = np.repeat(place, 2)
    places["priority"], places["start"][1], places["end"][1] = [900, 500], 720, 780
    places["x"][1], places["anywhere"][1] = 500, anywhere
    region = Region(people=person, asked=places, buffer=30, pace=pace)
    answer = explain(region, plan_region(region), 0, 1)
    assert answer.kind == kind
    assert answer.instead == ((0,) if kind == Kind.ENGAGED else ())


@pytest.mark.parametrize(
    ("x", "pace", "busy"), [(500, 1, True), (300, 1, False), (500, 0, False)]
)
def test_an_engagement_elsewhere_counts_with_the_way_from_it(x, pace, busy):
    person, place, grant = fitting(gender=1)
    held = np.array([(0, 12 * 60, 13 * 60, 0, x, 0)], BUSY)
    region = Region(people=person, asked=place, grants=grant, busy=held, buffer=30, pace=pace)
    answer = explain(region, plan_region(region), 0, 0)
    assert (answer.rule == "clash") is busy


def test_who_holds_enough_hours_is_told_what_fills_them():
    person, place, _grant = fitting(skill=NO_SKILL, level=0, cells=0)
    person["cap"] = 200
    places = np.repeat(place, 2)
    places["priority"], places["start"][1], places["end"][1] = [900, 100], 900, 1020
    region = Region(people=person, asked=places)
    answer = explain(region, plan_region(region), 0, 1)
    assert (answer.kind, answer.instead) == (Kind.ENGAGED, (0,))


def test_a_second_place_may_not_be_worth_what_sharing_out_is():
    person, place, _grant = fitting(skill=NO_SKILL, level=0, cells=0)
    places = np.repeat(place, 2)
    places["start"][1], places["end"][1] = 900, 1020
    region = Region(people=person, asked=places, spread=5000)
    planned = plan_region(region)
    free = 1 - int(planned.role[0])
    assert explain(region, planned, 0, free).kind == Kind.SPREAD


def test_whoever_has_a_place_of_the_week_elsewhere_may_not_be_worth_a_further_one():
    person, place, _grant = fitting(skill=NO_SKILL, level=0, cells=0)
    person["begun"] = 1
    region = Region(people=person, asked=place, spread=5000)
    planned = plan_region(region)
    assert not len(planned.role)
    assert explain(region, planned, 0, 0).kind == Kind.SPREAD
    person["begun"] = 0
    assert len(plan_region(Region(people=person, asked=place, spread=5000)).role) == 1


def test_a_team_or_a_promise_is_not_outbid():
    person, place, _grant = fitting(skill=NO_SKILL, level=0)
    people = np.repeat(person, 2)
    region = Region(people=people, asked=place, ties=np.array([(0, 0, 4)], TIE))
    assert explain(region, plan_region(region), 1, 0).kind == Kind.KEPT


@pytest.mark.parametrize("seed", range(6))
def test_the_answers_of_a_region_are_true(seed):
    """Each pair gets one answer; chosen is who sits there; nobody idle could have come."""
    region = scattered(seed, agents=90, roles=8)
    planned = plan_region(region, seed=seed)
    explainer = Explainer(region, planned)
    sits = set(zip(planned.agent.tolist(), planned.role.tolist(), strict=True))
    idle = set(range(len(region.people))) - {a for a, _r in sits}
    for a in range(len(region.people)):
        for r in range(len(region.asked)):
            answer = explainer.explain(a, r)
            assert (answer.kind == Kind.CHOSEN) == ((a, r) in sits)
            assert answer.kind != Kind.OPEN or a not in idle
            if answer.kind == Kind.RULE and answer.change is not None:
                mended = with_change(region, a, answer.change)
                later = Explainer(mended, planned).explain(a, r)
                assert later.rule != answer.rule


def test_who_does_not_exist_has_no_answer():
    region = region_with()
    with pytest.raises(IndexError, match="no agent 7"):
        explain(region, plan_region(region), 7, 0)
