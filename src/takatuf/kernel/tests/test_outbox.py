from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, transaction
from django.template.backends.django import DjangoTemplates

from takatuf.kernel import outbox
from takatuf.kernel.jobs import queue
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, JobStatus, Message, MessageStatus
from takatuf.kernel.outbox import channels, templates
from takatuf.kernel.outbox.commands import forget_words
from takatuf.kernel.outbox.invariants import orphaned_messages
from takatuf.kernel.outbox.mail import compose
from takatuf.kernel.registries import message_templates

pytestmark = pytest.mark.django_db
Person = get_user_model()

NOON = datetime(2026, 2, 1, 9, tzinfo=UTC)  # 12:00 in Riyadh
NIGHT = datetime(2026, 2, 1, 20, tzinfo=UTC)  # 23:00 in Riyadh
LATER = NOON + timedelta(days=2)


@pytest.fixture(autouse=True)
def words(monkeypatch, tmp_path):
    """One message, in both languages."""
    folder = tmp_path / "kernel" / "messages"
    folder.mkdir(parents=True)
    (folder / "offer.ar.txt").write_text(
        "عرض مكان: {{ title }}\n\nمرحبًا {{ name }}\n{{ base_url }}{{ link }}\n"
    )
    (folder / "offer.en.txt").write_text(
        "A place: {{ title }}\n\nHello {{ name }}\n{{ base_url }}{{ link }}\n"
    )
    engine = DjangoTemplates(
        {
            "NAME": "messages-of-tests", "DIRS": [tmp_path], "APP_DIRS": False,
            "OPTIONS": {"autoescape": False, "string_if_invalid": templates.MISSING + "%s"},
        }
    )  # fmt: skip
    monkeypatch.setattr(templates, "engine", engine)
    known = dict(message_templates)
    known["kernel.offer"] = outbox.Template(purpose="a place is offered")
    known["kernel.code"] = outbox.Template(purpose="a code", in_inbox=False)
    (folder / "code.ar.txt").write_text("رمز الدخول\n\n{{ code }}")
    monkeypatch.setattr(message_templates, "_items", known)


@pytest.fixture
def smtp(settings):
    settings.EMAIL_HOST = "smtp.test"


def person(**fields):
    return Person.objects.create(**{"full_name": "نورة", "email": "n@example.org"} | fields)


def send(to=None, *, at=NOON, template="kernel.offer", **fields):
    context = {"title": "تشجير", "link": "/offers/1/"} | fields.pop("context", {})
    return outbox.send(template=template, to=to, context=context, at=at, **fields)


# ---------------------------------------------------------------- which way
def test_the_person_chooses_the_way():
    both = {"email": "n@example.org", "phone": "+966500000001"}

    assert channels.route_to(Person(channel="email", **both)) == ("email", "n@example.org")
    assert channels.route_to(Person(channel="sms", **both)) == ("sms", "+966500000001")
    assert channels.route_to(Person(channel="in_app", **both)) == ("in_app", "")


def test_who_cannot_be_reached_as_chosen_is_reached_as_possible():
    assert channels.route_to(Person(channel="email", phone="+966500000001")).channel == "sms"
    assert channels.route_to(Person(channel="sms", email="n@example.org")).channel == "email"
    assert channels.route_to(Person(channel="sms")).channel == "in_app"


@pytest.mark.parametrize(
    "address", ["", "nobody", "0550000000", "+966500000001\nx", "a@b\r\nBcc: c@d.e"]
)
def test_an_address_nothing_can_reach_is_refused(address):
    assert channels.route_of(address) is None


def test_a_refused_address_writes_nothing():
    with pytest.raises(outbox.UnusableAddress):
        send(address="nobody")

    assert not Message.objects.exists()


# ---------------------------------------------------------------- e-mail
def test_an_e_mail_goes_out_in_the_persons_language(smtp):
    message = send(person(language="en"))
    assert message.status == MessageStatus.QUEUED
    assert mail.outbox == []

    run_jobs(at=LATER)

    (sent,) = mail.outbox
    assert sent.to == ["n@example.org"]
    assert sent.subject == "A place: تشجير"
    assert "Hello نورة" in sent.body
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert message.sent_at
    assert message.attempts == 1
    assert message.provider_id == f"<{message.key}@localhost>"


