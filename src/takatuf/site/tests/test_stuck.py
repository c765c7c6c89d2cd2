"""Messages that did not leave and jobs that failed: who sees them, and what answers them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel import stuck
from takatuf.kernel.jobs import queue
from takatuf.kernel.models import Job, JobStatus, Message, MessageStatus
from takatuf.kernel.outbox.tasks import deliver_message
from takatuf.kernel.registries import desk_items
from takatuf.kernel.transitions import history
from takatuf.needs.tests.factories import desk_person, manager_of
from takatuf.registry import queries as registry
from takatuf.registry.tests.factories import BodyFactory

pytestmark = pytest.mark.django_db
ITEM = "site: stuck messages and failed jobs"
PAGE = "/en/desk/stuck/"


def failed_message(**fields) -> Message:
    at = timezone.now()
    given = {
        "channel": "email", "address": "x@example.org", "template": "accounts.code",
        "language": "ar", "subject": "س", "body": "س", "not_before": at, "created_at": at,
        "status": MessageStatus.FAILED, "error": "550 no such mailbox",
    }  # fmt: skip
    return Message.objects.create(**given | fields)


def failed_job(**fields) -> Job:
    at = timezone.now() - timedelta(hours=1)
    given = {
        "task": "takatuf.example.task", "status": JobStatus.FAILED, "enqueued_at": at,
        "run_after": at, "started_at": at, "finished_at": at, "attempts": 6, "worker": "one",
        "error": "Traceback\n  secret line\nValueError: no such row",
    }  # fmt: skip
    return Job.objects.create(**given | fields)


def answer(client, kind, row, act, **data):
    return client.post(f"{PAGE}{kind}/{row.pk}/{act}/", data)


@pytest.fixture
def desk(client):
    person = desk_person()
    sign_in(client, person)
    return person


@pytest.fixture
def mail_leaves(monkeypatch):
    monkeypatch.setattr(stuck.channels, "can_leave", lambda _channel: True)


# ---------------------------------------------------------------- seeing
def test_the_desk_reads_what_is_stuck_and_why(client, desk):
    failed_message()
    failed_job()

    page = client.get(PAGE).content.decode()

    assert "550 no such mailbox" in page
    assert "ValueError: no such row" in page
    assert "secret line" not in page


def test_nothing_stuck_says_so_and_takes_no_place_in_the_queue(client, desk):
    failed_message(is_demo=True, status=MessageStatus.HELD)  # held on purpose

    assert "Nothing is stuck" in client.get(PAGE).content.decode()
    assert desk_items[ITEM](desk, registry.offices_of(desk), timezone.now()) == []


def test_the_queue_counts_both_and_only_the_desks(desk):
    failed_message()
    failed_job()
    failed_job()
    [item] = desk_items[ITEM](desk, registry.offices_of(desk), timezone.now())
    other = manager_of(BodyFactory())

    assert "3" in item.title
    assert item.url.endswith("/desk/stuck/")
    assert desk_items[ITEM](other, registry.offices_of(other), timezone.now()) == []


def test_others_neither_see_nor_answer(client):
    job = failed_job()
    sign_in(client, manager_of(BodyFactory()))

    assert client.get(PAGE).status_code == 403
    assert answer(client, "job", job, "dismiss", reason="no").status_code == 403
    assert Job.objects.get().status == JobStatus.FAILED


@pytest.mark.parametrize("rows", [1, 60])
def test_the_page_costs_the_same_for_few_and_many(client, desk, rows):
    for _ in range(rows):
        failed_message(person=desk)
        failed_job()

    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)

    assert len(asked) == 6


# ---------------------------------------------------------------- answering
def test_a_message_tried_again_has_a_job_and_is_told_of(client, desk, mail_leaves):
    message = failed_message()

    assert answer(client, "message", message, "retry").status_code == 302

    message.refresh_from_db()
    assert (message.status, message.error) == (MessageStatus.QUEUED, "")
    job = Job.objects.get(task=deliver_message.module_path)
    assert job.args == [message.pk]
    assert [entry.action for entry in history(message)] == ["retried"]


def test_without_a_provider_trying_again_is_refused(client, desk, monkeypatch):
    monkeypatch.setattr(stuck.channels, "can_leave", lambda _channel: False)
    message = failed_message(status=MessageStatus.HELD)

    page = answer(client, "message", message, "retry")

    assert page.status_code == 409
    assert "No provider is set up" in page.content.decode()
    message.refresh_from_db()
    assert message.status == MessageStatus.HELD
    assert not Job.objects.exists()


@pytest.mark.parametrize("kind", ["message", "job"])
def test_dismissing_takes_a_reason(client, desk, kind):
    row = failed_message() if kind == "message" else failed_job()

    page = answer(client, kind, row, "dismiss", reason="  ")

    assert page.status_code == 409
    row.refresh_from_db()
    assert row.status == "failed"
    assert not history(row)


def test_a_dismissed_message_is_not_sent_and_its_reason_kept(client, desk):
    message = failed_message()

    answer(client, "message", message, "dismiss", reason="The address is wrong")

    message.refresh_from_db()
    assert message.status == MessageStatus.SUPPRESSED
    [entry] = history(message)
    assert (entry.action, entry.note.reason) == ("dismissed", "The address is wrong")


def test_a_job_tried_again_starts_anew(client, desk):
    job = failed_job(task="tests.no_such.task")

    answer(client, "job", job, "retry")

    taken = queue.claim(worker="two", at=timezone.now())
    assert taken == job
    assert taken.attempts == 1
    assert [entry.action for entry in history(job)] == ["retried"]


def test_a_dismissed_job_is_gone_with_the_message_it_was_to_send(client, desk):
    message = failed_message(status=MessageStatus.QUEUED)
    job = failed_job(task=deliver_message.module_path, args=[message.pk])

    answer(client, "job", job, "dismiss", reason="Too late now")

    assert not Job.objects.exists()
    message.refresh_from_db()
    assert message.status == MessageStatus.SUPPRESSED
    assert [entry.note.changes["error"] for entry in history(job)] == [
        "ValueError: no such row"
    ]


@pytest.mark.parametrize(("kind", "act"), [("message", "retry"), ("job", "retry")])
def test_a_second_answer_is_told_it_came_too_late(client, desk, mail_leaves, kind, act):
    row = failed_message() if kind == "message" else failed_job()
    answer(client, kind, row, act)

    page = answer(client, kind, row, act)

    assert page.status_code == 409
    assert "not stuck any more" in page.content.decode()
    assert len(history(row)) == 1
