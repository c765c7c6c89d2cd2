"""Concerns: reported by anybody, answered in time by somebody outside the body concerned."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.links import absolute
from takatuf.kernel.sequences import issue_number
from takatuf.kernel.transitions import change_state, record
from takatuf.kernel.verify_codes import new_code, normalise
from takatuf.kernel.working_days import add_working_days
from takatuf.registry import links, policies
from takatuf.registry.commands.telling import call_office
from takatuf.registry.enums import CONCERN_STEPS, ConcernStatus
from takatuf.registry.models import Body, Concern

WORKING_DAYS = 5
SAFETY_WORKING_DAYS = 1


class CannotAnswer(DomainError):
    """The concern cannot be answered like this."""


@dataclass(frozen=True)
class Reported:
    """The concern, and the code that is shown once and kept nowhere."""

    concern: Concern
    code: str


@transaction.atomic
def report_concern(
    *, kind: str, text: str, by, at: datetime, page: str = "", about_body: Body | None = None,
    contact: str = "", anonymous: bool = False,
) -> Reported:  # fmt: skip
    """Start the clock: five working days, one where somebody's safety is at stake.

    :param by: the reporter if signed in; kept only if they did not ask to stay unnamed.
    :param contact: a lower-case e-mail or an E.164 number, or nothing.
    """
    named = by if by is not None and by.is_authenticated and not anonymous else None
    days = SAFETY_WORKING_DAYS if kind == Concern.Kind.SAFETY else WORKING_DAYS
    code = new_code()
    concern = Concern(
        kind=kind, text=text, page=page[:300], about_body=about_body, reporter=named,
        contact=contact, reported_at=at, due_at=add_working_days(at, days),
        number=f"new-{new_code()}",
    )  # fmt: skip
    concern.save(force_insert=True)
    issued = issue_number(kind="concern", subject=concern, at=at)
    concern.number = f"C-{issued.sequence.year}-{issued.number:05}"
    concern.code_digest = concern_digest(concern.number, code)
    concern.save(update_fields=["number", "code_digest"])
    record(subject=concern, action="reported", by=named, at=at, to_state=concern.status)
    _tell_reporter(concern, "registry.concern_received", at=at, code=code)
    safety = kind == Concern.Kind.SAFETY
    call_office(queue="registry.safety" if safety else "registry.concerns", by=named)
    return Reported(concern, code)


@transaction.atomic
def take_concern(*, concern: Concern, by, at: datetime) -> None:
    """Somebody at the desk looks into it, and says so.

    :raises NotAllowed: for anybody who belongs to the body concerned, or reported it.
    """
    _require_handler(by, concern)
    change_state(
        concern, ConcernStatus.IN_HAND, table=CONCERN_STEPS, by=by, at=at, action="taken",
        handler=by,
    )  # fmt: skip


@transaction.atomic
def answer_concern(*, concern: Concern, answer: str, by, at: datetime) -> None:
    """Answer in words; the reporter is told, or finds the answer with number and code.

    :raises NotAllowed: as ``take_concern``.
    :raises CannotAnswer: without words.
    """
    _require_handler(by, concern)
    if not answer.strip():
        raise CannotAnswer(_("Write the answer."), field="answer")
    change_state(
        concern, ConcernStatus.ANSWERED, table=CONCERN_STEPS, by=by, at=at, action="answered",
        handler=by, answer=answer.strip(), answered_at=at,
    )  # fmt: skip
    _tell_reporter(concern, "registry.concern_answered", at=at)


@transaction.atomic
def reopen_concern(*, concern: Concern, by, at: datetime) -> None:
    """More is to be done than was answered."""
    _require_handler(by, concern)
    change_state(
        concern, ConcernStatus.IN_HAND, table=CONCERN_STEPS, by=by, at=at, action="reopened",
        handler=by,
    )  # fmt: skip


@transaction.atomic
def close_concern(*, concern: Concern, by, at: datetime) -> None:
    """Nothing is left to do."""
    _require_handler(by, concern)
    change_state(
        concern, ConcernStatus.CLOSED, table=CONCERN_STEPS, by=by, at=at, action="closed",
        closed_at=at,
    )  # fmt: skip


def concern_digest(number: str, code: str) -> str:
    """What is kept of the reporter's code."""
    return salted_hmac(
        "takatuf.concern", f"{number}|{normalise(code)}", algorithm="sha256"
    ).hexdigest()


def _require_handler(by, concern: Concern) -> None:
    if not policies.may_handle_concern(by, concern):
        raise NotAllowed(_("Somebody outside the body concerned has to answer this."))


def _tell_reporter(concern: Concern, template: str, *, at: datetime, code: str = "") -> None:
    context = {"number": concern.number, "link": links.concern_page(), "due": "", "code": code}
    if template == "registry.concern_received":
        with translation.override(getattr(concern.reporter, "language", get_language())):
            context["due"] = date_format(timezone.localdate(concern.due_at), "l j F Y")
    else:
        del context["code"]
    if concern.reporter is not None:
        context["code"] = ""
        context["link"] = absolute("registry:concern_own", concern.number)
        outbox.send(template=template, to=concern.reporter, at=at, context=context)
    elif concern.contact:
        outbox.send(template=template, address=concern.contact, at=at, context=context)
