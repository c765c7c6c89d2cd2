"""What follows from elsewhere: a shift cancelled or moved, a consent withdrawn, the day itself."""

from datetime import datetime, timedelta

from django.db import transaction

from takatuf.kernel.transitions import record
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities import queries as opportunities
from takatuf.placement import queries
from takatuf.placement.commands import seats
from takatuf.placement.enums import HOLDING, ApplicationStatus, Origin
from takatuf.placement.models import Application

REMIND_BEFORE = timedelta(hours=48)


@transaction.atomic
def release_cancelled_shift(*, shift_id: int, reason: str, at: datetime) -> int:
    """Tell everyone the shift is off; nobody is charged with it. Repeats change nothing."""
    ended = 0
    for application in queries.live_on_shift(shift_id):
        held = application.status in HOLDING
        seats.step(
            application, ApplicationStatus.EXPIRED, by=None, at=at, action="shift cancelled",
            reason=reason, ended_at=at,
        )  # fmt: skip
        if held:
            opportunities_commands.release_role_seat(application.shift_role_id)
        seats.tell(application, "placement.cancelled", at=at, urgent=True)
        ended += 1
    return ended


@transaction.atomic
def follow_moved_shift(
    *, old_shift_id: int, new_shift_id: int, reason: str, at: datetime
) -> int:
    """Carry everyone over to the new time, each to keep, change or leave in one tap.

    Who had a place is offered the same place at the new time; who waited waits there.
    Repeats change nothing: by then nobody is live on the old shift.
    """
    new_roles = {
        role.role_id: role for role in opportunities.shift_roles_of_shift(new_shift_id)
    }
    carried = 0
    for application in queries.live_on_shift(old_shift_id):
        was = application.status
        seats.step(
            application, ApplicationStatus.EXPIRED, by=None, at=at, action="shift moved",
            reason=reason, ended_at=at,
        )  # fmt: skip
        if was in HOLDING:
            opportunities_commands.release_role_seat(application.shift_role_id)
        if role := new_roles.get(application.shift_role.role_id):
            _carry_over(application, role, was=was, reason=reason, at=at)
        carried += 1
    return carried


def _carry_over(old: Application, role, *, was: str, reason: str, at: datetime) -> None:
    if queries.standing_application(old.person_id, role.shift_id):
        return
    new = Application.objects.create(
        opportunity_id=old.opportunity_id, shift=role.shift, shift_role=role, person=old.person,
        batch=old.batch, origin=Origin.MOVED, applied_at=at, answer_due_at=old.answer_due_at,
        message=old.message, reason=reason,
    )  # fmt: skip
    record(
        subject=new,
        action="carried over",
        by=None,
        at=at,
        to_state=new.status,
        about=old.person,
    )
    if was in HOLDING and opportunities_commands.take_role_seat(role.pk):
        seats.step(
            new, ApplicationStatus.OFFERED, by=None, at=at, action="offered the new time",
            offer_expires_at=seats.offer_end(role.shift, at=at),
        )  # fmt: skip
        seats.tell(new, "placement.moved", at=at, urgent=True)
    elif was != ApplicationStatus.APPLIED:
        seats.step(
            new, ApplicationStatus.WAITING, by=None, at=at, action="waits at the new time"
        )
        seats.tell(new, "placement.waiting", at=at)


@transaction.atomic
def free_places_of(*, person_id: int, reason: str, at: datetime) -> int:
    """Free every future place of somebody who may no longer join (a consent withdrawn)."""
    freed = 0
    for application in queries.future_of(person_id, at=at):
        seats.end(
            application, ApplicationStatus.WITHDRAWN, by=None, at=at,
            action="consent withdrawn", reason=reason,
        )  # fmt: skip
        freed += 1
    return freed


@transaction.atomic
def fill_seats(*, shift_role_id: int, at: datetime) -> int:
    """Offer every free seat to those who wait; return how many offers went out."""
    offered = 0
    while seats.pass_on(shift_role_id, at=at):
        offered += 1
    return offered


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
