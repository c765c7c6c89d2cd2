"""The administrator's page: who opens it, and what it notices."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import person, sign_in
from takatuf.kernel.models import Job, JobStatus, PeriodicRun
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory
from takatuf.site.queries.running import running
from takatuf.site.tests.test_stuck import answer, failed_job

pytestmark = pytest.mark.django_db
PAGE = "/en/desk/running/"


@pytest.fixture
def admin(client):
    who = person(is_staff=True, is_superuser=True)
    sign_in(client, who)
    return who


def worker_seen(ago: timedelta, **fields) -> PeriodicRun:
    at = timezone.now() - ago
    name = fields.pop("name", "site: count the public figures")
    return PeriodicRun.objects.create(name=name, last_started=at, last_finished=at, **fields)


def look():
    return running(at=timezone.now())


def office(role=Role.UNIT_MANAGER, *, guarded=False, **fields):
    made = OfficeFactory(role=role, **{"body": BodyFactory()} | fields)
    if guarded:
        Authenticator.objects.create(user=made.person, type=Authenticator.Type.TOTP, data={})
    return made


# ---------------------------------------------------------------- who
def test_the_administrators_desk_is_the_running_of_the_site(client, admin):
    page = client.get("/en/desk/", follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert page.status_code == 200
    assert reverse("site:stuck") in page.content.decode()
    assert reverse("site:log") in page.content.decode()


def test_an_administrator_with_an_office_finds_both(client, admin):
    office(Role.BODY_HEAD, person=admin)

    page = client.get("/en/desk/")

    assert page.status_code == 200
    assert PAGE in {door["href"] for door in page.context["doors"]}


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR, Role.BODY_HEAD])
def test_no_office_opens_it(client, role):
    sign_in(client, office(role, body=BodyFactory(desk=True)).person)

    assert client.get(PAGE).status_code == 403


def test_an_administrator_answers_what_is_stuck_and_reads_the_log(client, admin):
    job = failed_job()

    assert answer(client, "job", job, "retry").status_code == 302
    assert Job.objects.get().status == JobStatus.WAITING
    assert client.get("/en/log/").status_code == 200


def test_an_administrator_decides_nothing_of_the_work(client, admin):
    waiting = BodyFactory(status="registered")

    for name in ("needs:queue", "registry:concerns", "registry:bodies_waiting",
                 "registry:duplicates", "attendance:approved", "recovery_list"):  # fmt: skip
        assert client.get(reverse(name)).status_code in (403, 404), name
    decide = reverse("registry:body_decide", args=[waiting.code])
    assert client.post(decide, {"answer": "verify"}).status_code in (403, 404)
    waiting.refresh_from_db()
    assert waiting.status == "registered"


# ---------------------------------------------------------------- what it notices
def test_a_site_in_order_says_so(client, admin):
    worker_seen(timedelta(minutes=2))
    office(guarded=True)

    assert look().needs_an_eye == 0
    assert "nothing needs an eye" in client.get(PAGE).content.decode()


def test_a_worker_that_never_ran_is_told_from_one_that_fell_silent(client, admin):
    assert "It has never run here." in client.get(PAGE).content.decode()
    worker_seen(timedelta(hours=1))

    page = client.get(PAGE).content.decode()

    assert "Last sign of life" in page
    assert "Nothing is sent" in page
    assert not look().pulse.lives


def test_late_jobs_and_failing_rounds_are_named(client, admin):
    worker_seen(timedelta(minutes=2), error="Traceback\nValueError: secret line")
    due = timezone.now() - timedelta(minutes=20)
    Job.objects.create(task="takatuf.example.task", enqueued_at=due, run_after=due)

    page = client.get(PAGE).content.decode()

    assert "site: count the public figures" in page
    assert "secret line" not in page
    assert look().pulse.late_jobs == 1
    assert look().needs_an_eye == 1


def test_staff_without_a_second_factor_are_named_others_not():
    shut = office()
    office(guarded=True)
    office(ends_on=timezone.localdate(), starts_on=timezone.localdate() - timedelta(days=9))

    found = look()

    assert (found.unguarded, found.unguarded_count) == ([shut], 1)


def test_offices_that_end_soon_are_named_the_soonest_first():
    today = timezone.localdate()
    later = office(ends_on=today + timedelta(days=20))
    sooner = office(ends_on=today + timedelta(days=3))
    office(ends_on=today + timedelta(days=90))
    office()

    assert look().ending == [sooner, later]
