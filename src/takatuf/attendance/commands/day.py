"""The day sheet: who came, who left, who did not come."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.attendance import policies, queries
from takatuf.attendance.commands import hours
from takatuf.attendance.enums import PRESENCE_STEPS, PresenceStatus
from takatuf.attendance.models import Presence
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import WrongState, change_state, record
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import LIVE_SHIFTS, ShiftStatus
from takatuf.placement import commands as placement
from takatuf.placement.enums import WITH_A_PLACE
from takatuf.registry import commands as registry

EARLY = timedelta(hours=2)
LEAVING_IS_FORGOTTEN_AFTER = timedelta(hours=2)
JUST_NOW = timedelta(minutes=1)  # a second tap on the spot where "came" was
LATEST = timedelta(hours=12)  # after the shift's end nobody is still at it
NOTE_LENGTH = 300


class NotNow(DomainError):
    """The day sheet is not open at this moment, or not for this time."""


class AlreadyCounted(DomainError):
    """The hours were entered: the sheet can no longer be changed, only the ledger."""


class OwnRowOpen(DomainError):
    """Who would close the sheet stands on it unmarked."""


@transaction.atomic
def check_in(
    *, application_id: int, by, at: datetime, came_at: datetime | None = None
) -> Presence:
    """The person is here. Ticking twice is ticking once.

    :param came_at: when they came, if it is entered later than it happened.
    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    :raises NotNow: more than two hours before the start, after the end without a time, or
        for a time still to come.
    """
    presence = _presence(application_id, by=by)
    if presence.status in (PresenceStatus.PRESENT, PresenceStatus.LEFT):
        return presence
    if came_at is None and at > presence.shift.ends_at:
        raise NotNow(_("The shift is over: enter when they came and when they left."))
    came_at = came_at or at
    _must_be_a_time_of_coming(presence.shift, came_at, at=at)
    _come(presence, came_at, by=by, at=at)
    return presence


@transaction.atomic
def check_out(
    *, application_id: int, by, at: datetime, left_at: datetime | None = None
) -> Presence:
    """The person leaves. Ticking twice is ticking once.

    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    :raises NotNow: if they never came or came within this minute, the time is still to come
        or not after coming, or the end is long past and no time is given.
    """
    presence = _presence(application_id, by=by)
    if presence.status == PresenceStatus.LEFT and not presence.left_is_assumed:
        return presence
    if presence.status not in (PresenceStatus.PRESENT, PresenceStatus.LEFT):
        raise NotNow(_("Record that they came first."))
    if presence.came_at and at - presence.came_at < JUST_NOW:
        raise NotNow(_("Marked as here moments ago: undo a mistake, or wait a minute."))
    if left_at is None and at > presence.shift.ends_at + LEAVING_IS_FORGOTTEN_AFTER:
        raise NotNow(_("That was a while ago: enter the time when they left."), field="left_at")
    left_at = left_at or at
    _must_be_a_time_of_leaving(presence.shift, presence.came_at, left_at, at=at)
    if presence.status == PresenceStatus.LEFT:  # it was assumed; now somebody knows
        _reopen(presence, by=by, at=at, action="leaving reopened")
    _step(presence, PresenceStatus.LEFT, by=by, at=at, action="left", left_at=left_at)
    return presence


@transaction.atomic
def record_times(
    *,
    application_id: int,
    came_at: datetime,
    by,
    at: datetime,
    left_at: datetime | None = None,
) -> Presence:
    """They were there from then until then, whatever the sheet said before.

    For putting a time right, and for a sheet filled in after the day. Without a time of
    leaving they are here still.

    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    :raises NotNow: for times that cannot be.
    """
    presence = _presence(application_id, by=by)
    _must_be_a_time_of_coming(presence.shift, came_at, at=at)
    if left_at is not None:
        _must_be_a_time_of_leaving(presence.shift, came_at, left_at, at=at)
    elif at > presence.shift.ends_at + LEAVING_IS_FORGOTTEN_AFTER:
        raise NotNow(_("That was a while ago: enter the time when they left."), field="left_at")
    before = (presence.came_at, presence.left_at, presence.left_is_assumed)
    if before != (came_at, left_at, False):
        _put_times(presence, came_at, left_at, by=by, at=at)
        record(
            subject=presence, action="times entered", by=by, at=at, about=presence.person,
            changes={"came_at": [_iso(before[0]), _iso(came_at)],
                     "left_at": [_iso(before[1]), _iso(left_at)]},
        )  # fmt: skip
    return presence


def _put_times(
    presence: Presence, came_at: datetime, left_at: datetime | None, *, by, at: datetime
) -> None:
    """From whatever state it is in, by its own steps."""
    if presence.status == PresenceStatus.LEFT:
        _reopen(presence, by=by, at=at, action="times reopened")
    if presence.status == PresenceStatus.PRESENT:
        presence.came_at, presence.recorded_by, presence.recorded_at = came_at, by, at
        presence.save(update_fields=["came_at", "recorded_by", "recorded_at"])
    else:
        _come(presence, came_at, by=by, at=at)
    if left_at is not None:
        _step(presence, PresenceStatus.LEFT, by=by, at=at, action="left", left_at=left_at)


@transaction.atomic
def mark_absent(*, application_id: int, excused: bool, by, at: datetime) -> Presence:
    """The person did not come, with or without an excuse. Ticking twice is ticking once.

    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    :raises NotNow: before the shift has started, unless excused.
    :raises WrongState: if they are marked as having come: that is undone first.
    """
    presence = _presence(application_id, by=by)
    if presence.shift.starts_at > at and not excused:
        raise NotNow(_("The shift has not started: they may still come."))
    to = PresenceStatus.EXCUSED if excused else PresenceStatus.NO_SHOW
    if presence.status != to:
        _step(presence, to, by=by, at=at, action="excused" if excused else "did not come")
        placement.mark_outcome(application_id=application_id, outcome=to.value, by=by, at=at)
    return presence


@transaction.atomic
def undo_mark(*, application_id: int, by, at: datetime) -> Presence:
    """Take back the last tick: from left to here, from anything else to expected.

    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    """
    presence = _presence(application_id, by=by)
    if presence.status == PresenceStatus.LEFT:
        _reopen(presence, by=by, at=at, action="undone")
    elif presence.status != PresenceStatus.EXPECTED:
        _expect(presence, by=by, at=at)
    return presence


@transaction.atomic
def take_back_marks(shift_ids: Collection[int], *, by, at: datetime) -> None:
    """Nobody has come to shifts that are called off before they begin; who was excused stays
    so. Call with their opportunity's listing held.
    """
    for pk in queries.came_to(shift_ids):
        presence = queries.lock_presence(pk)
        if presence.status == PresenceStatus.LEFT:
            _reopen(presence, by=by, at=at, action="undone")
        _expect(presence, by=by, at=at)


@transaction.atomic
def note(*, application_id: int, text: str, by, at: datetime) -> Presence:
    """A word beside a name on the sheet; an empty one removes it.

    :raises NotAllowed: if ``by`` does not run this day sheet, or it is their own row.
    """
    presence = _presence(application_id, by=by)
    text = text.strip()[:NOTE_LENGTH]
    if presence.note != text:
        presence.note = text
        presence.save(update_fields=["note"])
        record(
            subject=presence, action="noted", by=by, at=at, reason=text, about=presence.person
        )  # fmt: skip
    return presence


@transaction.atomic
def everybody_came(*, shift_id: int, by, at: datetime) -> int:
    """Tick all who are still expected, except who ticks; return how many.

    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: as for each of them alone; then nobody is ticked.
    """
    shift = _run_by(shift_id, by=by)
    others = [row.pk for row in queries.unmarked(shift) if row.person_id != by.pk]
    for pk in others:
        check_in(application_id=pk, by=by, at=at)
    return len(others)


@transaction.atomic
def everybody_left(*, shift_id: int, by, at: datetime) -> int:
    """All who are here leave, at the shift's end at the latest; return how many.

    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: as for each of them alone; then nobody leaves.
    """
    shift = _run_by(shift_id, by=by)
    left_at, here = min(at, shift.ends_at), PresenceStatus.PRESENT
    rows = [row for row in queries.presences_of(shift) if row.status == here]
    others = [row.application_id for row in rows if row.person_id != by.pk]
    for pk in others:
        check_out(application_id=pk, left_at=left_at, by=by, at=at)
    return len(others)


def _run_by(shift_id: int, *, by):
    shift = queries.hold_shift(shift_id)
    if not policies.may_run_day_sheet(by, shift.opportunity):
        raise NotAllowed(_("Only who runs this day can mark its sheet."))
    return shift


@transaction.atomic
def close_day_sheet(*, shift_id: int, by, at: datetime) -> int | None:
    """End the shift: write the hours of everyone who left; return how many entries.

    Whoever is still marked as here leaves at the shift's end, as *assumed*; whoever was
    never marked did not come. Closing a closed sheet changes nothing and returns None.

    :raises NotAllowed: if ``by`` does not run this day sheet.
    :raises NotNow: before the shift's end.
    :raises OwnRowOpen: if ``by`` has a place on the shift that nobody marked.
    :raises WrongState: if the shift was cancelled or moved.
    """
    shift = queries.hold_shift(shift_id)
    if not policies.may_run_day_sheet(by, shift.opportunity):
        raise NotAllowed(_("Only who runs this day can close its sheet."))
    if shift.status == ShiftStatus.CLOSED:
        return None
    if shift.status not in LIVE_SHIFTS:
        raise WrongState(_("This shift was cancelled or moved: there is no sheet to close."))
    if shift.ends_at > at:
        raise NotNow(_("The shift is not over yet. Close the sheet when it has ended."))
    missing = list(queries.unmarked(shift))
    if any(application.person_id == by.pk for application in missing):
        raise OwnRowOpen(
            _("You have a place on this shift yourself: a colleague marks it before you close.")
        )
    for application in missing:
        mark_absent(application_id=application.pk, excused=False, by=by, at=at)
    written = _enter_hours(shift, by=by, at=at)
    _start(shift, by=by, at=at)
    opportunities.close_shift(shift_id=shift.pk, by=by, at=at)
    if written:
        registry.call_office(queue="attendance.hours", body=shift.opportunity.body, by=by)
    return written


def _enter_hours(shift, *, by, at: datetime) -> int:
    written = 0
    for presence in queries.presences_of(shift):
        if presence.status == PresenceStatus.PRESENT:
            _assume_left(presence, at=at)
        if presence.status == PresenceStatus.LEFT:
            hours.enter_from_sheet(presence, by=by, at=at)
            written += 1
    return written


def start_begun_shifts(*, at: datetime) -> int:
    """A shift whose people were marked early runs from its start on; return how many begin."""
    started = 0
    for pk in queries.begun_with_people(at):
        with transaction.atomic():
            shift = queries.hold_shift(pk)
            if shift.status == ShiftStatus.PLANNED:
                _start(shift, by=None, at=at)
                started += 1
    return started


def assume_forgotten_checkouts(*, at: datetime) -> int:
    """Close the check-outs nobody recorded two hours after a shift's end; return how many."""
    assumed = 0
    before = at - LEAVING_IS_FORGOTTEN_AFTER
    for pk in list(queries.still_here_after(before).values_list("pk", flat=True)):
        with transaction.atomic():
            presence = queries.lock_presence(pk)
            if presence.status == PresenceStatus.PRESENT:
                _assume_left(presence, at=at)
                assumed += 1
    return assumed


