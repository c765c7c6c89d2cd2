"""Places to be covered: locked, and in lists."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

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
LOOKED_AT = 60  # the soonest: what is later waits for its turn


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


def cover_with_place(pk: int) -> Cover:
    """Not locked; :raises Cover.DoesNotExist: if there is none."""
    return Cover.objects.select_related("taken", *WITH_PLACE).get(pk=pk)


def swap_choices(application: Application, *, at: datetime) -> list:
    """Roles of the shifts that the person could come to in exchange, the soonest first: others
    have a place there, and they meet the rules. Five questions.
    """
    person = application.person
    standing = Application.objects.filter(person=person, status__in=STANDING)
    others = Application.objects.filter(
        shift_role=OuterRef("pk"), status=ApplicationStatus.CONFIRMED
    )
    rows = (
        opportunities.shift_roles()
        .filter(
            Exists(others), shift__opportunity=application.opportunity_id,
            shift__status=ShiftStatus.PLANNED, shift__starts_at__gt=at,
        )
        .exclude(shift__in=standing.values("shift"))
        .select_related(
            "role__skill", "role__credential", "shift__opportunity__governorate"
        )
    )  # fmt: skip
    known = known_about([person], application.opportunity_id, at=at)[person.pk]
    fitting: dict[int, Any] = {}
    for role in rows.order_by("shift__starts_at", "pk")[:LOOKED_AT]:
        if known.verdict(role, at=at, apart_from=application.pk).eligible:
            fitting.setdefault(role.shift_id, role)
    return list(fitting.values())


def swappable_shifts(application, shift_ids: Collection[int], *, at: datetime) -> list[int]:
    """Of these, the shifts to come of the same opportunity that a swap may name."""
    rows = opportunities.shift_roles().filter(
        shift__opportunity=application.opportunity_id, shift_id__in=list(shift_ids),
        shift__status=ShiftStatus.PLANNED, shift__starts_at__gt=at,
    )  # fmt: skip
    return list(rows.order_by("shift_id").values_list("shift_id", flat=True).distinct())


def open_covers(at: datetime) -> QuerySet[Cover]:
    """To be had now without giving another place, the soonest first, each with its place."""
    rows = Cover.objects.filter(
        status=CoverStatus.OPEN, application__status=ApplicationStatus.CONFIRMED,
        application__shift__starts_at__gt=at, accepts=None,
    )  # fmt: skip
    return rows.select_related(*WITH_PLACE).order_by("application__shift__starts_at", "pk")


def covers_left_to(
    person, *, roles: Iterable[int], most: int, at: datetime, minor: bool
) -> list[Cover]:
    """Those in these roles that the person could take, as far as others and their covenant go,
    the soonest first; one query.

    Of several in one role of one shift, which are alike to who comes, the first asked for.
    """
    rows = _left_to(person, open_covers(at)).filter(application__shift_role__in=list(roles))
    if minor:
        signed = Covenant.objects.filter(person=person).values("opportunity_id")
        rows = rows.filter(application__opportunity__in=signed)
    one_each = {row.application.shift_role_id: row for row in reversed(list(rows[:LOOKED_AT]))}
    return list(reversed(one_each.values()))[:most]


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
