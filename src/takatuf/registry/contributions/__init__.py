"""What the registry adds to the kernel's registries, and to accounts' questions."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import policies as accounts
from takatuf.kernel import search
from takatuf.kernel.registries import importers, shell_parts
from takatuf.registry import documents, policies, queries
from takatuf.registry.contributions import desk, invariants, messages, privacy
from takatuf.registry.enums import STAFF_ROLES, Role
from takatuf.registry.importing import PeopleImporter

__all__ = ["desk", "invariants", "messages", "privacy"]

search.sources.add("registry", documents.all_documents)
importers.add("people", PeopleImporter())


# ---------------------------------------------------------------- who needs a second factor
@accounts.staff_checks.register("offices")
def holds_staff_office(person, at: datetime) -> bool:
    return policies.holds(person, STAFF_ROLES, on=timezone.localdate(at))


@accounts.desk_checks.register("offices")
def sits_at_the_desk(person, at: datetime) -> bool:
    return policies.holds(person, Role.DESK, on=timezone.localdate(at))


# ---------------------------------------------------------------- every page's shell
@shell_parts.register("registry")
def shell(request) -> dict:
    person = getattr(request, "user", None)
    # The association is asked for only by a page that shows how to reach it.
    region = {"region": queries.region_name(), "association": queries.desk_body}
    if person is None or not person.is_authenticated:
        return region
    offices = queries.offices_of(person)
    bodies = {office.body_id: office.body for office in offices}
    return region | {
        # While the office waits, its ways lead to the proof that is missing.
        "has_desk": bool(offices) or accounts.is_administrator(person) or person.office_waits,
        "has_office": bool(offices) or person.office_waits,
        "audits": policies.holds(person, Role.AUDITOR, offices=offices),
        "offices": [
            {
                "title": body.name,
                "url": reverse("registry:body", args=[body.code]),
                "current": request.path == reverse("registry:body", args=[body.code]),
            }
            for body in bodies.values()
        ],
    }
