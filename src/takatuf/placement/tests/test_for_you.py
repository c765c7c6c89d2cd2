"""For you: the best places for one person, why, and that every opportunity gets a chance."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from takatuf.accounts.queries import coming_of_age
from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import typography
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands
from takatuf.placement.models import RoundPlace
from takatuf.placement.rounds.suggesting import suggested_to
from takatuf.placement.tests.factories import application, minor, shift_role, volunteer
from takatuf.placement.tests.rounds import FAR, agreed, asks, place, solved
from takatuf.registry.enums import Basis
from takatuf.registry.models import SkillGrant, VolunteerProfile
from takatuf.registry.tests.factories import PersonFactory, SkillFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
FOR_YOU = "/en/me/for-you/"


@pytest.fixture
def person(client):
    found = volunteer()
    VolunteerProfile.objects.filter(person=found).update(reach_km=FAR)
    sign_in(client, found)
    return found


def roles_for(person):
    found = suggested_to(person, at=NOW()).found
    return [each.shift_role.pk for each in found]


def test_what_asks_for_my_skill_comes_first_and_says_so(person):
    skill = SkillFactory()
    SkillGrant.objects.create(
        person=person, skill=skill, level=1, basis=Basis.DECLARED, granted_at=NOW()
    )
    any_work = place(way=Way.OPEN)
    skilled = place(
        hours=15, way=Way.OPEN, role={"skill": skill, "level": 1, "least_basis": "declared"}
    )

    first, second = suggested_to(person, at=NOW()).found

    assert (first.shift_role, second.shift_role) == (skilled, any_work)
    assert "the right skill" in first.reasons
    assert first.needed


def test_what_does_not_fit_is_not_suggested(person):
    place(way=Way.OPEN, role={"skill": SkillFactory(), "level": 1, "least_basis": "declared"})
    place(way=Way.OPEN, min_age=70)
    place(way=Way.INVITATION)
    place(way=Way.OPEN, reconfirm_by=timezone.localdate() - timedelta(days=1))
    asked = place(hours=18, way=Way.BY_REQUEST)
    asks(person, asked)
    assert roles_for(person) == []


def wishes(person, number):
    VolunteerProfile.objects.filter(person=person).update(suggestions_a_week=number)


@pytest.mark.parametrize("wished", [1, 5, 7])
def test_one_place_of_an_opportunity_and_never_more_than_one_wishes(person, wished):
    wishes(person, wished)
    for _ in range(8):
        place(way=Way.OPEN)
    twice = place(way=Way.OPEN, hours=9)
    place(way=Way.OPEN, hours=14, code="P-TWICE")
    found = suggested_to(person, at=NOW()).found
    assert len(found) == wished
    assert len({each.opportunity.pk for each in found}) == wished
    assert twice.pk


def test_each_connection_counts_against_an_opportunity(person):
    """Alike otherwise, the one nobody has found yet comes first; without people, the other."""
    first, second = place(way=Way.BY_REQUEST, seats=4), place(way=Way.BY_REQUEST, seats=4)
    assert roles_for(person) == [first.pk, second.pk]
    for _ in range(2):
        application(person=volunteer(), role=first, status="applied")
    assert roles_for(person) == [second.pk, first.pk]
    for _ in range(3):
        application(person=volunteer(), role=second, status="applied")
    assert roles_for(person) == [first.pk, second.pk]


def test_the_price_of_a_seat_is_taken_off(person):
    dear, cheap = place(seats=1), place(hours=15, seats=1)
    agreed()
    row = solved()
    assert row.places.count() == 2
    RoundPlace.objects.filter(shift_role=dear).update(price=90_000.0)
    RoundPlace.objects.filter(shift_role=cheap).update(price=0.0)
    assert roles_for(person) == [cheap.pk, dear.pk]
    RoundPlace.objects.filter(shift_role=dear).update(price=-90_000.0)
    assert roles_for(person) == [dear.pk, cheap.pk]


# ---------------------------------------------------------------- the page
def test_the_page_shows_title_time_and_why(client, person):
    role = place(way=Way.OPEN)
    north = role.shift.opportunity.governorate.latitude + 1
    VolunteerProfile.objects.filter(person=person).update(
        home_latitude=north, home_longitude=role.shift.opportunity.governorate.longitude
    )
    shown = client.get(FOR_YOU).content.decode()
    assert role.shift.opportunity.title in shown
    assert f"/opportunities/{role.shift.opportunity.code}/" in shown
    assert "Needs more people" in shown
    assert re.search(r"\d+</bdi> km away", shown)


def test_a_place_next_door_is_very_near_not_no_kilometres_away(client, person):
    governorate = place(way=Way.OPEN).shift.opportunity.governorate
    VolunteerProfile.objects.filter(person=person).update(
        home_latitude=governorate.latitude, home_longitude=governorate.longitude
    )
    shown = client.get(FOR_YOU).content.decode()
    assert "very near" in shown
    assert "km away" not in shown


def test_nothing_that_suits_is_said_with_a_way_on(client, person):
    shown = client.get(FOR_YOU).content.decode()
    assert "Nothing suits just now" in shown
    assert "/en/opportunities/" in shown


@pytest.mark.parametrize("consent", [True, False])
def test_a_minor_whose_guardian_has_not_agreed_is_led_to_the_consent(client, consent):
    VolunteerProfile.objects.filter(person=(young := minor(consent=consent))).update(
        reach_km=FAR
    )
    place(way=Way.OPEN, min_age=15)
    sign_in(client, young)

    shown = client.get(FOR_YOU).content.decode()

    assert ("Your guardian agrees first" in shown) is not consent
    assert ("/join/guardian/" in shown) is not consent
    assert ("Within your reach, times and hours" in shown) is consent


@pytest.mark.parametrize("consent", [True, False])
def test_where_the_age_alone_rules_out_everything_it_says_which_and_from_when(client, consent):
    """Not a sentence for everybody, and no errand to the guardian that would change nothing."""
    young = minor(consent=consent, years=14)
    VolunteerProfile.objects.filter(person=young).update(reach_km=FAR)
    for from_age in (16, 18):
        place(way=Way.OPEN, min_age=from_age)
    sign_in(client, young)

    shown = client.get(FOR_YOU).content.decode()

    with translation.override("en"):
        day = typography.day(coming_of_age(young.birth_date, age=16), "short")
    assert f"are from 16 on; you can join from {day}." in shown
    assert "/en/opportunities/?age=14" in shown
    for other in ("Nothing suits just now", "Your guardian agrees first"):
        assert other not in shown


def test_who_is_too_old_for_everything_is_told_up_to_which_age(client, person):
    for to_age in (16, 17):
        place(way=Way.OPEN, min_age=14, max_age=to_age)
    shown = client.get(FOR_YOU).content.decode()
    assert "are for ages up to 17." in shown
    assert "?age=" not in shown


def test_no_day_is_named_on_which_another_rule_would_stand_in_the_way(client):
    young = minor(years=14)
    VolunteerProfile.objects.filter(person=young).update(reach_km=FAR)
    place(
        way=Way.OPEN,
        min_age=16,
        role={"skill": SkillFactory(), "level": 1, "least_basis": "declared"},
    )
    sign_in(client, young)

    shown = client.get(FOR_YOU).content.decode()

    assert "you can join from" not in shown
    assert "Nothing suits just now" in shown


def test_one_place_of_their_age_and_it_is_not_the_age_alone(client):
    young = minor(years=14)
    VolunteerProfile.objects.filter(person=young).update(reach_km=FAR)
    place(way=Way.OPEN, min_age=18)
    place(
        way=Way.OPEN,
        min_age=14,
        role={"skill": SkillFactory(), "level": 1, "least_basis": "declared"},
    )
    sign_in(client, young)

    shown = client.get(FOR_YOU).content.decode()

    assert "Nothing suits just now" in shown
    assert "you can join from" not in shown


def test_without_a_profile_it_leads_to_one(client):
    place(way=Way.OPEN)
    newcomer = PersonFactory()
    sign_in(client, newcomer)
    shown = client.get(FOR_YOU).content.decode()
    assert "First your profile" in shown
    assert "/welcome/" in shown


def test_who_wishes_none_is_shown_none_and_how_to_change_it(client, person):
    wishes(person, 0)
    place(way=Way.OPEN)
    covered = application(role=shift_role(seats=1))
    commands.ask_for_cover(application_id=covered.pk, by=covered.person, at=NOW())
    shown = client.get(FOR_YOU).content.decode()
    assert "No suggestions, as you wish" in shown
    assert "/profile/" in shown
    assert covered.opportunity.title not in shown
    wishes(person, 1)
    shown = client.get(FOR_YOU).content.decode()
    assert "No suggestions, as you wish" not in shown
    assert covered.opportunity.title in shown


def test_it_is_for_those_signed_in(client):
    assert client.get(FOR_YOU).status_code == 302


def test_questions_do_not_grow_with_places(client, person, django_assert_num_queries):
    for count in (2, 12):
        for _ in range(count):
            place(way=Way.OPEN)
        client.get(FOR_YOU)
        with django_assert_num_queries(11):
            client.get(FOR_YOU)
    assert Opportunity.objects.count() == 14
