"""What follows from elsewhere: a shift cancelled or moved, a consent taken back, the day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from takatuf.kernel.notices import announce
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities import queries as opportunities
from takatuf.placement import queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.proposals import lapse_on_shifts
from takatuf.placement.commands.repairing import fill_by_round
from takatuf.placement.enums import HOLDING, ApplicationStatus, Origin
from takatuf.placement.models import Application
from takatuf.placement.notices import PlaceFreed

REMIND_BEFORE = timedelta(hours=48)
# What a moved shift comes to for who was on it -> whether they must hear of it at once.
URGENT_NEWS = {"moved": True, "moved_request": False, "moved_line": False, "cancelled": True}


def release_cancelled_shift(*, shift_id: int, reason: str, at: datetime) -> int:
    """Tell everyone the shift is off; nobody is charged with it. Repeats change nothing."""
    return release_cancelled_shifts(shift_ids=[shift_id], reason=reason, at=at)


@transaction.atomic
def release_cancelled_shifts(*, shift_ids: Sequence[int], reason: str, at: datetime) -> int:
    """Several shifts of one opportunity called off in one act: one message to each person."""
    ended = []
    for shift_id in shift_ids:
        _hold_seats_of(shift_id)
        for application in queries.live_on_shift(shift_id):
            _end_unasked(application, action="shift cancelled", reason=reason, at=at)
            ended.append(application)
    lapse_on_shifts(shift_ids, at=at)
    seats.tell_of_all(ended, "placement.cancelled", at=at, urgent=True)
    return len(ended)


@transaction.atomic
def follow_moved_shifts(*, moves: Sequence[tuple[int, int]], reason: str, at: datetime) -> int:
    """Carry everyone over to the new times, each to keep, change or leave in one tap.

    Who had a place is offered the same place at the new time; who waited or asked does so
    there; whose role is not there any more is told that the shift is off. Who was moved
    with several shifts in one act reads one message of each kind.
    Repeats change nothing: by then nobody is live on the old shifts.

    :param moves: (old shift, new shift), all of one opportunity.
    """
    told: dict[str, list[Application]] = {template: [] for template in URGENT_NEWS}
    carried = 0
    for old_shift_id, new_shift_id in moves:
        _hold_seats_of(new_shift_id)
        roles = {row.role_id: row for row in opportunities.shift_roles_of_shift(new_shift_id)}
        for application in queries.live_on_shift(old_shift_id):
            template, row = _follow(application, roles, reason=reason, at=at)
            if row is not None:
                told[template].append(row)
            carried += 1
    lapse_on_shifts([old for old, _new in moves], at=at)
    for template, rows in told.items():
        seats.tell_of_all(rows, f"placement.{template}", at=at, urgent=URGENT_NEWS[template])
    return carried


def _follow(
    application: Application, roles: dict, *, reason: str, at: datetime
) -> tuple[str, Application | None]:
    """What the person is told, and of which row; none where they already stand there."""
    was = application.status
    _end_unasked(application, action="shift moved", reason=reason, at=at)
    role = roles.get(application.shift_role.role_id)
    if role is None:
        return "cancelled", application
    return _carry_over(application, role, was=was, reason=reason, at=at)


def _hold_seats_of(shift_id: int) -> None:
    queries.lock_listings([opportunities.shift_with_opportunity(shift_id).opportunity_id])


def _end_unasked(application: Application, *, action: str, reason: str, at: datetime) -> None:
    """The seat goes with the shift: nobody is next in line."""
    held = application.status in HOLDING
    seats.step(
        application, ApplicationStatus.EXPIRED, by=None, at=at, action=action, reason=reason,
        ended_at=at,
    )  # fmt: skip
    if held:
        opportunities_commands.release_role_seat(application.shift_role_id)
        announce(PlaceFreed(application_id=application.pk))


def _carry_over(
    old: Application, role, *, was: str, reason: str, at: datetime
) -> tuple[str, Application | None]:
    if queries.standing_application(old.person_id, role.shift_id):
        return "moved", None
    due = old.answer_due_at and min(old.answer_due_at, seats.answer_due(role.shift, at=at))
    made = {
        "person": old.person, "role": role, "batch": old.batch, "origin": Origin.MOVED,
        "by": None, "at": at, "answer_due_at": due, "message": old.message,
        "reason": reason,
    }  # fmt: skip
    if was in HOLDING and opportunities_commands.take_role_seat(role.pk):
        return "moved", seats.start(
            **made, status=ApplicationStatus.OFFERED, action="offered the new time",
            offer_expires_at=seats.offer_end(role.shift, at=at),
        )  # fmt: skip
    if was == ApplicationStatus.APPLIED:
        return "moved_request", seats.start(
            **made, status=ApplicationStatus.APPLIED, action="asks for the new time"
        )
    return "moved_line", seats.start(
        **made, status=ApplicationStatus.WAITING, action="waits at the new time"
    )


@transaction.atomic
def free_places_of(*, person_id: int, reason: str, at: datetime) -> int:
    """Free every future place of somebody who may no longer join (a consent withdrawn), and
    tell them. Repeats change nothing.

    :param reason: an English msgid, read in the reader's language.
    """
    queries.lock_person(person_id)
    rows = queries.future_of(person_id, at=at)
    queries.lock_listings(rows.values_list("opportunity_id", flat=True))
    freed = 0
    for application in rows.all():
        seats.end(
            application, ApplicationStatus.WITHDRAWN, by=None, at=at,
            action="consent withdrawn", reason=reason,
        )  # fmt: skip
        seats.tell(application, "placement.freed", at=at)
        freed += 1
    return freed


@transaction.atomic
def fill_seats(*, shift_role_id: int, at: datetime) -> int:
    """Offer every free seat to those who wait; return how many offers went out. Where a round
    has given an order, that decides.
    """
    role = opportunities.shift_role(shift_role_id)
    return _fill([role], role.shift.opportunity_id, at=at)


@transaction.atomic
def fill_opportunity(*, opportunity_id: int, at: datetime) -> int:
    """The same for all shifts to come, the soonest first; one message to each person."""
    roles = opportunities.free_roles_of(opportunity_id, at=at)
    return _fill(roles, opportunity_id, at=at)


def _fill(roles: Sequence, opportunity_id: int, *, at: datetime) -> int:
    queries.lock_listings([opportunity_id])
    offered = []
    for role in roles:
        if not fill_by_round(role):
            offered += seats.pass_on_all(role.pk, at=at)
    seats.tell_offered(offered, at=at)
    return len(offered)


def remind_of_shifts(*, at: datetime) -> int:
    """Ask everyone with a place in the next 48 hours whether they are coming; once each."""
    reminded = 0
    for application in queries.to_remind(at, before=REMIND_BEFORE):
        with transaction.atomic():
            marked = Application.objects.filter(
                pk=application.pk, reminded_at=None, status=ApplicationStatus.CONFIRMED
            ).update(reminded_at=at)
            if marked:
                seats.tell(application, "placement.reminder", at=at)
                reminded += 1
    return reminded


@transaction.atomic
def mark_outcome(*, application_id: int, outcome: str, by, at: datetime) -> Application:
    """What came of a place, told by attendance: attended, no_show or excused.

    :raises WrongState: if there was no place to attend.
    """
    application = queries.lock_application(application_id)
    if application.status != outcome:
        seats.step(application, outcome, by=by, at=at, action=outcome.replace("_", " "))
    return application
