"""Which way a message goes, and when."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils import timezone

from takatuf.kernel.models import MessageChannel

QUIET_FROM, QUIET_UNTIL = time(22), time(7)  # local time
COLLAPSE_WAIT = timedelta(minutes=2)
is_phone = RegexValidator(r"\A\+[0-9]{8,15}\Z")


class Route(NamedTuple):
    channel: MessageChannel
    address: str


def route_to(person) -> Route:
    """The person's own choice, or the next best they can be reached by."""
    email = Route(MessageChannel.EMAIL, person.email or "")
    sms = Route(MessageChannel.SMS, person.phone or "")
    wanted = {MessageChannel.EMAIL: [email, sms], MessageChannel.SMS: [sms, email]}
    for route in wanted.get(person.channel, []):
        if route.address:
            return route
    return Route(MessageChannel.IN_APP, "")


def route_of(address: str) -> Route | None:
    """How an address is reached; None if it is neither a phone nor an e-mail address."""
    for check, channel in (
        (is_phone, MessageChannel.SMS),
        (validate_email, MessageChannel.EMAIL),
    ):
        try:
            check(address)
        except ValidationError:
            continue
        return Route(channel, address)
    return None


def can_leave(channel: str) -> bool:
    """Whether the operator has said where messages of this channel go."""
    if settings.DEMO:
        return False
    return bool({"email": settings.EMAIL_HOST, "sms": settings.SMS_URL}.get(channel))


def earliest(at: datetime) -> datetime:
    """When a message ready by then may be sent: nobody is woken for what can wait."""
    local = timezone.localtime(at)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, tzinfo=local.tzinfo)
