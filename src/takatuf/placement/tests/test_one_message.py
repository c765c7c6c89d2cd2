"""What happens in one act is told in one message, each shift with its own link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.placement import commands
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    manager_of,
    shift_role,
    volunteer,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def roles():
    """Three shifts of one opportunity with the same role, two seats in each."""
    opportunity = OpportunityFactory(way=Way.BY_REQUEST)
    first = shift_role(seats=2, shift=ShiftFactory(opportunity=opportunity))
    return [first] + [
        shift_role(seats=2, role=first.role, shift=ShiftFactory(
            opportunity=opportunity, starts_at=first.shift.starts_at + n * DAY))
        for n in (1, 2)
    ]  # fmt: skip


@pytest.fixture
def manager(roles):
    return manager_of(roles[0].shift.opportunity.body)


def told(person) -> list[Message]:
    return list(Message.objects.filter(person=person).order_by("template", "pk"))


def accept(rows, *, by):
    return commands.accept_applications(
        application_ids=[row.pk for row in rows], by=by, at=timezone.now()
    )


def test_several_accepted_at_once_are_told_once_to_each(roles, manager):
    many, one = volunteer(), volunteer()
    theirs = [application(person=many, role=role, status="applied") for role in reversed(roles)]
    other = application(person=one, role=roles[1], status="applied")

    outcome = accept([*theirs, other], by=manager)

    assert len(outcome.accepted) == 4
    [message] = told(many)
    assert message.template == "placement.offered"
    assert message.context["more"].count("http") == 2
    assert message.context["more"] in message.body
    assert message.context["day"] not in message.context["more"]
    [message] = told(one)
    assert message.context["more"] == ""


def test_what_could_not_be_accepted_is_not_told_of(roles, manager):
    person = volunteer()
    for _ in range(2):
        application(role=roles[0], status="confirmed")
    rows = [application(person=person, role=role, status="applied") for role in roles[:2]]

    outcome = accept(rows, by=manager)

    assert [row.pk for row, _why in outcome.left] == [rows[0].pk]
    [message] = told(person)
    assert message.context["more"] == ""
    assert accept([rows[1]], by=manager).accepted  # again: nothing new, nothing told
    assert len(told(person)) == 1


def test_whoever_may_not_decide_on_one_accepts_none(roles, manager):
    mine = application(role=roles[0], status="applied")
    foreign = application(role=shift_role(way=Way.BY_REQUEST), status="applied")

    with pytest.raises(NotAllowed):
        accept([mine, foreign], by=manager)

    assert set(Application.objects.values_list("status", flat=True)) == {"applied"}
    assert not Message.objects.exists()


def test_a_series_that_moves_is_told_once_to_each(roles, manager):
    placed, waits = volunteer(), volunteer()
    for role in roles:
        application(person=placed, role=role, status="confirmed")
    for role in roles[:2]:
        application(person=waits, role=role, status="waiting")
    opportunity = roles[0].shift.opportunity

    opportunities.move_opportunity(
        opportunity_id=opportunity.pk, days=7, reason="إجازة", by=manager, at=timezone.now()
    )
    run_jobs()

    [message] = told(placed)
    assert message.template == "placement.moved"
    assert message.context["more"].count("http") == 2
    assert "إجازة" in message.body
    [message] = told(waits)
    assert message.template == "placement.moved_line"
    assert message.context["more"].count("http") == 1
    now = Application.objects.filter(person=placed, status="offered").order_by("shift")
    assert sorted(row.shift.starts_at for row in now) == [
        role.shift.starts_at + 7 * DAY for role in roles
    ]
