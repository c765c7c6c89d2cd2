"""The demo, loaded when days, months and years change: midnight is somebody's afternoon."""

from datetime import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import sign_in
from takatuf.demo import world
from takatuf.kernel.registries import invariants, reminders
from tests.demo_region import SMALL

pytestmark = [pytest.mark.long, pytest.mark.django_db]
MOMENTS = {
    "a minute before midnight": "2026-11-25T23:59:20",
    "a minute after midnight": "2026-11-26T00:00:40",
    "a day begins in Greenwich": "2026-12-01T02:59:50",
    "Friday noon": "2026-11-27T12:10:00",
    "the end of a month": "2026-11-30T23:59:40",
    "the last of December": "2026-12-31T23:59:30",
    "New Year": "2027-01-01T00:00:20",
    "29 February": "2028-02-29T10:00:00",
}
PAGES = ("site:home", "site:figures", "site:me", "opportunities:list", "my_account")


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_demo_is_whole_whenever_it_is_loaded(
    moment, client, settings, monkeypatch, tmp_path
):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    monkeypatch.setitem(world.SCALES, "demo", SMALL)
    local = timezone.make_aware(datetime.fromisoformat(moment))
    with time_machine.travel(local, tick=True):
        call_command("load_demo", verbosity=0, stdout=StringIO())
        for _name, remind in reminders:
            remind(timezone.now())

        assert [sentence for _name, check in invariants for sentence in check()] == []
        for email in ("volunteer@demo.example", "manager@demo.example", "desk@demo.example"):
            sign_in(client, Person.objects.get(email=email))
            for page in PAGES:
                assert client.get(reverse(page)).status_code == 200, (email, page)
