"""The SMS channel against a real HTTP server on this machine."""

import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from takatuf.kernel.models import Message, MessageStatus
from takatuf.kernel.outbox import sms
from takatuf.kernel.outbox.delivery import deliver
from takatuf.kernel.outbox.providers import Unreachable
from takatuf.kernel.outbox.templates import rendered
from takatuf.kernel.registries import message_templates

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 1, 9, tzinfo=UTC)


class Provider(BaseHTTPRequestHandler):
    """Answers as the test lists, then 200; like a real one it sends each key once."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        server.asked.append((self.path, dict(self.headers), json.loads(body)))
        status, wait = server.answers.pop(0) if server.answers else (200, 0)
        if status < 300 or server.sends_before_failing:
            server.sent.add(self.headers["Idempotency-Key"])
        server.hurry.wait(wait)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(server.says)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.asked, server.answers, server.sent = [], [], set()
    server.says, server.sends_before_failing = b'{"id": "p-7"}', False
    server.hurry = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/v1/send?account=7"
    settings.SMS_TOKEN = "t0ken"
    yield server
    server.hurry.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def message():
    return Message.objects.create(
        channel="sms", address="+966500000001", template="kernel.test", language="ar",
        subject="رمز الدخول: 123456", body="صالح 10 دقائق.", created_at=NOON, not_before=NOON,
    )  # fmt: skip


def test_the_provider_gets_the_words_the_key_and_the_token(provider, message):
    assert deliver(message.pk, last_try=False) == MessageStatus.SENT

    ((path, headers, body),) = provider.asked
    assert path == "/v1/send?account=7"
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Idempotency-Key"] == str(message.key)
    assert body == {
        "to": "+966500000001", "text": "رمز الدخول: 123456\nصالح 10 دقائق.", "sender": "Takatuf",
        "reference": str(message.key),
    }  # fmt: skip
    message.refresh_from_db()
    assert message.provider_id == "p-7"


@pytest.mark.parametrize("name", sorted(name for name, _template in message_templates))
def test_a_text_message_says_all_that_the_message_says(provider, name):
    sample = message_templates[name].sample
    words = rendered(name, language="ar", context=sample)
    row = Message.objects.create(
        channel="sms", address="+966500000001", template=name, language="ar",
        subject=words.subject, body=words.body, created_at=NOON, not_before=NOON,
    )  # fmt: skip

    deliver(row.pk, last_try=False)

    ((_path, _headers, body),) = provider.asked
    assert words.subject in body["text"]
    assert words.body in body["text"]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again_and_sent_once(provider, message, status):
    provider.answers = [(status, 0)]
    provider.sends_before_failing = True  # it sent, and then failed to say so

    with pytest.raises(Unreachable, match=str(status)):
        deliver(message.pk, last_try=False)
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED

    assert deliver(message.pk, last_try=False) == MessageStatus.SENT
    assert len(provider.asked) == 2
    assert provider.sent == {str(message.key)}


@pytest.mark.parametrize("status", [302, 400, 401, 404, 422])
def test_a_refusal_is_final(provider, message, status):
    provider.answers = [(status, 0)]

    assert deliver(message.pk, last_try=False) == MessageStatus.FAILED

    message.refresh_from_db()
    assert str(status) in message.error
    assert deliver(message.pk, last_try=False) == MessageStatus.FAILED
    assert len(provider.asked) == 1


def test_a_provider_that_does_not_answer_is_left_in_time(provider, message, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUT", 0.2)
    provider.answers = [(200, 5)]
    start = time.monotonic()

    with pytest.raises(Unreachable):
        deliver(message.pk, last_try=False)

    assert time.monotonic() - start < 3
    assert deliver(message.pk, last_try=False) == MessageStatus.SENT
    assert provider.sent == {str(message.key)}


def test_the_last_try_fails_the_message(provider, message):
    provider.answers = [(503, 0)]

    assert deliver(message.pk, last_try=True) == MessageStatus.FAILED


@pytest.mark.parametrize("says", [b"", b"OK", b"[1]", b"\xff\xfe", b'{"other": 1}'])
def test_an_answer_without_an_id_is_still_an_answer(provider, message, says):
    provider.says = says

    assert deliver(message.pk, last_try=False) == MessageStatus.SENT


def test_nobody_there(settings, message):
    settings.SMS_URL = "http://127.0.0.1:9/"

    with pytest.raises(Unreachable):
        deliver(message.pk, last_try=False)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http:///x"])
def test_only_web_addresses_are_asked(settings, message, url):
    settings.SMS_URL = url

    assert deliver(message.pk, last_try=False) == MessageStatus.FAILED
