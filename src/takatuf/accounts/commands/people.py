"""Coming in, saying who one is, and changing it later."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import demo_factor, queries
from takatuf.accounts.enums import ADULT_AGE, YOUNGEST_AGE, BirthDateBasis, Channel
from takatuf.accounts.models import Person, years_old
from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.kernel import identities, outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.explain import explain
from takatuf.kernel.notices import announce
from takatuf.kernel.text import arabic, names
from takatuf.kernel.text.problems import Unreadable
from takatuf.kernel.transitions import record

OLDEST_AGE = 110


class CannotChange(DomainError):
    """The account's data cannot become that."""


class DeskConfirms(CannotChange):
    """Not by the person's own word: the desk does it at their request."""


@transaction.atomic
def enter_by_contact(
    *, contact: str, language: str, by, at: datetime, is_demo: bool = False
) -> tuple[Person, bool]:
    """The person behind a contact whose code was just typed; made if there is none.

    The first code of an account that a list brought claims it (``start_afresh``).

    :returns: the person, and whether they are new.
    """
    person = queries.hold_by_contact(contact)
    if person is None:
        try:
            with transaction.atomic():
                person = Person(language=language, is_demo=is_demo)
                person.set_unusable_password()
                person.save(force_insert=True)
                _store_contact(person, contact, by=by or person, at=at)
        except IntegrityError:  # the same code typed in two windows at once
            person = queries.hold_by_contact(contact)
            if person is None:
                raise
        else:
            record(subject=person, action="joined", by=by or person, at=at)
            return person, True
    start_afresh(person, by=by or person, at=at)
    _store_contact(person, contact, by=by or person, at=at)
    return person, False


@transaction.atomic
def name_person(
    *, person: Person, full_name: str, birth_date: date, by, at: datetime
) -> Person:
    """The second step of joining. The birth date is set once; later changes need a reason.

    What a sheet brought was only a suggestion: it stands here, with its basis, until now.

    :raises CannotChange: if the name is not a first and a family name, or the date is
        nobody's; if somebody whom the sheet knows as a minor would make themself an adult.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    suggested = queries.is_suggested(person)
    before = {"full_name": person.full_name, "birth_date": person.birth_date}
    _set_name(person, full_name)
    if person.birth_date is None or suggested:
        today = timezone.localdate(at)
        check_birth_date(birth_date, on=today)
        check_not_made_adult(person, birth_date, by=by, on=today)
        person.birth_date, person.birth_date_basis = birth_date, BirthDateBasis.SAID
    person.save(update_fields=["full_name", "name_sort_key", "birth_date", "birth_date_basis"])
    changes = {}
    if suggested:
        changes = {name: [str(was or ""), str(getattr(person, name))]
                   for name, was in before.items()}  # fmt: skip
        changes["birth_date_basis"] = [BirthDateBasis.SHEET, BirthDateBasis.SAID]
    record(subject=person, action="named", by=by, at=at, changes=changes, about=person)
    if suggested and person.is_minor(on=today):
        announce(ConsentWithdrawn(person_id=person.pk, came_to_need=True))
    return person


@transaction.atomic
def change_profile(
    *,
    person: Person,
    full_name: str,
    language: str,
    channel: str,
    gender: str,
    by,
    at: datetime,
) -> Person:
    """A name of one word from before may stay; a new one is a first and a family name.

    :raises CannotChange: if the new name is none, or the channel has no address.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = {f: getattr(person, f) for f in ("full_name", "language", "channel", "gender")}
    if channel == "email" and not person.email:
        raise CannotChange(_("Add an e-mail address first."), field="channel")
    if channel == "sms" and not person.phone:
        raise CannotChange(_("Add a mobile number first."), field="channel")
    if full_name != person.full_name:
        _set_name(person, full_name)
    person.language, person.channel, person.gender = language, channel, gender
    changes = {f: [old, getattr(person, f)] for f, old in before.items()
               if getattr(person, f) != old}  # fmt: skip
    if changes:
        person.save(update_fields=[*before, "name_sort_key"])
        record(
            subject=person,
            # A new name goes on the next certificate: whoever reads the log sees it at once.
            action="renamed" if "full_name" in changes else "profile_changed",
            by=by,
            at=at,
            changes=changes,
            about=person,
        )
    return person


