"""What somebody's desk shows: their posts, what waits there, this week, the quality of work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from takatuf.attendance import queries as attendance
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.registries import desk_items
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import LIVE_SHIFTS, OPEN
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, Role

WEEK = timedelta(days=7)
MOST_ROWS = 400  # roles of shifts read for one week
MOST_SHIFTS = 12  # of them shown
ORDER = (Role.DESK, Role.BODY_HEAD, Role.UNIT_MANAGER, Role.REVIEWER, Role.AUDITOR,
         Role.TEAM_LEADER)  # fmt: skip


@dataclass(kw_only=True)
class Post:
    """What one person is in one body."""

    body: Any
    offices: list = field(default_factory=list)

    @property
    def roles(self) -> set[str]:
        return {office.role for office in self.offices}

    @property
    def runs(self) -> bool:
        return bool(self.roles & set(MANAGERS))

    @property
    def regional(self) -> bool:
        return Role.DESK in self.roles and self.body.is_desk

    @property
    def audits(self) -> bool:
        return Role.AUDITOR in self.roles and self.body.is_desk

    @property
    def reviews(self) -> bool:
        return bool(self.roles & {Role.REVIEWER, Role.DESK}) and self.body.is_desk

    @property
    def teams(self) -> list:
        return [office.team for office in self.offices if office.team_id]

    @property
    def titles(self) -> list[str]:
        held = sorted(self.offices, key=lambda office: ORDER.index(office.role))
        return list(dict.fromkeys(str(office.get_role_display()) for office in held))


def posts_of(person, on=None) -> list[Post]:
    """One for each body, the widest reach first; one query."""
    posts: dict[int, Post] = {}
    for office in registry.offices_of(person, on):
        posts.setdefault(office.body_id, Post(body=office.body)).offices.append(office)
    return sorted(posts.values(), key=lambda post: min(map(ORDER.index, post.roles)))


def queue(person, post: Post, *, at: datetime) -> list[DeskItem]:
    """Everything that waits for the person in this body, the one due first on top."""
    items = [item for _name, find in desk_items for item in find(person, post.offices, at)]
    return sorted(
        items, key=lambda item: (item.due_at is None, item.due_at or at, not item.main)
    )


# ---------------------------------------------------------------- this week
@dataclass(kw_only=True)
class Sheet:
    """A shift of the coming days: who is coming, of how few and how many."""

    shift: object
    confirmed: int = 0
    minimum: int = 0
    seats: int = 0
    short: int = 0  # missing in roles below their own minimum

    @property
    def is_full(self) -> bool:
        return self.confirmed >= self.seats


def this_week(post: Post, *, at: datetime) -> list[Sheet]:
    """Shifts going on and to come within seven days, soonest first; one query."""
    rows = _roles_of(post).filter(
        shift__status__in=LIVE_SHIFTS,
        shift__ends_at__gt=at,
        shift__starts_at__lte=at + WEEK,
        shift__opportunity__status__in=OPEN,
    )
    confirmed = Count(
        "applications", filter=Q(applications__status__in=["confirmed", "attended"])
    )
    rows = rows.select_related("shift__opportunity__governorate").annotate(coming=confirmed)
    sheets: dict[int, Sheet] = {}
    for row in rows.order_by("shift__starts_at", "shift_id", "pk")[:MOST_ROWS]:
        sheet = sheets.setdefault(row.shift_id, Sheet(shift=row.shift))
        sheet.confirmed += row.coming
        sheet.minimum += row.minimum
        sheet.seats += row.seats
        sheet.short += max(row.minimum - row.coming, 0)
    return list(sheets.values())[:MOST_SHIFTS]


def _roles_of(post: Post) -> QuerySet:
    rows = opportunities.shift_roles()
    if post.runs:
        return rows.filter(shift__opportunity__body=post.body)
    return rows.filter(shift__opportunity__team__in=[team.pk for team in post.teams])


# ---------------------------------------------------------------- quality of work
@dataclass(frozen=True, kw_only=True)
class Quality:
    """A body's figures beside the same of all bodies; None where there is nothing to count."""

    reply_days: float | None
    reply_days_all: float | None
    in_time: Decimal | None
    in_time_all: Decimal | None
    answered: int
    shifts_held: int
    late_cancellations: int
    proven: Decimal | None
    proven_all: Decimal | None
    minutes: int

    @property
    def is_empty(self) -> bool:
        return not (self.answered or self.shifts_held or self.minutes)


def quality_of(body, *, proven_all: Decimal | None, at: datetime) -> Quality:
    """Three queries.

    :param proven_all: the region's share of hours proven by attendance, a public figure.
    """
    own = registry.body_figures(body)
    region = registry.public_bodies().order_by().aggregate(
        answered=Sum("figures__applications_answered"),
        in_time=Sum("figures__answered_in_time"),
        minutes=Sum("figures__answer_minutes"),
    )  # fmt: skip
    everybody = region["answered"] or 0
    minutes, proven = attendance.proven_minutes_of(body, at=at)
    return Quality(
        reply_days=own.mean_reply_days,
        reply_days_all=round(region["minutes"] / everybody / 1440, 1) if everybody else None,
        in_time=Decimal(own.in_time_percent) / 100 if own.in_time_percent is not None else None,
        in_time_all=Decimal(region["in_time"]) / everybody if everybody else None,
        answered=own.answered,
        shifts_held=own.shifts_held,
        late_cancellations=own.late_cancellations,
        proven=Decimal(proven) / minutes if minutes else None,
        proven_all=proven_all,
        minutes=minutes,
    )
