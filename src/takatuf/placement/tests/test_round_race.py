"""Rounds under force: a worker killed in the middle."""

import multiprocessing
import time

import pytest
from django.db import connection, connections
from django.utils import timezone

from takatuf.placement import commands
from takatuf.placement.commands import solving
from takatuf.placement.models import Proposal, RoundPlace, RoundPlan
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.rounds import agreed, opened, place

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
