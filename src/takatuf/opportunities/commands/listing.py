"""What lists show, derived when written; and the stamp that tells a list is out of date."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takatuf.opportunities.enums import (
    PUBLIC,
    SHARDS,
    OpportunityStatus,
    ShiftStatus,
    Support,
)
from takatuf.opportunities.models import ListVersion, Opportunity, ShiftRole

WEEKEND = (4, 5)  # Friday, Saturday in Python's week
SUMMARY = 240


@transaction.atomic
def mark_changed(opportunity_id: int) -> None:
    """Say that lists must read this opportunity again. Call first in a transaction, always:
    it locks the shard, so that changes of one opportunity wait for each other in one order.
    """
    shard = opportunity_id % SHARDS
    stamp = ListVersion.objects.filter(shard=shard)
    if not stamp.update(number=F("number") + 1):
        ListVersion.objects.get_or_create(shard=shard)
        stamp.update(number=F("number") + 1)
    number = ListVersion.objects.filter(shard=shard).values("number")
    Opportunity.objects.filter(pk=opportunity_id).update(
        listing_shard=shard, listing_version=number
    )


@transaction.atomic
def refresh_listing(opportunity: Opportunity, *, at: datetime) -> None:
    """Derive the listing columns again, in the transaction of whatever changed."""
    mark_changed(opportunity.pk)
    derived = derive(opportunity, at=at)
    Opportunity.objects.filter(pk=opportunity.pk).update(**derived)
    for name, value in derived.items():
        setattr(opportunity, name, value)


def derive(opportunity: Opportunity, *, at: datetime) -> dict:
    """The listing columns as they should be now; compared by the invariant as well."""
    shifts = list(
        opportunity.shifts.filter(status=ShiftStatus.PLANNED)
        .order_by("starts_at")
        .values_list("starts_at", "ends_at")
    )
    coming = [(start, end) for start, end in shifts if start > at]
    status = Opportunity.objects.values_list("status", flat=True).get(pk=opportunity.pk)
    return {
        "summary": summary_of(opportunity),
        "needs_label_ar": needs_label(opportunity, "ar"),
        "needs_label_en": needs_label(opportunity, "en"),
        "first_start": coming[0][0] if coming else None,
        "last_end": max((end for _start, end in coming), default=None),
        "shift_count": len(coming),
        "shift_minutes": _typical_minutes(shifts),
        "on_weekend": any(_touches_weekend(start) for start, _end in coming),
        "gives_training": bool(opportunity.training.strip())
        or Support.TRAINING in opportunity.support,
        "listed": status in PUBLIC and bool(coming),
        **_seats(opportunity),
    }


def _seats(opportunity: Opportunity) -> dict[str, int]:
    rows = ShiftRole.objects.filter(
        shift__opportunity=opportunity, shift__status=ShiftStatus.PLANNED
    )
    sums = rows.aggregate(seats=Sum("seats"), taken=Sum("taken"))
    return {"seats_total": sums["seats"] or 0, "seats_taken": sums["taken"] or 0}


def _typical_minutes(shifts: list[tuple[datetime, datetime]]) -> int:
    """The middle length, so that one short briefing does not hide eight long days."""
    lengths = sorted(int((end - start) / timedelta(minutes=1)) for start, end in shifts)
    return lengths[len(lengths) // 2] if lengths else 0


def _touches_weekend(start: datetime) -> bool:
    return timezone.localtime(start).weekday() in WEEKEND


def summary_of(opportunity: Opportunity) -> str:
    """The purpose's first words, cut at a word."""
    text = " ".join(opportunity.purpose.split())
    if len(text) <= SUMMARY:
        return text
    return text[: SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def needs_label(opportunity: Opportunity, language: str) -> str:
    """What is needed of people, in one line: skills, or that none is."""
    with translation.override(language):
        skills = [role.skill.name for role in _roles(opportunity) if role.skill]
        label = _("، ").join(dict.fromkeys(skills)) if skills else _("No skill needed")
        if opportunity.min_age < 18:  # noqa: PLR2004 - the age of majority
            label += " · " + _("from %(age)s years") % {"age": opportunity.min_age}
    return label[:200]


def _roles(opportunity: Opportunity):
    return opportunity.roles.select_related("skill").order_by("pk")


def pausing(to: str) -> dict[str, bool]:
    """The column that goes with being paused, for every change of state."""
    return {"intake_paused": to == OpportunityStatus.PAUSED}
