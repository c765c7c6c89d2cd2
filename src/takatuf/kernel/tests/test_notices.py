from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from takatuf.kernel import notices
from takatuf.kernel.jobs import queue
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, JobStatus
from takatuf.kernel.notices import Notice, announce, receives

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(Notice, name="kernel.tests.something_happened"):
    number: int
    words: str = ""
    at: datetime | None = None
    on: date | None = None
    refs: list[UUID] | None = None


heard: list[tuple[str, SomethingHappened]] = []


@pytest.fixture(autouse=True)
def only_these_receivers(monkeypatch):
    heard.clear()
    monkeypatch.setattr(notices, "receivers", {})


def subscribe(label, *, fail=False):
    def listen(notice):
        heard.append((label, notice))
        if fail:
            raise ValueError(label)

    listen.__qualname__ = label
    return receives(SomethingHappened)(listen)


def test_every_receiver_hears_the_notice_as_it_was():
    subscribe("first")
    subscribe("second")
    notice = SomethingHappened(
        number=7, words="خبر", at=datetime(2026, 2, 1, 9, tzinfo=UTC), on=date(2026, 2, 1), refs=[uuid4()]
    )  # fmt: skip

    announce(notice)
    run_jobs()

    assert heard == [("first", notice), ("second", notice)]


def test_a_notice_that_is_rolled_back_was_never_said():
    subscribe("first")

    def change():
        with transaction.atomic():
            announce(SomethingHappened(number=1))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        change()

    assert not Job.objects.exists()


def test_a_receiver_that_fails_is_tried_again_and_holds_up_nobody():
    subscribe("broken", fail=True)
    subscribe("sound")
    announce(SomethingHappened(number=1))

    while job := queue.claim(worker="a", at=datetime.now(UTC)):
        queue.run(job)

    assert {label for label, _ in heard} == {"broken", "sound"}
    states = {job.args[1].rsplit(".", 1)[-1]: job.status for job in Job.objects.all()}
    assert states == {"broken": JobStatus.WAITING, "sound": JobStatus.DONE}


def test_nobody_has_to_listen():
    announce(SomethingHappened(number=1))

    assert not Job.objects.exists()
    assert notices.receivers_listen_to_known_notices(None) == []


def test_a_receiver_of_an_unknown_notice_is_an_error_at_start():
    receives("kernel.tests.never_announced")(print)

    (error,) = notices.receivers_listen_to_known_notices(None)
    assert error.id == "takatuf.E010"
    assert "never_announced" in error.msg


def test_a_receiver_that_was_removed_shows_as_a_failing_job():
    subscribe("gone")
    announce(SomethingHappened(number=1))
    notices.receivers.clear()

    with pytest.raises(LookupError, match="gone"):
        run_jobs()


def test_what_does_not_fit_into_json_is_refused_at_once():
    subscribe("first")
    with pytest.raises(TypeError, match="words"):
        announce(SomethingHappened(number=1, words=object()))


def test_a_notice_name_is_taken_once():
    with pytest.raises(ValueError, match="taken"):

        class Another(Notice, name="kernel.tests.something_happened"):
            pass


def test_a_notice_takes_its_name_from_its_module():
    class SeatPainted(Notice):
        __module__ = "takatuf.placement.notices"

    assert SeatPainted.notice_name == "placement.seat_painted"
    del notices.known["placement.seat_painted"]


def test_a_notice_written_before_a_field_was_added_is_still_read():
    read = notices._read(SomethingHappened, {"number": 3, "removed_since": 1})

    assert read == SomethingHappened(number=3)
