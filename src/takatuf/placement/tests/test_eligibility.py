"""Every rule, one by one, and the law they keep together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.placement import eligibility
from takatuf.placement.eligibility import (
    About,
    Applicant,
    Engagement,
    Grant,
    Place,
    judge,
    parts_of,
    requirements,
)
from takatuf.registry.enums import Basis, PartOfDay

pytestmark = pytest.mark.usefixtures("in_english")

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Monday noon in Riyadh
START = datetime(2026, 11, 29, 6, tzinfo=UTC)  # Sunday 09:00 there
FIRST_AID, DRIVING = 7, 9
HERE, THERE = (35_000, 31_000), (35_600, 31_800)  # 100 km apart

PERSON = Applicant(
    age=30,
    gender="female",
    has_profile=True,
    charter_accepted=True,
    consent_given=False,
    covenant_signed=False,
    languages=frozenset({"ar"}),
    grants=(),
    engagements=(),
    weekly_minutes=600,
    minutes_in_week=0,
    free=None,
    invited=False,
)
PLACE = Place(
    shift_id=1,
    starts_at=START,
    ends_at=START + timedelta(hours=3),
    title="غرس شتلات",
    stands=True,
    paused=False,
    confirmed_until=None,
    by_invitation=False,
    min_age=18,
    max_age=None,
    gender_rule="anyone",
    gender_reason="",
    languages=frozenset(),
    skill_id=None,
    skill_name="",
    level=None,
    least_basis="",
)
SKILLED = {
    "skill_id": FIRST_AID,
    "skill_name": "First aid",
    "level": 2,
    "least_basis": "evidenced",
}


BOTH = SKILLED | {"credential_id": DRIVING, "credential_name": "Driving"}
LICENSED = BOTH | {"credential_licensed": True}


def grant(**fields):
    return Grant(
        **{"skill_id": FIRST_AID, "level": 2, "basis": "course", "valid_until": None, **fields}
    )


def drives(**fields):
    return grant(**{"skill_id": DRIVING, "level": 1, "basis": "declared"} | fields)


def busy(start, hours=2, shift_id=9, spot=None):
    return Engagement(
        shift_id=shift_id, starts_at=start, ends_at=start + timedelta(hours=hours), title="عمل",
        spot=spot,
    )  # fmt: skip


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
    ("guardian", {"age": None}, YOUNG_PLACE, False),
    ("covenant", {}, {}, None),
    ("covenant", MINOR, YOUNG_PLACE, False),
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
        "For women: قسم نسائي",
        "Speaks: Saudi sign language.",
        "First aid, Medium or better; proof: Seen by a body.",
        "Driving too, by its licence, valid on the day.",
        "The body invites people to this one itself.",
    ]


# ---------------------------------------------------------------- the law of all rules
ages = st.one_of(st.none(), st.integers(8, 90))
moments = st.integers(-72, 200).map(lambda hours: START + timedelta(hours=hours))
grants = st.builds(
    Grant,
    skill_id=st.sampled_from([FIRST_AID, DRIVING, 8]),
    level=st.integers(1, 3),
    basis=st.sampled_from(list(Basis)),
    valid_until=st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 1, 1))),
)
spots = st.one_of(
    st.none(), st.tuples(st.integers(30_000, 38_000), st.integers(30_000, 33_000))
)
cells = st.tuples(st.integers(0, 6), st.sampled_from([str(part) for part in PartOfDay]))
people = st.builds(
    Applicant,
    age=ages,
    gender=st.sampled_from(["", "female", "male"]),
    has_profile=st.booleans(),
    charter_accepted=st.booleans(),
    consent_given=st.booleans(),
    covenant_signed=st.booleans(),
    languages=st.frozensets(st.sampled_from(["ar", "en", "sgn-sa"])),
    grants=st.lists(grants, max_size=4).map(tuple),
    engagements=st.lists(
        st.builds(busy, moments, st.integers(1, 6), st.integers(1, 4), spots), max_size=4
    ).map(tuple),
    weekly_minutes=st.integers(0, 3000),
    minutes_in_week=st.integers(0, 3000),
    free=st.one_of(st.none(), st.frozensets(cells, min_size=1)),
    invited=st.booleans(),
)


@st.composite
def places(draw):
    low = draw(st.integers(10, 40))
    skill = draw(st.sampled_from([SKILLED, BOTH, LICENSED])) | {
        "level": draw(st.integers(1, 3)),
        "least_basis": draw(st.sampled_from(list(Basis))),
    }
    start = draw(moments)
    return replace(
        PLACE,
        starts_at=start,
        ends_at=start + timedelta(hours=draw(st.integers(1, 12))),
        stands=draw(st.booleans()),
        paused=draw(st.booleans()),
        confirmed_until=NOW.date() + timedelta(days=draw(st.integers(-2, 2))),
        by_invitation=draw(st.booleans()),
        min_age=low,
        max_age=draw(st.one_of(st.none(), st.integers(low, 90))),
        gender_rule=draw(st.sampled_from(["anyone", "women", "men"])),
        gender_reason="سبب",
        spot=draw(spots),
        languages=draw(st.frozensets(st.sampled_from(["ar", "en", "sgn-sa"]))),
        **(skill if draw(st.booleans()) else {}),
    )


def mended(person, place, rule):
    """The person and place after doing just what the rule's sentence asks for."""
    grown = {
        "profile": {"has_profile": True},
        "charter": {"charter_accepted": True},
        "age": {"age": place.min_age},
        "guardian": {"consent_given": True},
        "covenant": {"covenant_signed": True},
        "gender": {"gender": {"women": "female", "men": "male"}.get(place.gender_rule, "")},
        "skill": {
            "grants": (
                *person.grants,
                grant(level=place.level, basis=place.least_basis or "declared"),
            )
        },
        "credential": {"grants": (*person.grants, drives(basis="licence"))},
        "language": {"languages": person.languages | place.languages},
        "clash": {"engagements": ()},
        "week": {"weekly_minutes": person.minutes_in_week + place.minutes},
        "invitation": {"invited": True},
        "times": {"free": parts_of(place.starts_at, place.ends_at)},
    }
    if rule == "open":
        later = max(place.starts_at, NOW + timedelta(hours=1))
        shift = {"starts_at": later, "ends_at": later + timedelta(minutes=place.minutes)}
        return person, replace(
            place, **shift, stands=True, paused=False, confirmed_until=NOW.date()
        )
    return replace(person, **grown[rule]), place