@transaction.atomic
def change_contact(*, person: Person, contact: str, by, at: datetime) -> Person:
    """Put a new mobile or e-mail in place of the old; its code was typed just before.

    The old one is told, and every other session ends.

    :raises CannotChange: as ``check_contact``.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    check_contact(person, contact)
    old = person.email if "@" in contact else person.phone
    start_afresh(person, by=by, at=at)
    _store_contact(person, contact, by=by, at=at)
    if old and old != contact:
        outbox.send(
            template="accounts.contact_changed", to=person, address=old, urgent=True, at=at,
            context={"ending": masked(contact)},
        )  # fmt: skip
    record(
        subject=person, action="contact_changed", by=by, at=at,
        changes={"contact": [masked(old or ""), masked(contact)]}, about=person,
    )  # fmt: skip
    return end_sessions(person=person, by=by, at=at, why="contact_changed")


@transaction.atomic
def set_identity(*, person: Person, number: str, by, at: datetime) -> Person:
    """Keep a keyed hash of the identity number and its last three digits, never the number.

    :raises CannotChange: if another account has it.
    :raises takatuf.kernel.text.problems.Unreadable: if it is no such number.
    """
    hashes = identities.possible_hashes(number)
    if Person.objects.filter(id_hash__in=hashes).exclude(pk=person.pk).exists():
        raise CannotChange(
            _("This number cannot be kept here. If it is yours, ask for a way back into "
              "your older account."),
            field="identity",
        )  # fmt: skip
    person.id_hash, person.id_last_three = identities.stored_id(number)
    person.save(update_fields=["id_hash", "id_last_three"])
    record(subject=person, action="identity_stored", by=by, at=at)
    return person


@transaction.atomic
def end_sessions(*, person: Person, by, at: datetime, why: str = "asked") -> Person:
    """Sign the person out everywhere. The view that called may renew its own session."""
    Person.objects.filter(pk=person.pk).update(session_stamp=F("session_stamp") + 1)
    person.refresh_from_db(fields=["session_stamp"])
    record(subject=person, action="sessions_ended", by=by, at=at, to_state=why[:20])
    return person


def start_afresh(person: Person, *, by, at: datetime) -> None:
    """Before its first contact is proved an account is nobody's: what opened it until then (a
    password, a second factor, a session) is not of whoever proves that contact, and ends.

    :param person: the row, locked.
    """
    if queries.verified_contacts(person):
        return
    factors, _by_kind = Authenticator.objects.filter(user=person).delete()
    had_some = factors > 0 or person.has_usable_password()
    person.set_unusable_password()
    person.session_stamp += 1
    person.save(update_fields=["password", "session_stamp"])
    if had_some:
        record(subject=person, action="sign_in_reset", by=by, at=at)


@transaction.atomic
def equip_demo_staff(*, person: Person, password: str, by, at: datetime) -> Person:
    """Give an invented person what staff sign in with: a password, an app, recovery codes.

    :raises NotAllowed: outside the demo, or for a real person.
    """
    if not demo_factor.is_open_to(person):
        raise NotAllowed(_("Only invented people of the demo are set up like this."))
    person.set_password(password)
    person.save(update_fields=["password"])
    demo_factor.give(person)
    record(subject=person, action="demo_staff_equipped", by=by, at=at)
    return person


def masked(contact: str) -> str:
    """Enough for its owner to know it: ``s…@example.com``, ``…525``."""
    if "@" in contact:
        name, _at, host = contact.partition("@")
        return f"{name[:1]}…@{host}"
    return f"…{contact[-3:]}" if contact else ""


def _set_name(person: Person, full_name: str) -> None:
    try:
        name = arabic.clean_name(full_name)
    except Unreadable as problem:
        raise CannotChange(explain(problem), field="full_name") from problem
    if not names.is_full(name):
        raise CannotChange(
            _("Write your first and your family name, as they should stand on a certificate."),
            field="full_name",
        )
    person.full_name, person.name_sort_key = name, arabic.sort_key(name)


def check_contact(person: Person, contact: str) -> None:
    """Only somebody who holds the contact gets here, so this tells nothing to strangers.

    :raises CannotChange: if it belongs to another account, or the person's guardian answers
        with it: they would answer for themself.
    """
    other = queries.person_by_contact(contact)
    if other is not None and other.pk != person.pk:
        raise CannotChange(
            _(
                "This contact belongs to another account. "
                "Sign in with it to reach that account."
            ),
            field="contact",
        )
    if queries.is_guardians(contact, person):
        raise CannotChange(
            _(
                "Your guardian answers with this contact: it stays theirs. "
                "Give one of your own."
            ),
            field="contact",
        )


def check_birth_date(birth_date: date, *, on: date) -> None:
    age = Person(birth_date=birth_date).age(on=on)
    if age is None or birth_date > on or age > OLDEST_AGE:
        raise CannotChange(_("Check the year of the birth date."), field="birth_date")
    if age < YOUNGEST_AGE:
        raise CannotChange(
            _("Accounts are for people of seven years and older. Check the year, or let a "
              "parent take part with their own account."),
            field="birth_date",
        )  # fmt: skip


def check_not_made_adult(person: Person, birth_date: date, *, by, on: date) -> None:
    """Whom any date makes a minor, their own word does not make an adult.

    :raises DeskConfirms: what they may do is ask the desk (``ask_birth_date``).
    """
    told = years_old(birth_date, on=on) or 0
    was_minor = queries.is_minor_by_any_date(person, on=on)
    if was_minor and told >= ADULT_AGE and by.pk == person.pk:
        raise DeskConfirms(
            _("A date that makes you an adult is confirmed by the regional desk: "
              "show them your identity card."),
            field="birth_date",
        )  # fmt: skip


def _store_contact(person: Person, contact: str, *, by, at: datetime) -> None:
    """A contact whose code was typed: the only one of its kind, proved.

    One of the other kind that nobody proved was somebody else's word, and goes: its owner may
    be whoever wrote the list. The person can prove it again on their account's page.
    """
    own, other = ("email", "phone") if "@" in contact else ("phone", "email")
    listed = "" if getattr(person, f"{other}_verified") else getattr(person, other)
    if not queries.verified_contacts(person):  # until now the list chose how they are told
        person.channel = Channel.EMAIL if own == "email" else Channel.SMS
    if listed:
        setattr(person, other, None)
    setattr(person, own, queries.plain_contact(contact))
    setattr(person, f"{own}_verified", True)
    person.save(update_fields=[own, f"{own}_verified", other, "channel"])
    if own == "email":
        store_address(person)
    if listed:
        record_dropped(person, listed, by=by, at=at)


def record_dropped(person: Person, contact: str, *, by, at: datetime) -> None:
    """A contact nobody proved stands no longer beside a proved one."""
    record(
        subject=person, action="contact_dropped", by=by, at=at,
        changes={"contact": [masked(contact), ""]}, about=person,
    )  # fmt: skip


def store_address(person: Person) -> None:
    """Allauth's own row of a proved e-mail, which signing in by password goes by."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
