"""The body answers: accepting, declining, inviting, and what silence counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.models import Message
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.commands.answering import NoSeatLeft
from takatuf.placement.commands.applying import NotEligible
from takatuf.placement.enums import ApplicationStatus, Origin
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    application,
    apply,
    manager_of,
    shift_role,
    states,
    taken,
    volunteer,
)

pytestmark = pytest.mark.django_db


def test_by_request_the_body_answers_and_the_person_confirms():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    person, manager = volunteer(), manager_of(role.shift.opportunity.body)
    [row] = apply(person, role, message="  خبرة سنتين ")
    assert (row.status, row.message, taken(role)) == ("applied", "خبرة سنتين", 0)

    commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["offered"]
    assert taken(role) == 1
    figures = role.shift.opportunity.body.figures
    assert (figures.applications_answered, figures.answered_in_time) == (1, 1)


def test_a_stranger_cannot_accept_and_nothing_changes():
    role = shift_role(way=Way.BY_REQUEST)
    [row] = apply(volunteer(), role)

    with pytest.raises(NotAllowed):
        commands.accept_application(application_id=row.pk, by=volunteer(), at=timezone.now())

    assert states(row) == ["applied"]
    assert taken(role) == 0


def test_a_manager_cannot_accept_their_own_application():
    role = shift_role(way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    row = application(person=manager, role=role, status=ApplicationStatus.APPLIED)

    with pytest.raises(NotAllowed):
        commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["applied"]


def test_accepting_into_a_full_role_says_so_and_leaves_the_application_waiting():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [one], [two] = apply(volunteer(), role), apply(volunteer(), role)
    commands.accept_application(application_id=one.pk, by=manager, at=timezone.now())

    with pytest.raises(NoSeatLeft):
        commands.accept_application(application_id=two.pk, by=manager, at=timezone.now())

    assert states(one, two) == ["offered", "applied"]


def test_declining_needs_a_reason():
    role = shift_role(way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [row] = apply(volunteer(), role)

    for reason in ("  ", "ن" * 401):  # what would not be kept whole is no reason either
        with pytest.raises(DomainError):
            commands.decline_application(
                application_id=row.pk, reason=reason, by=manager, at=timezone.now()
            )
    assert states(row) == ["applied"]

    commands.decline_application(
        application_id=row.pk, reason="العدد مكتمل", by=manager, at=timezone.now()
    )
    row.refresh_from_db()
    assert (row.status, row.reason) == ("declined", "العدد مكتمل")


def test_invitation_only_takes_nobody_who_was_not_invited():
    role = shift_role(way=Way.INVITATION)
    person, manager = volunteer(), manager_of(role.shift.opportunity.body)

    with pytest.raises(NotEligible):
        apply(person, role)
    assert not Application.objects.exists()

    row = commands.invite(person=person, shift_role_id=role.pk, by=manager, at=timezone.now())
    assert (row.status, row.origin) == (ApplicationStatus.OFFERED, Origin.INVITED)
    commands.confirm_place(application_id=row.pk, by=person, at=timezone.now())
    assert states(row) == ["confirmed"]


def test_accepting_twice_is_accepting_once_and_counts_one_answer():
    role = shift_role(seats=2, way=Way.BY_REQUEST)
    manager = manager_of(role.shift.opportunity.body)
    [row] = apply(volunteer(), role)

    for _ in range(2):
        commands.accept_application(application_id=row.pk, by=manager, at=timezone.now())

    assert states(row) == ["offered"]
    assert taken(role) == 1
    assert role.shift.opportunity.body.figures.applications_answered == 1


def test_who_still_waits_when_the_shift_begins_is_told_and_the_silence_counts():
    role = shift_role(seats=1, way=Way.BY_REQUEST)
    asks = application(role=role, status="applied")
    waits = application(role=role, status="waiting")
    begun = role.shift.starts_at

    assert commands.close_overtaken(at=begun - timedelta(minutes=1)) == 0
    assert commands.close_overtaken(at=begun) == 2
    assert commands.close_overtaken(at=begun) == 0

    assert states(asks, waits) == ["expired", "expired"]
    figures = role.shift.opportunity.body.figures
    assert (figures.applications_answered, figures.answered_in_time) == (1, 0)
    assert set(Message.objects.values_list("template", flat=True)) == {
        "placement.unanswered", "placement.line_closed",
    }  # fmt: skip
