"""Confirming what a volunteer can do: asked for, vouched for, refused, taken back."""

from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.links import absolute
from takatuf.kernel.transitions import change_state, record
from takatuf.kernel.working_days import add_working_days
from takatuf.registry import policies, queries
from takatuf.registry.commands.skills import CannotGrant, grant_skill, revoke_grant
from takatuf.registry.enums import (
    ABLE_BODIES,
    SKILL_REQUEST_STEPS,
    Basis,
    GrantStatus,
    SkillRequestStatus,
)
from takatuf.registry.models import Body, Skill, SkillGrant, SkillRequest

WORKING_DAYS = 5
ASK_AGAIN_AFTER = timedelta(days=30)


class CannotAsk(DomainError):
    """The request makes no sense, or not yet."""


@transaction.atomic
def ask_confirmation(*, person, skill: Skill, body: Body, by, at: datetime) -> SkillRequest:
    """The volunteer asks the body to confirm; asking twice is one request.

    Whether the two have anything to do with each other is the caller's to know.

    :raises NotAllowed: if somebody else asks.
    :raises CannotAsk: if the body cannot confirm, or refused within the last thirty days.
    """
    if by.pk != person.pk:
        raise NotAllowed(_("Everybody asks for their own skills."))
    if body.status not in ABLE_BODIES:
        raise CannotAsk(_("This body confirms no skills at present."))
    rows = SkillRequest.objects.filter(person=person, skill=skill, body=body)
    if standing := rows.filter(status=SkillRequestStatus.ASKED).first():
        return standing
    refused = rows.filter(
        status=SkillRequestStatus.REFUSED, answered_at__gt=at - ASK_AGAIN_AFTER
    )
    if refused.exists():
        raise CannotAsk(_("The body has answered already. You can ask again after a month."))
    asked, created = SkillRequest.objects.get_or_create(
        person=person, skill=skill, body=body, status=SkillRequestStatus.ASKED,
        defaults={"asked_at": at, "due_at": add_working_days(at, WORKING_DAYS)},
    )  # fmt: skip
    if created:
        record(
            subject=asked, action="asked", by=by, at=at, to_state=SkillRequestStatus.ASKED,
            about=person,
        )  # fmt: skip
    return asked


@transaction.atomic
def evidence_skill(
    *, volunteer, skill: Skill, level: int, body: Body, words: str, by, at: datetime,
    basis: str = Basis.EVIDENCED, valid_until: date | None = None,
) -> SkillGrant:  # fmt: skip
    """A manager of the body vouches for a skill it saw at work, or for a licence it read.

    An open request for it is answered by this, and the volunteer is told.

    :raises NotAllowed: if ``by`` does not manage the body, or is the volunteer.
    :raises CannotGrant: without words; for a licence, without its last valid day.
    """
    if not policies.may_evidence_skill(by, volunteer, body, on=timezone.localdate(at)):
        raise NotAllowed(_("Only a manager of the body can confirm what the body saw."))
    grant = _grant(
        volunteer=volunteer, skill=skill, level=level, basis=basis, words=words, body=body,
        valid_until=valid_until, by=by, at=at,
    )  # fmt: skip
    open_one = SkillRequest.objects.filter(
        person=volunteer, skill=skill, body=body, status=SkillRequestStatus.ASKED
    ).first()
    if open_one:
        _answer(open_one, SkillRequestStatus.CONFIRMED, by=by, at=at)
    return grant


@transaction.atomic
def record_licence(
    *, volunteer, skill: Skill, level: int, words: str, valid_until: date | None, by,
    at: datetime,
) -> SkillGrant:  # fmt: skip
    """The desk has read a professional licence: its number, who gave it, until when.

    :raises NotAllowed: for anybody but the desk, and for one's own.
    :raises CannotGrant: as ``evidence_skill``.
    """
    if not policies.may_record_licence(by, volunteer, on=timezone.localdate(at)):
        raise NotAllowed(_("Only the regional desk can do this, and not for oneself."))
    return _grant(
        volunteer=volunteer, skill=skill, level=level, basis=Basis.LICENCE, words=words,
        body=queries.desk_body(), valid_until=valid_until, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def refuse_confirmation(*, request: SkillRequest, reason: str, by, at: datetime) -> None:
    """The body did not see it, and says so in words; the volunteer reads them.

    :raises NotAllowed: as ``evidence_skill``.
    :raises CannotAsk: without a reason.
    """
    on = timezone.localdate(at)
    if not policies.may_evidence_skill(by, request.person, request.body, on=on):
        raise NotAllowed(_("Only a manager of the body can answer this."))
    if not reason.strip():
        raise CannotAsk(_("Say why: the volunteer reads it."), field="reason")
    decline_confirmation(request=request, reason=reason.strip(), by=by, at=at)


def decline_confirmation(*, request: SkillRequest, reason: str, by, at: datetime) -> None:
    """Refuse it, for whoever may already."""
    _answer(request, SkillRequestStatus.REFUSED, by=by, at=at, reason=reason)
    _tell("registry.skill_refused", request, at=at, reason=request.reason)


@transaction.atomic
def take_back_grant(*, grant: SkillGrant, reason: str, by, at: datetime) -> None:
    """What was confirmed does not hold any more; the volunteer is told why.

    :raises NotAllowed: for who did not stand for it.
    :raises CannotGrant: without a reason.
    """
    if not policies.may_take_back(by, grant, on=timezone.localdate(at)):
        raise NotAllowed(_("Only who confirmed a skill can take that back."))
    if grant.status == GrantStatus.ACTIVE:
        revoke_grant(grant=grant, reason=reason.strip(), by=by, at=at)
        _tell("registry.skill_taken_back", grant, at=at, reason=reason.strip())


def _grant(
    *, volunteer, skill: Skill, level: int, basis: str, words: str, body: Body | None,
    valid_until: date | None, by, at: datetime,
) -> SkillGrant:  # fmt: skip
    if basis == Basis.LICENCE and valid_until is None:
        raise CannotGrant(_("A licence has a last valid day. Write it."), field="valid_until")
    people = get_user_model().objects.select_for_update(no_key=True)
    people.only("pk").get(pk=volunteer.pk)  # two managers at once: one after the other
    grant = grant_skill(
        person=volunteer, skill=skill, level=level, basis=basis, source=words.strip()[:300],
        valid_until=valid_until, body=body, by=by, at=at,
    )  # fmt: skip
    if grant.granted_at == at:  # the same again is no news
        _tell("registry.skill_confirmed", grant, at=at, licence=basis == Basis.LICENCE)
    return grant


def _answer(request: SkillRequest, status: str, *, by, at: datetime, reason: str = "") -> None:
    change_state(
        request, status, table=SKILL_REQUEST_STEPS, by=by, at=at, action=str(status),
        reason=reason, about=request.person, acting_body=request.body,
        columns={"reason": reason}, answered_by=by, answered_at=at,
    )  # fmt: skip


def _tell(template: str, about: SkillGrant | SkillRequest, *, at: datetime, **more) -> None:
    skill, body = about.skill, about.body
    until = getattr(about, "valid_until", None)
    with translation.override(about.person.language):
        until = date_format(until, "l j F Y") if until else ""
    context = {
        "skill": skill.name_ar, "skill_en": skill.name_en,
        "body": body.name_ar if body else "",
        "body_en": (body.name_en or body.name_ar) if body else "",
        "until": until,
        "link": absolute("registry:profile", language=about.person.language), **more,
    }  # fmt: skip
    outbox.send(template=template, to=about.person, at=at, context=context)
