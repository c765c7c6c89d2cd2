import pytest
from django.utils import timezone

from takatuf.attendance.tests import month_sheets
from takatuf.attendance.tests.days import LATER
from takatuf.registry.tests.factories import BodyFactory


@pytest.fixture
def now(monkeypatch):
    """The pages' clock, an hour after the shift; a test sets another hour of the day."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(LATER)
    return at


@pytest.fixture
def people_of_the_month(settings, tmp_path):
    """Whom the sheets of ``month_sheets`` name, and a folder of their own for the files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    month_sheets.people()


@pytest.fixture
def body():
    """The association, whose desk may import for any."""
    return BodyFactory(desk=True)
