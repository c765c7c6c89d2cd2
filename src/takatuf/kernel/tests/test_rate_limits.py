import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from takatuf.kernel.models import CacheEntry, RateWindow
from takatuf.kernel.rate_limits import TooMany, limit

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)


def tries(key, times, *, at=NOW):
    for _ in range(times):
        limit(key, count=3, per_seconds=60, at=at)


@pytest.mark.django_db
def test_so_many_tries_and_no_more():
    tries("a", 3)

    with pytest.raises(TooMany) as refused:
        tries("a", 1, at=NOW + timedelta(seconds=20))

    assert refused.value.retry_after == 40
    assert refused.value.status == 429


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60, "بعد دقيقة."),
        (90 * 60, "بعد 90 دقيقة."),
        (7200, "بعد ساعتين."),
        (86400, "بعد 24 ساعة."),
    ],
)
def test_a_long_wait_is_said_in_hours(seconds, said):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    start = at - timedelta(seconds=int(at.timestamp()) % seconds)
    limit("long", count=1, per_seconds=seconds, at=start)

    with pytest.raises(TooMany, match=said):
        limit("long", count=1, per_seconds=seconds, at=start)


@pytest.mark.django_db
def test_another_key_and_the_next_window_are_free():
    tries("a", 3)

    tries("b", 3)
    tries("a", 3, at=NOW + timedelta(seconds=60))


@pytest.mark.django_db
def test_the_key_is_not_stored():
    tries("verify:noura@example.org", 1)

    key = RateWindow.objects.get().key
    assert set(key) <= set("0123456789abcdef")
    assert len(key) == 64


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_count_where_a_rollback_would_forget():
    with pytest.raises(RuntimeError), transaction.atomic():
        tries("a", 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_as_many_as_allowed():
    passed, start = [], threading.Barrier(20)

    def one():
        try:
            start.wait()
            limit("a", count=7, per_seconds=3600, at=NOW)
            passed.append(1)
        except TooMany:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 7


@pytest.mark.django_db
def test_migrate_alone_makes_the_cache(settings):
    cache.set("a", {"b": "قيمة"}, 60)

    assert cache.get("a") == {"b": "قيمة"}
    assert CacheEntry.objects.count() == 1