def test_a_message_exists_exactly_if_the_change_does(smtp):
    def change():
        with transaction.atomic():
            send(person())
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        change()

    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_no_name_can_add_a_header(smtp):
    send(person(), context={"title": "x\r\nBcc: victim@example.org\r\n\r\nbody"})

    run_jobs(at=LATER)

    (sent,) = mail.outbox
    assert sent.recipients() == ["n@example.org"]
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None


def test_the_html_says_the_same_right_to_left_and_escapes_names():
    message = send(person(), context={"title": "<script>x</script>"})

    html = compose(message).alternatives[0][0]

    assert 'lang="ar" dir="rtl"' in html
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
    assert 'href="http://localhost:8000/offers/1/"' in html


def test_a_message_sent_already_is_not_sent_again(smtp):
    message = send(person())
    run_jobs(at=LATER)
    Job.objects.update(status=JobStatus.WAITING, finished_at=None)

    run_jobs(at=LATER)

    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert message.attempts == 1


def test_nothing_leaves_while_no_mail_server_is_named(settings):
    settings.EMAIL_HOST = ""

    message = send(person())

    assert message.status == MessageStatus.HELD
    assert not Job.objects.exists()
    assert list(outbox.stuck_messages()) == [message]


def test_nothing_leaves_when_the_mail_server_was_taken_away_meanwhile(smtp, settings):
    message = send(person())
    settings.EMAIL_HOST = ""

    run_jobs(at=LATER)

    message.refresh_from_db()
    assert message.status == MessageStatus.HELD
    assert mail.outbox == []


@pytest.mark.parametrize("demo", ["site", "person"])
def test_the_demo_writes_to_nobody(smtp, settings, demo):
    settings.DEMO = demo == "site"

    message = send(person(is_demo=demo == "person"), urgent=True)

    assert message.status == MessageStatus.HELD
    run_jobs(at=LATER)
    assert mail.outbox == []


def test_the_database_refuses_to_let_a_demo_message_leave(settings):
    settings.DEMO = True
    message = send(person())

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.QUEUED)


def test_nobody_writes_to_a_closed_account(smtp):
    message = send(person(is_active=False))

    assert message.status == MessageStatus.SUPPRESSED
    assert not outbox.inbox_for(message.person).exists()
    assert not Job.objects.exists()


# ---------------------------------------------------------------- when
@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (datetime(2026, 2, 1, 9, tzinfo=UTC), datetime(2026, 2, 1, 9, tzinfo=UTC)),
        (datetime(2026, 2, 1, 18, 59, tzinfo=UTC), datetime(2026, 2, 1, 18, 59, tzinfo=UTC)),
        (datetime(2026, 2, 1, 19, tzinfo=UTC), datetime(2026, 2, 2, 4, tzinfo=UTC)),
        (datetime(2026, 2, 1, 22, tzinfo=UTC), datetime(2026, 2, 2, 4, tzinfo=UTC)),
        (datetime(2026, 2, 2, 3, 59, tzinfo=UTC), datetime(2026, 2, 2, 4, tzinfo=UTC)),
        (datetime(2026, 2, 2, 4, tzinfo=UTC), datetime(2026, 2, 2, 4, tzinfo=UTC)),
    ],
)
def test_nobody_is_woken_between_ten_and_seven(written, sent):
    assert channels.earliest(written) == sent


def test_a_message_of_the_night_waits_for_the_morning(smtp):
    send(person(), at=NIGHT)

    assert run_jobs(at=NIGHT + timedelta(hours=7, minutes=59)) == 0
    assert run_jobs(at=NIGHT + timedelta(hours=8)) == 1


def test_a_newer_message_about_the_same_thing_replaces_one_that_has_not_left(smtp):
    to = person()
    first = send(to, collapse_key="shift:1")
    other = send(to, collapse_key="shift:2")
    second = send(to, collapse_key="shift:1", context={"title": "أحدث"})

    run_jobs(at=LATER)

    assert {sent.subject for sent in mail.outbox} == {other.subject, second.subject}
    first.refresh_from_db()
    assert first.status == MessageStatus.SUPPRESSED


