"""Addresses that answer for a person without signing in."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from takatuf.kernel import signed_links
from takatuf.kernel.links import absolute

PURPOSE = "placement.answer"
ASK = "placement.ask"
GUARDIAN = "placement.guardian"
GUARDIAN_OPENS_FOR = timedelta(days=400)  # as long as a consent can last


def answer_link(application, *, at: datetime) -> str:
    """The address of one place's answer page, in the language its person reads."""
    token = answer_token(application, at=at)
    return absolute("placement:answer", token, language=application.person.language)


def answer_token(application, *, at: datetime) -> str:
    return signed_links.make(PURPOSE, {"application": application.pk}, at=at)


def ask_link(ask, *, at: datetime) -> str:
    """Where the person asked to come instead, or to swap, says yes or no."""
    token = signed_links.make(ASK, {"ask": ask.pk}, at=at)
    return absolute("placement:asked", token, language=ask.person.language)


def guardian_link(person, opportunity, consent, *, at: datetime) -> str:
    """What a young volunteer joined and signed, for the guardian who gave this consent."""
    payload = {"person": person.pk, "opportunity": opportunity.pk, "consent": consent.pk}
    token = signed_links.make(GUARDIAN, payload, GUARDIAN_OPENS_FOR, at=at)
    return absolute("placement:guardian", token, language=person.language)


def alike(opportunity) -> str:
    """Where opportunities of the same field are listed, in the language of the moment."""
    field = opportunity.field
    query = f"?{urlencode({'field': field.code})}" if field else ""
    return reverse("opportunities:list") + query
