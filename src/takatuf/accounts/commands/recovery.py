"""The way back in with the desk's help: two of its people, and a day of notice."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import translation
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
from takatuf.kernel.typography import when

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
    :raises CannotRecover: if the new contact is somebody else's here.
    """
    person = queries.person_by_contact(claimed_contact)
    if _taken(new_contact, person):
        # Only somebody who holds the contact gets here, so this tells nothing to strangers.
        raise CannotRecover(
            _("The new contact opens another account, or is your guardian's. Sign in with it "
              "if that account is yours; otherwise give another mobile or e-mail.")
        )  # fmt: skip
    request = RecoveryRequest.objects.create(
        person=person,
        claimed_name=claimed_name,
        claimed_contact=claimed_contact,
        new_contact=new_contact,
        explanation=explanation.strip(),
        lost_second_factor=lost_second_factor,
        name_matches=person is not None
        and name_similarity(person.full_name, claimed_name) >= ALIKE,
        birth_date_matches=_birth_date_matches(person, birth_date),
        id_matches=_id_matches(person, id_last_three),
        asked_at=at,
    )
    record(subject=request, action="asked", by=None, at=at, to_state=request.status)
    _tell(request, "recovery_asked", at=at)
    return request


@transaction.atomic
def approve_recovery(*, request: RecoveryRequest, by, at: datetime) -> RecoveryRequest:
    """The first of the desk has made sure who asks. The old channels hear of it now.

    :raises NotAllowed: outside the desk, or for one's own account.
    :raises CannotRecover: if no account matches, if the new contact is somebody else's by
        now, or if another request is under way.
    :raises WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    if request.person is None:
        raise CannotRecover(
            _("No account has this old contact. Refuse the request, and invite them to join.")
        )
    if _taken(request.new_contact, request.person):
        raise CannotRecover(
            _("The new contact opens another account by now, or is the guardian's. Refuse the "
              "request, and ask for another one.")
        )  # fmt: skip
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
    with translation.override(request.person.language):
        until = when(request.cooling_ends_at)
    _tell(request, "recovery_started", at=at, until=until)
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
    _tell(request, "recovery_refused", at=at, reason=reason.strip())
    return request


@transaction.atomic
def stop_recovery(*, request: RecoveryRequest, at: datetime) -> RecoveryRequest:
    """The account's owner, by the link sent to their old channel, says it was not them.

    Stopping twice is one stop. Whoever asked is told: the old mobile may be in a thief's hand.

    :raises WrongState: if it was done or refused already.
    """
    if request.status == RecoveryStatus.STOPPED:
        return request
    change_state(
        request, RecoveryStatus.STOPPED, table=RECOVERY_STEPS, by=request.person, at=at,
        action="stopped", ended_at=at,
    )  # fmt: skip
    _tell(request, "recovery_stopped", at=at)
    return request


def finish_recoveries(at: datetime) -> int:
    """Let those take effect whose day of notice is over; each in its own transaction."""
    return sum(_finish(pk, at) for pk in queries.recoveries_to_finish(at))


@transaction.atomic
def _finish(pk: int, at: datetime) -> bool:
    request = RecoveryRequest.objects.select_related("person").get(pk=pk)
    assert request.person is not None  # noqa: S101 - one was, to be approved
    # Held before it is looked at: nobody begins to use it between that and its giving way.
    other = queries.hold_by_contact(request.new_contact)
    if _taken(request.new_contact, request.person):
        change_state(
            request, RecoveryStatus.REFUSED, table=RECOVERY_STEPS, by=None, at=at,
            action="contact_taken", ended_at=at,
        )  # fmt: skip
        _tell(request, "recovery_taken", at=at)
        return False
    try:
        change_state(
            request, RecoveryStatus.DONE, table=RECOVERY_STEPS, by=None, at=at,
            action="done", ended_at=at,
        )  # fmt: skip
    except WrongState:  # stopped at the last moment
        return False
    if other is not None and other.pk != request.person.pk:
        _give_way(other, request.person, at=at)
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


def _taken(contact: str, person: Person | None) -> bool:
    """Whether it opens somebody else's account in which there is anything, or the person's
    guardian answers with it.
    """
    if person is not None and queries.is_guardians(contact, person):
        return True
    other = queries.person_by_contact(contact)
    if other is None or (person is not None and other.pk == person.pk):
        return False
    return not queries.is_untouched(other)


def _give_way(empty: Person, person: Person, *, at: datetime) -> None:
    """Signing in with a new contact opens an account by itself: an empty one gives way."""
    EmailAddress.objects.filter(user=empty).delete()
    empty.phone, empty.email, empty.is_active = None, None, False
    empty.phone_verified = empty.email_verified = False
    empty.save(
        update_fields=["phone", "email", "is_active", "phone_verified", "email_verified"]
    )
    record(subject=empty, action="gave_way", by=person, at=at, about=empty)


def _tell(request: RecoveryRequest, template: str, *, at: datetime, **context) -> None:
    """Write to the proved contact of whoever asked."""
    outbox.send(
        template=f"accounts.{template}", address=request.new_contact, at=at,
        language=request.person.language if request.person else "",
        context={"name": request.claimed_name, **context},
    )  # fmt: skip


def _only_desk(request: RecoveryRequest, by, at: datetime) -> None:
    if not policies.may_recover(by, request, at):
        raise NotAllowed(_("Only the regional desk decides this, and never on oneself."))


def _birth_date_matches(person: Person | None, birth_date: date | None) -> bool | None:
    if person is None or person.birth_date is None or birth_date is None:
        return None
    return person.birth_date == birth_date


def _id_matches(person: Person | None, last_three: str) -> bool | None:
    if person is None or not person.id_last_three or not last_three:
        return None
    return person.id_last_three == last_three
