"""Writing messages, and marking them read."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Message, MessageChannel, MessageStatus
from takatuf.kernel.outbox import channels
from takatuf.kernel.outbox.tasks import deliver_message
from takatuf.kernel.outbox.templates import rendered
from takatuf.kernel.registries import message_templates

# Stored in English, shown in the language of whoever looks.
REPLACED = gettext_noop("A newer message took its place.")
NOT_ACTIVE = gettext_noop("The account is closed.")


class UnusableAddress(DomainError):
    """No message can reach this address."""


def send(
    *,
    template: str,
    at: datetime,
    to=None,
    address: str = "",
    context: dict[str, Any] | None = None,
    language: str = "",
    urgent: bool = False,
    collapse_key: str = "",
    gather: timedelta = channels.COLLAPSE_WAIT,
) -> Message:
    """Write one message and the job that delivers it. Call inside the command's transaction.

    :param to: the Person; or None for a guardian or guest known by ``address`` only.
    :param address: an e-mail address or +966… number; with ``to``, used instead of the
        person's own choice (to verify a new number, say).
    :param urgent: sent at once, quiet hours or not (codes, a cancellation for today).
    :param collapse_key: a newer message of the same key to the same recipient replaces one
        that has not left yet, and leaves when that one would have left.
    :param gather: how long one with a key waits for a newer one.
    :raises UnusableAddress: if the address is neither.
    """
    route = _route(to, address)
    language = language or getattr(to, "language", "") or (get_language() or "ar")[:2]
    context = {"name": getattr(to, "full_name", ""), **(context or {})}
    wait = gather if collapse_key else timedelta(0)
    words = rendered(template, language=language, context=context)
    message = Message(
        person=to,
        channel=route.channel,
        address=route.address,
        template=template,
        language=language,
        context=json.loads(json.dumps(context, cls=DjangoJSONEncoder)),
        subject=words.subject,
        body=words.body,
        urgent=urgent,
        collapse_key=collapse_key,
        created_at=at,
        not_before=at if urgent else channels.earliest(at + wait),
        in_inbox=to is not None and message_templates[template].in_inbox,
    )
    _settle(message, at=at)
    _store(message)
    return message


@transaction.atomic(savepoint=False)
def _store(message: Message) -> None:
    if message.collapse_key:
        _replace_older(message)
    message.save(force_insert=True)
    if message.status == MessageStatus.QUEUED:
        deliver_message.using(run_after=message.not_before).enqueue(message.pk)


def _route(to, address: str) -> channels.Route:
    if not address:
        return channels.route_to(to)
    route = channels.route_of(address)
    if route is None:
        raise UnusableAddress(
            _("Write an e-mail address, or a mobile number with its country code.")
        )
    return route


def _settle(message: Message, *, at: datetime) -> None:
    """What is known about the message's way before it starts."""
    person = message.person
    message.is_demo = settings.DEMO or bool(getattr(person, "is_demo", False))
    if message.is_demo:
        with translation.override(message.language):
            message.body += "\n\n" + _("This is a demo message.")
    if person is not None and not person.is_active:
        message.status, message.error = MessageStatus.SUPPRESSED, NOT_ACTIVE
        message.in_inbox = False
    elif message.channel == MessageChannel.IN_APP:
        message.status, message.sent_at = MessageStatus.SENT, at
    elif message.is_demo or not channels.can_leave(message.channel):
        message.status = MessageStatus.HELD


def _replace_older(message: Message) -> None:
    """Of messages about the same thing only the newest is worth reading."""
    waiting = Q(status__in=[MessageStatus.QUEUED, MessageStatus.HELD])
    unread = Q(status=MessageStatus.SENT, channel=MessageChannel.IN_APP, read_at__isnull=True)
    older = Message.objects.filter(
        waiting | unread,
        collapse_key=message.collapse_key,
        person=message.person,
        address=message.address,
    )
    first = older.filter(status=MessageStatus.QUEUED).aggregate(Min("not_before"))
    message.not_before = min(message.not_before, first["not_before__min"] or message.not_before)
    older.update(status=MessageStatus.SUPPRESSED, error=REPLACED, in_inbox=False, sent_at=None)


def mark_read(*, message_ids: list[int], by, at: datetime) -> int:
    """Mark a person's own messages as read; return how many were not yet."""
    mine = Message.objects.filter(person=by, pk__in=message_ids, read_at__isnull=True)
    return mine.update(read_at=at)


def forget_words(*, before: datetime) -> int:
    """Remove the words, address and context of finished messages; that they were sent stays."""
    finished = Message.objects.filter(created_at__lt=before, cleared_at__isnull=True).exclude(
        status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]
    )
    return finished.update(
        subject="", body="", context={}, in_inbox=False, cleared_at=timezone.now()
    )
