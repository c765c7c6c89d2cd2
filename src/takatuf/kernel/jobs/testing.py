"""Running what waits, inside a test."""

from datetime import datetime

from django.utils import timezone

from takatuf.kernel.jobs import queue

MOST = 10_000


def run_jobs(*, at: datetime | None = None) -> int:
    """Run every job due by ``at`` (default: now), and those they enqueue; return how many.

    An error of a job is raised, so that a test does not pass over it.
    """
    for count in range(MOST):
        job = queue.claim(worker="test", at=at or timezone.now())
        if job is None:
            return count
        if error := queue.run(job):
            raise error
    raise AssertionError("Jobs keep enqueueing jobs.")
