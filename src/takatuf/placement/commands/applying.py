"""Asking for a place."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities.enums import Way
from takatuf.placement import policies, queries
from takatuf.placement.commands import seats
from takatuf.placement.eligibility import Verdict
from takatuf.placement.enums import (
    STANDING,
    ApplicationStatus,
    Origin,
)
from takatuf.placement.models import Application
from takatuf.registry import commands as registry

TOLD = {  # what came of asking -> the message that says so
    ApplicationStatus.APPLIED: "received",
    ApplicationStatus.CONFIRMED: "confirmed",
    ApplicationStatus.WAITING: "waiting",
}
LONGEST_MESSAGE = 600  # characters
RECEIVED_FOR_A_ROUND = "received_round"  # nobody answers within five days: the round does


class NotEligible(DomainError):
    """A rule is not met; ``verdict`` says which, and what would change it."""

    def __init__(self, verdict: Verdict):
        obstacle = verdict.first_obstacle
        super().__init__(obstacle.sentence if obstacle else _("This place does not suit."))
        self.verdict = verdict


class NothingChosen(DomainError):
    """No shift was named, or more than one role of a shift."""


class _SeatFreed(Exception):
    """A seat became free while somebody was joining the line for it."""


def apply(
    *, person, shift_role_ids: Sequence[int], by, at: datetime, message: str = ""
) -> list[Application]:
    """Ask for places in one or several shifts of one opportunity: all of them or none.

    Open opportunities give the seat at once, or a place on the waiting list; by request the
    body answers within five working days and before the shift; by round the next matching
    round does. Asking again for what one already has is answered with what one has.

    :raises NotAllowed: if somebody else asks.
    :raises NothingChosen: if no shift is named, or they belong to different opportunities,
        or two roles of one shift are named.
    :raises NotEligible: if a rule is not met for one of them.
    :raises DomainError: if the message is longer than LONGEST_MESSAGE.
    """
    if not policies.may_apply_for(by, person):
        raise NotAllowed(_("Everybody asks for a place in their own name."))
    chosen = queries.chosen_places(shift_role_ids)
    if chosen is None:
        raise NothingChosen(_("Choose at least one shift."))
    _one_role_a_shift(chosen.shift_ids)
    if had := queries.standing_in(person.pk, chosen.shift_ids):  # asked once more
        return had
    message = message.strip()
    if len(message) > LONGEST_MESSAGE:
        raise DomainError(
            _("A word to the unit has at most %(most)s characters: say it shorter.")
            % {"most": LONGEST_MESSAGE},
            field="message",
        )
    # Who the person is, is read before anybody has to wait for this.
    known = queries.known_about([person], chosen.opportunity_id, at=at, rows=())[person.pk]
    asked = {"known": known, "chosen": chosen, "message": message, "by": by, "at": at}
    try:
        return _apply(**asked, in_line=chosen.full)
    except _SeatFreed:
        return _apply(**asked, in_line=False)


@transaction.atomic
def _apply(*, known, chosen, message, by, at, in_line: bool) -> list[Application]:
    """Again under the locks: what the person has by now, and how the shifts stand.

    :param in_line: every seat was taken: those who only join the line do so side by side.
    :raises _SeatFreed: if that is no longer so.
    """
    person, opportunity_id = known.person, chosen.opportunity_id
    queries.lock_person(person.pk)
    rows = list(queries.engagement_rows([person.pk], at=at, opportunity=opportunity_id))
    if known.may_be_minor(at):  # a consent may have been withdrawn meanwhile
        known = queries.known_about([person], opportunity_id, at=at, rows=rows)[person.pk]
    known = replace(known, held=tuple(queries.held_by(rows)))
    # From here on nobody moves or cancels the shifts, or gives their seats away.
    queries.lock_listings([opportunity_id], shared=in_line)
    roles = queries.roles_with_lines(chosen.role_ids)
    if in_line and any(role.seats_left for role in roles):
        raise _SeatFreed
    standing = _standing(rows, opportunity_id)
    return _apply_to_each(known, roles, standing, message=message, by=by, at=at)


def _standing(rows, opportunity_id: int) -> dict[int, Application]:
    return {row.shift_id: row for row in rows if _stands(row, opportunity_id)}


def _apply_to_each(known, roles, standing, *, message, by, at) -> list[Application]:
    batch, applications, new = uuid.uuid4(), [], []
    for role in roles:
        application = standing.get(role.shift_id)
        if application is None:
            application = _apply_to_one(known, role, batch=batch, message=message, by=by, at=at)
            # What was just had may clash with the next.
            known = replace(known, held=(*known.held, *queries.held_by([application])))
            new.append(application)
        applications.append(application)
    opportunity = applications[0].opportunity
    by_round = opportunity.way == Way.ROUND
    told = TOLD | ({ApplicationStatus.APPLIED: RECEIVED_FOR_A_ROUND} if by_round else {})
    for status, template in told.items():
        alike = [row for row in new if row.status == status]
        seats.tell_of_all(alike, f"placement.{template}", at=at)
    if not by_round and any(row.status == ApplicationStatus.APPLIED for row in new):
        registry.call_office(queue="placement.applications", body=opportunity.body, by=by)
    return applications


def _one_role_a_shift(shift_ids: Sequence[int]) -> None:
    if len(set(shift_ids)) < len(shift_ids):
        raise NothingChosen(_("Choose one role in each shift."))


def _stands(row: Application, opportunity_id: int) -> bool:
    return row.opportunity_id == opportunity_id and row.status in STANDING


def _apply_to_one(known, role, *, batch, message, by, at) -> Application:
    """The rules first, then the seat; one row in the state that comes of it."""
    verdict = known.verdict(role, at=at)
    if not verdict.eligible:
        raise NotEligible(verdict)
    made = {
        "person": known.person, "role": role, "batch": batch, "origin": Origin.APPLIED,
        "message": message, "by": by, "at": at,
    }  # fmt: skip
    if role.shift.opportunity.way == Way.ROUND:
        return seats.start(**made, status=ApplicationStatus.APPLIED, action="applied")
    if role.shift.opportunity.way == Way.BY_REQUEST:
        return seats.start(
            **made, status=ApplicationStatus.APPLIED, action="applied",
            answer_due_at=seats.answer_due(role.shift, at=at),
        )  # fmt: skip
    if _take_free_seat(role, at=at):
        return seats.start(
            **made, status=ApplicationStatus.CONFIRMED, action="joined", confirmed_at=at
        )  # fmt: skip
    return seats.start(**made, status=ApplicationStatus.WAITING, action="joined the line")


def _take_free_seat(role, *, at: datetime) -> bool:
    """A seat that nobody in the line comes first for: seats added a moment ago may be free
    before the line has heard of them.
    """
    # While the listing is locked nobody frees or adds a seat: full stays full.
    if not role.seats_left or not opportunities_commands.take_role_seat(role.pk):
        return False
    if not role.has_line:
        return True
    opportunities_commands.release_role_seat(role.pk)
    seats.tell_offered(seats.pass_on_all(role.pk, at=at), at=at)
    return opportunities_commands.take_role_seat(role.pk)
