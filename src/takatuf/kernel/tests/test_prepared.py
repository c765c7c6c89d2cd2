"""Queries written once give what the ORM gives."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from takatuf.kernel.models import Message
from takatuf.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
COLUMNS = ("pk", "key", "subject", "context", "urgent", "created_at", "sent_at")


def message() -> Message:
    return Message.objects.create(
        channel="email", address="a@example.org", template="x", language="ar", subject="أهلًا",
        context={"عدد": 2}, urgent=True, not_before=AT, created_at=AT,
    )  # fmt: skip


def by_key(*pks):
    return Message.objects.filter(pk__in=pks).order_by("pk").values_list(*COLUMNS)


def test_rows_read_are_the_orms():
    pks = [message().pk for _ in range(3)]
    ask = Prepared(by_key)

    for wanted in (pks, pks[:1], pks[1:]):
        assert list(ask.read(ask(*wanted))) == list(by_key(*wanted))


def test_the_sql_is_written_once_for_each_number_of_values():
    written = []

    def rows(*pks):
        written.append(len(pks))
        return by_key(*pks)

    ask = Prepared(rows)
    for pk in (1, 2, 3):
        ask(pk)
    ask(1, 2)

    assert written == [1, 2]


def test_each_asking_is_one_query_seen_where_queries_are_counted():
    ask = Prepared(by_key)
    with CaptureQueriesContext(connection) as asked:
        ask(1)
        ask(2)
    assert len(asked) == 2


def test_equal_rows_mean_that_nothing_changed():
    kept = message()
    ask = Prepared(by_key)
    before = ask(kept.pk)
    assert ask(kept.pk) == before

    Message.objects.filter(pk=kept.pk).update(subject="اسم جديد")

    assert ask(kept.pk) != before


def test_a_query_with_values_of_its_own_is_refused():
    ask = Prepared(lambda pk: Message.objects.filter(pk=pk, subject="أحد").values_list("pk"))
    with pytest.raises(ValueError, match="أحد"):
        ask(1)
