"""Each attempt at a round has its whole time, and one that fails takes nothing away."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.transitions import history
from takatuf.opportunities.models import ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands import solving
from takatuf.placement.commands.rounds import OF_THE_PLAN
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.rounds import (
    agreed,
    approved,
    opened,
    place,
    solved,
    worked_out,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


# ---------------------------------------------------------------- its time
def waited_an_hour():
    """Three shifts and twelve people; started an hour ago, behind longer jobs."""
    for hours in (8, 12, 16):
        place(hours, seats=2)
    for _ in range(12):
        agreed()
    row = opened()
    commands.start_round(
        matching_round=row, by=row.opened_by, at=NOW() - timedelta(hours=1), enqueue=False
    )
    row.refresh_from_db()
    return row


def test_the_time_to_solve_begins_with_the_job_and_anew_with_each_attempt_of_it():
    row, seen = waited_an_hour(), []
    whole = row.options["seconds"]
    assert row.seconds_left(at=NOW()) == whole, "none of it is gone while the job waits"

    solving.work_out(row.pk, 1, lambda found: seen.append(found.seconds_left(at=NOW())))

    row.refresh_from_db()
    assert whole - 5 <= seen[0] <= whole
    assert row.seats_filled == 6
    assert row.gap <= row.options["gap"] / 1000


# ---------------------------------------------------------------- failing
def test_an_attempt_that_fails_leaves_the_earlier_plan_to_be_approved(client):
    role = place(seats=1)
    person = agreed()
    row = solved()
    of_plan = {name: getattr(row, name) for name in OF_THE_PLAN}
    ShiftRole.objects.filter(pk=role.pk).update(taken=1)

    row = worked_out(row, spread=300)

    assert row.status == "proposed"
    assert "No seat is free" in row.why_failed
    assert {name: getattr(row, name) for name in OF_THE_PLAN} == of_plan
    assert faults_of(row) == []
    last = history(row).last()
    assert (last.action, last.from_state, last.to_state) == ("failed", "solving", "proposed")
    sign_in(client, row.opened_by)
    shown = client.get(reverse("placement:round", args=[row.pk])).content.decode()
    assert "The earlier plan stands" in shown
    assert "No seat is free in these days" in shown
    ShiftRole.objects.filter(pk=role.pk).update(taken=0)
    assert [made.person for made in approved(row)] == [person]


def test_a_worker_that_comes_late_does_not_fail_the_attempt_after_it(monkeypatch):
    place(seats=1)
    row = opened()
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW(), enqueue=False)
    gather = solving.gather

    def given_up_meanwhile(*given, **more):
        found = gather(*given, **more)
        commands.give_up_stalled(at=NOW() + timedelta(hours=3))
        commands.start_round(matching_round=row, by=row.opened_by, at=NOW(), enqueue=False)
        return found

    monkeypatch.setattr(solving, "gather", given_up_meanwhile)
    solving.work_out(row.pk, 1)  # nobody takes part

    row.refresh_from_db()
    assert (row.status, row.attempt) == ("solving", 2)
