"""Skills between a volunteer and a body: asked to be confirmed, confirmed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import NotAllowed
from takatuf.placement import policies
from takatuf.registry import commands as registry
from takatuf.registry.enums import Basis


@transaction.atomic
def ask_to_confirm(*, person, skill, body, opportunity=None, by, at: datetime):
    """Ask a body one has or had a place with, or the body of an opportunity that wants it.

    :raises NotAllowed: towards any other body.
    :raises CannotAsk: as ``registry.commands.ask_confirmation``.
    """
    if not policies.may_ask_to_confirm(person, skill, body, opportunity):
        raise NotAllowed(_("Only a body you have been with can say what it saw."))
    asked = registry.ask_confirmation(person=person, skill=skill, body=body, by=by, at=at)
    if asked.asked_at == at:
        registry.call_office(queue="placement.skills", by=by, body=body)
    return asked


@transaction.atomic
def confirm_skill(
    *, person, skill, level: int, body, words: str, by, at: datetime,
    basis: str = Basis.EVIDENCED, valid_until: date | None = None,
):  # fmt: skip
    """A manager confirms a skill of somebody who has been with the body, or asked it to.

    :raises NotAllowed: for strangers to the body, for oneself, for who does not manage it.
    :raises CannotGrant: as ``registry.commands.evidence_skill``.
    """
    if not policies.may_confirm(by, person, skill, body):
        raise NotAllowed(_("This person has not been with your body, nor asked it."))
    return registry.evidence_skill(
        volunteer=person, skill=skill, level=level, body=body, words=words, basis=basis,
        valid_until=valid_until, by=by, at=at,
    )  # fmt: skip
