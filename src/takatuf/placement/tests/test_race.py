"""The last seat goes to exactly one of any number of simultaneous people, on both engines.

The guard has its control: taken out of the product, the same crowd oversells, otherwise the
test would prove nothing.
"""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, close_old_connections, connection, connections
from django.utils import timezone

from takatuf.kernel import capacity
from takatuf.opportunities.commands import seats as opportunity_seats
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement import commands
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
    volunteer,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PEOPLE, SEATS = 24, 5


def crowd(people, role_id, *, join):
    """Everyone asks at the same moment, from threads with connections of their own."""
    start = threading.Barrier(len(people))

    def one(person):
        close_old_connections()
        try:
            start.wait(timeout=30)
            join(person, role_id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        for outcome in [pool.submit(one, person) for person in people]:
            outcome.result(timeout=120)


def ask(person, role_id):
    commands.apply(person=person, shift_role_ids=[role_id], by=person, at=timezone.now())


def test_exactly_as_many_are_in_as_there_are_seats_and_everyone_is_answered():
    role = shift_role(seats=SEATS)
    people = [volunteer() for _ in range(PEOPLE)]

    crowd(people, role.pk, join=ask)

    states = list(Application.objects.values_list("status", flat=True))
    role.refresh_from_db()
    assert states.count(ApplicationStatus.CONFIRMED) == SEATS
    assert states.count(ApplicationStatus.WAITING) == PEOPLE - SEATS
    assert role.taken == SEATS


def test_one_person_who_taps_many_times_has_one_place():
    role = shift_role(seats=SEATS)
    person = volunteer()

    crowd([person] * 12, role.pk, join=ask)

    role.refresh_from_db()
    assert Application.objects.count() == 1
    assert role.taken == 1


def test_the_last_seat_of_another_shift_goes_to_one_of_those_whose_shift_was_cancelled():
    here = shift_role(seats=PEOPLE)
    starts = here.shift.starts_at + timedelta(days=1)
    later = ShiftFactory(opportunity=here.shift.opportunity, starts_at=starts)
    there = shift_role(seats=1, shift=later, role=here.role)
    rows = {row.person_id: row for row in (application(role=here) for _ in range(12))}
    Shift.objects.filter(pk=here.shift_id).update(status="cancelled", reason="سبب")
    commands.release_cancelled_shift(shift_id=here.shift_id, reason="سبب", at=timezone.now())

    def change(person, role_id):
        with suppress(commands.NotThere):
            commands.change_place(
                application_id=rows[person.pk].pk, shift_role_id=role_id, by=person,
                at=timezone.now(),
            )  # fmt: skip

    crowd([row.person for row in rows.values()], there.pk, join=change)

    there.refresh_from_db()
    assert there.taken == 1
    assert list(there.applications.values_list("status", flat=True)) == ["confirmed"]


def crowd_at_the_seats(role) -> int:
    """Nothing but the guard between them: no lock and no transaction. How many were let in."""
    let_in = []

    def take(_person, role_id):
        let_in.append(capacity.take_seat(ShiftRole, role_id))

    crowd(range(PEOPLE), role.pk, join=take)
    return sum(let_in)


def look_then_write(model, pk) -> bool:
    """A seat taken as one would naively do: what it is to become is counted before."""
    row = model.objects.get(pk=pk)
    time.sleep(0.2)  # as long as a busy server takes between the two
    if row.taken >= row.seats:
        return False
    model.objects.filter(pk=pk).update(taken=row.taken + 1)
    return True


def test_one_statement_takes_a_seat(django_assert_num_queries):
    role = shift_role(seats=1)
    with django_assert_num_queries(1):
        assert capacity.take_seat(ShiftRole, role.pk)
    with django_assert_num_queries(1):
        assert not capacity.take_seat(ShiftRole, role.pk)


def test_as_many_are_let_in_as_there_are_seats_even_without_any_lock():
    role = shift_role(seats=SEATS)

    assert crowd_at_the_seats(role) == SEATS

    role.refresh_from_db()
    assert role.taken == SEATS


def test_without_the_guard_the_same_crowd_is_let_in_beyond_the_seats(monkeypatch):
    """Control: the guard taken out of the product, the test above fails."""
    monkeypatch.setattr(capacity, "take_seat", look_then_write)

    assert crowd_at_the_seats(shift_role(seats=SEATS)) > SEATS


def test_whoever_is_let_in_is_let_in_by_the_guard(monkeypatch):
    """It alone gives seats away: where it says no, an application waits."""
    role = shift_role(seats=SEATS)
    monkeypatch.setattr(opportunity_seats, "take_seat", lambda _model, _pk: False)

    ask(volunteer(), role.pk)

    assert Application.objects.get().status == ApplicationStatus.WAITING
    role.refresh_from_db()
    assert role.taken == 0


def test_the_database_itself_refuses_an_oversold_role():
    role = shift_role(seats=1)

    with pytest.raises(IntegrityError, match=r"shift_role_is_not_oversold|CHECK constraint"):
        ShiftRole.objects.filter(pk=role.pk).update(taken=2)

    role.refresh_from_db()
    assert role.taken == 0


def _ask_in_a_process(settings_dict, person_id, role_id, barrier, answers):
    """A process of its own: nothing is shared but the database."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - after the fork

    connections.close_all()
    connections["default"].settings_dict.update(settings_dict)
    try:
        person = get_user_model().objects.get(pk=person_id)
        barrier.wait(timeout=60)
        ask(person, role_id)
        answers.put("answered")
    except Exception as error:  # noqa: BLE001 - the parent judges
        answers.put(repr(error))
    finally:
        connections.close_all()


@pytest.mark.skipif(
    connection.settings_dict["NAME"] in (":memory:", None), reason="needs a database on disk"
)
def test_processes_share_the_seats_as_well():
    role = shift_role(seats=2)
    people = [volunteer() for _ in range(8)]
    settings_dict = {"NAME": connection.settings_dict["NAME"]}
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(people)), fork.Queue()

    crowd_of_processes = [
        fork.Process(
            target=_ask_in_a_process, args=(settings_dict, p.pk, role.pk, barrier, answers)
        )
        for p in people
    ]
    for process in crowd_of_processes:
        process.start()
    given = [answers.get(timeout=120) for _ in people]
    for process in crowd_of_processes:
        process.join(timeout=30)

    assert given == ["answered"] * len(people)
    assert Application.objects.filter(status="confirmed").count() == 2
    role.refresh_from_db()
    assert role.taken == 2
