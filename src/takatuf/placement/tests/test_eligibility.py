"""Every rule, one by one, and in which words it answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from takatuf.placement import eligibility
from takatuf.placement.eligibility import judge, parts_of, requirements
from takatuf.placement.tests.judged import (
    BOTH,
    HERE,
    LICENSED,
    NOW,
    PERSON,
    PLACE,
    SKILLED,
    START,
    THERE,
    busy,
    drives,
    grant,
)

pytestmark = pytest.mark.usefixtures("in_english")


def answer_of(rule, person, place):
    answers = {a.rule: a for a in judge(person, place, at=NOW).answers}
    return answers.get(rule)


def test_a_grown_up_with_a_profile_fits_a_general_place():
    assert judge(PERSON, PLACE, at=NOW).eligible


def after(minutes):
    return PLACE.ends_at + timedelta(minutes=minutes)


def before(minutes):
    """Of what lasts two hours."""
    return START - timedelta(hours=2, minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "where", "words"),
    [(0, None, "kept for you at that time"), (31, THERE, "offered to you")],
)
def test_a_place_only_offered_is_not_called_ones_own(minutes, where, words):
    had = busy(after(minutes), spot=where)
    own, offered = (
        answer_of("clash", replace(PERSON, engagements=(each,)), replace(PLACE, spot=HERE))
        for each in (had, replace(had, offered=True))
    )

    assert words in offered.sentence
    assert words not in own.sentence


@pytest.mark.parametrize("reason", ["A men's ward", "A men's ward. "])
@pytest.mark.parametrize("person", ["male", "female", ""])
def test_a_reason_ends_with_one_stop_whoever_wrote_it_with_one(reason, person):
    place = replace(PLACE, gender_rule="men", gender_reason=reason)
    answer = answer_of("gender", replace(PERSON, gender=person), place)

    for words in (answer.sentence, requirements(place)[-1]):
        assert "A men's ward" in words
        assert words.endswith(".")
        assert ".." not in words
        assert ".)" not in words


MINOR = {"age": 16}
YOUNG_PLACE = {"min_age": 15}
# rule, what the person is, what the place asks, met (None: the rule has nothing to say)
TABLE = [
    ("open", {}, {}, None),
    ("open", {}, {"starts_at": NOW}, False),
    ("open", {}, {"stands": False}, False),
    ("open", {"invited": True}, {"stands": False}, False),
    ("open", {}, {"paused": True}, False),
    ("open", {"invited": True}, {"paused": True}, None),
    ("open", {}, {"confirmed_until": NOW.date() - timedelta(days=1)}, False),
    ("open", {}, {"confirmed_until": NOW.date()}, None),
    ("open", {"invited": True}, {"confirmed_until": NOW.date() - timedelta(days=1)}, None),
    ("invitation", {}, {}, None),
    ("invitation", {}, {"by_invitation": True}, False),
    ("invitation", {"invited": True}, {"by_invitation": True}, True),
    ("profile", {}, {}, None),
    ("profile", {"has_profile": False}, {}, False),
    ("charter", {}, {}, True),
    ("charter", {"charter_accepted": False}, {}, False),
    ("age", {"age": 18}, {}, True),
    ("age", {"age": 17}, {}, False),
    ("age", {"age": None}, {}, False),
    ("age", {"age": 40}, {"max_age": 40}, True),
    ("age", {"age": 41}, {"max_age": 40}, False),
    ("guardian", {}, {}, None),
    ("guardian", MINOR, YOUNG_PLACE, False),
    ("guardian", {**MINOR, "consent_given": True}, YOUNG_PLACE, True),
    ("guardian", {"age": None}, YOUNG_PLACE, None),
    ("guardian", MINOR, {}, None),
    ("guardian", {"age": 17}, {"min_age": 12, "max_age": 16}, None),
    ("covenant", {}, {}, None),
    ("covenant", MINOR, YOUNG_PLACE, False),
    ("covenant", MINOR, {}, None),
    ("covenant", {"age": None}, YOUNG_PLACE, None),
    ("covenant", {**MINOR, "covenant_signed": True}, YOUNG_PLACE, True),
    ("gender", {}, {}, None),
    ("gender", {}, {"gender_rule": "women", "gender_reason": "قسم نسائي"}, True),
    ("gender", {"gender": "male"}, {"gender_rule": "women", "gender_reason": "x"}, False),
    ("gender", {"gender": ""}, {"gender_rule": "women", "gender_reason": "x"}, False),
    ("gender", {"gender": "male"}, {"gender_rule": "men", "gender_reason": "x"}, True),
    ("skill", {}, {}, None),
    ("skill", {}, SKILLED, False),
    ("skill", {"grants": (grant(),)}, SKILLED, True),
    ("skill", {"grants": (grant(level=1),)}, SKILLED, False),
    ("skill", {"grants": (grant(basis="declared"),)}, SKILLED, False),
    ("skill", {"grants": (grant(basis="evidenced"),)}, SKILLED, True),
    ("skill", {"grants": (grant(skill_id=8),)}, SKILLED, False),
    ("skill", {"grants": (grant(valid_until=date(2026, 11, 29)),)}, SKILLED, True),
    ("skill", {"grants": (grant(valid_until=date(2026, 11, 28)),)}, SKILLED, False),
    ("skill", {"grants": (grant(level=1), grant(level=3))}, SKILLED, True),
    ("credential", {"grants": (grant(),)}, SKILLED, None),
    ("credential", {"grants": (grant(),)}, BOTH, False),
    ("credential", {"grants": (grant(), drives())}, BOTH, True),
    ("credential", {"grants": (drives(valid_until=date(2026, 11, 29)),)}, BOTH, True),
    ("credential", {"grants": (drives(valid_until=date(2026, 11, 28)),)}, BOTH, False),
    ("credential", {"grants": (drives(), drives(basis="course"))}, LICENSED, False),
    ("credential", {"grants": (drives(basis="licence"),)}, LICENSED, True),
    ("language", {}, {}, None),
    ("language", {}, {"languages": frozenset({"ar"})}, True),
    ("language", {}, {"languages": frozenset({"ar", "sgn-sa"})}, False),
    ("clash", {}, {}, True),
    ("clash", {"engagements": (busy(START + timedelta(hours=1)),)}, {}, False),
    ("clash", {"engagements": (busy(START + timedelta(hours=3, minutes=29)),)}, {}, False),
    ("clash", {"engagements": (busy(START + timedelta(hours=3, minutes=30)),)}, {}, True),
    ("clash", {"engagements": (busy(START - timedelta(hours=2, minutes=29)),)}, {}, False),
    ("clash", {"engagements": (busy(START - timedelta(hours=2, minutes=30)),)}, {}, True),
    ("clash", {"engagements": (busy(START, shift_id=1),)}, {}, True),
    ("clash", {"engagements": (busy(after(29), spot=HERE),)}, {"spot": HERE}, False),
    ("clash", {"engagements": (busy(after(30), spot=HERE),)}, {"spot": HERE}, True),
    ("clash", {"engagements": (busy(after(129), spot=THERE),)}, {"spot": HERE}, False),
    ("clash", {"engagements": (busy(after(130), spot=THERE),)}, {"spot": HERE}, True),
    ("clash", {"engagements": (busy(before(129), spot=THERE),)}, {"spot": HERE}, False),
    ("clash", {"engagements": (busy(before(130), spot=THERE),)}, {"spot": HERE}, True),
    ("clash", {"engagements": (busy(after(30), spot=THERE),)}, {"spot": None}, True),
    ("clash", {"engagements": (busy(after(30)),)}, {"spot": HERE}, True),
    ("week", {}, {}, True),
    ("week", {"minutes_in_week": 420}, {}, True),
    ("week", {"minutes_in_week": 421}, {}, False),
    ("times", {}, {}, None),
    ("times", {"free": frozenset({(0, "morning")})}, {}, True),
    ("times", {"free": frozenset({(1, "morning")})}, {}, False),
    ("times", {"free": frozenset({(0, "evening")})}, {}, False),
]


@pytest.mark.parametrize(("rule", "person", "place", "met"), TABLE)
def test_each_rule_answers_as_the_table_says(rule, person, place, met):
    answer = answer_of(rule, replace(PERSON, **person), replace(PLACE, **place))

    assert (answer.met if answer else None) is met
    if met is False:
        assert answer.sentence


def test_the_table_asks_every_rule_for_a_yes_or_silence_and_a_no():
    asked = {(rule, met is False) for rule, _person, _place, met in TABLE}
    assert asked == {(rule.name, no) for rule in eligibility.RULES for no in (False, True)}


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((), "Saying so in the profile is not enough"),
        ((grant(level=1),), "yours is lower"),
        ((grant(basis="declared"),), "needs stronger proof here: Seen by a body"),
        ((grant(valid_until=date(2026, 11, 28)),), "will have expired by then"),
        ((grant(level=1, basis="declared"),), "and valid on the day"),
        ((grant(level=1, basis="declared"), grant(level=1)), "yours is lower"),
    ],
)
def test_a_missing_skill_is_told_by_its_nearest_grant(held, words):
    answer = answer_of("skill", replace(PERSON, grants=held), replace(PLACE, **SKILLED))
    assert words in answer.sentence


@pytest.mark.parametrize(
    ("held", "place", "words", "mend"),
    [
        ((), BOTH, "Asks for Driving too. Add it", "skills"),
        ((), LICENSED, "Asks for Driving too, by its licence", "proof"),
        ((drives(),), LICENSED, "stronger proof here: Professional licence", "proof"),
        ((drives(valid_until=date(2026, 11, 28)),), BOTH, "Renew it first", "skills"),
    ],
)
def test_a_missing_second_skill_is_told_with_what_would_meet_it(held, place, words, mend):
    answer = answer_of("credential", replace(PERSON, grants=held), replace(PLACE, **place))
    assert words in answer.sentence
    assert answer.mend == mend


def test_times_are_worth_saying_but_refuse_nobody():
    verdict = judge(replace(PERSON, free=frozenset({(4, "evening")})), PLACE, at=NOW)

    assert verdict.eligible
    assert verdict.first_obstacle is None
    assert [remark.rule for remark in verdict.remarks] == ["times"]


@pytest.mark.parametrize(
    ("start", "hours", "cells"),
    [
        (datetime(2026, 11, 29, 6, tzinfo=UTC), 3, {(0, "morning")}),
        (datetime(2026, 11, 29, 6, tzinfo=UTC), 4, {(0, "morning"), (0, "afternoon")}),
        (datetime(2026, 11, 29, 21, tzinfo=UTC), 2, set()),  # Monday, 00:00 to 02:00
        (datetime(2026, 11, 28, 19, tzinfo=UTC), 9, {(6, "evening"), (0, "morning")}),
    ],
)
def test_a_shift_touches_the_parts_of_the_day_it_runs_through(start, hours, cells):
    assert parts_of(start, start + timedelta(hours=hours)) == cells


def test_what_a_place_asks_is_said_plainly_to_a_visitor():
    place = replace(
        PLACE, **LICENSED, min_age=16, max_age=60, gender_rule="women", gender_reason="قسم نسائي",
        languages=frozenset({"sgn-sa"}), by_invitation=True,
    )  # fmt: skip

    assert requirements(place) == [
        "Ages 16 to 60.",
        "Under 18: a guardian's consent first, then the volunteer signs the covenant.",
        "For women: قسم نسائي.",
        "Speaks: Saudi sign language.",
        "First aid, Medium or better; proof: Seen by a body.",
        "Driving too, by its licence, valid on the day.",
        "The body invites people to this one itself.",
    ]