def _assume_left(presence: Presence, *, at: datetime) -> None:
    """At the shift's end, or one minute after coming where they came later than that."""
    came_at = presence.came_at or presence.shift.starts_at  # a row that is here has come
    left_at = max(presence.shift.ends_at, came_at + timedelta(minutes=1))
    _step(presence, PresenceStatus.LEFT, by=None, at=at, action="leaving assumed",
          left_at=left_at, left_is_assumed=True)  # fmt: skip


def _presence(application_id: int, *, by) -> Presence:
    """The row of one person on the sheet, locked; made at the first tick."""
    presence = queries.lock_presence_of(application_id)
    if not policies.may_run_day_sheet(by, presence.shift.opportunity):
        raise NotAllowed(_("Only who runs this day can mark its sheet."))
    if presence.person_id == by.pk:
        raise NotAllowed(_("Somebody else marks your own presence."))
    if presence.shift.status not in LIVE_SHIFTS:
        raise AlreadyCounted(
            _("This sheet is closed. A wrong entry is put right in the hours ledger.")
        )
    if presence.application.status not in WITH_A_PLACE:
        raise WrongState(_("This person has no place on the shift any more. Reload the sheet."))
    return presence


def _come(presence: Presence, came_at: datetime, *, by, at: datetime) -> None:
    _step(presence, PresenceStatus.PRESENT, by=by, at=at, action="came", came_at=came_at)
    if at >= presence.shift.starts_at:
        _start(presence.shift, by=by, at=at)
    placement.mark_outcome(
        application_id=presence.application_id, outcome="attended", by=by, at=at
    )  # fmt: skip


