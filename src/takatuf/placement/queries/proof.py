"""Skills and who may confirm them: a body that has met the person, or was asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from takatuf.opportunities.enums import OPEN
from takatuf.placement.models import Application
from takatuf.placement.queries.applicants import CHOSE_TO_COME
from takatuf.registry import queries as registry
from takatuf.registry.enums import PROVABLE, Basis, least_basis

MOST_BODIES = 8


@dataclass(frozen=True, kw_only=True)
class Line:
    """A body that may be asked about a skill, with the last answer, if any."""

    body: Any
    request: Any  # the newest, or None


@dataclass(frozen=True, kw_only=True)
class ToProve:
    skill: Any
    lines: list[Line]


def has_met(person_id: int, body_id: int) -> bool:
    """Whether the person asked this body for a place, or had one, of their own wish."""
    rows = Application.objects.filter(
        CHOSE_TO_COME, person_id=person_id, opportunity__body_id=body_id
    )
    return rows.exists()


def person_by_ref(ref: UUID):
    people = get_user_model().objects.filter(is_active=True, erased_at__isnull=True)
    return people.filter(ref=ref).first()


def bodies_met(person) -> list:
    """Those the person asked for a place last come first."""
    rows = Application.objects.filter(CHOSE_TO_COME, person=person)
    rows = rows.select_related("opportunity__body").order_by("-pk")
    met = {row.opportunity.body_id: row.opportunity.body for row in rows}
    return list(met.values())[:MOST_BODIES]


def skills_asked(opportunity) -> list:
    """Skills the opportunity wants shown, and a body can show."""
    if opportunity.status not in OPEN:
        return []
    roles = opportunity.roles.filter(skill__isnull=False).select_related("skill", "credential")
    found: dict[int, Any] = {}
    for role in roles.order_by("pk"):
        if least_basis(role.least_basis, needs_licence=role.skill.needs_licence) in PROVABLE:
            found[role.skill_id] = role.skill
        if role.credential and role.credential.needs_licence:
            found[role.credential_id] = role.credential
    return list(found.values())


def to_prove(person, opportunity=None) -> list[ToProve]:
    """What the person may ask to have confirmed, and of whom: here, or wherever they were."""
    if opportunity is not None:
        skills, bodies = skills_asked(opportunity), [opportunity.body]
    else:
        skills, bodies = _only_declared(person), bodies_met(person)
    newest: dict[tuple[int, int], Any] = {}
    for request in registry.skill_requests_of(person):
        newest.setdefault((request.skill_id, request.body_id), request)
    return [
        ToProve(
            skill=skill,
            lines=[Line(body=b, request=newest.get((skill.pk, b.pk))) for b in bodies],
        )
        for skill in skills
    ]


def _only_declared(person) -> list:
    grants = list(registry.active_grants(person))
    shown = {grant.skill_id for grant in grants if grant.basis != Basis.DECLARED}
    return [
        grant.skill
        for grant in grants
        if grant.basis == Basis.DECLARED and grant.skill_id not in shown
    ]


def skills_to_confirm(asked: list, *, met: bool):
    """Of who has only asked: what they asked about, and no more."""
    every = registry.skills()
    return every if met else every.filter(pk__in=[row.skill_id for row in asked])
