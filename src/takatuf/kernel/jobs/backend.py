"""The ``django_tasks`` backend that keeps jobs in the project's own database."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from takatuf.kernel.models import Job, JobStatus

STATUS = {
    JobStatus.WAITING: TaskResultStatus.READY,
    JobStatus.RUNNING: TaskResultStatus.RUNNING,
    JobStatus.DONE: TaskResultStatus.SUCCESSFUL,
    JobStatus.FAILED: TaskResultStatus.FAILED,
}


class JobFailed(Exception):
    """Stands for the error of a failed job, whose words are in its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task):
    """A task with what a durable queue needs to know.

    :param atomic: run the effect and the job's completion in one transaction (default).
    :param max_attempts: after so many the job is failed and stays visible.
    :param backoff: wait before the second attempt; doubles each time, an hour at most.
    :param unique_key: while a job of this key waits for its first start, no second is written.
    """

    atomic: bool = True
    max_attempts: int = 6
    backoff: timedelta = timedelta(seconds=10)
    unique_key: str | None = None

    def using(
        self, *, unique_key: str | None = None, max_attempts: int | None = None, **changes
    ) -> "JobTask":
        changes |= {"unique_key": unique_key, "max_attempts": max_attempts}
        given = {name: value for name, value in changes.items() if value is not None}
        return replace(self, **given)


class DatabaseBackend(BaseTaskBackend):
    """Jobs as rows of ``kernel.Job``: enqueued in the transaction of the change."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task, args, kwargs) -> TaskResult:
        """Write the job; one that waits under the same unique key is returned instead."""
        self.validate_task(task)
        assert isinstance(task, JobTask), task  # noqa: S101 - task_class makes no other
        now = timezone.now()
        job = Job(
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(kwargs),
            queue=task.queue_name,
            priority=task.priority,
            unique_key=task.unique_key,
            max_attempts=task.max_attempts,
            enqueued_at=now,
            run_after=task.run_after or now,
        )
        return result_of(_insert(job) if job.unique_key else _save(job), task, self.alias)

    def get_result(self, result_id: str) -> TaskResult:
        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, find_task(job.task), self.alias)


def _save(job: Job) -> Job:
    job.save(force_insert=True)
    return job


@transaction.atomic
def _insert(job: Job) -> Job:
    waiting = Job.objects.select_for_update().filter(unique_key=job.unique_key)
    while True:
        # The lock keeps a worker from starting the waiting job before our change is
        # committed: it would not see the change, and nobody would come again.
        if found := waiting.first():
            return found
        Job.objects.bulk_create([job], ignore_conflicts=True)


def find_task(path: str) -> JobTask:
    """:raises ImportError: if the code no longer has it.
    :raises TypeError: if the path leads to something that is no task.
    """
    found = import_string(path)
    if not isinstance(found, JobTask):
        raise TypeError(f"{path} is not a task")
    return found


def result_of(job: Job, task: Task, alias: str) -> TaskResult:
    """The job as the tasks API shows it."""
    result: TaskResult = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[JobStatus(job.status)],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=alias,
        errors=[TaskError(exception_class_path=f"{__name__}.JobFailed", traceback=job.error)]
        if job.error
        else [],
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
