"""Delivering one message."""

from django_tasks.base import TaskContext

from takatuf.kernel.jobs import task
from takatuf.kernel.outbox.delivery import deliver

ATTEMPTS = 8


# A message leaves the database, so its effect cannot share the job's transaction: it is sent
# at least once. The row's own state and the provider's idempotency key narrow the gap.
at_least_once = task(
    atomic=False, max_attempts=ATTEMPTS, takes_context=True, queue_name="messages", priority=10
)


@at_least_once
def deliver_message(context: TaskContext, message_id: int) -> str:
    return deliver(message_id, last_try=context.attempt >= ATTEMPTS)
