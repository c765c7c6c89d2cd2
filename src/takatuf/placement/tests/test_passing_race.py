"""A seat is passed on once by any number of workers, and covered by one of any number of people.

Each test has its control: without the guard the same crowd does what must not be.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, close_old_connections, connections
from django.utils import timezone

from takatuf.kernel.errors import DomainError
from takatuf.kernel.registries import invariants
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands import covering, replanning
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import application, manager_of, shift_role, volunteer
from takatuf.placement.tests.rounds import agreed, place, solved

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORKERS, PEOPLE = 4, 8


def at_once(acts):
    """Each act in a thread with a connection of its own; what each of them raised."""
    start = threading.Barrier(len(acts))

    def one(act):
        close_old_connections()
        try:
            start.wait(timeout=60)
            act()
        except (DomainError, IntegrityError) as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(timeout=200) for each in [pool.submit(one, act) for act in acts]]


def given_up():
    """A place just left, in a role with seats to spare and people who come next."""
    role = place(seats=1)
    for _ in range(5):
        agreed()
    row = solved()
    [made] = commands.approve_all(
        matching_round=row, by=manager_of(role.shift.opportunity.body), at=timezone.now()
    ).approved
    commands.withdraw(application_id=made.pk, by=made.person, at=timezone.now())
    ShiftRole.objects.filter(pk=role.pk).update(seats=WORKERS)
    return made


def test_many_workers_pass_a_seat_on_once():
    place_left = given_up()

    faults = at_once([lambda: replanning.pass_seat_on(place_left.pk)] * WORKERS)

    assert faults == [None] * WORKERS
    assert Application.objects.filter(status="offered").count() == 1
    assert Proposal.objects.filter(takes_over=place_left).count() == 1
    assert ShiftRole.objects.get().taken == 1


def test_without_looking_again_the_database_itself_refuses_the_second(monkeypatch):
    """Control: nobody asks whether the round moved on, nor whether the place is taken over."""
    place_left = given_up()
    planned = threading.Barrier(WORKERS)
    read = replanning.standing_of

    def together(*given, **more):
        found = read(*given, **more)
        planned.wait(timeout=60)
        monkeypatch.setattr(replanning, "rows_of", lambda _round: found.rows)
        return found

    monkeypatch.setattr(replanning, "standing_of", together)
    monkeypatch.setattr(replanning, "_is_taken_over", lambda _application: False)

    faults = at_once([lambda: replanning.pass_seat_on(place_left.pk)] * WORKERS)

    assert any(isinstance(fault, IntegrityError) for fault in faults)
    assert Proposal.objects.filter(takes_over=place_left).count() == 1


def to_cover():
    left = application(role=shift_role(seats=1))
    cover = commands.ask_for_cover(application_id=left.pk, by=left.person, at=timezone.now())
    people = [volunteer() for _ in range(PEOPLE)]
    return [
        lambda by=by: commands.take_cover(cover_id=cover.pk, by=by, at=timezone.now())
        for by in people
    ]


def test_one_of_many_covers_a_place():
    faults = at_once(to_cover())

    assert faults.count(None) == 1
    assert Application.objects.filter(status="confirmed").count() == 1
    assert ShiftRole.objects.get().taken == 1


def test_without_asking_whether_it_is_open_several_would_come_for_one_seat(monkeypatch):
    """Control: neither asked nor written conditionally."""
    for guard in ("_must_be_open", "_end", "_leave"):
        monkeypatch.setattr(covering, guard, lambda *_given, **_more: None)

    at_once(to_cover())

    assert Application.objects.filter(status="confirmed", origin="cover").count() == PEOPLE
    assert list(invariants["seats taken are the places held"]()) != []
