"""The body hears of applications by request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import manager_of, shift_role, volunteer
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

pytestmark = pytest.mark.django_db


def apply(person, role):
    [row] = commands.apply(
        person=person, shift_role_ids=[role.pk], by=person, at=timezone.now()
    )
    return row


def told(person, template="registry.office_news"):
    rows = Message.objects.filter(person=person, template=template)
    return list(rows.exclude(status="suppressed"))


def test_ten_applications_make_one_message_to_each_manager():
    role = shift_role(seats=20, way=Way.BY_REQUEST)
    body = role.shift.opportunity.body
    manager, other = manager_of(body), manager_of(BodyFactory())
    head = OfficeFactory(body=body, role=Role.BODY_HEAD).person
    for _ in range(10):
        apply(volunteer(), role)

    run_jobs()

    [message] = told(manager)
    assert message.context["link"].endswith(f"/{role.shift.opportunity.code}/applicants/")
    assert "10" in message.subject
    assert told(head) == told(other) == []


def test_an_open_place_needs_no_answer_and_tells_nobody():
    role = shift_role(seats=2)
    manager = manager_of(role.shift.opportunity.body)
    apply(volunteer(), role)

    run_jobs()

    assert told(manager) == []


def test_without_a_manager_the_head_is_told_and_nobody_of_their_own():
    role = shift_role(seats=2, way=Way.BY_REQUEST)
    body = role.shift.opportunity.body
    manager, head = volunteer(), OfficeFactory(body=body, role=Role.BODY_HEAD).person
    OfficeFactory(body=body, role=Role.UNIT_MANAGER, person=manager)
    apply(manager, role)

    run_jobs()

    assert told(manager) == []
    assert len(told(head)) == 1


def test_a_late_answer_is_told_to_the_desk_once_and_leads_to_the_body():
    role = shift_role(seats=2, way=Way.BY_REQUEST)
    body = role.shift.opportunity.body
    manager = manager_of(body)
    desk = OfficeFactory(body=BodyFactory(desk=True), role=Role.DESK).person
    row = apply(volunteer(), role)
    late = timezone.now() + timedelta(days=1)
    Application.objects.filter(pk=row.pk).update(answer_due_at=late - timedelta(hours=1))

    registry.remind_offices(at=late)
    registry.remind_offices(at=late)

    [message] = told(desk, "registry.office_late")
    assert message.context["link"].endswith(f"/bodies/{body.code}/")
    assert told(manager, "registry.office_late") == []
