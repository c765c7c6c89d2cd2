"""Mending a birth date: by oneself, at the desk, or at the desk because one asked it."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takatuf.accounts import policies, queries
from takatuf.accounts.commands.consents import shorten_consent, tell_guardian
from takatuf.accounts.commands.people import (
    CannotChange,
    check_birth_date,
    check_not_made_adult,
)
from takatuf.accounts.enums import (
    ADULT_AGE,
    BIRTH_DATE_REQUEST_STEPS,
    BirthDateBasis,
    BirthDateRequestStatus,
)
from takatuf.accounts.models import BirthDateRequest, Person, years_old
from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.kernel import outbox
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import change_state, record
from takatuf.kernel.typography import whole_day


@transaction.atomic
def correct_birth_date(
    *, person: Person, birth_date: date, reason: str, by, at: datetime
) -> Person:
    """Mend a birth date, with the reason kept. Whoever is concerned is told of the desk's, and
    a guardian who agreed of any: another age opens other places.

    Who becomes a minor waits for a guardian's consent and leaves coming places until then;
    a consent ends with the eighteenth birthday of the new date.

    :raises NotAllowed: if ``by`` is neither the person nor of the desk.
    :raises CannotChange: without a reason; for a date that is nobody's or stands already; if
        a minor would make themself an adult, which only somebody else may confirm.
    """
    own = by.pk == person.pk
    if not own and not policies.may_correct_birth_date(by, person, at):
        raise NotAllowed(_("Only the regional desk corrects somebody's birth date."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    today = timezone.localdate(at)
    was, suggested = person.birth_date, queries.is_suggested(person)
    free_before = suggested or not person.is_minor(
        on=today
    )  # could hold places without consent
    if not reason.strip():
        raise CannotChange(_("Say why the date changes."), field="reason")
    check_birth_date(birth_date, on=today)
    check_not_made_adult(person, birth_date, by=by, on=today)
    if not own and birth_date == was and not suggested:
        raise CannotChange(_("This date stands already."), field="birth_date")
    person.birth_date, person.birth_date_basis = birth_date, BirthDateBasis.SAID
    person.save(update_fields=["birth_date", "birth_date_basis"])
    record(
        subject=person, action="birth_date_corrected", by=by, at=at, reason=reason.strip(),
        changes={"birth_date": [str(was or ""), str(birth_date)]}, about=person,
    )  # fmt: skip
    shorten_consent(minor=person, at=at)
    if birth_date != was:
        with translation.override(person.language):
            words = whole_day(birth_date)
        tell_guardian(
            minor=person,
            template="accounts.birth_date_guardian",
            at=at,
            context={"date": words, "age": years_old(birth_date, on=today)},
        )
    if free_before and person.is_minor(on=today):
        announce(ConsentWithdrawn(person_id=person.pk, came_to_need=True))
    if not own:
        _settle(person, by=by, at=at)
        _tell(person, birth_date, reason=reason.strip(), at=at)
    return person


def _settle(person: Person, *, by, at: datetime) -> None:
    """A request for the very date that stands now has its answer."""
    asked = BirthDateRequest.objects.filter(person=person, status=BirthDateRequestStatus.ASKED)
    for request in asked:
        if request.birth_date == person.birth_date:
            _accepted(request, by=by, at=at)


def _accepted(request: BirthDateRequest, *, by, at: datetime) -> None:
    change_state(
        request, BirthDateRequestStatus.ACCEPTED, table=BIRTH_DATE_REQUEST_STEPS, by=by, at=at,
        action="accepted", decided_by=by, ended_at=at,
    )  # fmt: skip


def _tell(person: Person, birth_date: date, *, reason: str, at: datetime) -> None:
    """What now stands; a minor is led to asking the guardian."""
    minor = person.is_minor(on=timezone.localdate(at))
    with translation.override(person.language):
        page = reverse("join_guardian" if minor else "my_account")
        words = whole_day(birth_date)
    outbox.send(
        template="accounts.birth_date_corrected", to=person, at=at,
        context={
            "date": words, "reason": reason, "minor": bool(minor),
            "link": settings.BASE_URL + page,
        },
    )  # fmt: skip


# ---------------------------------------------------------------- asked of the desk
@transaction.atomic
def ask_birth_date(
    *, person: Person, birth_date: date, reason: str, by, at: datetime
) -> BirthDateRequest:
    """Whom a date makes a minor says that it is wrong, and asks the desk to correct it.

    Nothing changes until the desk has seen the identity card: they count as a minor.

    :param birth_date: the right one.
    :param reason: how the wrong one came about; the desk reads it.
    :raises NotAllowed: for somebody else.
    :raises CannotChange: without a reason; for a date that is nobody's, or that the person may
        set without the desk; while another request of theirs waits.
    """
    if by.pk != person.pk:
        raise NotAllowed(_("Only the person asks for this."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    today = timezone.localdate(at)
    if not reason.strip():
        raise CannotChange(_("Say why the date changes."), field="reason")
    check_birth_date(birth_date, on=today)
    grown = (years_old(birth_date, on=today) or 0) >= ADULT_AGE
    if not (grown and queries.is_minor_by_any_date(person, on=today)):
        raise CannotChange(
            _("You can correct this yourself: only a date that makes you an adult goes to the "
              "desk."),
            field="birth_date",
        )  # fmt: skip
    if BirthDateRequest.objects.filter(
        person=person, status=BirthDateRequestStatus.ASKED
    ).exists():
        raise CannotChange(
            _("A request of yours waits at the desk. Withdraw it to ask for another date.")
        )
    request = BirthDateRequest.objects.create(
        person=person, birth_date=birth_date, explanation=reason.strip(), asked_at=at
    )
    record(subject=request, action="asked", by=by, at=at, to_state=request.status)
    outbox.send(template="accounts.birth_date_asked", to=person, at=at,
                context=_request_words(request))  # fmt: skip
    return request


@transaction.atomic
def withdraw_birth_date(*, request: BirthDateRequest, by, at: datetime) -> BirthDateRequest:
    """The person takes the request back; the date stays as it is.

    :raises NotAllowed: for somebody else's.
    :raises takatuf.kernel.transitions.WrongState: if the desk has decided.
    """
    if by.pk != request.person_id:
        raise NotAllowed(_("Only the person takes this back."))
    change_state(
        request, BirthDateRequestStatus.WITHDRAWN, table=BIRTH_DATE_REQUEST_STEPS, by=by, at=at,
        action="withdrawn", ended_at=at,
    )  # fmt: skip
    return request


@transaction.atomic
def accept_birth_date(
    *, request: BirthDateRequest, reason: str, by, at: datetime
) -> BirthDateRequest:
    """The desk has made sure: the date that was asked for stands from now on.

    :param reason: how it made sure; the person reads it.
    :raises NotAllowed: outside the desk, or for one's own.
    :raises CannotChange: as ``correct_birth_date``.
    :raises takatuf.kernel.transitions.WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    _accepted(request, by=by, at=at)
    correct_birth_date(
        person=request.person, birth_date=request.birth_date, reason=reason, by=by, at=at
    )
    return request


