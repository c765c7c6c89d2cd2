"""The tests' own rules hold: what conftest.py promises to every other test."""

import socket
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from takatuf.kernel.models import Transition


def _commit_a_transition():
    Transition.objects.create(
        subject="test.thing:1",
        position=1,
        action="made",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        digest="d",
    )


def test_a_foreign_address_is_refused():
    with socket.socket() as out, pytest.raises(AssertionError, match="stay on this machine"):
        out.connect(("192.0.2.1", 80))


def test_a_foreign_name_is_not_looked_up():
    with pytest.raises(AssertionError, match="look up no foreign name"):
        socket.getaddrinfo("example.com", 80)


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_at_the_next_test(turn):
    assert not Transition.objects.exists()
    assert cache.get("left") is None
    _commit_a_transition()
    cache.set("left", turn)


@pytest.mark.django_db(transaction=True)
def test_append_only_tables_still_refuse_after_a_flush():
    _commit_a_transition()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Transition.objects.all().delete()
    assert Transition.objects.count() == 1


@pytest.mark.django_db
def test_child_processes_can_be_given_the_same_database(database_url):
    assert connection.settings_dict["NAME"] in database_url
