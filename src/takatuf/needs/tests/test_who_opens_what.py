"""Every address of needs: who may see it, who may act, and that nobody else changes a thing."""

import pytest
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.needs.tests.factories import (
    NeedFactory,
    desk_body,
    desk_person,
    every_need,
    manager_of,
)
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, PersonFactory

pytestmark = pytest.mark.django_db


def people() -> dict:
    return {
        "visitor": None,
        "volunteer": PersonFactory(),
        "manager": manager_of(BodyFactory()),
        "auditor": OfficeFactory(role=Role.AUDITOR, body=desk_body()).person,
        "desk": desk_person(),
    }


PAGES = {  # address → who gets it; others are sent to sign in (302), refused (403) or find nothing
    "list": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "report": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "queue": {"desk", "auditor"},
    "public": {"visitor", "volunteer", "manager", "auditor", "desk"},
    "unanswered": {"auditor", "desk"},
}


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_which_page(client, page):
    needs = {"public": NeedFactory(validated=True), "unanswered": NeedFactory()}
    address = (
        reverse("needs:detail", args=[needs[page].code])
        if page in needs
        else reverse(f"needs:{page}")
    )
    for name, person in people().items():
        client.logout()
        if person:
            sign_in(client, person)
        status = client.get(address).status_code
        assert (status == 200) is (name in PAGES[page]), (name, status)
        assert status in {200, 302, 403, 404}


@pytest.mark.parametrize("act", ["decide", "close"])
def test_only_the_desk_acts_and_nothing_else_changes_a_row(client, act):
    need = NeedFactory(validated=act == "close")
    address = reverse(f"needs:{act}", args=[need.code])
    data = {"answer": "validate"} if act == "decide" else {"answer": "تم"}
    before = every_need()
    for name, person in people().items():
        client.logout()
        if person:
            sign_in(client, person)
        assert client.get(address).status_code in {302, 405}, name
        if name != "desk":
            assert client.post(address, data).status_code in {302, 403, 404}, name
            assert every_need() == before, name
    assert client.post(address, data).status_code == 302
    assert every_need() != before


def test_missing_and_not_for_these_eyes_look_alike(client):
    hidden = client.get(reverse("needs:detail", args=[NeedFactory().code]))
    missing = client.get(reverse("needs:detail", args=["N-1999-0001"]))

    assert hidden.status_code == missing.status_code == 404
