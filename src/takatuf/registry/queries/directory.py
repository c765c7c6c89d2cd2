"""The public directory: bodies and teams anybody may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from takatuf.kernel.registries import Registry
from takatuf.registry.enums import ABLE_BODIES, BodyStatus, TeamStatus
from takatuf.registry.models import Body, BodyFigures, Team
from takatuf.registry.queries.offices import offices_of, watches_the_region

# name -> function(body, at) -> how many things of the body people can join just now.
open_work: Registry = Registry("open work of a body")
PUBLIC_BODIES = (BodyStatus.VERIFIED, BodyStatus.ACTIVE, BodyStatus.SUSPENDED)
KNOWN = Q(status__in=PUBLIC_BODIES) | Q(status=BodyStatus.CLOSED, verified_at__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A body's manners in numbers; None where there is nothing to count yet."""

    answered: int
    in_time_percent: int | None
    mean_reply: timedelta | None
    shifts_held: int
    late_cancellations: int

    @property
    def mean_reply_days(self) -> float | None:
        return (
            round(self.mean_reply / timedelta(days=1), 1)
            if self.mean_reply is not None
            else None
        )


def bodies_visible_to(user, on: date | None = None) -> QuerySet[Body]:
    """Verified bodies, closed ones too: their hours and certificates name them; one's own,
    or that one registered, while it waits; all of them for the desk and the auditor.
    """
    rows = Body.objects.select_related("governorate", "figures")
    if not getattr(user, "is_authenticated", False):
        return rows.filter(KNOWN)
    held = offices_of(user, on)
    if watches_the_region(held):
        return rows
    own = Q(pk__in={office.body_id for office in held}) | Q(registered_by_id=user.pk)
    return rows.filter(KNOWN | (own & Q(status="registered")))


def body_visible_to(user, code: str, on: date | None = None) -> Body | None:
    """The body of that code if this user may know of it; None otherwise: show 404."""
    return bodies_visible_to(user, on=on).filter(code=code).first()


def public_bodies(filters: Mapping[str, str] | None = None) -> QuerySet[Body]:
    """Verified and active bodies by name; ``filters``: sector, governorate (codes)."""
    rows = Body.objects.filter(status__in=ABLE_BODIES)
    rows = rows.select_related("governorate", "figures")
    given = filters or {}
    if given.get("sector"):
        rows = rows.filter(sector=given["sector"])
    if given.get("governorate"):
        rows = rows.filter(governorate__code=given["governorate"])
    return rows.order_by("name_sort_key", "pk")


def public_teams(filters: Mapping[str, str] | None = None) -> QuerySet[Team]:
    """Active teams, and those a public source announced; ``filters``: governorate, field."""
    rows = Team.objects.filter(Q(status=TeamStatus.ACTIVE) | ~Q(source=""))
    rows = rows.exclude(body__status__in=[BodyStatus.REGISTERED, BodyStatus.CLOSED])
    rows = rows.select_related("body", "governorate", "field")
    given = filters or {}
    if given.get("governorate"):
        rows = rows.filter(governorate__code=given["governorate"])
    if given.get("field"):
        rows = rows.filter(field__code=given["field"])
    return rows.order_by("name_sort_key", "pk")


def team_visible_to(user, code: str, on: date | None = None) -> Team | None:
    """The team if it is there for these eyes; missing and hidden look alike."""
    return teams_visible_to(user, on).filter(code=code).first()


def public_teams_of(body: Body) -> QuerySet[Team]:
    return public_teams().filter(body=body)


def teams_visible_to(user, on: date | None = None) -> QuerySet[Team]:
    """Public teams; those of one's own bodies in any state; all of them for the desk."""
    rows = Team.objects.select_related("body", "governorate", "field")
    public = Q(status__in=[TeamStatus.ACTIVE, TeamStatus.SUSPENDED]) | ~Q(source="")
    if not getattr(user, "is_authenticated", False):
        return rows.filter(public)
    held = offices_of(user, on)
    if watches_the_region(held):
        return rows
    return rows.filter(public | Q(body_id__in={office.body_id for office in held}))


def body_figures(body: Body) -> Figures:
    """The body's public figures, counted as they happened."""
    row = BodyFigures.objects.filter(body=body).first() or BodyFigures(body=body)
    answered = row.applications_answered
    return Figures(
        answered=answered,
        in_time_percent=row.in_time_percent,
        mean_reply=timedelta(minutes=row.answer_minutes / answered) if answered else None,
        shifts_held=row.shifts_held,
        late_cancellations=row.late_cancellations,
    )
