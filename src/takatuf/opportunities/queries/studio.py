"""What the unit's own pages show."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, When
from django.utils import timezone

from takatuf.opportunities.enums import EDITABLE, OPEN, OpportunityStatus, ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, BodyStatus

PAGE = 25
SOON, A_DAY = timedelta(days=7), timedelta(days=1)


def my_bodies(user) -> list:
    """Bodies for which the user designs opportunities."""
    return registry.bodies_where(user, MANAGERS)


def states_of(bodies) -> dict[str, int]:
    """How many opportunities the bodies have in each state."""
    rows = Opportunity.objects.filter(body__in=bodies).values_list("status")
    return dict(rows.annotate(count=Count("pk")).order_by("status"))


def not_over() -> QuerySet[Opportunity]:
    """Open, or on the way to it: people count on them, or may from one day to the next."""
    waiting = [OpportunityStatus.SUBMITTED, OpportunityStatus.IN_REVIEW]
    return Opportunity.objects.filter(status__in=[*OPEN, *waiting])


def open_under_closed_bodies() -> QuerySet[Opportunity]:
    return not_over().filter(body__status=BodyStatus.CLOSED)


def own_list(
    bodies, *, at: datetime, status: str = "", after: int = 0
) -> QuerySet[Opportunity]:  # fmt: skip
    """The bodies' opportunities, a page and one more: whose next shift is soonest on top, then
    those with no shift to come, newest first.

    :param after: how many of them stand on the pages before.
    """
    rows = Opportunity.objects.filter(body__in=bodies).select_related("body", "governorate")
    if status:
        rows = rows.filter(status=status)
    coming = Case(When(first_start__gt=at, then=F("first_start")))
    return rows.order_by(coming.asc(nulls_last=True), "-pk")[after : after + PAGE + 1]


def in_review() -> QuerySet[Opportunity]:
    """What waits for a reviewer, longest first."""
    rows = Opportunity.objects.filter(status=OpportunityStatus.IN_REVIEW)
    return rows.select_related("body", "governorate").order_by("submitted_at", "pk")


def to_mend(bodies) -> QuerySet[Opportunity]:
    """Drafts and returned ones, oldest first."""
    rows = Opportunity.objects.filter(body__in=bodies, status__in=EDITABLE)
    return rows.order_by("created_at", "pk")


def to_confirm(bodies, at: datetime) -> QuerySet[Opportunity]:
    """Listings that end within a week, or have ended, unless confirmed again."""
    rows = Opportunity.objects.filter(
        body__in=bodies, status__in=OPEN, reconfirm_by__lte=timezone.localdate(at + SOON)
    )
    return rows.order_by("reconfirm_by", "pk")


def asked_by_link(opportunity_id: int, person_id: int) -> tuple[Opportunity | None, Any]:
    """What a link asks about, with its body and governorate, and whom; None for who is gone."""
    rows = Opportunity.objects.select_related("body", "governorate")
    person = get_user_model()._default_manager.filter(pk=person_id).first()
    return rows.filter(pk=opportunity_id).first(), person


def to_come(at: datetime) -> Q:
    """Shifts that may still be changed, cancelled or moved: planned, and not begun.

    From its start on a shift is what people came to, whether or not its sheet is begun.
    """
    return Q(status=ShiftStatus.PLANNED, starts_at__gt=at)


def shift_of(opportunity: Opportunity, pk: int, *, at: datetime) -> Shift | None:
    """The opportunity's shift of that key, with its roles and ``is_to_come``."""
    rows = Shift.objects.select_related("opportunity__body", "series")
    rows = rows.filter(opportunity=opportunity, pk=pk).annotate(is_to_come=to_come(at))
    return rows.prefetch_related("roles__role").first()


def roles_of(opportunity: Opportunity) -> QuerySet:
    """Its roles with their skills, first made first."""
    return opportunity.roles.select_related("skill", "credential").order_by("pk")


def all_shifts(opportunity: Opportunity, *, at: datetime) -> QuerySet[Shift]:
    """Every shift, past and called-off ones too, with its roles and ``is_to_come``: two
    queries.
    """
    roles = Prefetch("roles", queryset=ShiftRole.objects.select_related("role"))
    rows = opportunity.shifts.annotate(is_to_come=to_come(at)).prefetch_related(roles)
    return rows.order_by("starts_at", "pk")


def shifts_to_come(opportunity: Opportunity, *, at: datetime) -> list[Shift]:
    """Planned shifts that have not begun, soonest first, with their roles: two queries."""
    return list(all_shifts(opportunity, at=at).filter(to_come(at)))


def imported_like(body_id: int, *, urls, undated, dated) -> list[Opportunity]:
    """The body's imported opportunities with one of the links, or one of the titles.

    :param undated: titles to find whenever they were made.
    :param dated: pairs of a title and the day on which it was made.
    """
    rows = Opportunity.objects.filter(body_id=body_id, imported=True)
    days = [day for _title, day in dated]
    wanted = Q(source_url__in=[url for url in urls if url]) | Q(title__in=set(undated))
    if days:
        titles = {title for title, _day in dated}
        first, last = (
            timezone.make_aware(datetime.combine(d, time())) for d in (min(days), max(days))
        )
        wanted |= Q(title__in=titles, created_at__gte=first, created_at__lt=last + A_DAY)
    return list(
        rows.filter(wanted)
        .only("title", "created_at", "closed_at", "source_url", "status", "place")
        .order_by("pk")
    )
