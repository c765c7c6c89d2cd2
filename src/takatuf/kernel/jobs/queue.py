"""Claiming, running, finishing and rescuing jobs. Every step is one conditional UPDATE.

A job belongs to the worker and the attempt its row names. Each later write asks for both,
so a worker that was thought dead and comes back finds that nothing of its matches.
"""

import traceback
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks.base import TaskContext
from django_tasks.utils import normalize_json

from takatuf.kernel.jobs.backend import JobTask, find_task, result_of
from takatuf.kernel.models import Job, JobStatus

LEASE = timedelta(seconds=60)
LONGEST_RUN = timedelta(hours=1)  # a job that runs longer is taken for stuck
LONGEST_WAIT = timedelta(hours=1)
WORKER_DIED = "The worker stopped in the middle of this job."


class LeaseLost(Exception):
    """The job was given to another worker meanwhile; what this one did is rolled back."""


def due(*, at: datetime, queues: list[str] | None = None) -> QuerySet[Job]:
    """Jobs that may start, the most urgent first."""
    jobs = Job.objects.filter(status=JobStatus.WAITING, run_after__lte=at)
    if queues:
        jobs = jobs.filter(queue__in=queues)
    return jobs.order_by("-priority", "run_after", "pk")


def claim(*, worker: str, at: datetime, queues: list[str] | None = None) -> Job | None:
    """Take the next job for this worker, or None if nothing is due."""
    waiting = due(at=at, queues=queues)
    if not waiting.exists():  # a plain read: an idle worker never takes SQLite's write lock
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        job = waiting.first()
        if job is None or not _take(job, worker=worker, at=at):
            return None
    job.refresh_from_db()
    return job


def _take(job: Job, *, worker: str, at: datetime) -> bool:
    taken = Job.objects.filter(pk=job.pk, status=JobStatus.WAITING).update(
        status=JobStatus.RUNNING,
        attempts=F("attempts") + 1,
        worker=worker,
        started_at=timezone.now(),
        lease_until=at + LEASE,
        unique_key=None,
    )
    return bool(taken)


def run(job: Job) -> Exception | None:
    """Run a claimed job to its end; return the error it met, if any."""
    try:
        task = find_task(job.task)
        if task.atomic:
            with transaction.atomic():
                finish(job, _call(task, job))
        else:
            finish(job, _call(task, job))
    except LeaseLost as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a job raises is kept in its row
        put_back(job, "".join(traceback.format_exception(error)))
        return error
    return None


def _call(task: JobTask, job: Job):
    if task.takes_context:
        context = TaskContext(task_result=result_of(job, task, task.backend))
        return task.call(context, *job.args, **job.kwargs)
    return task.call(*job.args, **job.kwargs)


def held(job: Job) -> QuerySet[Job]:
    """The job's row, if it is still this worker's and this attempt's."""
    return Job.objects.filter(
        pk=job.pk, status=JobStatus.RUNNING, worker=job.worker, attempts=job.attempts
    )


def finish(job: Job, result) -> None:
    """Mark the job done.

    :raises LeaseLost: if another worker has it now. Inside an atomic job this takes the
        effect back with it, so that of two runs one counts.
    """
    done = held(job).update(
        status=JobStatus.DONE,
        finished_at=timezone.now(),
        lease_until=None,
        result=normalize_json(result),
        error="",
    )
    if not done:
        raise LeaseLost(f"{job} is no longer held by {job.worker}")


def put_back(job: Job, error: str) -> None:
    """Let the job wait for its next attempt, or fail it after the last."""
    now = timezone.now()
    end = {"lease_until": None, "error": error[-4000:]}
    if job.attempts >= job.max_attempts:
        held(job).update(status=JobStatus.FAILED, finished_at=now, **end)
    else:
        wait = _backoff(job.task, job.attempts)
        held(job).update(status=JobStatus.WAITING, run_after=now + wait, **end)


def _backoff(path: str, attempts: int) -> timedelta:
    try:
        first = find_task(path).backoff
    except (ImportError, TypeError):
        first = timedelta(minutes=1)
    return min(first * 2 ** (attempts - 1), LONGEST_WAIT)


def renew(*, worker: str, at: datetime) -> int:
    """The worker lives: prolong the leases of its jobs, except of one that runs too long."""
    return Job.objects.filter(
        worker=worker, status=JobStatus.RUNNING, started_at__gt=at - LONGEST_RUN
    ).update(lease_until=at + LEASE)


def rescue(*, at: datetime) -> int:
    """Put back the jobs of dead workers; return how many."""
    dead = Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=at)
    if not dead.exists():
        return 0
    end = {"lease_until": None, "error": WORKER_DIED}
    spent = dead.filter(attempts__gte=F("max_attempts"))
    failed = spent.update(status=JobStatus.FAILED, finished_at=at, **end)
    return failed + dead.update(status=JobStatus.WAITING, run_after=at, **end)
