"""Places to be covered: locked, and in lists."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import ShiftStatus
from takatuf.placement.enums import WITH_A_PLACE, ApplicationStatus, CoverStatus
from takatuf.placement.models import Cover
from takatuf.placement.queries.facts import known_about
from takatuf.placement.queries.rows import WITH_EVERYTHING

WITH_PLACE = tuple(f"application__{name}" for name in WITH_EVERYTHING)


def cover_keys(pk: int) -> tuple[int, int]:
    """Whose place it is and of which opportunity: what is locked before the cover.

    :raises Cover.DoesNotExist: if there is none.
    """
    columns = ("application__person_id", "application__opportunity_id")
    return Cover.objects.values_list(*columns).get(pk=pk)


def lock_cover(pk: int) -> Cover:
    """:raises Cover.DoesNotExist: if there is none."""
    rows = Cover.objects.select_for_update(of=("self",))
    return rows.select_related("taken", *WITH_PLACE).get(pk=pk)


def swappable_shifts(application, shift_ids: Collection[int], *, at: datetime) -> list[int]:
    """Of these, the shifts to come of the same opportunity that a swap may name."""
    rows = opportunities.shift_roles().filter(
        shift__opportunity=application.opportunity_id, shift_id__in=list(shift_ids),
        shift__status=ShiftStatus.PLANNED, shift__starts_at__gt=at,
    )  # fmt: skip
    return list(rows.order_by("shift_id").values_list("shift_id", flat=True).distinct())


def open_covers(at: datetime) -> QuerySet[Cover]:
    """To be had now, the soonest first, each with its place."""
    rows = Cover.objects.filter(
        status=CoverStatus.OPEN, application__status=ApplicationStatus.CONFIRMED,
        application__shift__starts_at__gt=at,
    )  # fmt: skip
    return rows.select_related(*WITH_PLACE).order_by("application__shift__starts_at", "pk")


def covers_open_to(person, opportunity, *, at: datetime) -> list[Cover]:
    """Those of one opportunity the person could take at once, by every rule; five queries."""
    rows = open_covers(at).filter(application__opportunity=opportunity)
    found = list(rows.exclude(application__person=person))
    if not found:
        return []
    known = known_about([person], opportunity, at=at)[person.pk]
    return [row for row in found if known.verdict(row.application.shift_role, at=at).eligible]


def cover_of(application) -> Cover | None:
    """What is open for one's own place."""
    return Cover.objects.filter(application=application, status=CoverStatus.OPEN).first()


def covers_over(at: datetime) -> QuerySet[Cover]:
    rows = Cover.objects.filter(status=CoverStatus.OPEN, application__shift__starts_at__lte=at)
    return rows.order_by("application__shift__starts_at", "pk")


def covers_without_place() -> QuerySet[Cover]:
    """Invariant: open, though the place is not the person's any more."""
    rows = Cover.objects.filter(status=CoverStatus.OPEN)
    return rows.exclude(application__status__in=WITH_A_PLACE).order_by("pk")
