"""Two browsers approving at once place nobody twice, on both engines.

Each test has its control: without the guard the same crowd does what must not be.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Message
from takatuf.kernel.registries import invariants
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands, queries
from takatuf.placement.commands import seats
from takatuf.placement.eligibility import Verdict
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.placement.tests.rounds import agreed, asks, opened, place, solved, worked_out

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BROWSERS = 8


def at_once(acts):
    """Each act in a thread with a connection of its own, all at the same moment."""
    start = threading.Barrier(len(acts))

    def one(act):
        close_old_connections()
        try:
            start.wait(timeout=30)
            with suppress(DomainError):
                act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        for outcome in [pool.submit(one, act) for act in acts]:
            outcome.result(timeout=120)


def approve(proposal, manager):
    return lambda: commands.approve_proposal(
        proposal_id=proposal.pk, by=manager, at=timezone.now()
    )


def test_one_proposal_approved_in_many_browsers_is_one_offer_and_one_message():
    role = place(seats=5)
    agreed()
    row = solved()
    manager = manager_of(role.shift.opportunity.body)
    proposal = Proposal.objects.get()

    def all_of_it():
        commands.approve_all(matching_round=row, by=manager, at=timezone.now())

    at_once([approve(proposal, manager), all_of_it] * (BROWSERS // 2))

    role.refresh_from_db()
    row.refresh_from_db()
    assert Application.objects.count() == role.taken == 1
    assert Message.objects.filter(template="placement.proposed").count() == 1
    assert row.status == "approved"


def two_rounds_for_one_seat():
    """Two rounds that each propose somebody else for the same last seat."""
    role = place(seats=1)
    agreed()
    solved()
    later = solved()
    Proposal.objects.filter(round=later).update(person=agreed())
    return role, manager_of(role.shift.opportunity.body)


def test_the_last_seat_goes_to_one_of_two_rounds():
    role, manager = two_rounds_for_one_seat()

    at_once([approve(proposal, manager) for proposal in Proposal.objects.all()])

    role.refresh_from_db()
    assert Application.objects.filter(status="offered").count() == role.taken == 1
    assert sorted(Proposal.objects.values_list("status", flat=True)) == ["approved", "proposed"]


def test_without_taking_the_seat_both_rounds_would_have_it(monkeypatch):
    """Control: the seat's own conditional change is what decides."""
    _role, manager = two_rounds_for_one_seat()
    monkeypatch.setattr(
        "takatuf.placement.commands.proposals.opportunities.take_role_seat", lambda _pk: True
    )

    at_once([approve(proposal, manager) for proposal in Proposal.objects.all()])

    assert Application.objects.filter(status="offered").count() == 2


def test_closing_approving_and_leaving_at_once_never_wait_for_each_other():
    """Everybody locks people, listings and the round in one order; a deadlock would be raised."""
    roles = [place(hours, seats=2) for hours in (8, 12, 16)]
    wants = [volunteer() for _ in range(6)]
    for person, role in zip(wants, roles * 2, strict=True):
        asks(person, role)
    row = solved()
    managers = [manager_of(role.shift.opportunity.body) for role in roles]
    first = Proposal.objects.order_by("pk").first()
    approve(
        first, next(m for m, r in zip(managers, roles, strict=True) if r == first.shift_role)
    )()
    made = Application.objects.get(status="offered")
    at = timezone.now()

    at_once(
        [
            *(
                lambda by=by: commands.approve_all(matching_round=row, by=by, at=at)
                for by in managers * 2
            ),
            lambda: commands.withdraw(application_id=made.pk, by=made.person, at=at),
            lambda: commands.close_round(matching_round=row, by=row.opened_by, at=at),
        ]
    )

    row.refresh_from_db()
    assert row.status == "closed"
    assert not Proposal.objects.filter(status="proposed").exists()
    for name in (
        "seats taken are the places held",
        "approved proposals hold a place, and ended ones none",
        "rounds stand as their proposals do",
    ):
        assert list(invariants[name]()) == []


def one_person_twice():
    """One person proposed by two rounds for two shifts at the same time."""
    first, second = place(10, seats=1), place(11, seats=1)
    person = agreed()
    proposals = []
    for role in (first, second):
        body = role.shift.opportunity.body
        worked_out(opened(body=body, by=manager_of(body), bodies=[body]))
        proposals.append(Proposal.objects.get(shift_role=role))
    assert {p.person_id for p in proposals} == {person.pk}
    return proposals, [manager_of(p.body) for p in proposals]


def test_one_person_is_not_placed_in_two_shifts_at_one_time():
    proposals, managers = one_person_twice()

    at_once([approve(p, m) for p, m in zip(proposals, managers, strict=True)])

    assert Application.objects.filter(status="offered").count() == 1
    assert ShiftRole.objects.filter(taken=1).count() == 1


def test_judged_before_the_locks_the_person_would_be_in_both(monkeypatch):
    """Control: both were found eligible a moment ago; nobody asks again under the locks."""
    proposals, managers = one_person_twice()
    monkeypatch.setattr(seats, "verdict_on", lambda *_given, **_more: Verdict())

    at_once([approve(p, m) for p, m in zip(proposals, managers, strict=True)])

    assert Application.objects.filter(status="offered").count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
def test_without_the_lock_on_the_person_both_judge_before_either_places(monkeypatch):
    """Control: what the person's lock is for, where there are rows to lock."""
    proposals, managers = one_person_twice()
    gate = threading.Barrier(2)
    judge = seats.verdict_on

    def judged_together(*given, **more):
        verdict = judge(*given, **more)
        gate.wait(timeout=30)
        return verdict

    monkeypatch.setattr(queries, "lock_person", lambda _pk: None)
    monkeypatch.setattr(seats, "verdict_on", judged_together)

    at_once([approve(p, m) for p, m in zip(proposals, managers, strict=True)])

    assert Application.objects.filter(status="offered").count() == 2
