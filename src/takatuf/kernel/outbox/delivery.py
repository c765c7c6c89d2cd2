"""Sending what waits. The row says how far it came, so that a retry sends as little as it can.

``queued → sending → sent``. A worker killed before ``sending`` is committed has sent
nothing. One killed between the provider's answer and ``sent`` sends again: an e-mail then
carries the same Message-ID, a text message the same Idempotency-Key.
"""

from django.db.models import F
from django.utils import timezone

from takatuf.kernel.models import Message, MessageChannel, MessageStatus
from takatuf.kernel.outbox import channels
from takatuf.kernel.outbox.mail import send_mail
from takatuf.kernel.outbox.providers import Refused, Unreachable
from takatuf.kernel.outbox.sms import send_sms

SENDERS = {MessageChannel.EMAIL: send_mail, MessageChannel.SMS: send_sms}
TO_SEND = [MessageStatus.QUEUED, MessageStatus.SENDING]


def deliver(message_id: int, *, last_try: bool) -> str:
    """Send one message, unless it was sent, replaced or held meanwhile; return its status.

    :raises Unreachable: if the provider did not take it now; the job tries again.
    """
    message = Message.objects.get(pk=message_id)
    if not channels.can_leave(message.channel):
        return _move(message, MessageStatus.HELD)
    moved = _move(message, MessageStatus.SENDING, attempts=F("attempts") + 1)
    if moved != MessageStatus.SENDING:
        return moved
    try:
        provider_id = SENDERS[MessageChannel(message.channel)](message)
    except Refused as refusal:
        return _move(message, MessageStatus.FAILED, error=str(refusal)[:300])
    except Unreachable as error:
        status = MessageStatus.FAILED if last_try else MessageStatus.QUEUED
        _move(message, status, error=str(error)[:300])
        if last_try:
            return message.status
        raise
    return _move(
        message,
        MessageStatus.SENT,
        sent_at=timezone.now(),
        provider_id=provider_id[:120],
        error="",
    )


def _move(message: Message, status: MessageStatus, **fields) -> str:
    """Move a message that is still to be sent; return the status it has now."""
    moved = Message.objects.filter(pk=message.pk, status__in=TO_SEND).update(
        status=status, **fields
    )
    if moved:
        message.status = status
    else:
        message.refresh_from_db(fields=["status"])
    return message.status
