"""A guardian's consent: asked, given or refused, taken back, run out."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import links, policies, queries, texts
from takatuf.accounts.commands.people import masked
from takatuf.accounts.enums import ADULT_AGE, CONSENT_STEPS, ConsentStatus
from takatuf.accounts.models import GuardianConsent, Person, years_old
from takatuf.accounts.notices import ConsentGiven, ConsentWithdrawn
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import WrongState, change_state, record

VALID_FOR = timedelta(days=365)


class ConsentRefused(DomainError):
    """The consent cannot be asked or answered like that."""


@transaction.atomic
def ask_consent(
    *, minor: Person, guardian_name: str, relation: str, contact: str, by, at: datetime
) -> GuardianConsent:
    """Send the guardian a link. One still unanswered is replaced by this one.

    :raises NotAllowed: if somebody else asks in the minor's name.
    :raises ConsentRefused: for adults; with the minor's own contact; while one holds.
    """
    if not policies.may_ask_consent(by, minor):
        raise NotAllowed(_("Only the young person themself can ask for this."))
    minor = Person.objects.select_for_update().get(pk=minor.pk)
    today = timezone.localdate(at)
    _check_asking(minor, contact, on=today)
    live = queries.live_consent_of(minor)
    if live is not None and live.status == ConsentStatus.GIVEN:
        raise ConsentRefused(_("The guardian's consent is already there."))
    if live is not None:
        _end(live, ConsentStatus.WITHDRAWN, action="replaced", by=by, at=at)
    return _ask(
        minor, guardian_name=guardian_name.strip(), relation=relation, contact=contact,
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def ask_consent_again(*, minor: Person, by, at: datetime) -> GuardianConsent:
    """Send the link of the unanswered request once more, to the guardian who has it already.

    :raises NotAllowed: if somebody else asks in the minor's name.
    :raises ConsentRefused: if no request waits for an answer.
    """
    if not policies.may_ask_consent(by, minor):
        raise NotAllowed(_("Only the young person themself can ask for this."))
    minor = Person.objects.select_for_update().get(pk=minor.pk)
    consent = queries.live_consent_of(minor)
    if consent is None or consent.status != ConsentStatus.ASKED:
        raise ConsentRefused(_("No request waits for an answer."))
    record(
        subject=consent, action="asked_again", by=by, at=at, to_state=consent.status,
        about=minor,
    )  # fmt: skip
    _tell_guardian(consent, "accounts.consent_asked", at=at)
    return consent


@transaction.atomic
def give_consent(*, consent: GuardianConsent, by=None, at: datetime) -> GuardianConsent:
    """The guardian says yes; the code sent to their contact was typed just before.

    :param by: the guardian's own account, if they are signed in.
    :raises ConsentRefused: if the young person is of age, or the guardian is not.
    :raises takatuf.kernel.transitions.WrongState: if it was answered already.
    """
    minor = consent.minor
    today = timezone.localdate(at)
    guardian = queries.person_who_proved(consent.guardian_contact)  # no list makes a guardian
    if consent.expires_on <= today or not minor.is_minor(on=today):
        raise ConsentRefused(_("This request has run out. A new one can be sent."))
    born = guardian.birth_date if guardian is not None else None
    if born and (years_old(born, on=today) or 0) < ADULT_AGE:
        raise ConsentRefused(_("A guardian is eighteen or older."))
    if queries.is_own_contact(minor, consent.guardian_contact):
        raise ConsentRefused(_("A guardian is somebody else than the young person."))
    change_state(
        consent, ConsentStatus.GIVEN, table=CONSENT_STEPS, by=by, at=at, action="given",
        answered_at=at, guardian=guardian, expires_on=_ends(minor, today),
    )  # fmt: skip
    announce(ConsentGiven(person_id=minor.pk))
    _tell_minor(consent, at=at)
    return consent


@transaction.atomic
def refuse_consent(*, consent: GuardianConsent, by=None, at: datetime) -> GuardianConsent:
    """The guardian says no.

    :raises takatuf.kernel.transitions.WrongState: if it was answered already.
    """
    _end(consent, ConsentStatus.REFUSED, action="refused", by=by, at=at, answered_at=at)
    _tell_minor(consent, at=at)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: GuardianConsent, by=None, at: datetime) -> GuardianConsent:
    """The guardian takes the consent back: coming places are freed by those who listen.

    :raises takatuf.kernel.transitions.WrongState: if it does not hold any more.
    """
    if consent.status == ConsentStatus.ASKED:
        return refuse_consent(consent=consent, by=by, at=at)
    _end(consent, ConsentStatus.WITHDRAWN, action="withdrawn", by=by, at=at)
    announce(ConsentWithdrawn(person_id=consent.minor_id))
    _tell_minor(consent, at=at)
    _tell_guardian(consent, "accounts.consent_ended", at=at)
    return consent


@transaction.atomic
def tell_guardian(
    *, minor: Person, template: str, context: dict, at: datetime, collapse_key: str = ""
) -> bool:
    """Write to whoever agreed for the young person; ``link`` leads to taking it back.

    Answers whether there is such a guardian today.
    """
    consent = queries.live_consent_of(minor)
    if consent is None or consent.status != ConsentStatus.GIVEN:
        return False
    outbox.send(
        template=template, address=consent.guardian_contact, at=at, language=minor.language,
        collapse_key=collapse_key,
        context={
            "name": consent.guardian_name, "minor": minor.full_name,
            "link": links.consent_link(consent, at=at), **context,
        },
    )  # fmt: skip
    return True


def expire_consents(at: datetime) -> int:
    """End what has run out, each in its own transaction; ask again where it is still needed."""
    return sum(_expire(pk, at) for pk in queries.consents_to_expire(at))


def end_consents_by_oneself(at: datetime) -> int:
    """End what a young person's own contact answered, each in its own transaction: it may have
    become theirs after the guardian's answer, while nothing kept them from taking it.
    """
    return sum(_end_by_oneself(consent, at) for consent in queries.consents_by_oneself())


@transaction.atomic
def _end_by_oneself(consent: GuardianConsent, at: datetime) -> bool:
    """Nobody is asked anew: the one contact known is no guardian's. The young person names
    another.
    """
    try:
        _end(consent, ConsentStatus.EXPIRED, action="own_contact", by=None, at=at)
    except WrongState:  # taken back at the last moment
        return False
    announce(ConsentWithdrawn(person_id=consent.minor_id))
    outbox.send(template="accounts.consent_own_contact", to=consent.minor, at=at)
    return True


@transaction.atomic
def shorten_consent(*, minor: Person, at: datetime) -> None:
    """After a new birth date: no consent outlives the eighteenth birthday it now has."""
    live = queries.live_consent_of(minor)
    if live is None or minor.birth_date is None:
        return
    of_age = queries.coming_of_age(minor.birth_date)
    if live.expires_on > of_age:
        live.expires_on = of_age
        live.save(update_fields=["expires_on"])
    if of_age <= timezone.localdate(at):
        _expire(live.pk, at)


@transaction.atomic
def _expire(pk: int, at: datetime) -> bool:
    consent = GuardianConsent.objects.select_for_update().select_related(None).get(pk=pk)
    if consent.status not in CONSENT_STEPS:
        return False
    was_given = consent.status == ConsentStatus.GIVEN
    _end(consent, ConsentStatus.EXPIRED, action="expired", by=None, at=at)
    minor = consent.minor
    if was_given and minor.is_minor(on=timezone.localdate(at)):
        announce(ConsentWithdrawn(person_id=minor.pk))
        _ask(
            minor, guardian_name=consent.guardian_name, relation=consent.relation,
            contact=consent.guardian_contact, by=None, at=at,
        )  # fmt: skip
    return True


def _check_asking(minor: Person, contact: str, *, on: date) -> None:
    if minor.age(on=on) is None:
        raise ConsentRefused(_("Add the birth date first."))
    if not minor.is_minor(on=on):
        raise ConsentRefused(_("From eighteen on no guardian's consent is needed."))
    if queries.is_own_contact(minor, contact):
        raise ConsentRefused(
            _("Give the guardian's own mobile or e-mail, not yours."), field="contact"
        )


def _ask(minor, *, guardian_name, relation, contact, by, at) -> GuardianConsent:
    consent = GuardianConsent.objects.create(
        minor=minor, guardian_name=guardian_name, relation=relation, guardian_contact=contact,
        text_version=texts.CONSENT_VERSION, asked_at=at,
        expires_on=_ends(minor, timezone.localdate(at)),
    )  # fmt: skip
    record(
        subject=consent, action="asked", by=by, at=at, to_state=consent.status,
        changes={"guardian": ["", f"{guardian_name} {masked(contact)}"]}, about=minor,
    )  # fmt: skip
    _tell_guardian(consent, "accounts.consent_asked", at=at)
    return consent


def _end(consent, status, *, action, by, at, **fields) -> None:
    change_state(
        consent, status, table=CONSENT_STEPS, by=by, at=at, action=action, ended_at=at, **fields
    )


def _ends(minor: Person, today: date) -> date:
    """The first day without it: a year from today, or the eighteenth birthday."""
    in_a_year = today + VALID_FOR
    if minor.birth_date is None:
        return in_a_year
    return min(in_a_year, queries.coming_of_age(minor.birth_date))


def _tell_guardian(consent: GuardianConsent, template: str, *, at: datetime) -> None:
    outbox.send(
        template=template, address=consent.guardian_contact, urgent=True, at=at,
        language=consent.minor.language,
        context={
            "name": consent.guardian_name,
            "minor": consent.minor.full_name,
            "link": links.consent_link(consent, at=at),
        },
    )  # fmt: skip


def _tell_minor(consent: GuardianConsent, *, at: datetime) -> None:
    outbox.send(
        template="accounts.consent_answered", to=consent.minor, at=at,
        context={"guardian": consent.guardian_name, "status": consent.status},
    )  # fmt: skip
