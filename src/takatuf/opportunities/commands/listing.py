"""What lists show, derived when written; and the stamp that tells a list is out of date."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel.working_days import is_working_day
from takatuf.opportunities.enums import (
    PUBLIC,
    SHARDS,
    OpportunityStatus,
    ShiftStatus,
    Support,
)
from takatuf.opportunities.models import (
    ListVersion,
    Opportunity,
    OpportunityRole,
    ShiftRole,
)

SUMMARY = 240
SKILLS = ("skill", "credential")  # of a role


def next_stamp(opportunity_id: int) -> dict:
    """The next version of the opportunity's shard, for its own row. Locks the shard."""
    shard = opportunity_id % SHARDS
    stamp = ListVersion.objects.filter(shard=shard)
    if not stamp.update(number=F("number") + 1):
        ListVersion.objects.get_or_create(shard=shard)
        stamp.update(number=F("number") + 1)
    return {"listing_shard": shard, "listing_version": stamp.values("number")}


@transaction.atomic
def refresh_listing(opportunity: Opportunity, *, at: datetime) -> None:
    """Derive the listing columns again, in the transaction of whatever changed."""
    stamp = next_stamp(opportunity.pk)
    derived = derive(opportunity, at=at)
    Opportunity.objects.filter(pk=opportunity.pk).update(**derived, **stamp)
    for name, value in derived.items():
        setattr(opportunity, name, value)


def derive(opportunity: Opportunity, *, at: datetime) -> dict:
    """The listing columns as they should be now; the invariant compares with them too."""
    shifts = list(
        opportunity.shifts.filter(status=ShiftStatus.PLANNED)
        .order_by("starts_at")
        .values_list("starts_at", "ends_at")
    )
    coming = [(start, end) for start, end in shifts if start > at]
    skills = [names for _key, *names in named_skills(opportunity=opportunity)]
    arabic, english = needs_labels(skills, opportunity.min_age)
    return {
        "summary": summary_of(opportunity),
        "needs_label_ar": arabic,
        "needs_label_en": english,
        "first_start": coming[0][0] if coming else None,
        "last_end": max((end for _start, end in coming), default=None),
        "shift_count": len(coming),
        "shift_minutes": _typical_minutes(shifts),
        "on_weekend": any(_touches_weekend(start) for start, _end in coming),
        "gives_training": bool(opportunity.training.strip())
        or Support.TRAINING in opportunity.support,
        "listed": opportunity.status in PUBLIC and bool(coming),
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
    return not is_working_day(timezone.localdate(start))


def summary_of(opportunity: Opportunity) -> str:
    """The purpose's first words, cut at a word."""
    text = " ".join(opportunity.purpose.split())
    if len(text) <= SUMMARY:
        return text
    return text[: SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def named_skills(**only) -> Iterator[tuple[int, str, str]]:
    """(opportunity, Arabic name, English name) of each skill a role asks for; one query."""
    rows = OpportunityRole.objects.filter(skill__isnull=False, **only).order_by("pk")
    names = [f"{skill}__name_{language}" for skill in SKILLS for language in ("ar", "en")]
    for key, arabic, english, *second in rows.values_list("opportunity_id", *names):
        yield key, arabic, english
        if second[0]:
            yield key, second[0], second[1]


def needs_labels(skills: Iterable[Sequence[str]], min_age: int) -> tuple[str, str]:
    """In Arabic and in English."""
    arabic = [names[0] for names in skills]
    english = [names[1] for names in skills]
    return needs_label(arabic, min_age, "ar"), needs_label(english, min_age, "en")


def needs_label(skills: list[str], min_age: int, language: str) -> str:
    """What is asked of people, in one line: skills, or that none is, and the age."""
    with translation.override(language):
        label = _(", ").join(dict.fromkeys(skills)) if skills else _("No skill needed")
        if min_age < ADULT_AGE:
            label += " · " + _("from %(age)s years") % {"age": min_age}
    return label[:200]


def has_texts() -> bool:
    """Whether this process knows the Arabic words, which are compiled apart from the code."""
    return needs_label([], ADULT_AGE, "ar") != needs_label([], ADULT_AGE, "en")


def beside(to: str) -> dict[str, Any]:
    """The columns that go with a state, for every change of state."""
    columns = {"intake_paused": to == OpportunityStatus.PAUSED}
    return columns if to in PUBLIC else columns | {"listed": False}
