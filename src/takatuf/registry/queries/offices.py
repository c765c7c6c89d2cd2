"""Who holds which office, where, and when."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from takatuf.registry.enums import BodyStatus, Role, TeamStatus
from takatuf.registry.models import Body, Office, Team, TeamMember, Unit


def today_unless(on: date | None) -> date:
    """The day asked about; today in the region where none was named."""
    return on or timezone.localdate()


def in_force(on: date | None, prefix: str = "") -> Q:
    """Offices whose period ``[starts_on, ends_on)`` holds the day (today unless named)."""
    on = today_unless(on)
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": on})
    )


def offices_of(person, on: date | None = None) -> list[Office]:
    """The person's offices in force on the day, oldest first; none in closed bodies, and none
    in a request whose session has not shown what staff must show (``Person.office_waits``).

    Asked once for a page that only reads (``registry.middleware``).
    """
    if not getattr(person, "is_authenticated", False) or person.office_waits:
        return []
    on = today_unless(on)
    kept: dict[date, list[Office]] | None = getattr(person, "offices_kept", None)
    if kept is not None and on in kept:
        return list(kept[on])
    rows = Office.objects.filter(in_force(on), person_id=person.pk)
    rows = rows.exclude(body__status=BodyStatus.CLOSED)
    held = list(rows.select_related("body", "unit", "team").order_by("starts_on", "pk"))
    if kept is not None:
        kept[on] = held
    return list(held)


def watches_the_region(offices: Iterable[Office]) -> bool:
    """Whether one of them is the desk's or the auditor's: they see every body and team."""
    return any(office.role in ("desk", "auditor") and office.body.is_desk for office in offices)


def bodies_where(person, roles: Iterable[str], on: date | None = None) -> list[Body]:
    """Bodies in which the person holds one of the roles on the day, by name."""
    held = {office.body for office in offices_of(person, on) if office.role in set(roles)}
    return sorted(held, key=lambda body: (body.name_sort_key, body.pk))


def holders_of(body: Body, roles: Iterable[str], on: date | None = None) -> QuerySet[Office]:
    """The body's offices of these roles in force on the day, with their people."""
    rows = Office.objects.filter(in_force(on), body=body, role__in=list(roles))
    return rows.select_related("person", "unit", "team").order_by("role", "starts_on", "pk")


def offices_in_force(roles: Iterable[str], on: date | None = None) -> QuerySet[Office]:
    """Everybody's offices of these roles on the day, outside closed bodies."""
    rows = Office.objects.filter(in_force(on), role__in=list(roles))
    return rows.exclude(body__status=BodyStatus.CLOSED).select_related("person", "body")


def offices_held_by(keys: Iterable[int], on: date | None = None) -> dict[int, list[Office]]:
    """Person -> the offices they hold on the day, as in ``offices_of``; one query."""
    held: dict[int, list[Office]] = {}
    rows = offices_in_force(Role.values, on).filter(person__in=list(keys))
    for office in rows.select_related("body", "team").order_by("starts_on", "pk"):
        held.setdefault(office.person_id, []).append(office)
    return held


def desk_body() -> Body | None:
    """The association that runs the regional desk, once the region is loaded."""
    return Body.objects.filter(is_desk=True).first()


def hold_body(pk: int) -> Body:
    """The body as it stands, locked until the transaction ends."""
    return Body.objects.select_for_update(no_key=True).get(pk=pk)


def units_of(body: Body) -> QuerySet[Unit]:
    return Unit.objects.filter(body=body).order_by("pk")


def teams_of(person, on: date | None = None) -> QuerySet[Team]:
    """Active teams the person is a member of on the day."""
    if not getattr(person, "is_authenticated", False):
        return Team.objects.none()
    on = today_unless(on)
    current = Q(members__person_id=person.pk, members__joined_on__lte=on) & (
        Q(members__left_on__isnull=True) | Q(members__left_on__gt=on)
    )
    rows = Team.objects.filter(current, status=TeamStatus.ACTIVE)
    return rows.distinct().order_by("name_sort_key", "pk")


def team_roster(team: Team, on: date | None = None) -> QuerySet[TeamMember]:
    """The team's members on the day, by name. For the leader and the sponsoring body only."""
    rows = rosters_of([team], on).select_related("person")
    return rows.order_by("person__name_sort_key", "pk")


def rosters_of(
    teams: Iterable[Team] | QuerySet[Team], on: date | None = None
) -> QuerySet[TeamMember]:
    """The members of all these teams on the day."""
    on = today_unless(on)
    current = Q(joined_on__lte=on) & (Q(left_on__isnull=True) | Q(left_on__gt=on))
    return TeamMember.objects.filter(current, team__in=teams)
