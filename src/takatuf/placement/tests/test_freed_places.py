"""Places freed or carried along: shifts cancelled and moved, consent withdrawn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Shift
from takatuf.placement import commands, queries, receivers
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    in_the_morning,
    manager_of,
    shift_role,
    states,
    taken,
    volunteer,
)
from takatuf.placement.tests.rounds import agreed, opened, place, worked_out
from takatuf.registry.models import BodyFigures

pytestmark = pytest.mark.django_db


def test_a_cancelled_shift_frees_everyone_and_tells_why_once():
    role = shift_role(seats=2)
    rows = [application(role=role), application(role=role, status=ApplicationStatus.WAITING)]

    assert commands.release_cancelled_shift(
        shift_id=role.shift_id, reason="عاصفة رملية", at=timezone.now()
    ) == 2  # fmt: skip
    assert commands.release_cancelled_shift(
        shift_id=role.shift_id, reason="عاصفة رملية", at=timezone.now()
    ) == 0  # fmt: skip

    assert states(*rows) == ["expired", "expired"]
    assert taken(role) == 0
    assert Application.objects.get(pk=rows[0].pk).reason == "عاصفة رملية"


def test_a_moved_shift_carries_everyone_to_the_new_time():
    old = shift_role(seats=2)
    new_shift = ShiftFactory(
        opportunity=old.shift.opportunity, starts_at=old.shift.starts_at + timedelta(days=1)
    )
    new = shift_role(seats=2, shift=new_shift, role=old.role)
    placed = application(role=old)
    waits = application(role=old, status=ApplicationStatus.WAITING)

    commands.follow_moved_shifts(
        moves=[(old.shift_id, new_shift.pk)], reason="تعارض", at=timezone.now()
    )

    carried = dict(
        Application.objects.filter(shift=new_shift).values_list("person_id", "status")
    )
    assert carried == {placed.person_id: "offered", waits.person_id: "waiting"}
    assert (taken(old), taken(new)) == (0, 1)


def test_a_withdrawn_consent_frees_future_places():
    row = application()

    assert commands.free_places_of(
        person_id=row.person_id, reason="سحب الموافقة", at=timezone.now()
    ) == 1  # fmt: skip
    assert states(row) == ["withdrawn"]
    assert taken(row.shift_role) == 0


@pytest.mark.parametrize(
    ("came_to_need", "words"),
    [
        (True, "تاريخ الميلاد يجعل موافقة ولي الأمر لازمة أولًا."),
        (False, "سُحبت موافقة ولي الأمر."),
    ],
)
def test_the_reason_of_a_freed_place_is_the_true_one(came_to_need, words):
    row = application()

    receivers.free_places(ConsentWithdrawn(person_id=row.person_id, came_to_need=came_to_need))

    with translation.override("ar"):
        assert (states(row), Application.objects.get(pk=row.pk).why) == (["withdrawn"], words)


def test_whoever_s_role_is_gone_at_the_new_time_is_told_the_shift_is_off():
    old = shift_role()
    row = application(role=old)
    new = shift_role(shift=ShiftFactory(opportunity=old.shift.opportunity))

    commands.follow_moved_shifts(
        moves=[(old.shift_id, new.shift_id)], reason="تعارض", at=timezone.now()
    )

    assert states(row) == ["expired"]
    assert Message.objects.get().template == "placement.cancelled"


# ---------------------------------------------------------------- as the unit does it
def close(role):
    opportunity = role.shift.opportunity
    opportunities.close_opportunity(
        opportunity_id=opportunity.pk, by=manager_of(opportunity.body), at=timezone.now()
    )
    run_jobs()


@pytest.mark.parametrize("status", ["applied", "waiting"])
def test_closing_early_tells_who_asked_and_counts_against_nobody(status):
    role = shift_role(way=Way.BY_REQUEST)
    row = application(role=role, status=status, person=volunteer(language="en"))
    close(role)

    assert states(row) == ["expired"]
    said = Message.objects.get(person=row.person)
    assert said.template == "placement.cancelled"
    assert "The opportunity was closed." in said.body
    assert commands.close_overtaken(at=role.shift.starts_at + timedelta(minutes=1)) == 0
    assert not BodyFigures.objects.filter(applications_answered__gt=0).exists()


def test_closing_early_ends_what_a_round_proposed():
    role = place(seats=1)
    agreed()
    worked_out(opened())
    close(role)

    assert [row.status for row in Proposal.objects.all()] == ["lapsed"]


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_the_body_answers_for_shifts_that_take_place(status):
    row = application(role=shift_role(way=Way.BY_REQUEST), status="applied")
    Shift.objects.filter(pk=row.shift_id).update(status=status, reason="س")
    body = row.opportunity.body
    there = status == "planned"

    assert queries.waiting_for_body(body, None).exists() is there
    assert bool(queries.waiting_by_opportunity([body.pk])) is there


@pytest.mark.parametrize("status", ["applied", "waiting", "offered"])
def test_times_change_by_moving_where_somebody_stands_in_line(client, status):
    opportunity = OpportunityFactory(way=Way.BY_REQUEST)
    before = in_the_morning()
    role = shift_role(shift=ShiftFactory(opportunity=opportunity, starts_at=before))
    row = application(role=role, status=status)
    sign_in(client, manager_of(opportunity.body))
    page = reverse("opportunities:shift", args=[opportunity.code, role.shift_id])
    seats = {f"least_{role.role_id}": "1", f"seats_{role.role_id}": "4", "scope": "this"}

    refused = client.post(page, seats | {"starts": "05:00", "ends": "09:00"})
    more_seats = client.post(page, seats | {"starts": "10:00", "ends": "13:00"})

    assert (refused.status_code, more_seats.status_code) == (409, 302)
    assert 'href="#move"' in refused.content.decode()
    role.shift.refresh_from_db()
    assert (role.shift.starts_at, states(row)) == (before, [status])
