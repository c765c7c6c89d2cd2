"""What did not go through by itself, for the administrator's desk: one message and one job.

Neither ever was under way: the message never leaves a demo, the job goes through when it is
tried again.
"""

from datetime import timedelta

from takatuf.demo.world import World
from takatuf.kernel.models import Job, JobStatus, Message, MessageStatus
from takatuf.registry.commands.telling import tell_of_news

REFUSED = "The mail server answered 550."  # as a message refused for good keeps it
LOCKED = "django.db.utils.OperationalError: database is locked (demo)"


def add_mishaps(world: World) -> None:
    world.say("what got stuck")
    _undeliverable()
    _failed(world)


def _undeliverable() -> None:
    held = Message.objects.filter(status=MessageStatus.HELD, template="placement.confirmed")
    message = held.latest("created_at", "pk")
    message.status, message.error = MessageStatus.FAILED, REFUSED
    message.save(update_fields=["status", "error"])


def _failed(world: World) -> None:
    """Telling an office what waits: nobody's place or hours depend on it."""
    job = Job.objects.filter(task=tell_of_news.module_path, status=JobStatus.WAITING).latest(
        "pk"
    )
    job.status, job.attempts, job.unique_key = JobStatus.FAILED, job.max_attempts, None
    job.enqueued_at = job.run_after = world.now - timedelta(hours=3)
    job.started_at = job.finished_at = world.now - timedelta(hours=2)
    job.worker, job.error = "demo", LOCKED
    job.save()
