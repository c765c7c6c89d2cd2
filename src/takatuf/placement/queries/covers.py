"""Places to be covered: locked, and in lists."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import ShiftStatus
from takatuf.placement.enums import (
    STANDING,
    UNANSWERED,
    WITH_A_PLACE,
    ApplicationStatus,
    CoverStatus,
)
from takatuf.placement.models import Application, Covenant, Cover
from takatuf.placement.queries.facts import known_about
from takatuf.placement.queries.rows import WITH_EVERYTHING

WITH_PLACE = tuple(f"application__{name}" for name in WITH_EVERYTHING)
LOOKED_AT, SHOWN = 60, 6  # the soonest: what is later waits for its turn


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


def covers_open_to(person, *, at: datetime) -> list[Cover]:
    """Those the person could take at once, by every rule, the soonest first; six queries.

    Of several in one role of one shift, which are alike to who comes, the first asked for.
    """
    found = list(_left_to(person, open_covers(at))[:LOOKED_AT])
    if not found:
        return []
    signed = set(
        Covenant.objects.filter(
            person=person, opportunity__in={row.application.opportunity_id for row in found}
        ).values_list("opportunity_id", flat=True)
    )
    known = known_about([person], None, at=at)[person.pk]
    fitting = [
        row
        for row in found
        if replace(known, signed=row.application.opportunity_id in signed)
        .verdict(row.application.shift_role, at=at)
        .eligible
    ]
    one_each = {row.application.shift_role_id: row for row in reversed(fitting)}
    return list(reversed(one_each.values()))[:SHOWN]


def _left_to(person, rows: QuerySet[Cover]) -> QuerySet[Cover]:
    """Without shifts the person stands in already, and places others wait in line for."""
    here = Application.objects.filter(
        shift=OuterRef("application__shift"), person=person, status__in=STANDING
    )
    asked = Q(status__in=UNANSWERED, shift_role=OuterRef("application__shift_role"))
    line = Application.objects.filter(
        shift_role=OuterRef("application__shift_role"), status=ApplicationStatus.WAITING
    )
    rows = rows.exclude(Exists(here.exclude(asked)))
    return rows.filter(Exists(line.filter(person=person)) | ~Exists(line))


def cover_by_id(pk: int) -> Cover | None:
    """One, whatever became of it, with its place."""
    return Cover.objects.select_related("application").filter(pk=pk).first()


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
