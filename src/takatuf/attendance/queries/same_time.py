"""Hours of one person at one time: nobody is at two places, so no minute counts twice.

Imported hours are left out: they are never counted, and a sheet of past work often tells again
what is known here. So are hours that were rejected or taken back.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from takatuf.attendance.enums import HourState
from takatuf.attendance.models import HourClaim

MINUTE = timedelta(minutes=1)
STANDING = (HourState.CLAIMED, HourState.CONFIRMED, HourState.APPROVED)


@dataclass(frozen=True)
class Beside:
    """Other hours of the same person, and the minutes that would count twice."""

    other: HourClaim
    started_at: datetime
    ended_at: datetime

    @property
    def counts(self) -> bool:
        return self.other.state == HourState.APPROVED


def others_at_the_time(claims: Sequence[HourClaim]) -> dict[UUID, list[Beside]]:
    """``{claim: what stands beside it}``, the earliest first; one query, however many claims.

    A person's claims moved with them when two records became one: their key is enough.
    """
    people = {claim.person_id for claim in claims if claim.person_id}
    if not people:
        return {claim.pk: [] for claim in claims}
    around: dict[int, list[HourClaim]] = defaultdict(list)
    rows = HourClaim.objects.filter(
        person_id__in=people, state__in=STANDING,
        started_at__lt=max(claim.ended_at for claim in claims),
        ended_at__gt=min(claim.started_at for claim in claims),
    )  # fmt: skip
    for other in rows.order_by("started_at", "pk"):
        around[other.person_id or 0].append(other)
    return {claim.pk: _beside(claim, around[claim.person_id or 0]) for claim in claims}


def _beside(claim: HourClaim, others: Sequence[HourClaim]) -> list[Beside]:
    return [
        Beside(
            other,
            max(claim.started_at, other.started_at),
            min(claim.ended_at, other.ended_at),
        )
        for other in others
        if other.pk != claim.pk
        and other.started_at < claim.ended_at
        and other.ended_at > claim.started_at
    ]


def rest_of(claim: HourClaim, beside: Sequence[Beside]) -> tuple[datetime, datetime] | None:
    """The longest stretch of the claim that no hours touch that count already; the first of
    several. None where not a minute is left.
    """
    stretches, free = [], claim.started_at
    for one in sorted(beside, key=lambda one: one.started_at):
        if one.counts:
            stretches.append((free, one.started_at))
            free = max(free, one.ended_at)
    stretches.append((free, claim.ended_at))
    start, end = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return (start, end) if end - start >= MINUTE else None


def counted_twice(one, other) -> QuerySet[HourClaim]:
    """Approved hours of one person at the time of approved hours of another."""
    return _approved().filter(Exists(_meanwhile(person=other)), person=one)


def counted_twice_already() -> QuerySet[HourClaim]:
    """Approved hours of somebody at the time of approved hours of theirs."""
    own = _meanwhile(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    return _approved().filter(Exists(own))


def _meanwhile(**whose) -> QuerySet[HourClaim]:
    return _approved().filter(
        started_at__lt=OuterRef("ended_at"), ended_at__gt=OuterRef("started_at"), **whose
    )


def _approved() -> QuerySet[HourClaim]:
    return HourClaim.objects.filter(state=HourState.APPROVED)
