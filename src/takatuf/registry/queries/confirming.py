"""What volunteers asked bodies to confirm, and what was confirmed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from takatuf.registry.enums import Basis, GrantStatus, SkillRequestStatus
from takatuf.registry.models import SkillGrant, SkillRequest

ASKED = SkillRequestStatus.ASKED


def skill_requests_to(bodies: Iterable[int], due_by: datetime | None = None) -> QuerySet:
    """What waits for these bodies, the first due first."""
    rows = SkillRequest.objects.filter(body__in=list(bodies), status=ASKED)
    if due_by is not None:
        rows = rows.filter(due_at__lte=due_by)
    return _with_words(rows).order_by("due_at", "pk")


def skill_requests_waiting(due_by: datetime | None = None) -> QuerySet:
    """Of all bodies."""
    rows = SkillRequest.objects.filter(status=ASKED)
    if due_by is not None:
        rows = rows.filter(due_at__lte=due_by)
    return _with_words(rows).order_by("due_at", "pk")


def skill_requests_of(person, body=None) -> QuerySet[SkillRequest]:
    """The newest first."""
    rows = SkillRequest.objects.filter(person_id=person.pk)
    if body is not None:
        rows = rows.filter(body=body)
    return _with_words(rows).order_by("-asked_at", "-pk")


def open_skill_requests_of(person, body) -> QuerySet[SkillRequest]:
    return skill_requests_of(person, body).filter(status=ASKED)


def licences_recorded() -> QuerySet[SkillGrant]:
    """Licences that stand, the newest first."""
    rows = SkillGrant.objects.filter(basis=Basis.LICENCE, status=GrantStatus.ACTIVE)
    return rows.select_related("person", "skill", "body").order_by("-granted_at", "-pk")


def grant_by_key(pk: int) -> SkillGrant | None:
    """Somebody's confirmed skill; who may touch it is for a policy."""
    return SkillGrant.objects.select_related("person", "skill", "body").filter(pk=pk).first()


def _with_words(rows: QuerySet[SkillRequest]) -> QuerySet[SkillRequest]:
    return rows.select_related("person", "skill", "body")
