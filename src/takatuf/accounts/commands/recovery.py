"""The way back in with the desk's help: two of its people, and a day of notice."""

from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from takatuf.accounts import links, policies, queries
from takatuf.accounts.commands import people
from takatuf.accounts.enums import RECOVERY_STEPS, RecoveryStatus
from takatuf.accounts.models import Person, RecoveryRequest
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import require_another
from takatuf.kernel.text.names import ALIKE, name_similarity
from takatuf.kernel.transitions import WrongState, change_state, record

COOLING = timedelta(hours=24)


class CannotRecover(DomainError):
    """The request cannot go on like that."""


@transaction.atomic
def ask_recovery(
    *, claimed_name: str, claimed_contact: str, new_contact: str, birth_date: date | None,
    id_last_three: str, explanation: str, lost_second_factor: bool, at: datetime,
) -> RecoveryRequest:  # fmt: skip
    """Ask the desk for a way back in. The answer is the same whether the account exists.

    :param new_contact: whose code was typed just before.
    :param id_last_three: of the identity number, or empty; only compared, never stored.
    """
    person = queries.person_by_contact(claimed_contact)
    request = RecoveryRequest.objects.create(
        person=person,
        claimed_name=claimed_name,
        claimed_contact=claimed_contact,
        new_contact=new_contact,
        explanation=explanation.strip(),
        lost_second_factor=lost_second_factor,
        name_matches=person is not None
        and name_similarity(person.full_name, claimed_name) >= ALIKE,
        birth_date_matches=person is not None
        and birth_date is not None
        and person.birth_date == birth_date,
        id_matches=_id_matches(person, id_last_three),
        asked_at=at,
    )
    record(subject=request, action="asked", by=None, at=at, to_state=request.status)
    return request


@transaction.atomic
def approve_recovery(*, request: RecoveryRequest, by, at: datetime) -> RecoveryRequest:
    """The first of the desk has made sure who asks. The old channels hear of it now.

    :raises NotAllowed: outside the desk, or for one's own account.
    :raises CannotRecover: if no account matches, or another request is under way.
    :raises WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    if request.person is None:
        raise CannotRecover(
            _("No account has this old contact. Refuse the request, and invite them to join.")
        )
    try:
        with transaction.atomic():
            change_state(
                request, RecoveryStatus.APPROVED, table=RECOVERY_STEPS, by=by, at=at,
                action="approved", approved_by=by, cooling_ends_at=at + COOLING,
            )  # fmt: skip
    except IntegrityError as error:
        raise CannotRecover(
            _("Another request for this account is under way. Finish or refuse it first.")
        ) from error
    for contact in queries.verified_contacts(request.person):
        outbox.send(
            template="accounts.recovery_notice", to=request.person, address=contact,
            urgent=True, at=at,
            context={"ending": people.masked(request.new_contact),
                     "link": links.stop_link(request, at=at)},
        )  # fmt: skip
    return request


@transaction.atomic
def confirm_recovery(*, request: RecoveryRequest, by, at: datetime) -> RecoveryRequest:
    """A second person of the desk agrees; it takes effect when the day of notice is over.

    :raises NotAllowed: outside the desk, or for one's own account.
    :raises takatuf.kernel.four_eyes.SamePerson: if the same person approved it.
    :raises WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    if request.status == RecoveryStatus.APPROVED:
        require_another(first=request.approved_by, second=by)
    change_state(
        request, RecoveryStatus.CONFIRMED, table=RECOVERY_STEPS, by=by, at=at,
        action="confirmed", confirmed_by=by,
    )  # fmt: skip
    return request


@transaction.atomic
def refuse_recovery(
    *, request: RecoveryRequest, reason: str, by, at: datetime
) -> RecoveryRequest:
    """The desk says no, with a reason that reaches whoever asked.

    :raises NotAllowed: outside the desk. :raises CannotRecover: without a reason.
    :raises WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    if not reason.strip():
        raise CannotRecover(_("Say why, so that they know what to bring."), field="reason")
    change_state(
        request, RecoveryStatus.REFUSED, table=RECOVERY_STEPS, by=by, at=at, action="refused",
        reason=reason.strip(), about=request.person, ended_at=at,
    )  # fmt: skip
    outbox.send(
        template="accounts.recovery_refused", address=request.new_contact, at=at,
        context={"name": request.claimed_name, "reason": reason.strip()},
    )  # fmt: skip
    return request


@transaction.atomic
def stop_recovery(*, request: RecoveryRequest, at: datetime) -> RecoveryRequest:
    """The account's owner, by the link sent to their old channel, says it was not them.

    Stopping twice is one stop.

    :raises WrongState: if it was done or refused already.
    """
    if request.status == RecoveryStatus.STOPPED:
        return request
    change_state(
        request, RecoveryStatus.STOPPED, table=RECOVERY_STEPS, by=request.person, at=at,
        action="stopped", ended_at=at,
    )  # fmt: skip
    return request


def finish_recoveries(at: datetime) -> int:
    """Let those take effect whose day of notice is over; each in its own transaction."""
    return sum(_finish(pk, at) for pk in queries.recoveries_to_finish(at))


@transaction.atomic
def _finish(pk: int, at: datetime) -> bool:
    request = RecoveryRequest.objects.select_related("person").get(pk=pk)
    assert request.person is not None  # noqa: S101 - one was, to be approved
    try:
        people.check_contact(request.person, request.new_contact)
    except people.CannotChange:
        change_state(
            request, RecoveryStatus.REFUSED, table=RECOVERY_STEPS, by=None, at=at,
            action="contact_taken", ended_at=at,
        )  # fmt: skip
        return False
    try:
        change_state(
            request, RecoveryStatus.DONE, table=RECOVERY_STEPS, by=None, at=at,
            action="done", ended_at=at,
        )  # fmt: skip
    except WrongState:  # stopped at the last moment
        return False
    _hand_over(request.person, request, at=at)
    return True


def _hand_over(person: Person, request: RecoveryRequest, *, at: datetime) -> None:
    """The new contact opens the account; with a lost factor, everything is set up anew."""
    if request.lost_second_factor:
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()
        person.save(update_fields=["password"])
    people.change_contact(
        person=person, contact=request.new_contact, by=request.confirmed_by, at=at
    )
    outbox.send(
        template="accounts.recovery_done", to=person, address=request.new_contact, urgent=True,
        at=at,
    )  # fmt: skip


def _only_desk(request: RecoveryRequest, by, at: datetime) -> None:
    if not policies.may_recover(by, request, at):
        raise NotAllowed(_("Only the regional desk decides this, and never on oneself."))


def _id_matches(person: Person | None, last_three: str) -> bool | None:
    if person is None or not person.id_last_three or not last_three:
        return None
    return person.id_last_three == last_three
