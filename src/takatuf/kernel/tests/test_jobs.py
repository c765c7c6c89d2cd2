from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from takatuf.kernel.jobs import queue, task
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, JobStatus, Sequence

pytestmark = pytest.mark.django_db


@task()
def count_up(kind: str, *, fail: bool = False) -> str:
    Sequence.objects.create(kind=kind, year=2026)
    if fail:
        raise ValueError("in the middle")
    return kind


@task(atomic=False)
def count_up_naively(kind: str, *, fail: bool = False) -> None:
    count_up.func(kind, fail=fail)


@task(max_attempts=2, backoff=timedelta(seconds=30), priority=7)
def always_fails() -> None:
    raise ValueError("never works")


def claim(worker="a", *, later=timedelta()):
    return queue.claim(worker=worker, at=timezone.now() + later)


def test_a_job_waits_until_a_worker_runs_it():
    result = count_up.enqueue("one")
    assert result.status == "READY"

    assert run_jobs() == 1

    result.refresh()
    assert result.return_value == "one"
    assert Sequence.objects.get().kind == "one"
    assert run_jobs() == 0


def test_a_job_exists_exactly_if_the_change_does():
    def change():
        with transaction.atomic():
            count_up.enqueue("one")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        change()

    assert not Job.objects.exists()


def test_a_failing_atomic_job_leaves_nothing_behind_and_waits_for_its_next_attempt():
    count_up.enqueue("one", fail=True)
    job = claim()

    error = queue.run(job)

    assert isinstance(error, ValueError)
    assert not Sequence.objects.exists()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
    assert job.run_after > timezone.now()
    assert "in the middle" in job.error


def test_a_job_that_is_not_atomic_keeps_what_it_did_before_it_failed():
    count_up_naively.enqueue("one", fail=True)

    queue.run(claim())

    assert Sequence.objects.exists()


def test_the_wait_doubles_and_the_last_attempt_fails_the_job():
    always_fails.enqueue()
    first = claim()
    queue.run(first)
    first.refresh_from_db()
    assert timedelta(seconds=25) < first.run_after - timezone.now() <= timedelta(seconds=30)

    queue.run(claim(later=timedelta(minutes=1)))

    first.refresh_from_db()
    assert first.status == JobStatus.FAILED
    assert first.finished_at
    assert claim(later=timedelta(days=9)) is None


def test_the_wait_is_an_hour_at_most():
    assert queue._backoff("takatuf.kernel.tests.test_jobs.always_fails", 30) == timedelta(
        hours=1
    )


def test_the_urgent_job_comes_first_and_a_later_one_not_before_its_time():
    soon = timezone.now() + timedelta(hours=1)
    count_up.using(run_after=soon, priority=100).enqueue("later")
    count_up.enqueue("plain")
    count_up.using(priority=5).enqueue("urgent")

    order = [claim().args, claim().args, claim()]

    assert order == [["urgent"], ["plain"], None]
    assert claim(later=timedelta(hours=2)).args == ["later"]


def test_a_worker_of_one_queue_leaves_the_others():
    count_up.using(queue_name="slow").enqueue("slow")

    assert queue.claim(worker="a", at=timezone.now(), queues=["default"]) is None
    assert queue.claim(worker="a", at=timezone.now(), queues=["slow"]) is not None


def test_a_job_is_given_to_one_worker():
    count_up.enqueue("one")

    assert claim("a")
    assert claim("b") is None


def test_a_second_job_of_a_key_is_not_written_while_the_first_waits():
    first = count_up.using(unique_key="k").enqueue("one")
    second = count_up.using(unique_key="k").enqueue("two")

    assert second.id == first.id
    assert Job.objects.get().args == ["one"]


def test_a_key_is_free_again_as_soon_as_its_job_starts():
    count_up.using(unique_key="k").enqueue("one")
    claim()

    count_up.using(unique_key="k").enqueue("two")

    assert Job.objects.count() == 2


def test_a_dead_workers_job_is_put_back_and_done_by_the_next():
    count_up.enqueue("one")
    dead = claim("dead")
    assert queue.rescue(at=timezone.now()) == 0

    assert queue.rescue(at=timezone.now() + queue.LEASE * 2) == 1

    later = claim("alive", later=queue.LEASE * 2)
    assert (later.pk, later.attempts) == (dead.pk, 2)


def test_a_job_that_kills_its_workers_is_failed_in_the_end():
    job = count_up.using(max_attempts=1).enqueue("one")
    claim("dead")

    queue.rescue(at=timezone.now() + queue.LEASE * 2)

    row = Job.objects.get(pk=job.id)
    assert (row.status, row.error) == (JobStatus.FAILED, queue.WORKER_DIED)


def test_a_living_worker_keeps_its_lease():
    count_up.enqueue("one")
    claim("a")

    assert queue.renew(worker="a", at=timezone.now() + timedelta(minutes=5)) == 1

    assert queue.rescue(at=timezone.now() + timedelta(minutes=5)) == 0


def test_a_job_that_runs_for_ever_loses_its_lease():
    count_up.enqueue("one")
    claim("a")

    assert queue.renew(worker="a", at=timezone.now() + queue.LONGEST_RUN * 2) == 0


def test_a_worker_thought_dead_takes_its_effect_back():
    count_up.enqueue("one")
    slow = claim("slow")
    queue.rescue(at=timezone.now() + queue.LEASE * 2)
    quick = claim("quick", later=queue.LEASE * 2)

    error = queue.run(slow)

    assert isinstance(error, queue.LeaseLost)
    assert not Sequence.objects.exists()
    assert queue.run(quick) is None
    assert Sequence.objects.count() == 1
    quick.refresh_from_db()
    assert quick.status == JobStatus.DONE


def test_a_job_whose_code_is_gone_is_kept_with_a_reason():
    count_up.enqueue("one")
    Job.objects.update(task="takatuf.kernel.tests.test_jobs.no_such")

    queue.run(claim())

    assert "no_such" in Job.objects.get().error


def test_the_database_refuses_a_lease_without_a_worker():
    count_up.enqueue("one")

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(lease_until=timezone.now())


def test_errors_of_jobs_reach_the_test_that_runs_them():
    always_fails.enqueue()

    with pytest.raises(ValueError, match="never works"):
        run_jobs()
