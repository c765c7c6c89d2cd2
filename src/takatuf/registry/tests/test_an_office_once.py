"""One office is held once at a time, whether or not it is a unit's or a team's."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from takatuf.registry import commands
from takatuf.registry.models import Office
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
    now,
)

ROLE = "unit_manager"


@pytest.mark.django_db
def test_the_database_refuses_a_second_one_in_force():
    office = OfficeFactory(role=ROLE)

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeFactory(person=office.person, body=office.body, role=ROLE)

    ended = timezone.localdate()
    OfficeFactory(person=office.person, body=office.body, role=ROLE, ends_on=ended)
    OfficeFactory(person=office.person, body=office.body, role="body_head")
    OfficeFactory(person=office.person, role=ROLE)
    assert Office.objects.filter(person=office.person).count() == 4


@pytest.mark.django_db
def test_a_leader_leads_two_teams_but_none_twice():
    person, body = PersonFactory(), BodyFactory()
    one, two = TeamFactory(body=body), TeamFactory(body=body)
    for team in (one, two):
        OfficeFactory(person=person, body=body, role="team_leader", team=team)

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeFactory(person=person, body=body, role="team_leader", team=one)


@pytest.mark.django_db
def test_to_appoint_twice_is_to_appoint_once():
    person, body, by = PersonFactory(), BodyFactory(), PersonFactory()

    first, second = (
        commands.appoint(person=person, role=ROLE, body=body, by=by, at=now()) for _ in "12"
    )

    assert first == second
    assert Office.objects.filter(person=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_held_twice_ends_and_the_earliest_stays():
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("registry", "0008_a_record_is_given_up_once")]
    today = timezone.localdate()
    office = OfficeFactory(role=ROLE, starts_on=today - timedelta(days=9))
    try:
        executor.migrate(before)
        old = executor.loader.project_state(before).apps.get_model("registry", "Office")
        same = {"person_id": office.person_id, "body_id": office.body_id, "role": ROLE}
        later = old.objects.create(**same, starts_on=today - timedelta(days=3))
        to_come = old.objects.create(**same, starts_on=today + timedelta(days=3))
        other = old.objects.create(**same | {"role": "body_head"}, starts_on=today)

        MigrationExecutor(connection).migrate(latest)

        ends = dict(Office.objects.filter(person=office.person).values_list("pk", "ends_on"))
        assert ends == {
            office.pk: None, later.pk: today, to_come.pk: to_come.starts_on, other.pk: None,
        }  # fmt: skip
    finally:
        MigrationExecutor(connection).migrate(latest)
