"""Figures the floors above keep here, and skills in bulk."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import history
from takatuf.registry import commands, queries
from takatuf.registry.enums import Basis, GrantStatus, Role
from takatuf.registry.models import BodyFigures, SkillGrant
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    SkillGrantFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db


def test_replies_add_up_to_a_rate_and_a_mean_time():
    body = BodyFactory()
    assert queries.body_figures(body).in_time_percent is None

    commands.count_reply(body=body, minutes=24 * 60, in_time=True)
    commands.count_reply(body=body, minutes=3 * 24 * 60, in_time=False)

    figures = queries.body_figures(body)
    assert (figures.answered, figures.in_time_percent) == (2, 50)
    assert figures.mean_reply == timedelta(days=2)


def test_late_once_is_never_shown_as_all_in_time():
    body = BodyFactory()
    for in_time in (True, True, False):
        commands.count_reply(body=body, minutes=60, in_time=in_time)

    assert queries.body_figures(body).in_time_percent == queries.percent_in_time(2, 3) == 66
    assert queries.percent_in_time(999, 1000) == 99
    assert queries.percent_in_time(None, None) is None


def test_shifts_and_late_cancellations_are_counted_apart():
    body = BodyFactory()

    commands.count_shift_held(body=body)
    commands.count_shift_held(body=body)
    commands.count_late_cancellations(body=body, count=1)

    row = BodyFigures.objects.get(body=body)
    assert (row.shifts_held, row.late_cancellations) == (2, 1)


def test_minutes_are_added_and_taken_back():
    profile = VolunteerFactory()
    now = timezone.now()

    commands.add_minutes(person=profile.person, delta_total=120, delta_recent=120, at=now)
    commands.add_minutes(person=profile.person, delta_total=-30, at=now)

    profile.refresh_from_db()
    assert (profile.total_minutes, profile.recent_minutes) == (90, 120)


def test_more_minutes_than_were_added_cannot_be_taken_back():
    profile = VolunteerFactory(total_minutes=10)

    with pytest.raises(AssertionError):
        commands.add_minutes(person=profile.person, delta_total=-11, at=timezone.now())

    profile.refresh_from_db()
    assert profile.total_minutes == 10


def test_minutes_of_someone_without_a_profile_are_nobodys_roll_up():
    person = PersonFactory()

    assert commands.add_minutes(person=person, delta_total=60, at=timezone.now()) is False


def test_recent_minutes_are_set_anew_for_everybody():
    one, two, three = VolunteerFactory.create_batch(3, recent_minutes=60)

    changed = commands.set_recent_minutes(minutes={one.person_id: 60, two.person_id: 90})

    for profile in (one, two, three):
        profile.refresh_from_db()
    assert changed == 2
    assert [p.recent_minutes for p in (one, two, three)] == [60, 90, 0]


# ---------------------------------------------------------------- skills
def test_a_new_grant_of_the_same_basis_replaces_the_standing_one():
    person, skill, now = PersonFactory(), SkillFactory(), timezone.now()
    first = commands.grant_skill(
        person=person, skill=skill, level=1, basis=Basis.DECLARED, by=person, at=now
    )

    commands.grant_skill(
        person=person, skill=skill, level=2, basis=Basis.DECLARED, by=person, at=now
    )

    first.refresh_from_db()
    assert first.status == GrantStatus.REVOKED
    assert [entry.action for entry in history(first)] == ["granted", "replaced"]
    assert [grant.level for grant in queries.active_grants(person)] == [2]


def test_granting_the_same_twice_changes_nothing():
    person, skill, now = PersonFactory(), SkillFactory(), timezone.now()
    given = {
        "person": person,
        "skill": skill,
        "level": 1,
        "basis": Basis.DECLARED,
        "by": person,
    }

    assert commands.grant_skill(**given, at=now) == commands.grant_skill(**given, at=now)
    assert SkillGrant.objects.count() == 1


@pytest.mark.parametrize("basis", [Basis.EVIDENCED, Basis.COURSE, Basis.LICENCE])
def test_nobody_confirms_their_own_skill(basis):
    person = PersonFactory()

    with pytest.raises(commands.CannotGrant):
        commands.grant_skill(
            person=person, skill=SkillFactory(), level=3, basis=basis, source="paper",
            by=person, at=timezone.now(),
        )  # fmt: skip

    assert not SkillGrant.objects.exists()


def test_a_manager_of_the_body_confirms_what_it_saw():
    body = BodyFactory()
    manager = OfficeFactory(body=body).person
    volunteer, skill = PersonFactory(), SkillFactory()

    grant = commands.evidence_skill(
        volunteer=volunteer, skill=skill, level=2, body=body, words="two blood drives",
        by=manager, at=timezone.now(),
    )  # fmt: skip

    assert (grant.basis, grant.source) == (Basis.EVIDENCED, "two blood drives")
    assert grant.body == body


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, None])
def test_others_do_not_confirm_in_the_bodys_name(role):
    body = BodyFactory()
    person = OfficeFactory(body=body, role=role).person if role else PersonFactory()

    with pytest.raises(NotAllowed):
        commands.evidence_skill(
            volunteer=PersonFactory(), skill=SkillFactory(), level=2, body=body, words="seen",
            by=person, at=timezone.now(),
        )  # fmt: skip

    assert not SkillGrant.objects.exists()


def test_a_grant_is_taken_back_with_a_reason_only():
    grant = SkillGrantFactory(basis=Basis.EVIDENCED, source="x")

    with pytest.raises(commands.CannotGrant):
        commands.revoke_grant(grant=grant, reason="", by=PersonFactory(), at=timezone.now())

    grant.refresh_from_db()
    assert grant.status == GrantStatus.ACTIVE


def test_an_expired_or_revoked_grant_does_not_count():
    person, skill, today = PersonFactory(), SkillFactory(), date(2026, 3, 1)
    SkillGrantFactory(person=person, skill=skill, basis=Basis.COURSE, valid_until=today)
    SkillGrantFactory(
        person=person, skill=skill, basis=Basis.LICENCE, valid_until=today - timedelta(days=1)
    )
    SkillGrantFactory(person=person, skill=skill, level=3, status=GrantStatus.REVOKED)

    [counts] = queries.active_grants(person, on=today)

    assert (counts.level, counts.basis, counts.valid_until) == (2, "course", today)
