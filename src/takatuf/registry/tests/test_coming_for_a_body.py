"""Whoever comes to register a body, or is invited by one, meets no step of a volunteer."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from takatuf.accounts.commands import load_charter
from takatuf.kernel import outbox
from takatuf.registry import commands, links
from takatuf.registry.models import Office, VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory
from takatuf.registry.tests.test_public_pages import body_data

pytestmark = pytest.mark.django_db
NEW = "new@example.org"
NAMED = {"full_name": "نورة العطوي", "birth_date": "1990-05-05"}


@pytest.fixture(autouse=True)
def charter():
    load_charter(at=timezone.now() - timedelta(days=1))


def invitation() -> str:
    body = BodyFactory()
    head = OfficeFactory(body=body, role="body_head").person
    made = commands.invite(
        body=body, role="unit_manager", contact=NEW, by=head, at=timezone.now()
    )
    return urlsplit(links.invitation_link(made, at=timezone.now())).path


def come_in_for(client, page: str):
    """As somebody new: the page, the address, the code, the name; where that leads."""
    login = client.get(page)
    assert login.status_code == 302
    client.post(login.url, {"contact": NEW})
    code = outbox.messages_to_address(NEW)[0].context["code"]
    name = client.post(reverse("join_code"), {"code": code})
    shown = client.get(name.url)
    return shown, client.post(name.url, NAMED)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_came_to_register_a_body_registers_it(client, language):
    with translation.override(language):
        page = reverse("registry:body_new")
        named, there = come_in_for(client, page)

        assert [step["label"] for step in named.context["steps"]][2] in {"The body", "الجهة"}
        assert there.url == page
        made = client.post(page, body_data())

        body = Office.objects.get(role="body_head").body
        assert made.url == reverse("registry:body", args=[body.code])
    assert not VolunteerProfile.objects.exists()


def test_who_is_invited_by_a_body_answers_the_invitation(client):
    page = invitation()

    _named, there = come_in_for(client, page)

    assert there.url == page
    assert client.post(page).status_code == 200
    assert Office.objects.filter(person__email=NEW, role="unit_manager").exists()


def test_who_came_for_anything_else_is_welcomed_as_a_volunteer(client):
    page = reverse("placement:mine")

    named, there = come_in_for(client, page)

    assert urlsplit(there.url).path == reverse("registry:welcome")
    assert [step["label"] for step in named.context["steps"]][2] not in {"The body", "الجهة"}
