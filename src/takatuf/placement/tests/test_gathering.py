"""One truth: the engine finds a person eligible for a place exactly where the rules do.

Rules about a whole week (clashes within a plan, hours) and wishes (reach, usual times) are the
engine's and the rules' in different ways and have tests of their own below.
"""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from takatuf.accounts.models import CharterAcceptance, GuardianConsent, Person, years_old
from takatuf.engine.matching.index import index_of, pairs_of
from takatuf.engine.matching.region import APPLIED, BARRED, NO_SKILL
from takatuf.opportunities.enums import Way
from takatuf.placement import commands, queries
from takatuf.placement.models import Covenant, Proposal
from takatuf.placement.rounds.gathering import gather
from takatuf.placement.rounds.scales import latest_birth
from takatuf.placement.tests.factories import application, minor, volunteer
from takatuf.placement.tests.rounds import agreed, opened, place
from takatuf.registry.models import Interest, LanguageSpoken, SkillGrant, VolunteerProfile
from takatuf.registry.tests.factories import SkillFactory

NOW = timezone.now


def eligible_pairs(gathered) -> set[tuple[int, int]]:
    """(person, shift role) of every pair the engine finds, whatever the week's limits."""
    pairs = pairs_of(gathered.region, index_of(gathered.region))
    return {
        (gathered.person_of(int(agent)), gathered.place[int(role)]["pk"])
        for agent, role in zip(pairs.agent, pairs.role, strict=True)
    }


def judged_pairs(people, roles, *, at) -> set[tuple[int, int]]:
    """The same by the rules of eligibility, asked one by one."""
    found = set()
    for role in roles:
        known = queries.known_about(people, role.shift.opportunity, at=at)
        for person in people:
            mine = queries.standing_application(person.pk, role.shift_id)
            verdict = known[person.pk].verdict(role, at=at, apart_from=mine and mine.pk)
            if verdict.eligible:
                found.add((person.pk, role.pk))
    return found


def people_of_all_kinds(skill, also, licensed):
    """Every way in which somebody may or may not fit, and who fits anywhere."""
    today = timezone.localdate()
    born = [today.replace(year=today.year - age) for age in (18, 19, 39, 40, 41, 64, 65, 66)]
    people = [agreed(birth_date=day) for day in born]
    people += [agreed(birth_date=day - timedelta(days=1)) for day in born[:3]]
    people += [agreed(birth_date=day + timedelta(days=1)) for day in born[1:]]
    people += [agreed(birth_date=None), agreed(birth_date_basis="sheet")]
    people += [agreed(gender=gender) for gender in ("female", "male", "")]
    for level, basis, until in product(
        (1, 2, 3), ("declared", "evidenced", "licence"), (None, 1, 3, 400)
    ):
        person = agreed(gender="female" if level == 2 else "male")
        SkillGrant.objects.create(
            person=person, skill=skill, level=level, basis=basis, granted_at=NOW(),
            valid_until=until and today + timedelta(days=until),
        )  # fmt: skip
        people.append(person)
    for second, basis, until in product(
        (also, licensed), ("declared", "evidenced", "licence"), (None, 1, 3)
    ):
        person = agreed()
        for held, last in ((skill, None), (second, until and today + timedelta(days=until))):
            SkillGrant.objects.create(
                person=person, skill=held, level=2, basis=basis, granted_at=NOW(),
                valid_until=last,
            )  # fmt: skip
        people.append(person)
    for codes in (("en",), ("ar", "en"), ("ur",)):
        person = agreed()
        LanguageSpoken.objects.bulk_create(
            LanguageSpoken(profile=person.volunteer, language=code) for code in codes
        )
        people.append(person)
    people[3].charter_acceptances.all().delete()
    people[4].is_active = False
    people[4].save()
    return people


def _both(first, second):
    return {"skill": first, "level": 2, "least_basis": "declared", "credential": second}


