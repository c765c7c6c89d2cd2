"""The volunteers' charter: loaded by version, accepted by each person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.accounts import queries, texts
from takatuf.accounts.models import CharterAcceptance, Person, VolunteerCharter
from takatuf.kernel.errors import DomainError
from takatuf.kernel.transitions import record


class CharterChanged(DomainError):
    """The text is not the one in force."""


@transaction.atomic
def accept_charter(
    *, person: Person, charter: VolunteerCharter, by, at: datetime
) -> CharterAcceptance:
    """Accept the version in force; accepting it twice is one acceptance.

    :raises CharterChanged: if another version came into force meanwhile, or somebody else
        would accept in the person's name.
    """
    if by.pk != person.pk:
        raise CharterChanged(_("Everybody accepts the charter themself."))
    if charter != queries.charter_in_force(at):
        raise CharterChanged(_("The charter has a newer version. Read it, then accept it."))
    acceptance, is_new = CharterAcceptance.objects.get_or_create(
        person=person, charter=charter, defaults={"accepted_at": at}
    )
    if is_new:
        record(
            subject=person, action="charter_accepted", by=by, at=at, to_state=charter.version
        )
    return acceptance


@transaction.atomic
def load_charter(*, by=None, at: datetime) -> VolunteerCharter:
    """Bring the text that comes with Takatuf into force; loading it again changes nothing.

    It is a model text: an association replaces it by adding a later version of its own.
    """
    charter, is_new = VolunteerCharter.objects.get_or_create(
        version=texts.CHARTER_VERSION,
        defaults={
            "text_ar": texts.read(f"charter-{texts.CHARTER_VERSION}.ar.txt"),
            "text_en": texts.read(f"charter-{texts.CHARTER_VERSION}.en.txt"),
            "in_force_from": at,
        },
    )
    if is_new:
        record(subject=charter, action="charter_loaded", by=by, at=at)
    return charter
