"""Reading messages."""

from django.db.models import Q, QuerySet

from takatuf.kernel.models import Message, MessageStatus
from takatuf.kernel.text.phones import to_e164
from takatuf.kernel.text.problems import Unreadable


def inbox_for(person) -> QuerySet[Message]:
    """A person's own messages, newest first; codes are not among them."""
    if not person.is_authenticated:
        return Message.objects.none()
    return Message.objects.filter(person=person, in_inbox=True).order_by("-created_at", "-pk")


def unread_count(person) -> int:
    return inbox_for(person).filter(read_at__isnull=True).count()


def messages_to_address(address: str) -> QuerySet[Message]:
    return Message.objects.filter(address=address).order_by("-created_at", "-pk")


def recent_messages(*, search: str = "") -> QuerySet[Message]:
    """Every message, newest first, for the demo's own page; mobiles however they are typed."""
    messages = Message.objects.select_related("person").order_by("-created_at", "-pk")
    if words := search.strip():
        number = _number(words)
        messages = messages.filter(
            Q(address__icontains=number)
            | Q(person__full_name__icontains=words)
            | Q(person__email__icontains=words)
            | Q(person__phone__icontains=number)
        )
    return messages


def _number(words: str) -> str:
    try:
        return to_e164(words)
    except Unreadable:
        return words


def stuck_messages() -> QuerySet[Message]:
    """Messages an operator should know of: failed, or held for want of a provider."""
    failed = Q(status=MessageStatus.FAILED)
    wanting = Q(status=MessageStatus.HELD, is_demo=False)  # the demo's are held on purpose
    return Message.objects.filter(failed | wanting).order_by("-created_at", "-pk")