def test_what_has_left_or_is_anothers_is_not_replaced(smtp):
    first = send(person(), collapse_key="shift:1")
    run_jobs(at=LATER)
    others = send(person(email="o@example.org"), collapse_key="shift:1")
    send(first.person, collapse_key="shift:1")

    first.refresh_from_db()
    others.refresh_from_db()
    assert (first.status, others.status) == (MessageStatus.SENT, MessageStatus.QUEUED)


# ---------------------------------------------------------------- trouble
def test_a_mail_server_that_is_away_is_tried_again(smtp, monkeypatch):
    message = send(person())
    answers = [ConnectionRefusedError("away"), None]

    def flaky(self, *args, **kwargs):
        if answer := answers.pop(0):
            raise answer

    monkeypatch.setattr("django.core.mail.EmailMessage.send", flaky)
    queue.run(queue.claim(worker="a", at=LATER))
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.QUEUED, 1)
    assert "away" in message.error

    run_jobs(at=datetime.now(UTC) + timedelta(days=1))

    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == (MessageStatus.SENT, 2, "")


def test_after_the_last_try_the_message_shows_as_failed(smtp, monkeypatch):
    message = send(person())

    def down(self, *args, **kwargs):
        raise ConnectionRefusedError("away")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    for _ in range(8):
        queue.run(queue.claim(worker="a", at=datetime.now(UTC) + timedelta(days=1)))

    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 8)
    assert Job.objects.get().status == JobStatus.DONE
    assert message in outbox.stuck_messages()


# ---------------------------------------------------------------- words
def test_a_missing_value_is_a_bug_that_shows():
    with pytest.raises(outbox.MissingVariable, match="title"):
        outbox.rendered("kernel.offer", language="ar", context={"link": "/"})


def test_a_template_nobody_registered_is_a_bug_that_shows():
    with pytest.raises(KeyError):
        outbox.rendered("kernel.nothing", language="ar", context={})


def test_words_are_forgotten_after_their_time_and_the_fact_stays(smtp):
    message = send(person())
    run_jobs(at=LATER)
    waiting = send(message.person)

    assert forget_words(before=LATER) == 1

    message.refresh_from_db()
    waiting.refresh_from_db()
    assert (message.subject, message.body, message.context) == ("", "", {})
    assert message.status == MessageStatus.SENT
    assert waiting.body


# ---------------------------------------------------------------- inbox
def test_the_inbox_has_a_persons_own_messages_but_no_codes():
    mine, other = person(channel="in_app"), person(email="o@example.org")
    message = send(mine)
    send(mine, template="kernel.code", context={"code": "123456"})
    send(other)

    assert list(outbox.inbox_for(mine)) == [message]
    assert message.status == MessageStatus.SENT
    assert outbox.unread_count(mine) == 1


def test_only_the_owner_marks_a_message_as_read():
    mine, other = person(), person(email="o@example.org")
    message = send(mine)

    assert outbox.mark_read(message_ids=[message.pk], by=other, at=LATER) == 0
    assert outbox.unread_count(mine) == 1

    assert outbox.mark_read(message_ids=[message.pk], by=mine, at=LATER) == 1
    assert outbox.unread_count(mine) == 0


# ---------------------------------------------------------------- invariants
def test_a_waiting_message_whose_job_is_gone_is_found(smtp):
    message = send(person())
    assert list(orphaned_messages()) == []

    Job.objects.all().delete()

    assert list(orphaned_messages()) == [
        f"kernel.message:{message.pk} waits and no job will send it"
    ]


@pytest.mark.parametrize(
    ("language", "line"), [("ar", "رسالة تجريبية."), ("en", "This is a demo message.")]
)
def test_a_message_to_an_invented_person_says_so_at_its_end(language, line):
    invented = person(is_demo=True, language=language)
    real = person(email="real@example.org", language=language)

    def written(to):
        context = {"title": "x", "link": "/x/"}
        return outbox.send(template="kernel.offer", to=to, context=context, at=NOON).body

    assert written(invented).endswith(line)
    assert line not in written(real)
