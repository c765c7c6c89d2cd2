"""Asking for a place: had at once, in the line, or refused whole."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from takatuf.kernel import outbox
from takatuf.kernel.models import Transition
from takatuf.kernel.references import reference
from takatuf.kernel.working_days import usual_due
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Opportunity, OpportunityRole, ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands.applying import NotEligible, NothingChosen
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    application,
    apply,
    shift_role,
    states,
    taken,
    volunteer,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_open_place_is_had_at_once():
    role, person = shift_role(seats=2), volunteer()

    [row] = apply(person, role)

    assert row.status == ApplicationStatus.CONFIRMED
    assert taken(role) == 1
    role.shift.opportunity.refresh_from_db()
    assert role.shift.opportunity.seats_taken == 1
    assert [e.action for e in Transition.objects.filter(subject=reference(row))] == ["joined"]


def test_asking_again_answers_with_what_one_has():
    role, person = shift_role(seats=2), volunteer()
    [first] = apply(person, role)

    assert apply(person, role) == [first]
    assert taken(role) == 1


def test_when_full_the_next_one_waits_and_gets_the_seat_that_is_freed():
    role = shift_role(seats=1)
    one, two = volunteer(), volunteer()
    [held] = apply(one, role)
    [waits] = apply(two, role)
    assert waits.status == ApplicationStatus.WAITING

    commands.withdraw(application_id=held.pk, by=one, at=timezone.now())

    assert states(held, waits) == ["withdrawn", "offered"]
    assert taken(role) == 1
    commands.confirm_place(application_id=waits.pk, by=two, at=timezone.now())
    assert states(waits) == ["confirmed"]


def test_a_seat_just_added_goes_to_the_line_before_a_newcomer():
    role = shift_role(seats=1)
    apply(volunteer(), role)
    [first] = apply(volunteer(), role)
    [second] = apply(volunteer(), role)
    ShiftRole.objects.filter(pk=role.pk).update(seats=2)  # the line has not heard of it yet

    [newcomer] = apply(volunteer(), role)

    assert states(first, second, newcomer) == ["offered", "waiting", "waiting"]
    assert taken(role) == 2


def test_leaving_the_line_and_asking_again_overtakes_nobody():
    role = shift_role(seats=1)
    apply(volunteer(), role)
    [first] = apply(volunteer(), role)
    last = volunteer()
    [row] = apply(last, role)
    ShiftRole.objects.filter(pk=role.pk).update(seats=2)

    commands.withdraw(application_id=row.pk, by=last, at=timezone.now())
    [again] = apply(last, role)

    assert states(first, again) == ["offered", "waiting"]


def test_two_places_at_one_time_are_refused_whole():
    shift = ShiftFactory()
    first = shift_role(shift=shift)
    clash = shift_role(
        shift=ShiftFactory(
            opportunity=shift.opportunity,
            starts_at=shift.starts_at + timedelta(hours=1),
            ends_at=shift.ends_at + timedelta(hours=1),
        )
    )
    person = volunteer()

    with pytest.raises(NotEligible, match=r"."):
        apply(person, first, clash)


def test_all_of_a_batch_or_none():
    shift = ShiftFactory()
    good = shift_role(shift=shift)
    late = shift_role(shift=ShiftFactory(opportunity=shift.opportunity,
                                         starts_at=timezone.now() - timedelta(hours=1)))  # fmt: skip
    person = volunteer()

    with pytest.raises(NotEligible):
        apply(person, late, good)


def test_nothing_chosen_is_said_so():
    with pytest.raises(NothingChosen):
        apply(volunteer())


def test_a_pause_keeps_new_people_out_but_not_those_it_holds_a_seat_for():
    role = shift_role()
    offered = application(role=role, status="offered")
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        status="paused", intake_paused=True
    )

    with pytest.raises(NotEligible):
        apply(volunteer(), role)
    commands.confirm_place(application_id=offered.pk, by=offered.person, at=timezone.now())

    assert states(offered) == ["confirmed"]


def test_a_listing_that_ran_out_keeps_new_people_out_and_takes_no_place_back():
    role = shift_role(seats=3)
    held = application(role=role)
    offered = application(role=role, status="offered")
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
        reconfirm_by=timezone.localdate() - timedelta(days=1)
    )

    with pytest.raises(NotEligible):
        apply(volunteer(), role)
    commands.confirm_place(application_id=offered.pk, by=offered.person, at=timezone.now())
    commands.reconfirm_place(application_id=held.pk, by=held.person, at=timezone.now())

    assert states(held, offered) == ["confirmed", "confirmed"]
    assert Application.objects.count() == 2
    assert taken(role) == 2


def test_two_roles_of_one_shift_are_one_too_many():
    first = shift_role()
    second = shift_role(shift=first.shift, role=OpportunityRole.objects.create(
        opportunity=first.shift.opportunity, title="منظم"))  # fmt: skip

    with pytest.raises(NothingChosen, match=r"."):
        apply(volunteer(), first, second)
    assert not Application.objects.exists()


def test_signing_up_takes_few_statements():
    role, person = shift_role(), volunteer()
    with CaptureQueriesContext(connection) as asked:
        apply(person, role)
    real = [q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(real) <= 18


@pytest.mark.parametrize(
    ("starts_in", "due_in"),
    [
        (timedelta(hours=30), timedelta(hours=28)),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=30), None),
    ],
)
def test_an_answer_is_due_within_five_working_days_and_before_the_shift(starts_in, due_in):
    at = timezone.now()
    shift = ShiftFactory(opportunity=OpportunityFactory(way=Way.BY_REQUEST),
                         starts_at=at + starts_in, ends_at=at + starts_in + HOUR)  # fmt: skip
    role, person = shift_role(shift=shift), volunteer()

    [row] = commands.apply(person=person, shift_role_ids=[role.pk], by=person, at=at)

    due = at + due_in if due_in else usual_due(at)
    assert row.answer_due_at == due
    [told] = outbox.recent_messages().filter(template="placement.received")
    assert f"{timezone.localtime(due):%H:%M}" in told.body
