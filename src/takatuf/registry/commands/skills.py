"""What people can do, and what that rests on."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError
from takatuf.kernel.transitions import record
from takatuf.registry import links
from takatuf.registry.enums import BASIS_STRENGTH, Basis, GrantStatus
from takatuf.registry.models import Body, Skill, SkillGrant

AT_A_TIME = 500
REMIND_BEFORE = timedelta(days=30)


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
    body: Body | None = None,
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
    if standing_grant and _same(standing_grant, level, source, valid_until, body):
        return standing_grant
    if standing_grant:
        _end(standing_grant, by=by, at=at, action="replaced")
    grant = SkillGrant.objects.create(
        person=person, skill=skill, level=level, basis=basis, source=source,
        granted_by=by, granted_at=at, valid_until=valid_until, body=body,
    )  # fmt: skip
    record(
        subject=grant, action="granted", by=by, at=at, to_state=GrantStatus.ACTIVE,
        acting_body=body, about=person,
    )  # fmt: skip
    return grant


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


@transaction.atomic
def expire_grants(*, at: datetime) -> int:
    """Grants whose last valid day is over; how many."""
    over = SkillGrant.objects.filter(
        status=GrantStatus.ACTIVE, valid_until__lt=timezone.localdate(at)
    )
    found = list(over.select_for_update(of=("self",)).select_related("person")[:AT_A_TIME])
    for grant in found:
        _end(grant, by=None, at=at, action="expired", status=GrantStatus.EXPIRED)
    return len(found)


@transaction.atomic
def remind_of_ends(*, at: datetime) -> int:
    """Tell people once, a month ahead, that a confirmed skill of theirs runs out; how many.

    What was granted for less than that said its last day when it was granted.
    """
    today = timezone.localdate(at)
    ending = SkillGrant.objects.filter(
        status=GrantStatus.ACTIVE, reminded_at=None, granted_at__lte=at - REMIND_BEFORE,
        valid_until__gte=today, valid_until__lte=today + REMIND_BEFORE, person__is_active=True,
    ).exclude(basis=Basis.DECLARED)  # fmt: skip
    found = list(
        ending.select_for_update(of=("self",)).select_related("person", "skill", "body")[
            :AT_A_TIME
        ]
    )
    SkillGrant.objects.filter(pk__in=[grant.pk for grant in found]).update(reminded_at=at)
    for grant in found:
        _tell_of_end(grant, at=at)
    return len(found)


def _tell_of_end(grant: SkillGrant, *, at: datetime) -> None:
    body, skill = grant.body, grant.skill
    with translation.override(grant.person.language):
        until = date_format(grant.valid_until, "l j F Y") if grant.valid_until else ""
    outbox.send(
        template="registry.skill_ends", to=grant.person, at=at,
        context={
            "skill": skill.name_ar, "skill_en": skill.name_en,
            "body": body.name_ar if body else "",
            "body_en": (body.name_en or body.name_ar) if body else "",
            "licence": grant.basis == Basis.LICENCE, "until": until,
            "link": links.absolute("registry:profile", language=grant.person.language),
        },
    )  # fmt: skip


def _same(
    grant: SkillGrant, level: int, source: str, valid_until: date | None, body: Body | None
) -> bool:
    now = (level, source, valid_until, body.pk if body else None)
    return (grant.level, grant.source, grant.valid_until, grant.body_id) == now


def _end(
    grant: SkillGrant, *, by, at: datetime, action: str, reason: str = "",
    status: str = GrantStatus.REVOKED,
) -> None:  # fmt: skip
    ended = SkillGrant.objects.filter(pk=grant.pk, status=GrantStatus.ACTIVE)
    if ended.update(status=status):
        grant.status = status
        record(
            subject=grant, action=action, by=by, at=at, reason=reason,
            from_state=GrantStatus.ACTIVE, to_state=status, about=grant.person,
            acting_body=grant.body,
        )  # fmt: skip
