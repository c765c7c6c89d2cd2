"""Answers: the body's to an application, the person's to an offer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.sayings import Saying, write_down
from takatuf.kernel.transitions import WrongState, record
from takatuf.opportunities import commands as opportunities_commands
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import Way
from takatuf.placement import policies, queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.applying import NotEligible
from takatuf.placement.eligibility import Verdict, title_of
from takatuf.placement.enums import (
    LET_LAPSE,
    UNANSWERED,
    WITHDREW,
    ApplicationStatus,
    DeclineReason,
    Origin,
)
from takatuf.placement.models import Application
from takatuf.registry import commands as registry

REASON_LENGTH = 500
ACCEPTED_AT_ONCE = 60  # each is judged for itself, while all of them stand locked
OWN_WORDS = 400  # characters: a ready reason beside them is kept whole too


class DoesNotFit(NotEligible):
    """Told to the body: which rules are not met, and nothing more about the person."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict)
        unmet = [title_of(answer.rule) for answer in verdict.answers if answer.stops]
        self.saying = Saying(gettext_lazy("Does not fit any more: %(rules)s."), rules=unmet)
        self.message = str(self.saying)


class NoSeatLeft(DomainError):
    """Every seat of this role in this shift is taken."""


@dataclass(frozen=True)
class Accepted:
    """What came of accepting several at once."""

    accepted: list[Application]
    left: list[tuple[Application, str]]  # with the sentence that says why


@transaction.atomic
def accept_application(*, application_id: int, by, at: datetime) -> Application:
    """The body says yes: a seat is held and the person asked to confirm.

    Accepting again what is already offered or confirmed is answered with how it stands.

    :raises NotAllowed: if ``by`` may not decide on it.
    :raises DoesNotFit: if the person no longer fits.
    :raises NoSeatLeft: if no seat is left; the application is untouched.
    """
    application = _to_decide(application_id, by=by)
    if _accept(application, by=by, at=at):
        seats.tell_of_all([application], "placement.offered", at=at, urgent=True)
    return application


def _accept(application: Application, *, by, at: datetime) -> bool:
    """Whether it is offered only now; the caller tells the person then."""
    if application.status in (ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED):
        return False
    seats.must_be_answerable(application)
    verdict = seats.verdict_on_place(application, at=at)
    if not verdict.eligible:
        raise DoesNotFit(verdict)
    if not opportunities_commands.take_role_seat(application.shift_role_id):
        raise NoSeatLeft(_("No seat is left in this role and shift. Add seats or decline."))
    first_answer = application.status == ApplicationStatus.APPLIED
    seats.offer(application, by=by, at=at, action="accepted", answered_at=at, answered_by=by)
    if first_answer:
        count_reply(application, at=at)
    return True


@transaction.atomic
def accept_applications(*, application_ids: Sequence[int], by, at: datetime) -> Accepted:
    """Accept several, the first come first; each for itself, so that one that no longer
    fits holds up nobody. Each person reads one message.

    :raises NotAllowed: if ``by`` may not decide on one of them; then none is accepted.
    :raises DomainError: if they are more than ``ACCEPTED_AT_ONCE``.
    """
    if len(set(application_ids)) > ACCEPTED_AT_ONCE:
        raise DomainError(
            _("At most %(most)s people are accepted at once: tick fewer, then the rest.")
            % {"most": ACCEPTED_AT_ONCE}
        )
    outcome, new = Accepted(accepted=[], left=[]), []
    queries.lock_people_of(application_ids)
    for application_id in sorted(set(application_ids)):
        try:
            with transaction.atomic():
                row = _to_decide(application_id, by=by)
                if _accept(row, by=by, at=at):
                    new.append(row)
        except NotAllowed:
            raise
        except DomainError as refusal:
            row = queries.application_for_link(application_id)
            outcome.left.append((row, str(refusal)))
        else:
            outcome.accepted.append(row)
    seats.tell_of_all(new, "placement.offered", at=at, urgent=True)
    return outcome


