"""The opportunity's row in the search table."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from takatuf.kernel import search
from takatuf.opportunities.enums import OPEN
from takatuf.opportunities.models import Opportunity

KIND = "opportunity"


def index(opportunity: Opportunity, *, at: datetime) -> None:
    """Keep it in search while people may join it, out of it otherwise."""
    search.put(
        opportunity, visible=opportunity.status in OPEN, **search_row(opportunity, at=at)
    )


def search_row(opportunity: Opportunity, *, at: datetime) -> dict:
    """What ``kernel.search.build`` takes."""
    place, field, body = opportunity.governorate, opportunity.field, opportunity.body
    names = [
        name
        for thing in (place, field, body)
        if thing
        for name in (thing.name_ar, thing.name_en)
    ]
    return {
        "kind": KIND,
        "title": opportunity.title,
        "summary": opportunity.summary,
        "url": public_path(opportunity.code),
        "place": place.code if place else "",
        "at": opportunity.published_at or at,
        "text": " ".join(
            [
                opportunity.beneficiaries, opportunity.place, *opportunity.tasks,
                opportunity.needs_label_ar, opportunity.needs_label_en, *names,
            ]
        ),
    }  # fmt: skip


def public_path(code: str) -> str:
    """The Arabic address of the public page; the page itself belongs to a floor above."""
    with translation.override("ar"):
        return reverse("site:opportunity", args=[code])
