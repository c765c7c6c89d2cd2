"""The day sheet: who came, who left, who did not come."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.attendance import policies, queries
from takatuf.attendance.commands import hours
from takatuf.attendance.enums import PRESENCE_STEPS, PresenceStatus
from takatuf.attendance.models import Presence
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import change_state, record
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import ShiftStatus
from takatuf.placement import commands as placement

EARLY = timedelta(hours=2)
LEAVING_IS_FORGOTTEN_AFTER = timedelta(hours=2)


class NotNow(DomainError):
    """The day sheet is not open at this moment."""


class AlreadyCounted(DomainError):
    """The hours were entered: the sheet can no longer be changed, only the ledger."""


@transaction.atomic
def check_in(
    *, application_id: int, by, at: datetime, came_at: datetime | None = None
) -> Presence:
    """The person is here. Ticking twice is ticking once.

    :param came_at: when they came, if it is entered later than it happened.
    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: more than two hours before the start, or for a time still to come.
    """
    presence = _presence(application_id, by=by, at=at)
    came_at = came_at or at
    if came_at > at:
        raise NotNow(_("This time is still to come. Enter when they really arrived."))
    if came_at < presence.shift.starts_at - EARLY:
        raise NotNow(_("The sheet opens two hours before the shift starts."))
    if presence.status == PresenceStatus.PRESENT:
        return presence
    _step(presence, PresenceStatus.PRESENT, by=by, at=at, action="came", came_at=came_at,
          left_at=None, left_is_assumed=False)  # fmt: skip
    _start(presence.shift, by=by, at=at)
    placement.mark_outcome(application_id=application_id, outcome="attended", by=by, at=at)
    return presence


@transaction.atomic
def check_out(
    *, application_id: int, by, at: datetime, left_at: datetime | None = None
) -> Presence:
    """The person leaves. Ticking twice is ticking once.

    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: if the time is still to come, or not after coming.
    """
    presence = _presence(application_id, by=by, at=at)
    left_at = left_at or at
    if presence.status == PresenceStatus.LEFT and not presence.left_is_assumed:
        return presence
    if presence.status not in (PresenceStatus.PRESENT, PresenceStatus.LEFT):
        raise NotNow(_("Record that they came first."))
    if left_at > at:
        raise NotNow(_("This time is still to come. Enter when they really left."))
    if left_at <= presence.came_at:
        raise NotNow(_("Leaving comes after arriving: check the two times."), field="left_at")
    if presence.status == PresenceStatus.LEFT:  # it was assumed; now somebody knows
        _step(presence, PresenceStatus.PRESENT, by=by, at=at, action="leaving reopened",
              left_at=None, left_is_assumed=False)  # fmt: skip
    _step(presence, PresenceStatus.LEFT, by=by, at=at, action="left", left_at=left_at)
    return presence


@transaction.atomic
def mark_absent(*, application_id: int, excused: bool, by, at: datetime) -> Presence:
    """The person did not come, with or without an excuse.

    :raises NotNow: before the shift has started.
    """
    presence = _presence(application_id, by=by, at=at)
    if presence.shift.starts_at > at and not excused:
        raise NotNow(_("The shift has not started: they may still come."))
    to = PresenceStatus.EXCUSED if excused else PresenceStatus.NO_SHOW
    if presence.status != to:
        _step(presence, to, by=by, at=at, action=to.label)
        placement.mark_outcome(application_id=application_id, outcome=to.value, by=by, at=at)
    return presence


@transaction.atomic
def undo_mark(*, application_id: int, by, at: datetime) -> Presence:
    """Take back the last tick: from left to here, from anything else to expected."""
    presence = _presence(application_id, by=by, at=at)
    if presence.status == PresenceStatus.LEFT:
        _step(presence, PresenceStatus.PRESENT, by=by, at=at, action="undone",
              left_at=None, left_is_assumed=False)  # fmt: skip
    elif presence.status != PresenceStatus.EXPECTED:
        _step(presence, PresenceStatus.EXPECTED, by=by, at=at, action="undone", came_at=None)
        placement.mark_outcome(application_id=application_id, outcome="confirmed", by=by, at=at)
    return presence


@transaction.atomic
def note(*, application_id: int, text: str, by, at: datetime) -> Presence:
    """A word beside a name on the sheet; an empty one removes it."""
    presence = _presence(application_id, by=by, at=at)
    presence.note = text.strip()[:300]
    presence.save(update_fields=["note"])
    record(subject=presence, action="noted", by=by, at=at, reason=presence.note, about=presence.person)
    return presence


@transaction.atomic
def close_day_sheet(*, shift_id: int, by, at: datetime) -> int:
    """End the shift: write the hours of everyone who left; return how many entries.

    Whoever is still marked as here leaves at the shift's end, as *assumed*; whoever was
    never marked did not come.

    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: before the shift's end.
    """
    # Places are locked before the shift, in the order in which volunteers change them too.
    shift = queries.shift_with_opportunity(shift_id)
    if not policies.may_run_day_sheet(by, shift.opportunity):
        raise NotAllowed(_("Only who runs this day can close its sheet."))
    if shift.ends_at > at:
        raise NotNow(_("The shift is not over yet. Close the sheet when it has ended."))
    if shift.status == ShiftStatus.CLOSED:
        return 0
    for application in queries.unmarked(shift):
        mark_absent(application_id=application.pk, excused=False, by=by, at=at)
    written = 0
    for presence in queries.presences_of(shift):
        if presence.status == PresenceStatus.PRESENT:
            _assume_left(presence, at=at)
        if presence.status == PresenceStatus.LEFT:
            hours.enter_from_sheet(presence, by=by, at=at)
            written += 1
    _start(shift, by=by, at=at)
    opportunities.close_shift(shift_id=shift.pk, by=by, at=at)
    return written


def assume_forgotten_checkouts(*, at: datetime) -> int:
    """Close the check-outs nobody recorded two hours after a shift's end; return how many."""
    assumed = 0
    before = at - LEAVING_IS_FORGOTTEN_AFTER
    for pk in queries.still_here_after(before).values_list("pk", flat=True):
        with transaction.atomic():
            presence = queries.lock_presence(pk)
            if presence.status == PresenceStatus.PRESENT:
                _assume_left(presence, at=at)
                assumed += 1
    return assumed


