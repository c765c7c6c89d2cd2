import pytest
from django.utils import timezone

from takatuf.attendance.tests.days import LATER


@pytest.fixture
def now(monkeypatch):
    """The pages' clock, an hour after the shift; a test sets another hour of the day."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(LATER)
    return at
