"""Shifts: added one by one or weekly, changed while nobody counts on them, removed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel.notices import announce
from takatuf.kernel.references import reference
from takatuf.kernel.typography import day_text, when
from takatuf.opportunities import policies, queries, weekly
from takatuf.opportunities.commands.drafting import (
    locked,
    note_change,
    require_open,
)
from takatuf.opportunities.enums import EDITABLE, LIVE_SHIFTS, Scope
from takatuf.opportunities.errors import BadSchedule, CannotChange, PeoplePlaced
from takatuf.opportunities.models import Opportunity, Shift, ShiftRole, ShiftSeries
from takatuf.opportunities.notices import SeatsAdded

LONGEST, A_DAY = timedelta(hours=16), timedelta(days=1)
FARTHEST = timedelta(days=731)  # from today: beyond two years the year is mistyped
MOST_SHIFTS = 400  # of one opportunity

Seats = Mapping[int, tuple[int, int]]  # role → (at least, seats)


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """A repetition as it was asked for."""

    weekdays: Sequence[int]  # 0 Sunday … 6 Saturday
    starts: time
    ends: time
    first_day: date
    last_day: date


# ---------------------------------------------------------------- adding
@transaction.atomic
def add_shift(
    *,
    opportunity_id: int,
    starts_at: datetime,
    ends_at: datetime,
    seats: Seats,
    by,
    at: datetime,
) -> Shift:
    """:raises BadSchedule: for a time that is past, too long or taken, or impossible seats."""
    opportunity = locked(opportunity_id)
    require_open(opportunity)
    shift = place_shifts(opportunity, [(starts_at, ends_at)], seats, at=at)[0]
    note_change(opportunity, "shift added", by=by, at=at)
    return shift


@transaction.atomic
def add_series(
    *, opportunity_id: int, weekly_plan: Weekly, seats: Seats, by, at: datetime
) -> ShiftSeries:
    """A shift on each of these weekdays, from the first to the last day.

    :raises BadSchedule: also if no day fits or there would be more than 200.
    """
    opportunity = locked(opportunity_id)
    require_open(opportunity)
    times = weekly_times(weekly_plan, at=at)
    series = ShiftSeries.objects.create(
        opportunity=opportunity, weekdays=sorted(set(weekly_plan.weekdays)),
        starts=weekly_plan.starts, ends=weekly_plan.ends,
        first_day=weekly_plan.first_day, last_day=weekly_plan.last_day,
    )  # fmt: skip
    place_shifts(opportunity, times, seats, at=at, series=series)
    note_change(opportunity, "weekly shifts added", by=by, at=at)
    return series


def weekly_times(plan: Weekly, *, at: datetime) -> list[tuple[datetime, datetime]]:
    """When the shifts to come of a plan start and end.

    :raises BadSchedule: if no day fits, or more than a series holds.
    """
    times = [span for span in _occurrences(plan) if span[0] > at]
    if not times:
        raise BadSchedule(_("No coming day fits: check the weekdays and the dates."))
    return times


def _occurrences(plan: Weekly) -> list[tuple[datetime, datetime]]:
    if plan.last_day < plan.first_day:
        raise BadSchedule(
            _("The last day lies before the first: choose a later one."), field="last_day"
        )
    try:
        return weekly.occurrences(
            weekdays=plan.weekdays, starts=plan.starts, ends=plan.ends,
            first_day=plan.first_day, last_day=plan.last_day,
            zone=timezone.get_default_timezone(),
        )  # fmt: skip
    except weekly.TooMany as error:
        raise BadSchedule(
            _("That is more than %(most)s shifts: choose a nearer last day.")
            % {"most": weekly.MOST},
            field="last_day",
        ) from error


def place_shifts(
    opportunity: Opportunity, times, seats: Seats, *, at: datetime, series=None
) -> list[Shift]:
    """A shift at each of these times, with seats in these roles.

    :raises BadSchedule: for times or seats that cannot be.
    """
    _require_seats(opportunity, seats)
    for starts_at, ends_at in times:
        require_time(starts_at, ends_at, at=at)
    live = opportunity.shifts.filter(status__in=LIVE_SHIFTS)
    taken = set(live.values_list("starts_at", "ends_at"))
    if clash := [start for start, end in times if (start, end) in taken]:
        raise BadSchedule(
            _("There is already a shift at this time: %(when)s.") % {"when": when(clash[0])}
        )
    if len(taken) + len(times) > MOST_SHIFTS:
        raise BadSchedule(
            _("An opportunity holds %(most)s shifts at most: start another one for the rest.")
            % {"most": MOST_SHIFTS}
        )
    shifts = Shift.objects.bulk_create(
        [
            Shift(opportunity=opportunity, series=series, starts_at=s, ends_at=e)
            for s, e in times
        ]
    )
    ShiftRole.objects.bulk_create(
        ShiftRole(shift=shift, role_id=role, minimum=least, seats=most)
        for shift in shifts
        for role, (least, most) in seats.items()
    )
    return shifts


def require_time(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    """:raises BadSchedule: for a time nobody could come to."""
    for fault in time_faults(starts_at, ends_at, at=at):
        raise fault


def time_faults(
    starts_at: datetime, ends_at: datetime, *, at: datetime
) -> Iterator[BadSchedule]:
    """All that is wrong with a time, so that a form says it at once."""
    if starts_at <= at:
        yield BadSchedule(_("This time is past: choose a later one."), field="day")
    if starts_at > at + FARTHEST:
        yield BadSchedule(
            _("%(day)s is more than two years away: put its year right.")
            % {"day": day_text(starts_at)},
            field="day",
        )
    if ends_at <= starts_at:
        yield BadSchedule(_("A shift must end after it starts."), field="ends")
    elif ends_at - starts_at == A_DAY:  # how two equal times are read
        yield BadSchedule(
            _("It starts and ends at the same time: choose a later end."), field="ends"
        )
    elif ends_at - starts_at > LONGEST:
        yield BadSchedule(
            _(
                "From the start to the end it is more than 16 hours (an end before the start "
                "is taken for the next day): put the two times right, or make two shifts of it."
            ),
            field="ends",
        )


def _require_seats(opportunity: Opportunity, seats: Seats) -> None:
    """:raises BadSchedule: for seats nobody could take."""
    for fault in seat_faults(seats, set(opportunity.roles.values_list("pk", flat=True))):
        raise fault


def seat_faults(seats: Seats, roles: Collection[int]) -> Iterator[BadSchedule]:
    """All that is wrong with the seats of a shift.

    :param roles: of its opportunity.
    """
    if not seats or not seats.keys() <= set(roles):
        yield BadSchedule(_("Say how many people are needed, in at least one role."))
    for role, (least, most) in seats.items():
        if most < 1:
            yield BadSchedule(_("A role needs at least one seat."), field=f"seats_{role}")
        if least > most:
            yield BadSchedule(
                _("The least number of people cannot be above the seats."),
                field=f"least_{role}",
            )


# ---------------------------------------------------------------- changing
@transaction.atomic
def change_shifts(
    *, shift_id: int, scope: str, starts: time, ends: time, seats: Seats, by, at: datetime
) -> int:
    """Give a shift, and if asked the following or all of its series, other times or seats.

    The day stays; say how many changed. Where somebody has a place, or has asked for one, the
    times stay as well: moving tells them. What is published keeps its roles.

    :raises PeoplePlaced: if times would change under somebody.
    :raises BadSchedule: for times or seats that cannot be.
    :raises CannotChange: once it has begun, or if a role of what is published is left out.
    """
    opportunity, shifts = _meant(shift_id, scope, at=at)
    _require_seats(opportunity, seats)
    changed = [_retime(shift, starts, ends, at=at) for shift in shifts]
    _require_free(opportunity, shifts, changed)
    changes = {}
    for shift, span in zip(shifts, changed, strict=True):
        if (shift.starts_at, shift.ends_at) != span:
            changes[reference(shift)] = [_span(shift.starts_at, shift.ends_at), _span(*span)]
            Shift.objects.filter(pk=shift.pk).update(starts_at=span[0], ends_at=span[1])
        changes |= _reseat(opportunity, shift, seats)
    if scope != Scope.THIS and shifts[0].series_id:
        ShiftSeries.objects.filter(pk=shifts[0].series_id).update(starts=starts, ends=ends)
    note_change(opportunity, "shifts changed", by=by, at=at, changes=changes)
    return len(shifts)


def _meant(shift_id: int, scope: str, *, at: datetime) -> tuple[Opportunity, list[Shift]]:
    """The opportunity, locked, and the planned shifts a change is meant for."""
    opportunity = locked(
        Shift.objects.values_list("opportunity_id", flat=True).get(pk=shift_id)
    )
    require_open(opportunity)
    shift = opportunity.shifts.get(pk=shift_id)
    rows = in_scope(opportunity.shifts.all(), shift, scope)
    found = list(rows.filter(queries.to_come(at)).order_by("starts_at"))
    if not found:
        raise CannotChange(_("This shift has begun or is over, so it cannot be changed."))
    return opportunity, found


def in_scope(rows: QuerySet[Shift], shift: Shift, scope: str) -> QuerySet[Shift]:
    if scope == Scope.THIS or shift.series_id is None:
        return rows.filter(pk=shift.pk)
    rows = rows.filter(series_id=shift.series_id)
    return rows.filter(starts_at__gte=shift.starts_at) if scope == Scope.FOLLOWING else rows


def _retime(shift: Shift, starts: time, ends: time, *, at: datetime):
    day = timezone.localtime(shift.starts_at).date()
    span = weekly.span(day, starts, ends, timezone.get_default_timezone())
    require_time(*span, at=at)
    return span


def _require_free(opportunity: Opportunity, shifts: list[Shift], times) -> None:
    """Nobody counts on the times that change, and no other shift stands at the new ones."""
    moving = [s.pk for s, t in zip(shifts, times, strict=True) if (s.starts_at, s.ends_at) != t]
    placed = ShiftRole.objects.filter(shift__in=moving, taken__gt=0)
    if placed.exists() or (moving and policies.are_counted_on(moving)):
        raise PeoplePlaced(
            _(
                "People have places at these times or have asked for one: move the shift, "
                "so that they are told and can choose."
            ),
            field="starts",
        )
    others = opportunity.shifts.filter(status__in=LIVE_SHIFTS).exclude(
        pk__in=[shift.pk for shift in shifts]
    )
    if set(times) & set(others.values_list("starts_at", "ends_at")):
        raise BadSchedule(_("There is already another shift at this time."))


def _reseat(opportunity: Opportunity, shift: Shift, seats: Seats) -> dict:
    """New numbers for each role; never fewer than are taken; waiting people hear of more.

    :returns: (at least, seats) of each place that changed: before and after.
    """
    there = ShiftRole.objects.filter(shift=shift).select_related("role")
    rows, changes = {row.role_id: row for row in there}, {}
    gone = [row for role, row in rows.items() if role not in seats]
    _may_leave_out(opportunity, gone)
    for role, (least, most) in seats.items():
        row = rows.get(role)
        if row is None:
            made = ShiftRole.objects.create(
                shift=shift, role_id=role, minimum=least, seats=most
            )
            changes[reference(made)] = [None, [least, most]]
            continue
        if (row.minimum, row.seats) != (least, most):
            changes[reference(row)] = [[row.minimum, row.seats], [least, most]]
        fits = ShiftRole.objects.filter(pk=row.pk, taken__lte=most)
        if not fits.update(minimum=least, seats=most):
            raise PeoplePlaced(
                _("%(taken)s people already have places: the seats cannot be fewer.")
                % {"taken": row.taken}
            )
        if most > row.seats:
            announce(SeatsAdded(shift_role_id=row.pk))
    if gone:
        ShiftRole.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return changes


def _may_leave_out(opportunity: Opportunity, places: list[ShiftRole]) -> None:
    """:raises CannotChange: for a role of what is published: people may have asked for it."""
    if any(place.taken for place in places):
        raise PeoplePlaced(_("People have places in a role you left out: keep its seats."))
    if places and opportunity.status not in EDITABLE:
        raise CannotChange(
            _("A published shift keeps its roles: “%(role)s” needs at least one seat.")
            % {"role": places[0].role.title}
        )


def _span(starts_at: datetime, ends_at: datetime) -> str:
    starts_at, ends_at = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M}"


@transaction.atomic
def remove_shifts(*, shift_id: int, scope: str, by, at: datetime) -> int:
    """Take shifts out of a plan nobody has seen yet; say how many.

    :raises CannotChange: if it is published: then cancel, so that people are told.
    """
    opportunity = locked(
        Shift.objects.values_list("opportunity_id", flat=True).get(pk=shift_id)
    )
    if opportunity.status not in EDITABLE:
        raise CannotChange(_("This is published: cancel the shift instead, with a reason."))
    shift = opportunity.shifts.get(pk=shift_id)
    meant = list(in_scope(opportunity.shifts.all(), shift, scope).values_list("pk", flat=True))
    ShiftRole.objects.filter(shift__in=meant).delete()
    Shift.objects.filter(pk__in=meant).delete()
    ShiftSeries.objects.filter(opportunity=opportunity, shifts=None).delete()
    note_change(opportunity, "shifts removed", by=by, at=at)
    return len(meant)
