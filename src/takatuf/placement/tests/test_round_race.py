"""Rounds under force: a worker killed in the middle, a shift called off meanwhile."""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, close_old_connections, connection, connections
from django.utils import timezone

from takatuf.opportunities.models import Shift
from takatuf.placement import commands, queries
from takatuf.placement.commands import following, solving
from takatuf.placement.models import Proposal, RoundPlace, RoundPlan
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.factories import application, status_of
from takatuf.placement.tests.rounds import agreed, opened, place, solved

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _work_until_told(settings_dict, round_id, told):
    """A worker that has written its first progress and goes on for ever."""
    connections.close_all()
    connections["default"].settings_dict.update(settings_dict)

    def hang(_round):
        told.set()
        time.sleep(600)

    solving.work_out(round_id, 1, hang)


@pytest.mark.skipif(
    connection.settings_dict["NAME"] in (":memory:", None), reason="needs a database on disk"
)
def test_a_worker_killed_by_the_system_leaves_a_round_the_next_one_finishes():
    place(seats=1)
    agreed()
    row = opened()
    commands.start_round(matching_round=row, by=row.opened_by, at=timezone.now())
    settings_dict = {"NAME": connection.settings_dict["NAME"]}
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    told = fork.Event()
    worker = fork.Process(target=_work_until_told, args=(settings_dict, row.pk, told))
    worker.start()
    try:
        assert told.wait(timeout=120)
    finally:
        worker.kill()  # SIGKILL
        worker.join(timeout=30)
    row.refresh_from_db()
    assert (row.status, row.people) == ("solving", 1)
    assert not Proposal.objects.exists()
    assert not RoundPlace.objects.exists()
    assert not RoundPlan.objects.exists()

    solving.work_out(row.pk, 1)

    row.refresh_from_db()
    assert row.status == "proposed"
    assert faults_of(row) == []


# ---------------------------------------------------------------- a shift called off meanwhile
HELD = 1.0  # seconds: the other has come as far as it can by then


def called_off_during(act, role, monkeypatch, *, ready):
    """The act in one thread while another calls the shift off and has ended who waited for it;
    what each of them raised.

    :param ready: set once the act is about to take its locks.
    """
    ended, lapse = threading.Event(), following.lapse_on_shifts

    def slowly(*given, **more):
        ended.set()
        time.sleep(HELD)
        return lapse(*given, **more)

    monkeypatch.setattr(following, "lapse_on_shifts", slowly)

    def call_off():
        assert ready.wait(timeout=60)
        Shift.objects.filter(pk=role.shift_id).update(status="cancelled", reason="عاصفة")
        commands.release_cancelled_shift(
            shift_id=role.shift_id, reason="عاصفة", at=timezone.now()
        )

    def one(each):
        close_old_connections()
        try:
            each()
        except OperationalError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(one, each) for each in (call_off, lambda: act(ended))]
        return [each.result(timeout=120) for each in both]


def proposed_and_in_line():
    """A round that proposes somebody for a place another waits for."""
    role = place(seats=1)
    agreed()
    row = solved()
    return role, row, application(role=role, status="waiting")


def close_during(monkeypatch):
    role, row, waits = proposed_and_in_line()
    ready = threading.Event()
    ready.set()

    def act(ended):
        assert ended.wait(timeout=60)
        commands.close_round(matching_round=row, by=row.opened_by, at=timezone.now())

    return row, waits, called_off_during(act, role, monkeypatch, ready=ready)


def store_during(monkeypatch):
    role, row, waits = proposed_and_in_line()
    row = commands.start_round(
        matching_round=row, by=row.opened_by, at=timezone.now(), enqueue=False
    )
    ready, keep = threading.Event(), solving._keep

    def act(ended):
        def after_it(*given, **more):
            ready.set()
            assert ended.wait(timeout=60)
            keep(*given, **more)

        monkeypatch.setattr(solving, "_keep", after_it)
        solving.work_out(row.pk, row.attempt)

    return row, waits, called_off_during(act, role, monkeypatch, ready=ready)


ROWS = pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time there")
ACTS = pytest.mark.parametrize(
    ("during", "status"), [(close_during, "closed"), (store_during, "proposed")]
)


@ROWS
@ACTS
def test_a_shift_called_off_and_its_round_never_wait_for_each_other(
    during, status, monkeypatch
):
    row, waits, faults = during(monkeypatch)

    row.refresh_from_db()
    assert faults == [None, None]
    assert (row.status, status_of(waits)) == (status, "expired")


@ROWS
@ACTS
def test_without_the_listings_they_would(during, status, monkeypatch):
    """Control: one has the line and wants the round, the other has the round."""
    monkeypatch.setattr(queries, "lock_listings", lambda *_given, **_more: None)

    _row, _waits, faults = during(monkeypatch)

    assert any("deadlock" in str(fault) for fault in faults), status
