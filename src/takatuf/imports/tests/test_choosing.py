"""Choosing a file, and saying on its page what the columns hold."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from takatuf.imports.models import ImportRun
from takatuf.imports.tests.pages import confirm, send
from takatuf.imports.tests.runs import figures
from takatuf.imports.tests.sheets import HEADER, guests, number
from takatuf.kernel.jobs.testing import run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def test_mapping_by_hand_where_the_headings_say_nothing(browser):
    rows = [["a", "b", "c"], *[[n, f"ضيف {n} كريم", number(n)] for n in range(1, 4)]]
    send(browser, rows)
    run = ImportRun.objects.get()
    answer = confirm(browser, run, column_0_2="-")
    assert answer.status_code == 422
    assert ImportRun.objects.get().status == "uploaded"

    confirm(browser, run, column_0_1="name", column_0_2="national_id")
    run_jobs()
    browser.post(reverse("imports:start", args=[run.pk]))
    run_jobs()

    run.refresh_from_db()
    assert figures(run)["imported"] == 3


def test_one_field_in_two_columns_is_refused_at_the_field(browser):
    send(browser, [HEADER, *guests(2)])
    run = ImportRun.objects.get()

    answer = confirm(browser, run, column_0_2="name")

    assert answer.status_code == 422
    assert "column_0_2" in answer.context["form"].errors
    assert ImportRun.objects.get().status == "uploaded"


def test_the_header_can_be_moved_to_another_row(browser):
    rows = [["ملاحظة", "قديم", "ع"], HEADER, *guests(2)]
    send(browser, rows)
    run = ImportRun.objects.get()
    address = reverse("imports:columns", args=[run.pk])

    moved = browser.get(address, {"header_0": "1"}).context["form"]
    back = browser.get(address, {"header_0": "2"}).context["form"]
    without = browser.get(address, {"header_0": "0"}).context["form"]

    assert moved.found[0].headers[0] == "ملاحظة"
    assert back.found[0].columns[0] == "name"
    assert without.found[0].header == []


def test_a_file_that_is_no_sheet_is_refused_in_place(browser):
    for name, content in (
        ("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04" + b"\0" * 99), ("a.pdf", b"%PDF-1.7 x"),
        ("a.csv", bytes(range(32)) * 50),
    ):  # fmt: skip
        answer = send(browser, content, name=name)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


def test_a_body_is_chosen_only_among_ones_own(client):
    two = get_user_model().objects.create_user(email="importer-of-two@example.org")
    client.force_login(two)
    refused = send(client, [HEADER, *guests(1)], body="kernel.evidence:3")
    assert refused.status_code == 422
    assert not ImportRun.objects.exists()

    send(client, [HEADER, *guests(1)], body="kernel.evidence:2")

    run = ImportRun.objects.get()
    assert (run.acting_body, run.body_title) == ("kernel.evidence:2", "Second body")
