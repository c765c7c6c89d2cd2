"""Offers and reminders: how long a seat is held, and who confirms or leaves it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import WrongState
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    apply,
    manager_of,
    shift_role,
    states,
    taken,
    volunteer,
)

pytestmark = pytest.mark.django_db


def test_an_offer_that_runs_out_goes_to_the_next_and_running_twice_changes_nothing():
    role = shift_role(seats=1)
    row = application(role=role, status=ApplicationStatus.OFFERED)
    [waits] = apply(volunteer(), role)
    later = timezone.now() + timedelta(hours=49)
    Application.objects.filter(pk=row.pk).update(offer_expires_at=timezone.now())

    assert commands.expire_offers(at=timezone.now()) == 1
    assert commands.expire_offers(at=timezone.now()) == 0

    assert states(row, waits) == ["expired", "offered"]
    assert taken(role) == 1
    assert Application.objects.get(pk=waits.pk).offer_expires_at <= later


def test_an_expired_offer_cannot_be_confirmed_any_more():
    row = application(status=ApplicationStatus.OFFERED)
    late = timezone.now() + timedelta(hours=50)

    with pytest.raises(WrongState):
        commands.confirm_place(application_id=row.pk, by=row.person, at=late)
    assert states(row) == ["offered"]


def test_saying_yes_after_leaving_says_that_one_has_left():
    row = application(status=ApplicationStatus.OFFERED)
    commands.withdraw(application_id=row.pk, by=row.person, at=timezone.now())

    with pytest.raises(WrongState) as refusal:
        commands.confirm_place(application_id=row.pk, by=row.person, at=timezone.now())

    assert "سبق ترك هذا المكان" in str(refusal.value)
    assert states(row) == ["withdrawn"]


def test_nobody_else_confirms_or_leaves_ones_place():
    row = application(status=ApplicationStatus.OFFERED)
    other = volunteer()

    for act in (commands.confirm_place, commands.withdraw):
        with pytest.raises(NotAllowed):
            act(application_id=row.pk, by=other, at=timezone.now())
    assert states(row) == ["offered"]


def test_no_offer_goes_out_in_the_last_two_hours():
    shift = ShiftFactory(starts_at=timezone.now() + timedelta(hours=1))
    role = shift_role(seats=1, shift=shift)
    held = application(role=role)
    waits = application(role=role, status=ApplicationStatus.WAITING)

    commands.withdraw(application_id=held.pk, by=held.person, at=timezone.now())

    assert states(waits) == ["waiting"]
    assert taken(role) == 0


def test_the_reminder_goes_out_once():
    soon = shift_role(shift=ShiftFactory(starts_at=timezone.now() + timedelta(hours=40)))
    row = application(role=soon)
    Application.objects.filter(pk=row.pk).update(
        confirmed_at=timezone.now() - timedelta(days=3)
    )

    assert commands.remind_of_shifts(at=timezone.now()) == 1
    assert commands.remind_of_shifts(at=timezone.now()) == 0


def test_whoever_joined_in_the_last_two_days_is_not_asked_at_once_again():
    application(
        role=shift_role(shift=ShiftFactory(starts_at=timezone.now() + timedelta(hours=40)))
    )

    assert commands.remind_of_shifts(at=timezone.now()) == 0


def test_an_offer_made_in_the_last_two_hours_stands_until_the_start():
    shift = ShiftFactory(
        opportunity=OpportunityFactory(way=Way.BY_REQUEST),
        starts_at=timezone.now() + timedelta(hours=1),
    )
    role = shift_role(shift=shift)
    manager = manager_of(shift.opportunity.body)
    [row] = apply(volunteer(), role)

    commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    row.refresh_from_db()
    assert row.offer_expires_at == shift.starts_at
    commands.confirm_place(application_id=row.pk, by=row.person, at=timezone.now())
    assert states(row) == ["confirmed"]