def places_of_all_kinds(skill, also, licensed):
    return [
        place(), place(23), place(min_age=19), place(max_age=40), place(min_age=40, max_age=65),
        place(min_age=16, minors_ready=True), place(days=9, languages=["en"]),
        place(languages=["ar", "en"]), place(mode="remote", place=""),
        place(gender_rule="women", gender_reason="قسم النساء"),
        place(gender_rule="men", gender_reason="سكن الرجال"),
        *(
            place(days=days, role={"skill": skill, "level": level, "least_basis": basis})
            for level, basis, days in product((1, 2, 3), ("declared", "evidenced"), (1, 3))
        ),
        place(role={"skill": licensed, "level": 1, "least_basis": "declared"}),
        *(
            place(days=days, role=_both(first, second))
            for first, second in ((skill, also), (also, skill), (skill, licensed))
            for days in (1, 3)
        ),
        place(reconfirm_by=timezone.localdate() - timedelta(days=1)),
        place(reconfirm_by=timezone.localdate()),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_engine_and_the_rules_find_the_same_pairs_eligible():
    skills, at = (SkillFactory(), SkillFactory(), SkillFactory(needs_licence=True)), NOW()
    people, roles = people_of_all_kinds(*skills), places_of_all_kinds(*skills)
    elsewhere = application(person=people[0], role=place(9, way=Way.OPEN))
    people[4].refresh_from_db()

    gathered = gather(opened(), at=at)

    expected = judged_pairs([p for p in people if p.is_active], roles, at=at)
    found = {pair for pair in eligible_pairs(gathered) if pair[1] != elsewhere.shift_role_id}
    assert found == expected
    assert len(expected) > len(people)  # a test of nothing would be green as well
    assert len(expected) < len(people) * len(roles)
    both = [role.pk for role in roles if role.role.credential_id]
    assert len({pair for pair in expected if pair[1] in both}) > len(both)


@pytest.mark.django_db
def test_under_eighteen_one_is_proposed_for_what_one_asked_with_the_covenant_alone():
    at = NOW()
    young, without = minor(), minor(consent=False)
    wanted = place(min_age=16, minors_ready=True)
    other = place(min_age=16, minors_ready=True)
    for person in (young, without):
        VolunteerProfile.objects.filter(person=person).update(proposals_agreed_at=at)
        Covenant.objects.create(
            person=person, opportunity=wanted.shift.opportunity, text_version="1",
            signed_name="سارة", signed_at=at,
        )  # fmt: skip
    commands.apply(person=young, shift_role_ids=[wanted.pk], by=young, at=at)

    gathered = gather(opened(), at=NOW())

    assert eligible_pairs(gathered) == {(young.pk, wanted.pk)}
    assert other.pk in {each["pk"] for each in gathered.place}
    GuardianConsent.objects.filter(minor=young).update(
        expires_on=timezone.localdate(wanted.shift.starts_at)
    )
    assert eligible_pairs(gather(opened(), at=NOW())) == set()


@given(
    st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.integers(7, 90), st.integers(-400, 400)
)
def test_the_last_birth_date_old_enough_is_what_the_rule_of_age_says(on, age, days):
    born = latest_birth(on, age) + timedelta(days=days)
    assert (years_old(born, on=on) >= age) is (days <= 0)


# ---------------------------------------------------------------- wishes, weeks, ties
@pytest.mark.django_db
def test_who_agreed_is_found_within_reach_and_usual_times_and_who_asked_anywhere():
    near, far = place(10), place(10, latitude="21.50000", longitude="39.20000")
    homebody, traveller, asks, silent = agreed(), agreed(), volunteer(), volunteer()
    VolunteerProfile.objects.filter(person=homebody).update(reach_km=30)
    for person in (homebody, traveller):
        profile = person.volunteer
        profile.availability.create(
            weekday=(timezone.localtime(near.shift.starts_at).weekday() + 1) % 7,
            part="morning" if person == homebody else "evening",
        )
    profile = traveller.volunteer
    profile.availability.all().delete()
    VolunteerProfile.objects.filter(person=traveller).update(reach_km=2000)
    commands.apply(person=asks, shift_role_ids=[far.pk], by=asks, at=NOW())

    found = eligible_pairs(gather(opened(), at=NOW()))

    afternoon = (homebody.pk, near.pk) not in found  # the shift runs on after noon
    assert afternoon
    assert {(traveller.pk, near.pk), (traveller.pk, far.pk), (asks.pk, far.pk)} == found
    assert silent.pk not in {person for person, _role in found}
    asked_only = eligible_pairs(gather(opened(with_agreed=False), at=NOW()))
    assert asked_only == {(asks.pk, far.pk)}


@pytest.mark.django_db
def test_what_one_holds_stands_in_the_way_and_takes_of_the_weeks_hours():
    at, person = NOW(), agreed()
    VolunteerProfile.objects.filter(person=person).update(weekly_minutes=400)
    held = application(person=person, role=place(10, way=Way.OPEN))
    role, clashing = place(18, days=3), place(12, days=3)

    gathered = gather(opened(), at=at)

    week = int(gathered.region.asked["week"][0])
    assert gathered.region.people["cap"][week] == 400 - held.shift.minutes
    assert gathered.region.people["begun"].nonzero()[0].tolist() == [week]
    assert eligible_pairs(gathered) == {(person.pk, role.pk)}
    assert clashing.pk in {each["pk"] for each in gathered.place}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "left"), [("attended", False), ("excused", True), ("no_show", True)]
)
def test_engine_and_rules_count_the_same_hours_of_a_week(status, left):
    at, person = NOW(), agreed()
    VolunteerProfile.objects.filter(person=person).update(weekly_minutes=300)
    person = Person.objects.get(pk=person.pk)
    sunday = 7 - (timezone.localtime(at).weekday() + 1) % 7
    application(person=person, role=place(days=sunday, way=Way.OPEN), status=status)
    role = place(days=sunday + 2)

    region = gather(opened(), at=at).region

    pair = {(person.pk, role.pk)} if left else set()
    assert eligible_pairs(gather(opened(), at=at)) == pair
    assert judged_pairs([person], [role], at=at) == pair
    assert region.people["begun"].any() == (not left)


