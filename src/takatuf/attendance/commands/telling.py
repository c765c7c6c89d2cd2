"""What a volunteer hears about their hours."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import strip_tags

from takatuf.attendance import queries
from takatuf.attendance.models import HourClaim
from takatuf.kernel import outbox, typography
from takatuf.kernel.links import absolute
from takatuf.opportunities.enums import OpportunityStatus

OVER = (OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED)


def approved(claims: Sequence[HourClaim], *, at: datetime) -> None:
    """One message for each person and opportunity; the last one says that the certificate
    can be had.
    """
    together: dict[tuple, list[HourClaim]] = {}
    for claim in claims:
        if claim.person:
            together.setdefault((claim.person_id, claim.opportunity_id), []).append(claim)
    for same in together.values():
        opportunity = same[0].opportunity
        complete = (
            opportunity is not None
            and opportunity.status in OVER
            and not queries.has_open_claims(same[0].person, opportunity)
        )
        _send("certificate" if complete else "approved", same, at=at)


def answered_no(claim: HourClaim, *, reason: str, at: datetime) -> None:
    _send("rejected", [claim], at=at, reason=reason)


def taken_back(claim: HourClaim, *, reason: str, at: datetime) -> None:
    _send("reversed", [claim], at=at, reason=reason)


def _send(template: str, claims: Sequence[HourClaim], *, at: datetime, **extra: str) -> None:
    person, body = claims[0].person, claims[0].body
    if person is None:
        return
    with translation.override(person.language):
        length = strip_tags(typography.hours(sum(claim.minutes for claim in claims)))
        day = date_format(timezone.localdate(claims[0].started_at), "l j F Y")
        title, recorded = claims[0].what, _recorded(claims)
    outbox.send(
        template=f"attendance.{template}",
        to=person,
        at=at,
        context={
            "title": title,
            "body_ar": body.name_ar,
            "body_en": body.name_en or body.name_ar,
            "hours": length,
            "day": day,
            "recorded": recorded,
            "link": absolute("attendance:mine", language=person.language),
            **extra,
        },
    )


def _recorded(claims: Sequence[HourClaim]) -> str:
    """How long the sheet says they were there, where less than that is approved."""
    sheets = [claim.presence for claim in claims if claim.presence]
    times = [(one.came_at, one.left_at) for one in sheets if one.came_at and one.left_at]
    minutes = sum(int((left - came).total_seconds() // 60) for came, left in times)
    more = minutes > sum(claim.minutes for claim in claims)
    return strip_tags(typography.hours(minutes)) if more else ""
