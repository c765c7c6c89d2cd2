import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from takatuf.kernel import cleaning
from takatuf.kernel.jobs import every
from takatuf.kernel.jobs.invariants import forgotten_leases, impossible_times
from takatuf.kernel.jobs.reminders import LEASE, LEFT, renew_reminders, run_due_reminders
from takatuf.kernel.models import (
    CacheEntry,
    Job,
    JobStatus,
    PeriodicRun,
    RateWindow,
)
from takatuf.kernel.registries import Registry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def reminders(monkeypatch):
    registry = Registry("reminders")
    monkeypatch.setattr("takatuf.kernel.jobs.reminders.reminders", registry)
    return registry


def one(at):
    return 1


def run(at=NOW, worker="a"):
    return run_due_reminders(worker=worker, at=at)


def test_a_function_runs_when_its_interval_is_over(reminders):
    asked = []
    reminders.add("one", every(minutes=5)(lambda at: asked.append(at) or 4))

    counts = [run(NOW + timedelta(minutes=m)) for m in (0, 1, 4, 5, 9, 10)]

    assert counts == [1, 0, 0, 1, 0, 1]
    assert asked == [NOW + timedelta(minutes=m) for m in (0, 5, 10)]
    assert PeriodicRun.objects.get().last_count == 4


def test_one_that_fails_is_remembered_and_holds_up_nobody(reminders):
    def fail(at):
        raise ValueError("broken")

    reminders.add("broken", fail)
    reminders.add("sound", one)

    assert run() == 2

    runs = {run.name: run for run in PeriodicRun.objects.all()}
    assert "broken" in runs["broken"].error
    assert (runs["sound"].error, runs["sound"].last_count) == ("", 1)


def test_one_worker_at_a_time(reminders):
    inner = []
    reminders.add("one", lambda at: inner.append(run(at + timedelta(minutes=4), "b")) or 0)

    assert run() == 1
    assert inner == [0]


def test_a_dead_workers_turn_is_taken_up(reminders):
    reminders.add("one", one)
    PeriodicRun.objects.create(
        name="one", last_started=NOW, worker="dead", lease_until=NOW + LEASE
    )

    assert run(NOW + LEASE - timedelta(seconds=1)) == 0
    assert run(NOW + LEASE + timedelta(seconds=1)) == 1


def test_a_daily_turn_cut_short_is_begun_again_and_not_a_day_later(reminders):
    asked = []

    def killed(at):
        asked.append(at)
        if len(asked) == 1:
            raise SystemExit  # no word of it is written any more
        return 1

    reminders.add("daily", every(hours=24)(killed))
    with pytest.raises(SystemExit):
        run(NOW, "dead")

    later = NOW + LEASE + timedelta(seconds=1)
    assert [run(NOW + LEASE, "b"), run(later, "b")] == [0, 1]
    assert asked == [NOW, later]
    assert run(later + timedelta(hours=23), "b") == 0


def test_one_that_kills_every_worker_does_so_twice_and_then_waits_for_its_hour(reminders):
    asked = []

    def kill(at):
        asked.append(at)
        raise SystemExit

    reminders.add("daily", every(hours=24)(kill))
    for minutes in range(0, 26 * 60, 3):
        with contextlib.suppress(SystemExit):
            run(NOW + timedelta(minutes=minutes), "w")

    assert asked == [NOW, NOW + timedelta(minutes=6), NOW + timedelta(hours=24, minutes=6)]
    assert PeriodicRun.objects.get().error == LEFT


def test_an_error_of_before_goes_with_the_next_good_turn(reminders):
    reminders.add("one", one)
    PeriodicRun.objects.create(
        name="one", last_started=NOW, worker="dead", lease_until=NOW, error=LEFT
    )

    assert run(NOW + timedelta(minutes=1)) == 0
    assert run(NOW + LEASE + timedelta(seconds=1)) == 1
    assert PeriodicRun.objects.get().error == ""


def test_a_living_worker_keeps_its_turn_however_long_it_takes(reminders):
    asked = []

    def slow(at):
        for minutes in range(0, 90, 2):
            moment = at + timedelta(minutes=minutes)
            renew_reminders(worker="a", at=moment)
            asked.append(run(moment + timedelta(minutes=1), "b"))
        return 1

    reminders.add("daily", every(hours=24)(slow))

    assert run() == 1
    assert set(asked) == {0}


# ---------------------------------------------------------------- cleaning
def job(status=JobStatus.DONE, *, ended):
    return Job.objects.create(
        task="t", status=status, enqueued_at=NOW, run_after=NOW, attempts=1,
        started_at=NOW, finished_at=ended, worker="w",
    )  # fmt: skip


def test_finished_jobs_are_forgotten_in_time_and_failed_ones_later():
    old = NOW + timedelta(days=8)
    job(ended=NOW)
    kept = [job(ended=old), job(JobStatus.FAILED, ended=NOW)]

    assert cleaning.forget_jobs(old) == 1

    assert list(Job.objects.order_by("pk")) == kept
    assert cleaning.forget_jobs(NOW + timedelta(days=91)) == 2


def test_what_has_expired_is_forgotten():
    for hour in (-1, 1):
        moment = NOW + timedelta(hours=hour)
        Session.objects.create(session_key=str(hour), session_data="x", expire_date=moment)
        CacheEntry.objects.create(cache_key=str(hour), value="x", expires=moment)
        RateWindow.objects.create(key=str(hour), ends_at=moment)

    assert cleaning.forget_expired(NOW) == 3

    assert [
        Session.objects.count(),
        CacheEntry.objects.count(),
        RateWindow.objects.count(),
    ] == [1, 1, 1]


# ---------------------------------------------------------------- invariants
def test_a_lease_nobody_took_up_is_found():
    Job.objects.create(
        task="t", status=JobStatus.RUNNING, enqueued_at=NOW, run_after=NOW, attempts=1,
        started_at=NOW, worker="dead", lease_until=NOW,
    )  # fmt: skip
    PeriodicRun.objects.create(name="one", worker="dead", lease_until=NOW)

    assert len(list(forgotten_leases())) == 2


def test_jobs_that_ended_before_they_began_are_found():
    sound, broken = job(ended=NOW), job(ended=NOW - timedelta(hours=1))
    unstarted = job(ended=NOW)
    Job.objects.filter(pk=unstarted.pk).update(attempts=0)

    found = " ".join(impossible_times())

    assert f"job {sound.pk} " not in found
    assert f"job {broken.pk} " in found
    assert f"job {unstarted.pk} " in found
