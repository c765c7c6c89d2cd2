"""What the log says, read as the operator reads it."""

import io
import logging

import pytest
from django.core.exceptions import SuspiciousOperation

from takatuf.kernel.log_lines import Line


@pytest.fixture
def log():
    """What the site's own handler writes."""
    [handler] = [h for h in logging.getLogger().handlers if isinstance(h.formatter, Line)]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
def test_a_wrong_host_name_is_one_line(client, log):
    answer = client.get("/", HTTP_HOST="elsewhere.example")

    assert answer.status_code == 400
    [line] = log.getvalue().splitlines()
    assert "DisallowedHost: Invalid HTTP_HOST header: 'elsewhere.example'" in line


def test_what_a_request_says_does_not_begin_a_line_of_its_own(log):
    refusal = SuspiciousOperation("x\nERROR forged")

    logging.getLogger("django.security.SuspiciousOperation").error(refusal, exc_info=refusal)

    assert len(log.getvalue().splitlines()) == 1


def test_a_fault_of_the_program_says_where_it_happened(log):
    try:
        1 / 0  # noqa: B018 - a fault
    except ZeroDivisionError:
        logging.getLogger("django.request").exception("Internal Server Error: /")

    assert "Traceback" in log.getvalue()
    assert "ZeroDivisionError" in log.getvalue()
