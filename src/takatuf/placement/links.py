"""Addresses that answer for a person without signing in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from takatuf.kernel import signed_links

PURPOSE = "placement.answer"
GUARDIAN = "placement.guardian"
GUARDIAN_OPENS_FOR = timedelta(days=400)  # as long as a consent can last


def answer_link(application, *, at: datetime) -> str:
    """The address of one place's answer page, in the language its person reads."""
    token = signed_links.make(PURPOSE, {"application": application.pk}, at=at)
    with translation.override(application.person.language):
        return settings.BASE_URL + reverse("placement:answer", args=[token])


def guardian_link(person, opportunity, *, at: datetime) -> str:
    """What a young volunteer joined and signed, for the guardian who agreed."""
    payload = {"person": person.pk, "opportunity": opportunity.pk}
    token = signed_links.make(GUARDIAN, payload, GUARDIAN_OPENS_FOR, at=at)
    with translation.override(person.language):
        return settings.BASE_URL + reverse("placement:guardian", args=[token])
