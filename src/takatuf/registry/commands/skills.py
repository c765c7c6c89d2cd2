"""What people can do, and what that rests on."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import record
from takatuf.registry import policies
from takatuf.registry.enums import BASIS_STRENGTH, Basis, GrantStatus
from takatuf.registry.models import Body, Skill, SkillGrant


class CannotGrant(DomainError):
    """The grant would say more than is known."""


@transaction.atomic
def grant_skill(
    *,
    person,
    skill: Skill,
    level: int,
    basis: str,
    source: str = "",
    by,
    at: datetime,
    valid_until: date | None = None,
) -> SkillGrant:
    """The person has the skill at the level; a standing grant of the same basis gives way.

    :param by: who grants; None for the system, such as a passed course.
    :raises CannotGrant: beyond "declared", if the granter is the person, or nothing is said of
        where it comes from; if the validity is over already.
    """
    stronger = BASIS_STRENGTH[Basis(basis)] > BASIS_STRENGTH[Basis.DECLARED]
    if stronger and by is not None and by.pk == person.pk:
        raise CannotGrant(_("Somebody else has to confirm your skill."))
    if stronger and not source:
        raise CannotGrant(_("Say what the confirmation rests on."), field="source")
    if valid_until and valid_until < timezone.localdate(at):
        raise CannotGrant(
            _("The last valid day is over. Choose a later one."), field="valid_until"
        )
    standing = SkillGrant.objects.filter(
        person=person, skill=skill, basis=basis, status=GrantStatus.ACTIVE
    )
    standing_grant = standing.first()
    if standing_grant and _same(standing_grant, level, source, valid_until):
        return standing_grant
    if standing_grant:
        _end(standing_grant, by=by, at=at, action="replaced")
    grant = SkillGrant.objects.create(
        person=person, skill=skill, level=level, basis=basis, source=source,
        granted_by=by, granted_at=at, valid_until=valid_until,
    )  # fmt: skip
    record(subject=grant, action="granted", by=by, at=at, to_state=GrantStatus.ACTIVE)
    return grant


@transaction.atomic
def evidence_skill(
    *, volunteer, skill: Skill, level: int, body: Body, words: str, by, at: datetime
) -> SkillGrant:
    """A manager of the body vouches for a skill it saw at work.

    :raises NotAllowed: if ``by`` does not manage the body, or is the volunteer.
    """
    if not policies.may_evidence_skill(by, volunteer, body, on=timezone.localdate(at)):
        raise NotAllowed(_("Only a manager of the body can confirm what the body saw."))
    source = f"{body.code}: {words}".strip(": ")[:120]
    return grant_skill(
        person=volunteer, skill=skill, level=level, basis=Basis.EVIDENCED,
        source=source, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def revoke_grant(*, grant: SkillGrant, reason: str, by, at: datetime) -> None:
    """Take a grant back; nothing happens if it is over already.

    :raises CannotGrant: without a reason, unless it is one's own declaration.
    """
    if grant.status != GrantStatus.ACTIVE:
        return
    own_word = grant.basis == Basis.DECLARED and by is not None and by.pk == grant.person_id
    if not reason and not own_word:
        raise CannotGrant(_("Say why it is taken back."), field="reason")
    _end(grant, by=by, at=at, action="revoked", reason=reason)


def _same(grant: SkillGrant, level: int, source: str, valid_until: date | None) -> bool:
    return (grant.level, grant.source, grant.valid_until) == (level, source, valid_until)


def _end(grant: SkillGrant, *, by, at: datetime, action: str, reason: str = "") -> None:
    ended = SkillGrant.objects.filter(pk=grant.pk, status=GrantStatus.ACTIVE)
    if ended.update(status=GrantStatus.REVOKED):
        grant.status = GrantStatus.REVOKED
        record(
            subject=grant, action=action, by=by, at=at, reason=reason,
            from_state=GrantStatus.ACTIVE, to_state=GrantStatus.REVOKED, about=grant.person,
        )  # fmt: skip
