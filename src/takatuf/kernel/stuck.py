"""What got stuck on its way, and the answer of a person who looked at it.

A message is stuck when its provider refused it or was never reached, or while no provider is
set up for its channel; a job when every attempt is used up. Either is tried again, or
dismissed for a reason. Both leave an entry in the transition log.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from takatuf.kernel import transitions
from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Job, JobStatus, Message, MessageStatus
from takatuf.kernel.outbox import channels
from takatuf.kernel.outbox.queries import stuck_messages
from takatuf.kernel.outbox.tasks import deliver_message

WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING)
ERROR_LENGTH = 300


class NotStuck(DomainError):
    """Somebody else answered it, or it went through meanwhile."""


class NoWayOut(DomainError):
    """Trying again would end where it ended before."""


class NoReason(DomainError):
    """Whoever comes later must be able to read why it was left undone."""


def failed_jobs() -> QuerySet[Job]:
    return Job.objects.filter(status=JobStatus.FAILED).order_by("-finished_at", "-pk")


def messages() -> QuerySet[Message]:
    return stuck_messages().select_related("person")


def count() -> int:
    """How many messages and jobs wait for a person."""
    return stuck_messages().count() + failed_jobs().count()


# ---------------------------------------------------------------- messages
@transaction.atomic
def retry_message(*, message_id: int, by, at: datetime) -> Message:
    """Let it start over as if it were new.

    :raises NotStuck: if it is not stuck any more.
    :raises NoWayOut: if nothing is set up that could carry it, or it is the demo's.
    """
    message = _locked_message(message_id)
    if message.is_demo:
        raise NoWayOut(_("A demo message leaves nowhere: it can only be dismissed."))
    if not channels.can_leave(message.channel):
        raise NoWayOut(
            _("No provider is set up for this kind of message: whoever runs the site sets it.")
        )
    message.status, message.error = MessageStatus.QUEUED, ""
    message.save(update_fields=["status", "error"])
    deliver_message.using(run_after=at).enqueue(message.pk)
    transitions.record(subject=message, action="retried", by=by, at=at)
    return message


@transaction.atomic
def dismiss_message(*, message_id: int, reason: str, by, at: datetime) -> Message:
    """It is not sent any more; what stands in the person's inbox stays there.

    :raises NotStuck: if it is not stuck any more.
    :raises NoReason: without a reason.
    """
    reason = _given(reason)
    message = _locked_message(message_id)
    _suppress(message, reason)
    transitions.record(subject=message, action="dismissed", by=by, at=at, reason=reason)
    return message


def _locked_message(pk: int) -> Message:
    message = stuck_messages().select_for_update().filter(pk=pk).first()
    if message is None:
        raise NotStuck(_("This message is not stuck any more."))
    return message


def _suppress(message: Message, reason: str) -> None:
    message.status, message.error = MessageStatus.SUPPRESSED, reason[:ERROR_LENGTH]
    message.save(update_fields=["status", "error"])


# ---------------------------------------------------------------- jobs
@transaction.atomic
def retry_job(*, job_id: int, by, at: datetime) -> Job:
    """Give it all its attempts again.

    :raises NotStuck: if it has not failed, or not any more.
    """
    job = _locked_job(job_id)
    job.status, job.attempts, job.run_after, job.finished_at = JobStatus.WAITING, 0, at, None
    job.save(update_fields=["status", "attempts", "run_after", "finished_at"])
    transitions.record(subject=job, action="retried", by=by, at=at)
    return job


@transaction.atomic
def dismiss_job(*, job_id: int, reason: str, by, at: datetime) -> None:
    """The work is given up; a message it was to send is given up with it.

    :raises NotStuck: if it has not failed, or not any more.
    :raises NoReason: without a reason.
    """
    reason = _given(reason)
    job = _locked_job(job_id)
    if job.task == deliver_message.module_path:
        for message in Message.objects.filter(pk__in=job.args[:1], status__in=WAITING):
            _suppress(message, reason)
    transitions.record(
        subject=job, action="dismissed", by=by, at=at, reason=reason,
        changes={"task": job.task, "error": last_line(job)},
    )  # fmt: skip
    job.delete()


def _locked_job(pk: int) -> Job:
    job = failed_jobs().select_for_update().filter(pk=pk).first()
    if job is None:
        raise NotStuck(_("This job is not stuck any more."))
    return job


def last_line(job: Job) -> str:
    """What went wrong, without the way there."""
    return (job.error.strip().splitlines() or [""])[-1][:ERROR_LENGTH]


def _given(reason: str) -> str:
    if not reason.strip():
        raise NoReason(_("Write why it is dismissed: it is kept with your name."))
    return reason.strip()
