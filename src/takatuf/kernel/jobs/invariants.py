"""What must hold of jobs, beyond what the database refuses by itself."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from takatuf.kernel.models import Job, JobStatus, PeriodicRun
from takatuf.kernel.registries import invariants

GRACE = timedelta(minutes=15)  # a worker that lives has rescued everything older


@invariants.register("no job is held by a dead worker")
def forgotten_leases() -> Iterator[str]:
    late = timezone.now() - GRACE
    for job in Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=late):
        yield f"{job}: its lease ended {job.lease_until:%Y-%m-%d %H:%M} and nobody took it up"
    for run in PeriodicRun.objects.filter(lease_until__lt=late):
        yield f"{run}: its lease ended {run.lease_until:%Y-%m-%d %H:%M}, not run since"


@invariants.register("jobs keep the order of their times")
def impossible_times() -> Iterator[str]:
    started = Job.objects.exclude(status=JobStatus.WAITING)
    for job in started.defer("args", "kwargs", "result", "error").iterator(chunk_size=2000):
        if job.started_at is None or job.attempts < 1:
            yield f"{job}: has left the queue without ever being started"
        elif job.finished_at and job.finished_at < job.started_at:
            yield f"{job}: finished before it started"
