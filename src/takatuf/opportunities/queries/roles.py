"""Roles of shifts, by id: for placement, which judges, fills and counts them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet

from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.models import OpportunityRole, Shift, ShiftRole

WITH_WORDS = (
    "shift__opportunity__body", "shift__opportunity__governorate", "role__skill",
    "role__credential",
)  # fmt: skip


def shift_roles() -> QuerySet[ShiftRole]:
    """All of them; for the counts and invariants of the floors above."""
    return ShiftRole.objects.all()


def skills_asked(person, *, apart_from: Iterable[int], limit: int) -> QuerySet[Any, Any]:
    """What the listed opportunities of a person's governorate ask for most.

    Starts from the short list of what is open, for the region's past is long.

    :returns: rows of name_ar, name_en and ``n``, how many opportunities
    """
    rows = OpportunityRole.objects.filter(
        opportunity__listed=True,
        opportunity__governorate__volunteers__person=person,
        skill__isnull=False,
    ).exclude(skill__in=list(apart_from))
    counted = rows.order_by().values(name_ar=F("skill__name_ar"), name_en=F("skill__name_en"))
    counted = counted.annotate(n=Count("opportunity", distinct=True))
    return counted.order_by("-n", "name_ar")[:limit]


def shift_role(pk: int) -> ShiftRole:
    """:raises ShiftRole.DoesNotExist: if there is none."""
    return ShiftRole.objects.select_related(*WITH_WORDS).get(pk=pk)


def shift_roles_by_id(pks: Iterable[int], **columns) -> list[ShiftRole]:
    """Those that exist, soonest shift first.

    :param columns: what a floor above wants to know of each, asked in the same statement.
    """
    rows = ShiftRole.objects.filter(pk__in=list(pks)).select_related(*WITH_WORDS)
    return list(rows.annotate(**columns).order_by("shift__starts_at", "pk"))


def free_roles_of(opportunity_id: int, *, at: datetime) -> list[ShiftRole]:
    """Those of shifts to come with a free seat, soonest shift first."""
    rows = ShiftRole.objects.filter(
        shift__opportunity=opportunity_id, shift__status=ShiftStatus.PLANNED,
        shift__starts_at__gt=at, taken__lt=F("seats"),
    )  # fmt: skip
    return list(rows.select_related(*WITH_WORDS).order_by("shift__starts_at", "pk"))


def shift_roles_of_shift(shift_id: int) -> list[ShiftRole]:
    rows = ShiftRole.objects.filter(shift_id=shift_id).select_related(*WITH_WORDS)
    return list(rows.order_by("pk"))


def shift_with_opportunity(pk: int) -> Shift:
    """The shift, unlocked, with what says who may run it.

    :raises Shift.DoesNotExist: if there is none.
    """
    return Shift.objects.select_related(
        "opportunity__body", "opportunity__team", "opportunity__governorate"
    ).get(pk=pk)


def shifts() -> QuerySet[Shift]:
    """All of them, with what says who may run each; for the floors above to narrow."""
    return Shift.objects.select_related("opportunity__body", "opportunity__team")
