"""Jobs, messages, the search index, evidence, traces, chains and sequences."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from takatuf.kernel import evidence, search, traces, transitions
from takatuf.kernel.models import Job, JobStatus, Message, TraceLink
from takatuf.kernel.sequences import issue_number
from takatuf.needs import commands
from takatuf.needs.tests.factories import NeedFactory, desk_person
from takatuf.opportunities.tests import factories as opportunities
from tests.invariants import case, spoil

HOUR = timedelta(hours=1)


def ended_job(**fields) -> Job:
    now = timezone.now()
    given = {
        "task": "t", "status": JobStatus.DONE, "enqueued_at": now - HOUR, "attempts": 1,
        "run_after": now - HOUR, "started_at": now - HOUR, "finished_at": now, "worker": "one",
    }  # fmt: skip
    return Job.objects.create(**given | fields)


@case("no job is held by a dead worker")
def _lease():
    lease = {"status": JobStatus.RUNNING, "finished_at": None}
    job = ended_job(**lease, lease_until=timezone.now() + HOUR)
    yield
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - HOUR)


@case("jobs keep the order of their times")
def _times():
    job = ended_job()
    yield
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - 2 * HOUR)


@case("every waiting message has a job")
def _message():
    at = timezone.now()
    yield
    Message.objects.create(
        channel="email", address="x@example.org", template="accounts.code", language="ar",
        subject="س", body="س", not_before=at, created_at=at,
    )  # fmt: skip


@case("the search index holds what its table holds")
def _index():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes in step itself")
    need = NeedFactory()
    search.put(need, kind="x", title="تشجير", url="/", at=timezone.now())
    yield
    spoil("DELETE FROM kernel_searchdocument", table="kernel_searchdocument")


@case("kept evidence is what was handed in")
def _evidence():
    file = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 as handed in")
    row = evidence.keep(
        subject=NeedFactory(), title="ترخيص", by=None, at=timezone.now(), file=file
    )
    yield
    Path(row.file.path).write_bytes(b"%PDF-1.7 another")


@case("what answers a need is traced to it")
def _answers():
    made = opportunities.opportunity(need=NeedFactory(), published=True)
    traces.link(made, TraceLink.Relation.ANSWERS, made.need, at=timezone.now())
    yield
    spoil("DELETE FROM kernel_tracelink", table="kernel_tracelink")


def two_entries() -> None:
    need = NeedFactory()
    for at in (timezone.now(), timezone.now() + HOUR):
        transitions.record(subject=need, action="seen", by=None, at=at, reason="سبب")


@case("objects are in the state their log says last")
def _cut_off():
    """The last entry taken away: what is left of the chain is whole."""
    need = NeedFactory()
    commands.validate_need(need_id=need.pk, by=desk_person(), at=timezone.now())
    commands.close_need(need_id=need.pk, answer="لُبي كله.", by=desk_person(), at=timezone.now())
    last = transitions.history(need).last()
    yield
    spoil(
        f"DELETE FROM kernel_transitionnote WHERE transition_id = {last.pk}",  # noqa: S608
        table="kernel_transitionnote",
    )
    spoil(f"DELETE FROM kernel_transition WHERE id = {last.pk}", table="kernel_transition")  # noqa: S608


@case("transition chains are whole")
def _chain():
    two_entries()
    yield
    table = "kernel_transition"
    spoil(f"UPDATE {table} SET action = 'another' WHERE position = 1", table=table)  # noqa: S608


@case("sequences have no gaps")
def _gap():
    need = NeedFactory()
    for _ in range(3):
        issue_number(kind="proof", at=timezone.now(), subject=need)
    yield
    table = "kernel_issuednumber"
    spoil(f"DELETE FROM {table} WHERE number = 2", table=table)  # noqa: S608