def _expect(presence: Presence, *, by, at: datetime) -> None:
    """From here, missing or excused back to expected."""
    _step(presence, PresenceStatus.EXPECTED, by=by, at=at, action="undone", came_at=None)
    placement.mark_outcome(
        application_id=presence.application_id, outcome="confirmed", by=by, at=at
    )  # fmt: skip


def _reopen(presence: Presence, *, by, at: datetime, action: str) -> None:
    """From left back to here."""
    _step(presence, PresenceStatus.PRESENT, by=by, at=at, action=action,
          left_at=None, left_is_assumed=False)  # fmt: skip


def _must_be_a_time_of_coming(shift, came_at: datetime, *, at: datetime) -> None:
    if came_at > at:
        raise NotNow(
            _("This time is still to come. Enter when they really arrived."), field="came_at"
        )
    if came_at < shift.starts_at - EARLY:
        raise NotNow(
            _("That is more than two hours before the start: check the time of coming."),
            field="came_at",
        )
    if came_at > shift.ends_at:
        raise NotNow(
            _("By then the shift was over: check the time of coming."), field="came_at"
        )


def _must_be_a_time_of_leaving(
    shift, came_at: datetime | None, left_at: datetime, *, at: datetime
) -> None:
    if left_at > at:
        raise NotNow(
            _("This time is still to come. Enter when they really left."), field="left_at"
        )
    if came_at is None or left_at <= came_at:
        raise NotNow(_("Leaving comes after arriving: check the two times."), field="left_at")
    if left_at > shift.ends_at + LATEST:
        raise NotNow(_("That is long after the shift's end: check the time."), field="left_at")


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


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
