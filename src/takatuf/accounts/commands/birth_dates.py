"""Mending a birth date, by oneself or at the desk, and what follows from it."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from takatuf.accounts import policies, queries
from takatuf.accounts.commands.consents import shorten_consent
from takatuf.accounts.commands.people import (
    CannotChange,
    check_birth_date,
    check_not_made_adult,
)
from takatuf.accounts.enums import BirthDateBasis
from takatuf.accounts.models import Person
from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.kernel import outbox
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import record


@transaction.atomic
def correct_birth_date(
    *, person: Person, birth_date: date, reason: str, by, at: datetime
) -> Person:
    """Mend a birth date, with the reason kept. Whoever is concerned is told of the desk's.

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
    if free_before and person.is_minor(on=today):
        announce(ConsentWithdrawn(person_id=person.pk, came_to_need=True))
    if not own:
        _tell(person, reason=reason.strip(), at=at)
    return person


def _tell(person: Person, *, reason: str, at: datetime) -> None:
    """What now stands; a minor is led to asking the guardian."""
    minor = person.is_minor(on=timezone.localdate(at))
    with translation.override(person.language):
        page = reverse("join_guardian" if minor else "my_account")
    outbox.send(
        template="accounts.birth_date_corrected", to=person, at=at,
        context={
            "date": f"{person.birth_date:%Y-%m-%d}", "reason": reason, "minor": bool(minor),
            "link": settings.BASE_URL + page,
        },
    )  # fmt: skip