def _assume_left(presence: Presence, *, at: datetime) -> None:
    """At the shift's end, or one minute after coming where they came later than that."""
    left_at = max(presence.shift.ends_at, presence.came_at + timedelta(minutes=1))
    _step(presence, PresenceStatus.LEFT, by=None, at=at, action="leaving assumed",
          left_at=left_at, left_is_assumed=True)  # fmt: skip


def _presence(application_id: int, *, by, at: datetime) -> Presence:
    """The row of one person on the sheet, locked; made at the first tick."""
    presence = queries.lock_presence_of(application_id)
    if not policies.may_run_day_sheet(by, presence.shift.opportunity):
        raise NotAllowed(_("Only who runs this day can mark its sheet."))
    if presence.person_id == by.pk:
        raise NotAllowed(_("Somebody else marks your own presence."))
    if presence.shift.status not in (ShiftStatus.PLANNED, ShiftStatus.RUNNING):
        raise AlreadyCounted(
            _("This sheet is closed. A wrong entry is put right in the hours ledger.")
        )
    if presence.recorded_at is None:
        presence.recorded_at = at
    return presence


def _start(shift, *, by, at: datetime) -> None:
    if shift.status == ShiftStatus.PLANNED:
        opportunities.start_shift(shift_id=shift.pk, by=by, at=at)
        shift.status = ShiftStatus.RUNNING


def _step(presence: Presence, to: str, *, by, at: datetime, action: str, **fields) -> None:
    if by is not None:
        fields |= {"recorded_by": by, "recorded_at": at}
    change_state(
        presence, to, table=PRESENCE_STEPS, by=by, at=at, action=action,
        about=presence.person, **fields,
    )  # fmt: skip
