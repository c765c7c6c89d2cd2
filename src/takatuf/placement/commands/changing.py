"""Another shift of the same opportunity instead of the one a person has, in one step."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel import traces
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import WrongState
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities import queries as opportunities
from takatuf.placement import policies, queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.applying import NotEligible
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application

CHANGEABLE = (ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED)


class NotThere(DomainError):
    """The other shift cannot be had this way, or its last seat has just gone."""


@transaction.atomic
def change_place(*, application_id: int, shift_role_id: int, by, at: datetime) -> Application:
    """The person comes to another shift; the seat they had goes to the next in line, or went
    with its shift when the body cancelled that: then they choose once.

    Whoever is moved by the body may change whatever the opportunity's way, and whose shift it
    cancelled; otherwise only where seats are open to all. Asking twice is answered with the
    place one has.

    :raises NotAllowed: if the place is not ``by``'s own.
    :raises WrongState: if they hold no place or offer any more.
    :raises NotThere: if the other shift is not one of those offered, or is full by now.
    :raises NotEligible: if a rule is not met there.
    """
    application = queries.hold_application(application_id)
    if not policies.may_answer(by, application):
        raise NotAllowed(_("This place belongs to somebody else."))
    role = _known(shift_role_id)
    had = queries.standing_application(application.person_id, role.shift_id)
    if had and had.status == ApplicationStatus.CONFIRMED:
        return had
    _must_be_offered(application, role, had, at=at)
    verdict = seats.verdict_on(
        application.person, role, at=at, apart_from=application.pk, invited=True
    )
    if not verdict.eligible:
        raise NotEligible(verdict)
    if not opportunities_commands.take_role_seat(role.pk):
        raise NotThere(_("The last seat there has just gone. Choose another shift."))
    return _change(application, role, by=by, at=at)


def _change(application: Application, role, *, by, at: datetime) -> Application:
    """The seat there is taken: the old place ends, if it has not, and the new one follows."""
    if application.status in CHANGEABLE:
        seats.end(
            application, ApplicationStatus.WITHDRAWN, by=by, at=at,
            action="changed to another shift",
        )  # fmt: skip
    new = seats.start(
        person=application.person, role=role, batch=application.batch,
        origin=application.origin, status=ApplicationStatus.CONFIRMED, by=by, at=at,
        action="came from another shift", template="confirmed", confirmed_at=at,
        message=application.message,
    )  # fmt: skip
    traces.link(new, traces.Relation.SUPERSEDES, application, at=at)
    return new


def _known(shift_role_id: int):
    found = opportunities.shift_roles_by_id([shift_role_id])
    if not found:
        raise NotThere(_("This shift cannot be had instead. Choose one of those shown."))
    return found[0]


def _must_be_offered(application: Application, role, had, *, at: datetime) -> None:
    if application.went_with_its_shift and queries.taken_instead(application):
        raise WrongState(_("You have already chosen another shift instead."))
    if not _may_change(application, at=at):
        raise WrongState(_("There is no place of yours to change here."))
    choices = queries.other_shifts(application, at=at)
    if had or not choices.filter(pk=role.pk).exists():
        raise NotThere(_("This shift cannot be had instead. Choose one of those shown."))


def _may_change(application: Application, *, at: datetime) -> bool:
    if application.went_with_its_shift:
        return True
    offer_over = (
        application.status == ApplicationStatus.OFFERED
        and (application.offer_expires_at or at) <= at
    )
    return (
        application.status in CHANGEABLE and not offer_over and application.shift.starts_at > at
    )
