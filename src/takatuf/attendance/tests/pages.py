"""What the tests of pages share."""

from django.test import Client
from django.urls import reverse
from django.utils import translation

from takatuf.accounts.tests.factories import sign_in


def browser(person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def url(name, *args) -> str:
    with translation.override("ar"):
        return reverse(f"attendance:{name}", args=args)


def sheet_url(day) -> str:
    return url("day_sheet", day.shift.pk)


def mark(client, day, act, number=0, **extra):
    return client.post(url("mark", day.shift.pk), {act: day.places[number].pk}, **extra)


def text(response) -> str:
    return response.content.decode()