@transaction.atomic
def decline_application(
    *, application_id: int, by, at: datetime, reason: str = "", template: str = ""
) -> Application:
    """The body says no, with a reason the person reads in their language.

    :param template: one of the ready reasons (``DeclineReason``), before any own words.
    :raises NotAllowed: if ``by`` may not decide on it.
    :raises DomainError: if no reason is given, or a longer one than is kept.
    """
    application = _to_decide(application_id, by=by)
    seats.must_be_answerable(application)
    ready = (
        write_down(DeclineReason(template).label) if template in DeclineReason.values else ""
    )
    words = "\n".join(filter(None, [ready, in_own_words(reason)]))
    if not words:
        raise DomainError(_("Tell the volunteer why, in a sentence."), field="reason")
    first_answer = application.status == ApplicationStatus.APPLIED
    seats.step(
        application, ApplicationStatus.DECLINED, by=by, at=at, action="declined",
        reason=words, ended_at=at, answered_at=at, answered_by=by,
    )  # fmt: skip
    if first_answer:
        count_reply(application, at=at)
    seats.tell(application, "placement.declined", at=at)
    return application


def in_own_words(typed: str) -> str:
    """A reason as it is kept.

    :raises DomainError: if it is longer than that.
    """
    words = " ".join(typed.split())
    if len(words) > OWN_WORDS:
        raise DomainError(_("Say it in at most 400 characters."), field="reason")
    return words


@transaction.atomic
def invite(*, person, shift_role_id: int, by, at: datetime, message: str = "") -> Application:
    """The body offers somebody a place of its own accord; the seat is held.

    Whoever has already asked for this shift is accepted instead.

    :raises NotAllowed: if ``by`` may not invite for this body, or invites themself.
    :raises DoesNotFit: if a rule is not met.
    :raises NoSeatLeft: if no seat is left.
    """
    queries.lock_person(person.pk)
    role = opportunities.shift_role(shift_role_id)
    if not policies.may_invite(by, role.shift.opportunity) or by.pk == person.pk:
        raise NotAllowed(_("Only the body's unit manager invites to this."))
    queries.lock_listings([role.shift.opportunity_id])
    role = opportunities.shift_role(shift_role_id)  # as it stands, now that nobody changes it
    if mine := queries.standing_application(person.pk, role.shift_id):
        if mine.status in UNANSWERED and _accept(mine, by=by, at=at):
            seats.tell_of_all([mine], "placement.offered", at=at, urgent=True)
        return mine
    verdict = seats.verdict_on(person, role, at=at, invited=True)
    if not verdict.eligible:
        raise DoesNotFit(verdict)
    if not opportunities_commands.take_role_seat(role.pk):
        raise NoSeatLeft(_("No seat is left in this role and shift. Add seats first."))
    return seats.start(
        person=person, role=role, batch=uuid.uuid4(), origin=Origin.INVITED,
        status=ApplicationStatus.OFFERED, by=by, at=at, action="invited", template="invited",
        urgent=True, message=message.strip(),
        offer_expires_at=seats.offer_end(role.shift, at=at),
    )  # fmt: skip


@transaction.atomic
def confirm_place(*, application_id: int, by, at: datetime) -> Application:
    """The person takes the offered place. Saying yes twice is saying it once.

    A paused intake does not take back what was offered before.

    :raises NotAllowed: if the place is not ``by``'s own.
    :raises NotEligible: if a clash or another rule has come up since.
    :raises WrongState: if the offer is over.
    """
    application = _own(application_id, by=by)
    if application.status == ApplicationStatus.CONFIRMED:
        return application
    ends = application.offer_expires_at
    if application.status == ApplicationStatus.WITHDRAWN:
        raise WrongState(_("You have already left this place. Apply again if seats are left."))
    if application.status != ApplicationStatus.OFFERED or ends is None or ends <= at:
        raise WrongState(_("This offer is over. See the opportunity for places that are left."))
    verdict = seats.verdict_on_place(application, at=at)
    if not verdict.eligible:
        raise NotEligible(verdict)
    seats.confirm(application, by=by, at=at, action="confirmed")
    return application