@pytest.mark.django_db
def test_who_said_no_is_barred_until_they_ask_again():
    at, person = NOW(), agreed()
    role = place()
    gone = application(person=person, role=role, status="withdrawn")
    ties = gather(opened(), at=at).region.ties
    assert list(ties["kind"]) == [BARRED]

    application(person=person, role=role, status="applied")
    assert list(gather(opened(), at=at).region.ties["kind"]) == [APPLIED]
    assert gone.pk


@pytest.mark.django_db
def test_a_rejected_proposal_bars_the_person_from_that_place():
    at, person, role, row = NOW(), agreed(), place(), opened()
    opportunity = role.shift.opportunity
    Proposal.objects.create(
        round=row, body=opportunity.body, opportunity=opportunity, shift=role.shift,
        shift_role=role, person=person, agent=0, score=1, made_at=at, status="rejected",
        decided_at=at, reason="سبب",
    )  # fmt: skip
    assert list(gather(opened(), at=at).region.ties["kind"]) == [BARRED]


@pytest.mark.django_db
def test_skills_nobody_asks_for_and_fields_nobody_offers_are_left_out():
    skill, at, person = SkillFactory(), NOW(), agreed()
    SkillGrant.objects.create(
        person=person, skill=skill, level=1, basis="declared", granted_at=at
    )
    role = place()
    Interest.objects.create(profile=person.volunteer, field=role.shift.opportunity.field)
    region = gather(opened(), at=at).region
    assert len(region.grants) == 0
    assert list(region.asked["skill"]) == [NO_SKILL]
    assert (region.people["causes"] & region.asked["causes"][0]).all()


@pytest.mark.django_db
def test_ten_times_the_people_take_the_same_questions_and_the_same_rows_the_same_digest():
    row = opened()
    place()
    agreed()
    counts = []
    for more in (0, 10):
        for _ in range(more):
            agreed()
            place()
        with CaptureQueriesContext(connection) as asked:
            gathered = gather(row, at=NOW())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
    assert gathered.digest() == gather(row, at=NOW()).digest()
    assert gathered.region.people.dtype.names is not None
    assert np.array_equal(gathered.person, np.sort(gathered.person))
    CharterAcceptance.objects.all().delete()
    assert len(gather(row, at=NOW()).person) == 0
