"""The law that all rules keep together, whoever asks and whatever the place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takatuf.placement.eligibility import About, Applicant, Grant, judge, parts_of
from takatuf.placement.tests.judged import (
    BOTH,
    DRIVING,
    FIRST_AID,
    LICENSED,
    NOW,
    PLACE,
    SKILLED,
    START,
    busy,
    drives,
    grant,
)
from takatuf.registry.enums import Basis, PartOfDay

pytestmark = pytest.mark.usefixtures("in_english")

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
