"""Asking for a place in few statements: what is read before the locks is asked again under them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands, queries
from takatuf.placement.commands.applying import NotEligible
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import shift_role, volunteer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("taken", "count"),
    [(0, 17), (9, 13)],  # a seat; a place in the line. Two of them begin and end it all
)
def test_asking_takes_few_queries(taken, count, django_assert_num_queries):
    role, person = shift_role(seats=9), volunteer()
    ShiftRole.objects.filter(pk=role.pk).update(taken=taken)
    opportunities.lock_listing(role.shift.opportunity_id)  # not the first change ever
    at = timezone.now()

    with django_assert_num_queries(count):
        commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=at)


def test_asking_again_only_reads(django_assert_num_queries):
    role, person = shift_role(), volunteer()
    at = timezone.now()
    first = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=at)

    with django_assert_num_queries(2):
        again = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=at)

    assert again == first


def test_a_seat_freed_while_joining_the_line_is_taken(monkeypatch):
    """The first look saw every seat taken; under the lock there is one."""
    role, person = shift_role(seats=1), volunteer()
    look = queries.chosen_places
    monkeypatch.setattr(queries, "chosen_places", lambda ids: replace(look(ids), full=True))

    [application] = commands.apply(
        person=person, shift_role_ids=[role.pk], by=person, at=timezone.now()
    )

    assert application.status == "confirmed"


def test_a_consent_withdrawn_meanwhile_keeps_a_minor_out(monkeypatch):
    """What was known before the locks is asked again under them."""
    role, person = shift_role(min_age=15), volunteer()
    type(person).objects.filter(pk=person.pk).update(
        birth_date=timezone.localdate() - timedelta(days=16 * 366)
    )
    person.refresh_from_db()
    ask, asked = queries.known_about, []

    def with_consent_the_first_time(*args, **kwargs):
        asked.append(1)
        found = ask(*args, **kwargs)
        if len(asked) > 1:
            return found
        far = timezone.localdate() + timedelta(days=300)
        return {pk: replace(k, consent_until=far, signed=True) for pk, k in found.items()}

    monkeypatch.setattr(queries, "known_about", with_consent_the_first_time)

    with pytest.raises(NotEligible):
        commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=timezone.now())

    assert not Application.objects.exists()
