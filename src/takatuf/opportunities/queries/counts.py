"""Counts for figures, and rows that do not make sense."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Aggregate, Count, F, QuerySet, Sum
from django.utils import timezone

from takatuf.kernel.models import TraceLink
from takatuf.opportunities.enums import (
    LIVE_SHIFTS,
    OPEN,
    PUBLIC,
    OpportunityStatus,
    ShiftStatus,
)
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole


def _open(at: datetime) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(
        listed=True, first_start__gt=at, reconfirm_by__gte=timezone.localdate(at)
    )


def open_of(body, at: datetime) -> int:
    """How many opportunities of the body people can join."""
    return _open(at).filter(body=body).count()


def open_by_place(at: datetime, *, klass: str = "") -> dict[str, Decimal]:
    """Opportunities people can join (of one class), by governorate; "" is the region."""
    rows = _open(at).filter(klass=klass) if klass else _open(at)
    return _by_place(rows, Count("pk"))


def seats_by_place(at: datetime) -> dict[str, Decimal]:
    """Seats free in them, by governorate; "" is the region."""
    return _by_place(_open(at), Sum(F("seats_total") - F("seats_taken")))


def _by_place(rows: QuerySet[Opportunity], figure: Aggregate) -> dict[str, Decimal]:
    counted = rows.order_by().values("governorate__code").annotate(figure=figure)
    found = {row["governorate__code"] or "": Decimal(row["figure"]) for row in counted}
    region = sum(found.values(), Decimal(0))
    return {code: value for code, value in found.items() if code} | {"": region}


def seats_miscounted() -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
    """(opportunity, what its row counts, what its planned shifts add up to)."""
    planned = ShiftRole.objects.filter(shift__status=ShiftStatus.PLANNED).order_by()
    sums = planned.values_list("shift__opportunity").annotate(Sum("seats"), Sum("taken"))
    right = {pk: (seats, taken) for pk, seats, taken in sums.iterator()}
    rows = Opportunity.objects.values_list("pk", "seats_total", "seats_taken")
    for pk, seats, taken in rows.iterator(chunk_size=2_000):
        if (seats, taken) != right.get(pk, (0, 0)):
            yield pk, (seats, taken), right.get(pk, (0, 0))


def closed_with_live_shifts() -> QuerySet[Opportunity]:
    """Over, and yet with a shift planned or running."""
    over = [OpportunityStatus.CLOSED, OpportunityStatus.CANCELLED]
    return Opportunity.objects.filter(
        status__in=over, shifts__status__in=LIVE_SHIFTS
    ).distinct()


def running_without_public() -> QuerySet[Shift]:
    """Shifts that run while their opportunity was never published."""
    return Shift.objects.filter(status=ShiftStatus.RUNNING).exclude(
        opportunity__status__in=OPEN
    )


def wrongly_listed() -> QuerySet[Opportunity]:
    """Listed or not, against what the state and the shifts say."""
    return Opportunity.objects.exclude(listed=False).exclude(
        status__in=PUBLIC, first_start__isnull=False
    ) | Opportunity.objects.filter(listed=False, status__in=PUBLIC, first_start__isnull=False)


def shown_ones() -> QuerySet[Opportunity]:
    """Everything that stands in search."""
    rows = Opportunity.objects.filter(status__in=OPEN)
    return rows.select_related("body", "field", "governorate").order_by("pk")


def untraced_answers() -> list[Opportunity]:
    """Published for a need that went into the plan by it, and not linked to it."""
    linked = TraceLink.objects.filter(relation=TraceLink.Relation.ANSWERS)
    known = set(linked.values_list("source", "target"))
    rows = Opportunity.objects.filter(published_at__isnull=False, need__isnull=False)
    rows = rows.exclude(imported=True).only("pk", "need_id").order_by("pk")
    label, need = Opportunity._meta.label_lower, Opportunity.need.field.related_model  # type: ignore[attr-defined]
    return [
        row for row in rows.iterator(chunk_size=2000)
        if (f"{label}:{row.pk}", f"{need._meta.label_lower}:{row.need_id}") not in known
    ]  # fmt: skip


def moved_in_circles() -> QuerySet[Shift]:
    """A moved shift whose successor belongs to another opportunity."""
    return Shift.objects.filter(moved_to__isnull=False).exclude(
        moved_to__opportunity=F("opportunity")
    )


def derived_wrongly(derive, at: datetime, *, sample: int = 2_000) -> Iterator[tuple[int, str]]:
    """(opportunity, column) where a derived column is not what ``derive`` says."""
    for row in shown_ones().order_by("-pk")[:sample].iterator():
        right = derive(row, at=at)
        due = row.first_start is None or row.first_start > at  # else the worker is about to
        for column, value in right.items():
            if due and getattr(row, column) != value:
                yield row.pk, column
