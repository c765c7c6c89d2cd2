"""Two managers answer at the same moment: the hours count once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection, connections

from takatuf.attendance import commands, contributions, queries
from takatuf.attendance.commands.approving import AtTheSameTime
from takatuf.attendance.models import HourClaim, HourEntry, Presence
from takatuf.attendance.tests.days import (
    END,
    LATER,
    START,
    a_day,
    claims,
    closed_day,
    elsewhere,
)
from takatuf.kernel.errors import DomainError
from takatuf.placement import commands as placement
from takatuf.placement import queries as placement_rows
from takatuf.placement.tests.factories import manager_of
from takatuf.registry import commands as registry
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import desk_member

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 8


def at_once(*calls) -> list:
    """Each call in a thread with a connection of its own; what came of each."""
    start = threading.Barrier(len(calls))

    def one(call):
        close_old_connections()
        try:
            start.wait(timeout=30)
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [f.result(timeout=120) for f in [pool.submit(one, call) for call in calls]]


def two_bodies_one_person():
    """Hours of one person at one time, waiting for the managers of two bodies."""
    first = closed_day(1)
    return first, elsewhere([first.places[0].person])


def approvals(*days) -> list:
    return [
        lambda day=day: commands.approve_hours(
            claim_ids=[claim.pk for claim in claims(day)], by=day.colleague, at=LATER
        )
        for day in days
    ]


def test_two_managers_who_approve_at_once_count_once():
    day = closed_day(3)
    keys = [claim.pk for claim in claims(day)]
    managers = [manager_of(day.body) for _ in range(CROWD)]

    outcomes = at_once(*(
        lambda who=who: commands.approve_hours(claim_ids=keys, by=who, at=LATER)
        for who in managers
    ))  # fmt: skip

    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert HourEntry.objects.filter(state="approved").count() == 3
    totals = VolunteerProfile.objects.filter(person__in=[p.person for p in day.places])
    assert sorted(totals.values_list("total_minutes", flat=True)) == [178, 179, 180]
    assert list(contributions.totals_add_up()) == []


def test_approvals_of_the_same_people_in_other_orders_do_not_wait_crosswise():
    first = closed_day(2)
    people = [place.person for place in first.places]
    second = elsewhere(reversed(people), came_at=END, left_at=LATER)

    outcomes = at_once(*approvals(first, second))

    assert all(isinstance(outcome, list) for outcome in outcomes)
    assert list(contributions.totals_add_up()) == []


def test_of_hours_at_one_time_that_two_bodies_approve_at_once_one_counts():
    for _ in range(5):
        days = two_bodies_one_person()

        outcomes = at_once(*approvals(*days))

        assert {type(outcome) for outcome in outcomes} == {AtTheSameTime, list}
    assert list(contributions.counted_once()) == []
    assert list(contributions.totals_add_up()) == []


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time"
)
def test_it_is_the_person_held_that_lets_one_minute_count_once(monkeypatch):
    """Control: the command itself, with the people not held."""
    days = two_bodies_one_person()
    gate, look = threading.Barrier(len(days)), queries.others_at_the_time

    def both_look(found):
        beside = look(found)
        gate.wait(timeout=30)
        return beside

    monkeypatch.setattr(queries, "others_at_the_time", both_look)
    monkeypatch.setattr(placement_rows, "lock_people", lambda _keys: None)

    outcomes = at_once(*approvals(*days))

    assert [type(outcome) for outcome in outcomes] == [list, list]
    assert len(list(contributions.counted_once())) == 2


def test_an_approval_and_a_merge_at_once_count_no_minute_twice():
    """Whichever is first, the other sees what it did: no wait crosswise, no minute twice."""
    for _ in range(5):
        first, other = closed_day(1), closed_day(1)
        commands.approve_hours(
            claim_ids=[claim.pk for claim in claims(first)], by=first.colleague, at=LATER
        )
        keep, drop = first.places[0].person, other.places[0].person
        proposed = registry.propose_merge(
            keep=keep, drop=drop, reason="same", by=desk_member(), at=LATER
        )
        second = desk_member()

        at_once(
            *approvals(other),
            lambda merge=proposed, by=second: registry.confirm_merge(
                merge=merge, by=by, at=LATER
            ),
        )

    assert list(contributions.counted_once()) == []
    assert list(contributions.totals_add_up()) == []
    assert list(contributions.claims_mirror_the_ledger()) == []


def test_one_no_and_one_yes_are_one_answer():
    day = closed_day(1)
    key = claims(day)[0].pk

    outcomes = at_once(
        lambda: commands.approve_hours(claim_ids=[key], by=day.colleague, at=LATER),
        lambda: commands.reject_hours(
            claim_id=key, reason="سبب", by=manager_of(day.body), at=LATER
        ),
    )

    assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1
    assert list(contributions.totals_add_up()) == []
    assert list(contributions.claims_mirror_the_ledger()) == []


def test_a_sheet_closed_by_many_is_closed_once():
    day = a_day(3)
    for number in range(3):
        day.come(number)
        day.leave(number)

    outcomes = at_once(*(day.close for _ in range(CROWD)))

    assert (outcomes.count(3), outcomes.count(None)) == (1, CROWD - 1)
    assert HourClaim.objects.count() == 3


def test_many_ticks_at_once_are_one_tick():
    day = a_day(1)

    at_once(*(day.come for _ in range(CROWD)))

    assert Presence.objects.count() == 1
    assert (day.status(), day.outcome()) == ("present", "attended")


def test_a_tick_and_a_withdrawal_at_once_leave_one_story():
    """The listing is held before the place on both ways: nobody waits crosswise."""
    for _ in range(5):
        day = a_day(1)
        place = day.places[0]

        outcomes = at_once(
            lambda day=day: day.come(at=START),
            lambda place=place: placement.withdraw(
                application_id=place.pk, by=place.person, at=START
            ),
        )

        assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1
        assert (day.outcome(), day.status()) in (("attended", "present"), ("withdrawn", ""))
    assert list(contributions.sheets_agree_with_places()) == []


def test_marks_and_closing_at_once_agree():
    day = a_day(4)
    for number in range(4):
        day.come(number)

    at_once(
        *(lambda n=number: day.leave(n, at=END) for number in range(4)),
        lambda: day.close(at=END),
    )

    assert day.shift.status == "closed"
    assert list(contributions.closed_sheets_are_complete()) == []
    assert list(contributions.claims_mirror_the_ledger()) == []
    assert HourClaim.objects.count() == 4