@transaction.atomic
def reconfirm_place(*, application_id: int, by, at: datetime) -> Application:
    """The person, asked again before the shift, says they are coming."""
    application = _own(application_id, by=by)
    if application.status != ApplicationStatus.CONFIRMED:
        raise WrongState(_("There is no place of yours to confirm here."))
    if application.reconfirmed_at is None or application.is_asked_again:
        application.reconfirmed_at = at
        application.save(update_fields=["reconfirmed_at"])
        record(subject=application, action="confirmed again", by=by, at=at, about=by)
    return application


@transaction.atomic
def withdraw(*, application_id: int, by, at: datetime, reason: str = "") -> Application:
    """The person leaves: the queue, the offer or the place. Leaving twice is leaving once.

    :raises NotAllowed: if it is not ``by``'s own.
    :raises WrongState: if the shift is over, or it was answered with a no.
    """
    application = _own(application_id, by=by)
    if application.status == ApplicationStatus.WITHDRAWN:
        return application
    if application.shift.ends_at <= at:
        raise WrongState(_("This shift is over, so there is no place to leave."))
    seats.end(
        application, ApplicationStatus.WITHDRAWN, by=by, at=at, action=WITHDREW,
        reason=reason.strip(),
    )  # fmt: skip
    return application


def expire_offers(*, at: datetime) -> int:
    """Let the offers nobody answered go, one transaction each; return how many.

    Running it twice, or in two workers at once, lets each go once.
    """
    expired = 0
    for application_id in queries.expired_offers(at).values_list("pk", flat=True):
        with transaction.atomic():
            application = queries.hold_application(application_id)
            if application.status != ApplicationStatus.OFFERED:
                continue
            seats.end(application, ApplicationStatus.EXPIRED, by=None, at=at, action=LET_LAPSE)
            seats.tell(application, "placement.expired", at=at)
            expired += 1
    return expired


def close_overtaken(*, at: datetime) -> int:
    """Tell who still waits when the shift begins that it began without them; return how many.

    An application the body never answered counts as answered late in its public figures;
    where a round decides nobody was to answer each.
    """
    closed = 0
    for application_id in queries.overtaken(at).values_list("pk", flat=True):
        with transaction.atomic():
            application = queries.hold_application(application_id)
            by_round = application.opportunity.way == Way.ROUND
            unanswered = application.status == ApplicationStatus.APPLIED and not by_round
            if application.status not in UNANSWERED:
                continue
            seats.step(
                application, ApplicationStatus.EXPIRED, by=None, at=at,
                action="shift began", ended_at=at,
            )  # fmt: skip
            if unanswered:
                minutes = int((at - application.applied_at).total_seconds() // 60)
                registry.count_reply(
                    body=application.opportunity.body, minutes=minutes, in_time=False
                )
            template = "placement.unanswered" if unanswered else "placement.line_closed"
            seats.tell(application, template, at=at)
            closed += 1
    return closed


def _to_decide(application_id: int, *, by) -> Application:
    application = queries.hold_application(application_id)
    if not policies.may_decide(by, application):
        raise NotAllowed(_("Only the body's unit manager answers this application."))
    return application


def _own(application_id: int, *, by) -> Application:
    application = queries.hold_application(application_id)
    if not policies.may_answer(by, application):
        raise NotAllowed(_("This place belongs to somebody else."))
    return application


def count_reply(application: Application, *, at: datetime) -> None:
    """The body's first answer counts in its public figures, where each was to be answered."""
    if application.opportunity.way == Way.ROUND:  # nobody was asked to answer each in time
        return
    minutes = int((at - application.applied_at).total_seconds() // 60)
    in_time = application.answer_due_at is None or at <= application.answer_due_at
    registry.count_reply(body=application.opportunity.body, minutes=minutes, in_time=in_time)
