"""What must hold of messages, beyond what the database refuses by itself."""

from collections.abc import Iterator

from takatuf.kernel.models import Job, JobStatus, Message, MessageStatus
from takatuf.kernel.outbox.tasks import deliver_message
from takatuf.kernel.registries import invariants


@invariants.register("every waiting message has a job")
def orphaned_messages() -> Iterator[str]:
    waiting = Message.objects.filter(
        status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]
    ).values_list("pk", flat=True)
    open_jobs = Job.objects.filter(
        task=deliver_message.module_path, status__in=[JobStatus.WAITING, JobStatus.RUNNING]
    )
    served = {args[0] for args in open_jobs.values_list("args", flat=True)}
    for pk in waiting:
        if pk not in served:
            yield f"kernel.message:{pk} waits and no job will send it"
