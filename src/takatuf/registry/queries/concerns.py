"""Concerns, kept from whoever they are about."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from takatuf.registry.enums import REGIONAL_ROLES, ConcernStatus, Role
from takatuf.registry.models import Concern, Office
from takatuf.registry.queries.offices import in_force, offices_of

OPEN_CONCERNS = (ConcernStatus.OPEN, ConcernStatus.IN_HAND)


def concerns_handled_by(person, on=None) -> QuerySet[Concern]:
    """Concerns this person may know as a handler, by their clock.

    The desk, but nothing about a body they ever held an office in, and nothing they reported
    themselves. What is about the desk's own body goes to the auditors.
    """
    if not getattr(person, "is_authenticated", False):
        return Concern.objects.none()
    roles = {office.role for office in offices_of(person, on) if office.body.is_desk}
    if not roles & set(REGIONAL_ROLES):
        return Concern.objects.none()
    seen = Q(pk__in=[])
    if Role.DESK in roles:
        belongs = Office.objects.filter(person_id=person.pk).values("body_id")
        seen |= Q(about_body__isnull=True) | ~Q(about_body__in=belongs)
    if Role.AUDITOR in roles and Role.DESK not in roles:
        seen |= Q(about_body__is_desk=True)
    rows = Concern.objects.filter(seen).exclude(reporter_id=person.pk)
    rows = rows.exclude(about_body__registered_by_id=person.pk)
    return rows.select_related("about_body", "handler").order_by("due_at", "pk")


def open_concerns(person, on=None) -> QuerySet[Concern]:
    return concerns_handled_by(person, on).filter(status__in=OPEN_CONCERNS)


def concerns_waiting(*, due_by: datetime | None = None) -> list[tuple[Concern, list[int]]]:
    """Open concerns by their clock, each with who at the desk may not know it."""
    rows = Concern.objects.filter(status__in=OPEN_CONCERNS).select_related("about_body")
    if due_by:
        rows = rows.filter(due_at__lte=due_by)
    found = list(rows.order_by("due_at", "pk"))
    regional = Office.objects.filter(
        in_force(None), body__is_desk=True, role__in=REGIONAL_ROLES
    )
    people = {office.person for office in regional.select_related("person")} if found else set()
    known = {one.pk: set(open_concerns(one).values_list("pk", flat=True)) for one in people}
    return [(row, [pk for pk, seen in known.items() if row.pk not in seen]) for row in found]


def concerns_reported_by(person) -> QuerySet[Concern]:
    """The person's own reports, newest first; not those they made unnamed."""
    if not getattr(person, "is_authenticated", False):
        return Concern.objects.none()
    return Concern.objects.filter(reporter_id=person.pk).order_by("-reported_at", "-pk")


def concern_by_code(number: str, digest: str) -> Concern | None:
    """The concern whose reporter has this number and a code of this digest."""
    found = Concern.objects.filter(number=number.strip().upper()).first()
    if found and found.code_digest and constant_time_compare(found.code_digest, digest):
        return found
    return None
