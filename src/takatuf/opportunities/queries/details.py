"""Everything the opportunity's page shows, in four queries besides the opportunity."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch

from takatuf.opportunities.enums import LIVE_SHIFTS, OPEN, Mode, ShiftStatus, Support
from takatuf.opportunities.models import Opportunity, OpportunityRole, Shift, ShiftRole
from takatuf.registry.enums import Basis, SkillLevel, least_basis

SHOWN_AT_ONCE = 24


@dataclass(frozen=True, kw_only=True)
class ShiftLine:
    """A shift to come, with how full it is."""

    shift: Shift
    places: list[ShiftRole]
    seats: int
    taken: int
    minimum: int

    @property
    def left(self) -> int:
        return self.seats - self.taken

    @property
    def is_full(self) -> bool:
        return self.left <= 0


@dataclass(frozen=True, kw_only=True)
class RoleLine:
    """What a role asks for, in words."""

    title: str
    skill: str = ""
    level: str = ""
    basis: str = ""
    credential: str = ""


@dataclass(frozen=True, kw_only=True)
class Detail:
    opportunity: Opportunity
    is_open: bool
    shifts: list[ShiftLine]
    later: int  # shifts beyond those shown
    called_off: list[Shift]
    roles: list[RoleLine]
    support: list[str]
    latitude: Decimal | None
    longitude: Decimal | None
    is_exact_place: bool
    reply_percent: int | None
    answered: int = 0
    tasks: list[str] = field(default_factory=list)


def detail(
    opportunity: Opportunity, at: datetime, *, limit: int | None = SHOWN_AT_ONCE
) -> Detail:
    """:param opportunity: as ``opportunity_visible_to`` gives it."""
    lines = shift_lines(opportunity, at)
    shown = lines if limit is None else lines[:limit]
    figures = getattr(opportunity.body, "figures", None)
    exact = opportunity.latitude is not None
    spot = opportunity if exact else opportunity.governorate
    if opportunity.mode == Mode.REMOTE:
        spot = None  # nobody goes anywhere: a map would send people to a wrong place
    return Detail(
        opportunity=opportunity,
        is_open=opportunity.status in OPEN,
        tasks=[task for task in opportunity.tasks if task.strip()],
        shifts=shown,
        later=len(lines) - len(shown),
        called_off=_called_off(opportunity, at),
        roles=_role_lines(opportunity),
        support=[str(Support(v).label) for v in opportunity.support if v in Support.values],
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
        is_exact_place=exact,
        reply_percent=figures.in_time_percent if figures else None,
        answered=figures.applications_answered if figures else 0,
    )  # fmt: skip


def shift_lines(opportunity: Opportunity, at: datetime) -> list[ShiftLine]:
    """Live shifts, soonest first, each with its roles: two queries."""
    places = ShiftRole.objects.select_related("role__skill", "role__credential")
    shifts = opportunity.shifts.filter(status__in=LIVE_SHIFTS, ends_at__gt=at).order_by(
        "starts_at", "pk"
    )
    return [
        ShiftLine(
            shift=shift, places=list(shift.roles.all()),
            seats=sum(place.seats for place in shift.roles.all()),
            taken=sum(place.taken for place in shift.roles.all()),
            minimum=sum(place.minimum for place in shift.roles.all()),
        )
        for shift in shifts.prefetch_related(Prefetch("roles", places.order_by("role_id")))
    ]  # fmt: skip


def _called_off(opportunity: Opportunity, at: datetime) -> list[Shift]:
    """Cancelled and moved shifts whose time has not come: who looks for them reads why."""
    rows = opportunity.shifts.filter(
        status__in=(ShiftStatus.CANCELLED, ShiftStatus.MOVED), starts_at__gt=at
    )
    return list(rows.select_related("moved_to").order_by("starts_at", "pk")[:10])


def _role_lines(opportunity: Opportunity) -> list[RoleLine]:
    rows = opportunity.roles.select_related("skill", "credential").order_by("pk")
    return [_role_line(role) for role in rows]


def _role_line(role: OpportunityRole) -> RoleLine:
    if role.skill is None or role.level is None:
        return RoleLine(title=role.title)
    basis = least_basis(role.least_basis, needs_licence=role.skill.needs_licence)
    return RoleLine(
        title=role.title, skill=role.skill.name,
        level=str(SkillLevel(role.level).label), basis=str(Basis(basis).label),
        credential=role.credential.name if role.credential else "",
    )  # fmt: skip
