"""How applications stand, read with them: in line, looking for cover, after a round."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from takatuf.placement.enums import SOLVED, ApplicationStatus, CoverStatus
from takatuf.placement.models import Application, Cover, RoundPlace


def with_position(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with ``ahead``: how many wait before it for the same seats."""
    before = Application.objects.filter(
        Q(line_points__gt=OuterRef("line_points"))
        | Q(line_points=OuterRef("line_points"), pk__lt=OuterRef("pk")),
        shift_role_id=OuterRef("shift_role_id"), status=ApplicationStatus.WAITING,
    )  # fmt: skip
    counted = before.order_by().values("shift_role_id").annotate(n=Count("pk")).values("n")
    return rows.annotate(ahead=Coalesce(Subquery(counted), 0))


def with_cover(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with ``looking``: somebody is looked for to come instead; and ``swapping``: whoever
    does gives a place for it.
    """
    asked = Cover.objects.filter(application=OuterRef("pk"), status=CoverStatus.OPEN)
    return rows.annotate(
        looking=Exists(asked), swapping=Exists(asked.filter(accepts__isnull=False))
    )


def with_closed_round(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with ``round_status``: of the latest round that filled its role."""
    planned = RoundPlace.objects.filter(
        shift_role=OuterRef("shift_role_id"), round__status__in=SOLVED
    )
    latest = planned.order_by("-round__solved_at", "-round_id").values("round__status")[:1]
    return rows.annotate(round_status=Subquery(latest))