@given(person=people, place=places())
def test_doing_what_a_sentence_says_turns_that_rule_and_no_other_against_the_person(
    person, place
):
    before = judge(person, place, at=NOW)
    for answer in before.answers:
        if answer.met:
            continue
        after = judge(*mended(person, place, answer.rule), at=NOW)
        still = {each.rule for each in after.answers if not each.met}
        assert answer.rule not in still
        # A birth date decides two more questions, a new time those about time.
        moved = {
            "age": {"guardian", "covenant"},
            "open": {"clash", "skill", "credential", "times"},
        }
        unmet = {each.rule for each in before.answers if not each.met}
        assert still - unmet <= moved.get(answer.rule, set())


@given(person=people, place=places(), data=st.data())
def test_the_order_in_which_things_are_known_changes_nothing(person, place, data):
    shuffled = replace(
        person,
        grants=tuple(data.draw(st.permutations(person.grants))),
        engagements=tuple(data.draw(st.permutations(person.engagements))),
    )

    assert judge(shuffled, place, at=NOW).eligible == judge(person, place, at=NOW).eligible
    assert [(a.rule, a.met) for a in judge(shuffled, place, at=NOW).answers] == [
        (a.rule, a.met) for a in judge(person, place, at=NOW).answers
    ]


@given(person=people, place=places())
def test_eligible_means_that_no_blocking_rule_says_no(person, place):
    verdict = judge(person, place, at=NOW)

    blocking = [a for a in verdict.answers if a.blocking and not a.met]
    assert verdict.eligible == (not blocking)
    assert verdict.first_obstacle == (blocking[0] if blocking else None)


@given(person=people, place=places())
def test_a_minor_never_fits_without_consent_and_covenant(person, place):
    minor = replace(person, age=16)
    if judge(minor, place, at=NOW).eligible:
        assert minor.consent_given
        assert minor.covenant_signed


@given(person=people, place=places(), weeks=st.integers(1, 20))
def test_answers_about_the_person_are_the_same_for_every_shift(person, place, weeks):
    """Apart from age, which grows; the panel shows these once for all shifts."""
    step = timedelta(weeks=weeks)
    other = replace(
        place, starts_at=place.starts_at + step, ends_at=place.ends_at + step, shift_id=2
    )

    def about_the_person(where):
        return [a for a in judge(person, where, at=NOW).answers if a.about == About.PERSON]

    assert about_the_person(place) == about_the_person(other)