@transaction.atomic
def refuse_birth_date(
    *, request: BirthDateRequest, reason: str, by, at: datetime
) -> BirthDateRequest:
    """The desk says no, with a reason that reaches the person. The date stays as it is.

    :raises NotAllowed: outside the desk, or for one's own.
    :raises CannotChange: without a reason.
    :raises takatuf.kernel.transitions.WrongState: if it has moved on.
    """
    _only_desk(request, by, at)
    if not reason.strip():
        raise CannotChange(_("Say why, so that they know what to bring."), field="reason")
    change_state(
        request, BirthDateRequestStatus.REFUSED, table=BIRTH_DATE_REQUEST_STEPS, by=by, at=at,
        action="refused", reason=reason.strip(), about=request.person, decided_by=by,
        ended_at=at,
    )  # fmt: skip
    outbox.send(template="accounts.birth_date_refused", to=request.person, at=at,
                context={**_request_words(request), "reason": reason.strip()})  # fmt: skip
    return request


def _only_desk(request: BirthDateRequest, by, at: datetime) -> None:
    if not policies.may_correct_birth_date(by, request.person, at):
        raise NotAllowed(_("Only the regional desk decides this, and never on oneself."))


def _request_words(request: BirthDateRequest) -> dict[str, str]:
    with translation.override(request.person.language):
        page, words = reverse("my_birth_date_ask"), whole_day(request.birth_date)
    return {"date": words, "link": settings.BASE_URL + page}
