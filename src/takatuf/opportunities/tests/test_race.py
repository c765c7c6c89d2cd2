"""Many at once on one opportunity: seats, listing and shifts stay in step, nobody deadlocks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connections

from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands, contributions, queries
from takatuf.opportunities.commands import seats as seats_commands
from takatuf.opportunities.errors import EditedMeanwhile
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.opportunities.tests.factories import NOW, opportunity, published
from takatuf.registry.tests.factories import PersonFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*jobs) -> list:
    """Run the jobs at the same moment, each with a connection of its own; their answers."""
    start = threading.Barrier(len(jobs))

    def run(job):
        close_old_connections()
        try:
            start.wait(timeout=30)
            return job()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result(timeout=120) for each in [pool.submit(run, job) for job in jobs]]


def test_seats_of_several_shifts_are_taken_at_once_and_the_listing_counts_them():
    made = published(shifts=3, seats=4)
    roles = list(ShiftRole.objects.values_list("pk", flat=True))

    answers = at_once(*[lambda pk=pk: commands.take_role_seat(pk) for pk in roles * 8])

    made.refresh_from_db()
    assert sum(answers) == made.seats_taken == made.seats_total == 12
    assert list(contributions.seats_are_counted()) == []


def test_without_the_lock_order_the_listing_would_lose_count(monkeypatch):
    """The control: counting from what was read, as is natural to write, loses people."""

    def careless(opportunity_id, shift_role_id, *, step):
        row = Opportunity.objects.get(pk=opportunity_id)
        row.seats_taken += step
        Opportunity.objects.filter(pk=opportunity_id).update(seats_taken=row.seats_taken)

    made = published(shifts=3, seats=40)
    roles = list(ShiftRole.objects.values_list("pk", flat=True))
    monkeypatch.setattr(seats_commands, "_count", careless)
    for _round in range(20):
        at_once(*[lambda pk=pk: _unlocked(pk) for pk in roles * 4])
        made.refresh_from_db()
        taken = sum(ShiftRole.objects.values_list("taken", flat=True))
        if made.seats_taken != taken:
            return
        ShiftRole.objects.update(taken=0)
        Opportunity.objects.update(seats_taken=0)
    pytest.fail("the careless count never lost anybody: the test above proves nothing")


def _unlocked(pk):
    """Each statement commits by itself, so that readers meet in between."""
    if seats_commands.take_seat(ShiftRole, pk):
        opportunity_id = ShiftRole.objects.values_list("shift__opportunity", flat=True).get(
            pk=pk
        )
        seats_commands._count(opportunity_id, pk, step=1)


def test_people_join_while_the_unit_cancels_moves_and_edits():
    made = published(shifts=4, seats=6)
    by = PersonFactory()
    shifts = list(made.shifts.order_by("starts_at"))
    roles = [shift.roles.get().pk for shift in shifts]
    later = NOW.replace(year=2027)

    at_once(
        *[lambda pk=pk: commands.take_role_seat(pk) for pk in roles * 4],
        lambda: commands.cancel_shift(shift_id=shifts[0].pk, reason="س", by=by, at=NOW),
        lambda: commands.move_shift(
            shift_id=shifts[1].pk, starts_at=later, ends_at=later.replace(hour=12), reason="س", by=by, at=NOW
        ),
        lambda: commands.save_step(
            opportunity_id=made.pk, version=1, changes={"place": "هنا"}, by=by, at=NOW
        ),
        lambda: commands.pause(opportunity_id=made.pk, by=by, at=NOW),
    )  # fmt: skip

    assert list(contributions.seats_are_counted()) == []
    assert list(contributions.over_means_over()) == []
    made.refresh_from_db()
    assert made.status == "paused"


def test_of_many_who_save_one_version_exactly_one_is_kept():
    made = opportunity()
    by = PersonFactory()

    answers = at_once(
        *[
            lambda n=n: commands.save_step(
                opportunity_id=made.pk,
                version=1,
                changes={"title": f"كلمات {n}"},
                by=by,
                at=NOW,
            )
            for n in range(8)
        ]
    )

    assert sum(isinstance(answer, EditedMeanwhile) for answer in answers) == 7
    made.refresh_from_db()
    assert made.version == 2


def test_the_list_never_misses_a_commit():
    """Readers keep up while seats go; when all is quiet the list shows exactly what is stored."""
    for _number in range(6):
        published(shifts=1, seats=9)
    roles = list(ShiftRole.objects.values_list("pk", flat=True))

    def read():
        for _again in range(10):
            queries.listing(Filters(), at=NOW)

    at_once(*[lambda pk=pk: commands.take_role_seat(pk) for pk in roles * 3], read, read, read)

    full_by_list = queries.listing(Filters(seats=True), at=NOW).total
    assert full_by_list == 6
    at_once(*[lambda pk=pk: commands.take_role_seat(pk) for pk in roles * 6])
    assert queries.listing(Filters(seats=True), at=NOW).total == 0
