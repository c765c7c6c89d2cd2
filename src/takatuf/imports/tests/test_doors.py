"""Who may not, and addresses that lead nowhere."""

import pytest
from django.urls import reverse

from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.pages import send
from takatuf.imports.tests.runs import taken
from takatuf.imports.tests.sheets import HEADER, guests
from takatuf.kernel.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]
PAGES = ("run", "columns", "progress")
ACTS = ("start", "stop")


def test_visitors_are_asked_to_sign_in(client):
    for name, args in (("home", []), ("upload", ["guests"]), *((p, [1]) for p in PAGES)):
        answer = client.get(reverse(f"imports:{name}", args=args))
        assert answer.status_code == 302
        assert "next=" in answer.url


def test_people_without_a_body_may_not_import(client, stranger):
    client.force_login(stranger)

    assert client.get(reverse("imports:home")).status_code == 403
    assert send(client, [HEADER, *guests(1)]).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_strangers_run_does_not_exist(client, person, stranger):
    run = taken([HEADER, *guests(2), guests(1)[0]], by=person)
    duplicate = ImportRow.objects.get()
    client.force_login(stranger)

    for name in PAGES:
        assert client.get(reverse(f"imports:{name}", args=[run.pk])).status_code == 404
    for name in ACTS:
        assert client.post(reverse(f"imports:{name}", args=[run.pk])).status_code == 404
    decide = reverse("imports:duplicate", args=[run.pk, duplicate.pk])
    assert client.post(decide, {"answer": "different"}).status_code == 404
    assert client.get(reverse("imports:download", args=[run.pk, "bad"])).status_code == 404
    duplicate.refresh_from_db()
    assert duplicate.decision == ""
    assert Evidence.objects.count() == 2


def test_another_bodys_run_does_not_exist_either(browser, person):
    run = taken([HEADER, *guests(1)], by=person, body="kernel.evidence:2")

    assert browser.get(reverse("imports:run", args=[run.pk])).status_code == 404


def test_an_unknown_kind_does_not_exist(browser):
    assert browser.get(reverse("imports:upload", args=["ghosts"])).status_code == 404


def test_a_strange_answer_is_no_page_of_errors(browser, person):
    run = taken([HEADER, *guests(1)], by=person)
    home = reverse("imports:run", args=[run.pk])

    assert browser.get(home, {"show": "x"}).status_code == 404
    assert browser.get(home, {"after": "x"}).status_code == 200
    assert browser.get(reverse("imports:download", args=[run.pk, "x"])).status_code == 404
    assert browser.get(reverse("imports:start", args=[run.pk])).status_code == 405
