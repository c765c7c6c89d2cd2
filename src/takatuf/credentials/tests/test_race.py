"""However many ask at once, one piece of work has one valid certificate.

The control takes the guards away: the same crowd must then print several, or the test would
prove nothing.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection, connections

from takatuf.credentials import commands, queries
from takatuf.credentials.models import Certificate
from takatuf.credentials.tests.factories import certificate
from takatuf.kernel.models import IssuedNumber
from takatuf.registry.tests.factories import BodyFactory, PersonFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

REQUESTS = 20
CONSTRAINT = next(
    one
    for one in Certificate._meta.constraints
    if one.name == "certificate_one_valid_per_subject"
)


def crowd(act):
    """``act(number)`` from threads with connections of their own, at the same moment."""
    start = threading.Barrier(REQUESTS)

    def one(number):
        close_old_connections()
        try:
            start.wait(timeout=30)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(REQUESTS) as pool:
        return [
            job.result(timeout=120) for job in [pool.submit(one, n) for n in range(REQUESTS)]
        ]


def test_twenty_clicks_make_one_certificate():
    body, holder = BodyFactory(), PersonFactory()

    given = crowd(lambda _n: certificate(body=body, holder=holder).serial)

    assert set(given) == {"TK-2026-000001"}
    assert Certificate.objects.count() == IssuedNumber.objects.count() == 1


def test_twenty_changes_of_hours_leave_one_valid():
    body, holder = BodyFactory(), PersonFactory()

    crowd(lambda n: certificate(body=body, holder=holder, minutes=100 + n).pk)

    assert Certificate.objects.filter(status="valid").count() == 1
    assert Certificate.objects.count() == REQUESTS


def test_twenty_people_get_twenty_numbers_without_a_gap():
    body = BodyFactory()
    people = [PersonFactory() for _ in range(REQUESTS)]

    given = crowd(lambda n: certificate(body=body, holder=people[n]).serial)

    assert sorted(given) == [f"TK-2026-{n:06d}" for n in range(1, REQUESTS + 1)]


def test_without_the_guards_the_same_crowd_prints_several(monkeypatch):
    """Control: neither the lock, nor looking for the one there, nor the constraint."""
    body, holder = BodyFactory(), PersonFactory()
    people = type(holder)._default_manager
    monkeypatch.setattr(queries, "lock_holder", lambda pk: people.get(pk=pk))
    monkeypatch.setattr(queries, "valid_certificate", lambda *_asked: None)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Certificate, CONSTRAINT)
    try:
        crowd(lambda _n: certificate(body=body, holder=holder).serial)
        printed = Certificate.objects.filter(status="valid").count()
    finally:
        Certificate.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Certificate, CONSTRAINT)

    assert printed > 1


def test_the_constraint_alone_stops_a_second_one(monkeypatch):
    """With lock and look taken away the database still refuses."""
    body, holder = BodyFactory(), PersonFactory()
    certificate(body=body, holder=holder)
    monkeypatch.setattr(queries, "valid_certificate", lambda *_asked: None)

    with pytest.raises(Exception, match=r"UNIQUE constraint|certificate_one_valid"):
        certificate(body=body, holder=holder)

    assert Certificate.objects.count() == 1
    assert IssuedNumber.objects.get().sequence.kind == commands.CERTIFICATES
