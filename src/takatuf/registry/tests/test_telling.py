"""Whoever holds an office hears of what waits: once, together, in time, and not of their own."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.registry import commands
from takatuf.registry.enums import ConcernStatus, Role, Sector
from takatuf.registry.models import Concern, OfficeReminder
from takatuf.registry.tests.factories import (
    BodyFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def desk():
    return BodyFactory(desk=True)


def holder(body, role=Role.DESK, **person):
    return OfficeFactory(body=body, role=role, person=PersonFactory(**person)).person


def concern(*, kind="conduct", by=None, at=MONDAY, about=None):
    reported = commands.report_concern(kind=kind, text="x", by=by, at=at, about_body=about)
    return reported.concern


def told(person, template="office_news"):
    rows = Message.objects.filter(person=person, template=f"registry.{template}")
    return list(rows.exclude(status="suppressed").order_by("pk"))


def test_ten_concerns_make_one_message_with_their_number_and_page(desk):
    person = holder(desk, language="en")
    for _ in range(10):
        concern()

    run_jobs()

    [message] = told(person)
    assert message.subject == "10 concerns wait for an answer"
    assert message.context["link"].endswith("/en/concerns/")


def test_one_concern_leads_to_itself_in_the_persons_language(desk):
    person = holder(desk, language="ar")
    made = concern()

    run_jobs()

    [message] = told(person)
    assert message.context["link"].endswith(f"/concerns/{made.pk}/")
    assert "/en/" not in message.context["link"]
    assert made.number in message.body
    assert "x" not in message.context  # what happened is read on the page only


def test_safety_is_told_at_once_the_rest_waits_for_the_morning(desk):
    person = holder(desk)
    concern(kind="safety")
    concern()

    run_jobs()

    urgent = {message.collapse_key: message.urgent for message in told(person)}
    assert urgent == {
        "registry.office_news:registry.safety:": True,
        "registry.office_news:registry.concerns:": False,
    }


def test_nobody_hears_of_their_own_nor_of_what_they_may_not_answer(desk):
    reporter, other, auditor = holder(desk), holder(desk), holder(desk, Role.AUDITOR)
    concern(by=reporter)
    run_jobs()
    assert (told(reporter), len(told(other)), told(auditor)) == ([], 1, [])

    concern(about=desk)
    run_jobs()
    [message] = told(auditor)
    assert message.context["more"] is False


def test_a_body_that_registers_is_told_to_the_desk_but_not_to_who_registers_it(desk):
    person, registrar = holder(desk), holder(desk)
    body = commands.register_body(
        details=commands.BodyDetails(
            name_ar="جمعية الغد", sector=Sector.NON_PROFIT, governorate=GovernorateFactory()
        ),
        by=registrar, at=MONDAY,
    )  # fmt: skip

    run_jobs()

    [message] = told(person)
    assert message.context["link"].endswith(quote(f"/bodies/{body.code}/decision/"))
    assert told(registrar) == []


def test_what_was_answered_meanwhile_is_not_told(desk):
    person, quick = holder(desk), holder(desk)
    commands.answer_concern(concern=concern(), answer="done", by=quick, at=MONDAY)

    run_jobs()

    assert told(person) == []


@pytest.mark.parametrize(
    ("when", "due", "late"),
    [
        (MONDAY + 6 * DAY, 0, 0),  # due on Monday week: nothing on the Sunday
        (MONDAY + 7 * DAY - timedelta(hours=2), 1, 0),
        (MONDAY + 7 * DAY + timedelta(minutes=1), 0, 1),
    ],
)
def test_the_clock_speaks_on_the_due_day_and_when_it_has_run_out(desk, when, due, late):
    person = holder(desk)
    concern()

    for _ in range(3):
        commands.remind_offices(at=when)

    assert (len(told(person, "office_due")), len(told(person, "office_late"))) == (due, late)
    assert OfficeReminder.objects.count() == due + late


def test_what_is_due_on_a_weekend_is_reminded_of_on_the_last_working_day(desk):
    person = holder(desk)
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    Concern.objects.filter(pk=concern().pk).update(due_at=friday)

    commands.remind_offices(at=datetime(2026, 3, 4, 20, tzinfo=UTC))
    assert told(person, "office_due") == []
    commands.remind_offices(at=datetime(2026, 3, 5, 5, tzinfo=UTC))
    assert len(told(person, "office_due")) == 1


def test_another_clock_of_the_same_thing_speaks_again(desk):
    person = holder(desk)
    made = concern()
    commands.remind_offices(at=MONDAY + 8 * DAY)
    Concern.objects.filter(pk=made.pk).update(
        due_at=MONDAY + 9 * DAY, status=ConcernStatus.IN_HAND, handler=person
    )

    commands.remind_offices(at=MONDAY + 10 * DAY)

    rows = Message.objects.filter(person=person, template="registry.office_late")
    assert rows.count() == 2


def test_an_office_message_written_at_night_waits_for_the_morning(desk, settings):
    settings.EMAIL_HOST = "mail.example.org"
    person = holder(desk)
    concern()
    night = datetime(2026, 3, 8, 21, 30, tzinfo=UTC)  # half past midnight of the due day

    commands.remind_offices(at=night)

    [message] = told(person, "office_due")
    assert message.not_before == datetime(2026, 3, 9, 4, tzinfo=UTC)
