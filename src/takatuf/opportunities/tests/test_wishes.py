"""Whoever asks to be told of a class is told once, and may stop."""

import pytest
from django.test import Client
from django.utils import timezone

from takatuf.accounts.tests.factories import signed_in
from takatuf.kernel.models import Message
from takatuf.opportunities import commands
from takatuf.opportunities.models import Wish
from takatuf.opportunities.tests.factories import soon
from takatuf.registry.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_signed_in_wish_is_kept_once_and_answered_once():
    person = PersonFactory()
    client = signed_in(person)
    for _twice in range(2):
        client.post("/tell-me/?class=general")
    client.post("/tell-me/?class=skilled")
    made = soon()

    told = commands.tell_wishers(opportunity_id=made.pk, at=timezone.now())

    assert (Wish.objects.count(), told) == (2, 1)
    message = Message.objects.get(template="opportunities.wish_answered")
    assert message.person == person
    assert made.title in message.body


def test_no_age_is_kept_for_it_is_another_one_next_year():
    client = Client()
    shown = client.get("/en/tell-me/?age=15").content.decode()
    client.post("/tell-me/?age=15", {"email": "someone@example.com"})

    assert "age 15" not in shown
    assert Wish.objects.get().filters == {"minors": ["1"]}


def test_an_address_confirms_first_and_may_stop():
    client = Client()
    client.post("/tell-me/", {"email": "someone@example.com"})
    made = soon()
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 0

    link = Message.objects.get().context["link"]
    path = link[link.index("/tell-me/") :]
    assert client.get(path).status_code == 200
    assert Wish.objects.get().confirmed_at is None
    client.post(path)
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 1

    stop = Message.objects.get(template="opportunities.wish_answered").context["stop"]
    client.post(stop[stop.index("/tell-me/") :])
    assert commands.tell_wishers(opportunity_id=made.pk, at=timezone.now()) == 0


def test_a_forged_link_does_nothing():
    answer = Client().post("/tell-me/abc.def/")

    assert answer.status_code == 409


def test_who_asks_for_everything_is_promised_that_alone():
    everything, some = (
        Client().get(f"/en/tell-me/{query}").content.decode() for query in ("", "?minors=1")
    )

    assert "then at each new opportunity" in everything
    assert "only when something fits" not in everything
    assert "only when something fits" in some


def test_an_address_that_is_none_is_refused():
    assert Client().post("/tell-me/", {"email": "nobody"}).status_code == 422
    assert not Wish.objects.exists()
