"""The covenant of one opportunity, signed by a minor before joining."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import queries as accounts
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.transitions import record
from takatuf.opportunities.enums import OPEN
from takatuf.placement import policies, queries, texts
from takatuf.placement.models import Covenant


class CannotSign(DomainError):
    """The covenant is not for this person, or not yet."""


@transaction.atomic
def sign_covenant(
    *, person, opportunity, signed_name: str, text_version: str, by, at: datetime
) -> Covenant:
    """A minor signs the covenant of one opportunity; signing twice is signing once.

    The guardian's standing consent comes first: without it a minor's signature is worth
    nothing (the volunteer work law).

    :raises NotAllowed: if somebody else signs.
    :raises CannotSign: if it is not for this person, or the consent is missing, or the words
        signed are not those in force.
    :raises DomainError: if no name is written, or somebody else's.
    """
    if not policies.may_apply_for(by, person):
        raise NotAllowed(_("The covenant is signed by the person it is for."))
    queries.lock_person(person.pk)
    if signed := queries.covenant_of(person, opportunity):
        return signed
    _may_sign(person, opportunity, text_version, at=at)
    name = _signature(signed_name, person)
    covenant = Covenant.objects.create(
        person=person, opportunity=opportunity, text_version=text_version, signed_name=name,
        signed_at=at,
    )  # fmt: skip
    record(
        subject=covenant, action="covenant signed", by=by, at=at, about=person,
        changes={"text_version": text_version},
    )  # fmt: skip
    return covenant


def _signature(name: str, person) -> str:
    """The name as typed; in the spelling of the account or a shorter form of it."""
    name = " ".join(name.split())
    if not name:
        raise DomainError(_("Write the full name as a signature."), field="signed_name")
    if normalise(name).split()[:1] != normalise(person.full_name).split()[:1]:
        raise DomainError(
            _("The signature is the name in your account: %(name)s.")
            % {"name": person.full_name},
            field="signed_name",
        )
    return name


def _may_sign(person, opportunity, text_version: str, *, at: datetime) -> None:
    today = timezone.localdate(at)
    if not person.is_minor(on=today):
        raise CannotSign(_("The covenant is for volunteers under 18 only."))
    if not opportunity.takes_minors or opportunity.status not in OPEN:
        raise CannotSign(_("This opportunity takes no volunteers under 18."))
    if not accounts.has_live_consent(person, on=today):
        raise CannotSign(_("Your guardian agrees first; then the covenant can be signed."))
    if text_version != texts.COVENANT_VERSION:
        raise CannotSign(_("The covenant has changed since. Read it again, then sign."))
