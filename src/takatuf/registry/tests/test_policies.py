"""Every office against every question, in one's own body, in another, and out of its period."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from takatuf.registry import policies
from takatuf.registry.enums import REGIONAL_ROLES, STAFF_ROLES, BodyStatus, Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
MANAGERS = {Role.UNIT_MANAGER, Role.BODY_HEAD}


def holder_of(role, body, **period):
    team = TeamFactory(body=body) if role == Role.TEAM_LEADER else None
    return OfficeFactory(role=role, body=body, team=team, **period).person


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        (policies.may_manage_body, MANAGERS),
        (policies.may_head_body, {Role.BODY_HEAD}),
        (policies.may_verify_body, set()),
    ],
)
def test_what_an_office_in_the_body_allows(question, allowed, role):
    body = BodyFactory()
    person = holder_of(role, body)

    assert question(person, body, TODAY) is (role in allowed)
    assert question(person, BodyFactory(), TODAY) is False


@pytest.mark.parametrize("role", Role.values)
def test_regional_questions_are_answered_by_offices_in_the_desks_body_only(role):
    desk, elsewhere = BodyFactory(desk=True), BodyFactory()
    person, stranger = holder_of(role, desk), holder_of(role, elsewhere)

    assert policies.may_act_for_desk(person, TODAY) is (role == Role.DESK)
    assert policies.may_audit(person, TODAY) is (role == Role.AUDITOR)
    assert policies.may_verify_body(person, elsewhere, TODAY) is (role == Role.DESK)
    assert policies.may_act_for_desk(stranger, TODAY) is False
    assert policies.may_audit(stranger, TODAY) is False


@pytest.mark.parametrize("role", Role.values)
def test_an_office_counts_from_its_first_day_until_the_day_it_ends(role):
    body = BodyFactory()
    person = holder_of(role, body, starts_on=TODAY, ends_on=TODAY + timedelta(days=10))

    held = [
        policies.holds(person, role, body, TODAY + timedelta(days=shift))
        for shift in (-1, 0, 9, 10)
    ]

    expected = role not in REGIONAL_ROLES
    assert held == [False, expected, expected, False]


@pytest.mark.parametrize("role", Role.values)
def test_staff_are_those_who_act_for_a_body(role):
    assert policies.is_staff(holder_of(role, BodyFactory(desk=True)), TODAY) is (
        role in STAFF_ROLES
    )


@pytest.mark.parametrize("inviter", Role.values)
@pytest.mark.parametrize("invited", Role.values)
def test_who_may_invite_to_which_office(inviter, invited):
    desk, body = BodyFactory(desk=True), BodyFactory()
    own = holder_of(inviter, body)
    regional = holder_of(inviter, desk)
    elsewhere = holder_of(inviter, BodyFactory())

    of_own_body = {
        Role.TEAM_LEADER: MANAGERS,
        Role.UNIT_MANAGER: {Role.BODY_HEAD},
        Role.BODY_HEAD: {Role.BODY_HEAD},
        Role.REVIEWER: {Role.BODY_HEAD},
    }
    assert policies.may_invite(own, body, invited, TODAY) is (
        inviter in of_own_body.get(invited, set())
    )
    assert policies.may_invite(regional, body, invited, TODAY) is (
        inviter == Role.DESK and invited not in {*REGIONAL_ROLES, Role.TEAM_LEADER}
    )
    assert policies.may_invite(regional, desk, Role.DESK, TODAY) is (inviter == Role.DESK)
    assert policies.may_invite(elsewhere, body, invited, TODAY) is False


def test_the_desk_never_verifies_a_body_of_its_own_people():
    member = holder_of(Role.DESK, BodyFactory(desk=True))
    registered_by_member = BodyFactory(waiting=True, registered_by=member)
    headed_by_member = BodyFactory(waiting=True)
    OfficeFactory(person=member, role=Role.BODY_HEAD, body=headed_by_member)

    assert policies.may_verify_body(member, BodyFactory(waiting=True), TODAY)
    assert not policies.may_verify_body(member, registered_by_member, TODAY)
    assert not policies.may_verify_body(member, headed_by_member, TODAY)


def test_offices_in_a_closed_body_count_for_nothing():
    person = holder_of(Role.BODY_HEAD, BodyFactory(status=BodyStatus.CLOSED))

    assert not policies.is_staff(person, TODAY)


def test_a_stranger_and_a_visitor_hold_nothing():
    body = BodyFactory()

    for nobody in (PersonFactory(), AnonymousUser()):
        assert not policies.may_manage_body(nobody, body, TODAY)
        assert not policies.is_staff(nobody, TODAY)


def test_a_team_is_led_by_its_leader_and_by_the_managers_of_its_body():
    team = TeamFactory()
    leader = OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team).person
    other_leader = holder_of(Role.TEAM_LEADER, team.body)

    assert policies.may_lead_team(leader, team, TODAY)
    assert not policies.may_lead_team(other_leader, team, TODAY)
    for role in (Role.UNIT_MANAGER, Role.BODY_HEAD):
        assert policies.may_lead_team(holder_of(role, team.body), team, TODAY)
    for role in (Role.REVIEWER, Role.DESK, Role.AUDITOR):
        assert not policies.may_lead_team(holder_of(role, team.body), team, TODAY)


def test_nobody_vouches_for_their_own_skill():
    body = BodyFactory()
    manager = holder_of(Role.UNIT_MANAGER, body)

    assert policies.may_evidence_skill(manager, PersonFactory(), body, TODAY)
    assert not policies.may_evidence_skill(manager, manager, body, TODAY)


def test_only_verified_bodies_that_serve_no_profit_use_volunteers():
    able = {BodyStatus.VERIFIED, BodyStatus.ACTIVE}
    for status in BodyStatus.values:
        assert policies.body_may_use_volunteers(BodyFactory(status=status)) is (status in able)
        firm = BodyFactory(status=status, firm=True)
        assert policies.body_may_use_volunteers(firm) is False
        assert policies.body_may_partner(firm) is (status in able)
