"""Pages that read a whole file wait for their turn."""

import threading
import time

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from takatuf.imports import turns
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.pages import send
from takatuf.imports.tests.runs import taken
from takatuf.imports.tests.sheets import HEADER, guests
from takatuf.imports.turns import turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def test_while_a_file_is_read_another_one_is_asked_to_wait(browser, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    with turn():
        answer = send(browser, [HEADER, *guests(1)])

    assert answer.status_code == 422
    said = _("Another file is being read at the moment. Wait a minute, then try again.")
    assert answer.context["form"].errors["file"] == [said]
    assert not ImportRun.objects.exists()
    assert send(browser, [HEADER, *guests(1)]).status_code == 302


def test_a_page_waits_a_moment_for_a_file_that_is_soon_read(browser, person):
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    report = reverse("imports:download", args=[run.pk, "duplicate"])
    has_it = threading.Event()

    def read_another():
        with turn():
            has_it.set()
            time.sleep(0.3)

    other = threading.Thread(target=read_another)
    other.start()
    has_it.wait(5)
    answer = browser.get(report)
    other.join()

    assert answer.status_code == 200
    list(answer)


def test_pages_that_read_a_whole_file_wait_for_their_turn_too_and_others_do_not(
    browser, person, monkeypatch
):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    run = taken([HEADER, *guests(1), guests(1)[0]], by=person)
    twin = reverse("imports:duplicate", args=[run.pk, ImportRow.objects.get().pk])
    report = reverse("imports:download", args=[run.pk, "duplicate"])
    send(browser, [["ملاحظة"], HEADER, *guests(2)])
    columns = reverse("imports:columns", args=[ImportRun.objects.latest("pk").pk])

    def statuses():
        for page, typed in (
            (twin, {}), (report, {}), (columns, {"header_0": "1"}), (columns, {}),
        ):  # fmt: skip
            answer = browser.get(page, typed)
            list(answer)  # a file is open until it was read
            yield answer.status_code

    with turn():
        assert list(statuses()) == [200, 409, 409, 200]
    assert list(statuses()) == [200] * 4
