"""What an upgrade does to work that the release before left waiting."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, JobStatus
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    ShiftFactory,
    application,
    shift_role,
)

pytestmark = pytest.mark.django_db
moves = import_module("takatuf.placement.migrations.0003_follow_moves_told_of_before")
RECEIVER = "takatuf.placement.receivers.carry_places_over"


def told_before(old, new, *, name=moves.BEFORE, **more) -> Job:
    told = {"old_shift_id": old.pk, "new_shift_id": new.pk, "reason": "الريح شديدة"}
    at = timezone.now()
    return Job.objects.create(
        task=moves.TASK, args=[name, RECEIVER, told], enqueued_at=at, run_after=at, **more
    )


def test_a_move_told_of_before_the_upgrade_still_carries_the_places_over():
    old = shift_role(seats=2)
    new = shift_role(
        seats=2, role=old.role, shift=ShiftFactory(opportunity=old.shift.opportunity)
    )
    place = application(role=old, status="confirmed")
    waits = told_before(old.shift, new.shift)

    moves.rename_what_waits(apps, None)
    run_jobs()

    waits.refresh_from_db()
    assert (waits.status, waits.error) == (JobStatus.DONE, "")
    carried = Application.objects.exclude(pk=place.pk).get(person=place.person)
    assert carried.shift_role == new


def test_what_is_done_or_of_another_notice_stays_as_it_was():
    old, new = ShiftFactory(), ShiftFactory()
    done = told_before(old, new, status=JobStatus.DONE, finished_at=timezone.now())
    other = told_before(old, new, name="opportunities.shift_cancelled")

    moves.rename_what_waits(apps, None)

    for job in (done, other):
        before = job.args
        job.refresh_from_db()
        assert job.args == before
