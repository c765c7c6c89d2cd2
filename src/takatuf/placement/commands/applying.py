"""Asking for a place."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.transitions import record
from takatuf.kernel.working_days import add_working_days
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import Way
from takatuf.placement import queries
from takatuf.placement.commands import seats
from takatuf.placement.eligibility import Verdict
from takatuf.placement.enums import ApplicationStatus, Origin
from takatuf.placement.models import Application, Covenant

ANSWER_WORKING_DAYS = 5


class NotEligible(DomainError):
    """A rule is not met; ``verdict`` says which, and what would change it."""

    def __init__(self, verdict: Verdict):
        obstacle = verdict.first_obstacle
        super().__init__(obstacle.sentence if obstacle else _("This place does not suit."))
        self.verdict = verdict


class NothingChosen(DomainError):
    """No shift was named."""


@transaction.atomic
def apply(
    *, person, shift_role_ids: Sequence[int], by, at: datetime, message: str = ""
) -> list[Application]:
    """Ask for places in one or several shifts of one opportunity: all of them or none.

    Open opportunities give the seat at once, or a place on the waiting list; by request the
    body answers within five working days. Asking again for what one already has is answered
    with what one has.

    :raises NothingChosen: if no shift is named, or they belong to different opportunities.
    :raises NotEligible: if a rule is not met for one of them.
    """
    queries.lock_person(person.pk)
    roles = opportunities.shift_roles_by_id(sorted(set(shift_role_ids)))
    if not roles or len({role.shift.opportunity_id for role in roles}) > 1:
        raise NothingChosen(_("Choose at least one shift."))
    batch = uuid.uuid4()
    return [
        _apply_to_one(person, role, batch=batch, message=message.strip(), by=by, at=at)
        for role in roles
    ]


def _apply_to_one(person, role, *, batch, message, by, at) -> Application:
    if mine := queries.standing_application(person.pk, role.shift_id):
        return mine
    verdict = seats.verdict_on(person, role, at=at)
    if not verdict.eligible:
        raise NotEligible(verdict)
    opportunity = role.shift.opportunity
    by_request = opportunity.way == Way.BY_REQUEST
    application = Application.objects.create(
        opportunity=opportunity,
        shift=role.shift,
        shift_role=role,
        person=person,
        batch=batch,
        origin=Origin.APPLIED,
        message=message,
        applied_at=at,
        answer_due_at=add_working_days(at, ANSWER_WORKING_DAYS) if by_request else None,
    )
    record(
        subject=application, action="applied", by=by, at=at, to_state=application.status,
        about=person,
    )  # fmt: skip
    if by_request:
        seats.tell(application, "placement.received", at=at)
    elif opportunities_commands.take_role_seat(role.pk):
        seats.confirm(application, by=by, at=at, action="joined")
    else:
        seats.step(
            application, ApplicationStatus.WAITING, by=by, at=at, action="joined the line"
        )
        seats.tell(application, "placement.waiting", at=at)
    return application


@transaction.atomic
def sign_covenant(
    *, person, opportunity, signed_name: str, text_version: str, by, at: datetime
) -> Covenant:
    """The covenant of one opportunity for one minor; signing twice is signing once.

    :raises DomainError: if no name is written.
    """
    if not signed_name.strip():
        raise DomainError(_("Write the full name as a signature."), field="signed_name")
    covenant, created = Covenant.objects.get_or_create(
        person=person,
        opportunity=opportunity,
        defaults={
            "text_version": text_version,
            "signed_name": signed_name.strip(),
            "signed_at": at,
        },
    )
    if created:
        record(subject=covenant, action="covenant signed", by=by, at=at, about=person)
    return covenant
