"""How often something may be tried, counted in the database and so over all processes."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import RateWindow

LONGEST_IN_MINUTES = 90


class TooMany(DomainError):
    """Tried too often; shown with status 429 and ``Retry-After``."""

    status = 429

    def __init__(self, message, *, retry_after: int, field: str | None = None):
        super().__init__(message, field=field)
        self.retry_after = retry_after


def limit(key: str, *, count: int, per_seconds: int, at: datetime | None = None) -> None:
    """Count one try; refuse it if ``key`` had ``count`` of them in this window.

    Call before the command and outside of any transaction (it refuses to run inside one):
    a try that is rolled back must still count.

    :param key: what is limited and for whom: ``f"verify:{address}"``. Stored as a hash.
    :raises TooMany: saying how long to wait.
    """
    at = at or timezone.now()
    window = int(at.timestamp()) // per_seconds
    ends_at = datetime.fromtimestamp((window + 1) * per_seconds, tz=UTC)
    name = salted_hmac("takatuf.rate", f"{key}|{per_seconds}|{window}", algorithm="sha256")
    with transaction.atomic(durable=True):
        RateWindow.objects.bulk_create(
            [RateWindow(key=name.hexdigest(), ends_at=ends_at)], ignore_conflicts=True
        )
        counted = RateWindow.objects.filter(key=name.hexdigest(), count__lt=count).update(
            count=F("count") + 1
        )
    if not counted:
        raise _too_many(ends_at - at)


def slow_down(key: str, *, count: int, per_seconds: int, who: str, wait: int) -> None:
    """Once ``key`` had ``count`` tries in this window, from wherever, each connection waits
    between two of its own: trying from many places gets nowhere, and nobody is shut out by
    what others try.

    :param who: the connection this try comes from.
    :param wait: the seconds it has one try in.
    :raises TooMany: if it had that one.
    """
    try:
        limit(key, count=count, per_seconds=per_seconds)
    except TooMany:
        limit(f"{key}:slowly:{who}", count=1, per_seconds=wait)


def _too_many(wait: timedelta) -> TooMany:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    if minutes <= LONGEST_IN_MINUTES:
        sentence = ngettext(
            "That was tried too often. Try again in %(minutes)d minute.",
            "That was tried too often. Try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    else:
        hours = -(-minutes // 60)
        sentence = ngettext(
            "That was tried too often. Try again in %(hours)d hour.",
            "That was tried too often. Try again in %(hours)d hours.",
            hours,
        ) % {"hours": hours}
    return TooMany(sentence, retry_after=max(1, int(wait.total_seconds())))
