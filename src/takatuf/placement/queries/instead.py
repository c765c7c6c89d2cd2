"""Another shift instead of the one a person has, or had until it was cancelled."""

from datetime import datetime
from itertools import islice

from django.db.models import F, QuerySet

from takatuf.kernel import traces
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import ShiftStatus, Way
from takatuf.placement.enums import STANDING, Origin
from takatuf.placement.models import Application
from takatuf.placement.queries.facts import known_about
from takatuf.placement.queries.rows import application_for_link

MOST_OTHERS = 6  # shifts offered instead of one


def other_shifts(application: Application, *, at: datetime) -> QuerySet:
    """Roles of other shifts that the person may have instead, soonest first.

    Whoever the body moved with a shift, or whose shift it cancelled, may choose anew; else it
    is for what is open to all.
    """
    rows = opportunities.shift_roles()
    anew = application.origin == Origin.MOVED or application.went_with_its_shift
    if application.opportunity.way != Way.OPEN and not anew:
        return rows.none()
    standing = Application.objects.filter(person_id=application.person_id, status__in=STANDING)
    rows = (
        rows.filter(role_id=application.shift_role.role_id)
        .filter(shift__status=ShiftStatus.PLANNED, shift__starts_at__gt=at)
        .exclude(shift__in=standing.values("shift"))
        .select_related("shift__opportunity__governorate", "role__skill", "role__credential")
    )
    return rows.order_by("shift__starts_at", "pk")


def fitting_shifts(application: Application, *, at: datetime) -> list:
    """The first of them with a seat left that the person fits, as the change will judge."""
    rows = list(other_shifts(application, at=at).filter(taken__lt=F("seats")))
    if not rows:
        return []
    person = application.person
    known = known_about([person], application.opportunity_id, at=at)[person.pk]
    fit = (
        role
        for role in rows
        if known.verdict(role, at=at, apart_from=application.pk, invited=True).eligible
    )
    return list(islice(fit, MOST_OTHERS))


def taken_instead(application: Application) -> Application | None:
    """What the person changed to from here, and from there on, as it stands by now."""
    found = None
    while keys := traces.sources(found or application, traces.Relation.SUPERSEDES):
        found = application_for_link(int(keys[-1].rpartition(":")[2]))
    return found
