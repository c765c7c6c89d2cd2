"""Addresses that answer for a person without signing in."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from takatuf.kernel import signed_links

PURPOSE = "placement.answer"


def answer_link(application, *, at: datetime) -> str:
    """The address of one place's answer page, in the language its person reads."""
    token = signed_links.make(PURPOSE, {"application": application.pk}, at=at)
    with translation.override(application.person.language):
        return settings.BASE_URL + reverse("placement:answer", args=[token])
