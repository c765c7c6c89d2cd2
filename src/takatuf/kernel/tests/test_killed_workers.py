"""Real worker processes, killed with SIGKILL in the middle of each kind of job."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

import takatuf
from takatuf.kernel.models import (
    Job,
    JobStatus,
    Message,
    MessageStatus,
    PeriodicRun,
    Sequence,
)
from takatuf.kernel.notices import announce
from takatuf.kernel.outbox.tasks import deliver_message
from takatuf.kernel.tests import jobs_to_kill as killed

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PATIENCE = 30
WORK = """
import sys, django
django.setup()
from django.core.management import call_command
from takatuf.kernel.registries import reminders
from takatuf.kernel.tests import jobs_to_kill
reminders._items.clear()
if "remind" in sys.argv:
    reminders.add("killed", jobs_to_kill.remind)
call_command("work", *(word for word in sys.argv[1:] if word != "remind"))
"""


def until(what, *, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
    return found


class Workers:
    """Starts workers on the test's database and stops what is left of them."""

    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        self.started: list[subprocess.Popen] = []
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TAKATUF_")}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "takatuf.config.settings",
            "DATABASE_URL": database_url,
            "TAKATUF_DATA_DIR": str(folder),
            "PYTHONPATH": str(Path(takatuf.__file__).parents[1]),
            "PYTHONWARNINGS": "default",
            killed.MEETING_PLACE: str(folder),
        }

    def start(self, *words: str, **environment: str) -> subprocess.Popen:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WORK, *words], env=self.environment | environment
        )
        self.started.append(process)
        return process

    def child(self, *words: str, **environment: str) -> subprocess.Popen:
        return self.start("--child-of", str(os.getpid()), *words, **environment)

    def finish(self, *words: str, **environment: str) -> None:
        """A worker that starts after the lease of the killed one has ended."""
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(status=JobStatus.RUNNING).update(lease_until=past)
        Job.objects.filter(status=JobStatus.WAITING).update(run_after=past)
        PeriodicRun.objects.exclude(worker="").update(
            lease_until=past, last_started=past - timedelta(hours=1)
        )
        assert self.start("--once", *words, **environment).wait(PATIENCE) == 0

    def halt_at(self, moment: str) -> None:
        (self.folder / f"halt-{moment}").touch()

    def kill(self, process: subprocess.Popen) -> None:
        until((self.folder / "reached").exists)
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        (self.folder / "reached").unlink()
        for flag in self.folder.glob("halt-*"):
            flag.unlink()


@pytest.fixture
def workers(tmp_path, database_url):
    workers = Workers(tmp_path, database_url)
    yield workers
    for process in workers.started:
        if process.poll() is None:
            process.kill()
            process.wait()


def effects(kind):
    return Sequence.objects.filter(kind=kind).count()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_atomic_job_has_its_effect_exactly_once(workers, moment):
    killed.effect.enqueue()
    workers.halt_at(moment)
    workers.kill(workers.child())
    assert effects("job") == 0
    assert Job.objects.get().status == JobStatus.RUNNING

    workers.finish()

    assert effects("job") == 1
    job = Job.objects.get()
    assert (job.status, job.attempts) == (JobStatus.DONE, 2)


def test_the_control_a_job_that_is_not_atomic_doubles_its_effect(workers):
    killed.naive_effect.enqueue()
    workers.halt_at("after")
    workers.kill(workers.child())

    workers.finish()

    assert effects("naive") == 2


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_notice_is_received_exactly_once(workers, moment):
    announce(killed.HeardOfKilling(number=1))
    workers.halt_at(moment)
    workers.kill(workers.child())
    assert effects("notice") == 0

    workers.finish()

    assert effects("notice") == 1


def test_a_periodic_function_is_taken_up_by_the_next_worker(workers):
    workers.halt_at("after")
    workers.kill(workers.child("remind"))
    assert effects("reminder") == 0
    assert PeriodicRun.objects.get().worker

    workers.finish("remind")

    assert effects("reminder") == 1
    run = PeriodicRun.objects.get()
    assert (run.worker, run.last_count, run.error) == ("", 1, "")


class Provider(BaseHTTPRequestHandler):
    """Takes a text message, and keeps the first caller waiting for the answer."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        if len(self.server.keys) == 1:
            (self.server.folder / "reached").touch()
            self.server.let_go.wait(PATIENCE)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"id": "p-1"}')

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.keys, server.folder, server.let_go = [], tmp_path, threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_message_killed_in_the_middle_goes_again_under_the_same_key(workers, provider):
    now = timezone.now()
    message = Message.objects.create(
        channel="sms", address="+966500000001", template="kernel.test", language="ar",
        subject="s", body="نص", created_at=now, not_before=now,
    )  # fmt: skip
    deliver_message.enqueue(message.pk)
    url = f"http://127.0.0.1:{provider.server_port}/send"
    workers.kill(workers.child(TAKATUF_SMS_URL=url))
    message.refresh_from_db()
    assert message.status == MessageStatus.SENDING

    workers.finish(TAKATUF_SMS_URL=url)
    workers.finish(TAKATUF_SMS_URL=url)

    message.refresh_from_db()
    assert (message.status, message.provider_id) == (MessageStatus.SENT, "p-1")
    assert provider.keys == [str(message.key)] * 2


def test_a_worker_told_to_stop_ends_its_job_and_starts_no_other(workers):
    killed.effect.enqueue()
    workers.halt_at("after")
    process = workers.child()
    until((workers.folder / "reached").exists)
    process.terminate()
    time.sleep(0.2)
    assert process.poll() is None

    (workers.folder / "halt-after").unlink()

    assert process.wait(PATIENCE) == 0
    assert effects("job") == 1


def test_the_supervisor_replaces_a_killed_worker_and_stops_when_told(workers):
    supervisor = workers.start("--processes", "1")
    first = _done_by(killed.short_effect.enqueue())
    os.kill(int(first.worker.split(":")[1]), signal.SIGKILL)

    second = _done_by(killed.short_effect.enqueue())

    assert second.worker != first.worker
    supervisor.terminate()
    assert supervisor.wait(PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(second.worker.split(":")[1]), 0)


def _done_by(result):
    return until(lambda: Job.objects.filter(pk=result.id, status=JobStatus.DONE).first())


def test_a_worker_whose_supervisor_was_killed_ends_by_itself(workers):
    supervisor = workers.start("--processes", "1")
    worker = int(_done_by(killed.short_effect.enqueue()).worker.split(":")[1])
    supervisor.kill()
    supervisor.wait(PATIENCE)

    until(lambda: not Path(f"/proc/{worker}").exists() or _is_zombie(worker))


def _is_zombie(pid):
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def test_many_workers_give_each_job_to_one_of_them(workers):
    for _ in range(60):
        killed.counted_run.enqueue()

    crowd = [workers.start("--once") for _ in range(4)]

    assert [process.wait(2 * PATIENCE) for process in crowd] == [0] * 4
    assert effects("run") == 60
    assert set(Job.objects.values_list("status", "attempts")) == {(JobStatus.DONE, 1)}
