"""A shift with people on it, at any hour of its day."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from takatuf.attendance import commands
from takatuf.attendance.models import HourClaim, HourEntry, Presence
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import application, manager_of, shift_role, volunteer
from takatuf.registry.tests.factories import OfficeFactory

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # nine in the morning in Tabuk
HOUR = timedelta(hours=1)
END = START + 3 * HOUR
LATER = END + HOUR


@dataclass
class Day:
    """One shift from START to END, its manager, a colleague, and people with places."""

    role: ShiftRole
    manager: object
    colleague: object
    places: list[Application] = field(default_factory=list)

    @property
    def shift(self) -> Shift:
        return Shift.objects.get(pk=self.role.shift_id)

    @property
    def body(self):
        return self.role.shift.opportunity.body

    @property
    def opportunity(self):
        return self.role.shift.opportunity

    def presence(self, number: int = 0) -> Presence:
        return Presence.objects.get(application=self.places[number])

    def status(self, number: int = 0) -> str:
        found = Presence.objects.filter(application=self.places[number]).first()
        return found.status if found else ""

    def outcome(self, number: int = 0) -> str:
        return Application.objects.get(pk=self.places[number].pk).status

    def come(self, number: int = 0, at=START, **more):
        return commands.check_in(
            application_id=self.places[number].pk, by=self.manager, at=at, **more
        )

    def leave(self, number: int = 0, at=END, **more):
        return commands.check_out(
            application_id=self.places[number].pk, by=self.manager, at=at, **more
        )

    def close(self, at=LATER, by=None):
        return commands.close_day_sheet(
            shift_id=self.role.shift_id, by=by or self.manager, at=at
        )


def a_day(people: int = 2, **opportunity) -> Day:
    role = shift_role(seats=max(people, 250), **opportunity)
    Shift.objects.filter(pk=role.shift_id).update(starts_at=START, ends_at=END)
    role.shift.refresh_from_db()
    body = role.shift.opportunity.body
    places = [
        application(role=role, person=volunteer(full_name=f"متطوع {n:03}"))
        for n in range(people)
    ]
    return Day(role, manager_of(body), manager_of(body), places)


def closed_day(people: int = 2, **opportunity) -> Day:
    """Everybody came and left; the hours wait for approval."""
    day = a_day(people, **opportunity)
    for number in range(people):
        day.come(number, at=START + timedelta(minutes=number))
        day.leave(number)
    day.close()
    return day


def approved_day(people: int = 2, **opportunity) -> Day:
    """A colleague of who marked the sheet approved everybody's hours."""
    day = closed_day(people, **opportunity)
    commands.approve_hours(
        claim_ids=[claim.pk for claim in claims(day)], by=day.colleague, at=LATER
    )
    return day


def elsewhere(people, *, came_at=START, left_at=END, **opportunity) -> Day:
    """The same people on the closed sheet of another shift; their hours wait for approval."""
    day = a_day(0, **opportunity)
    for person in people:
        place = application(role=day.role, person=person)
        day.places.append(place)
        commands.record_times(
            application_id=place.pk, came_at=came_at, left_at=left_at, by=day.manager, at=LATER
        )
    day.close()
    return day


def claims(day: Day) -> list[HourClaim]:
    rows = HourClaim.objects.filter(presence__shift_id=day.role.shift_id)
    return list(
        rows.select_related("person", "body", "opportunity").order_by("started_at", "presence")
    )


def assumed_day() -> Day:
    """One person came and nobody recorded when they left."""
    day = a_day(1)
    day.come()
    day.close()
    return day


def head_of(body):
    return OfficeFactory(body=body, role="body_head").person


def ledger() -> list[tuple]:
    """Everything the ledger says: nothing changed when it is the same afterwards."""
    rows = HourEntry.objects.order_by("claim_id", "position")
    return [
        *rows.values_list("claim_id", "position", "state", "counted", "digest"),
        *HourClaim.objects.order_by("pk").values_list("pk", "state", "evidence"),
    ]


def marks() -> list[tuple]:
    rows = Presence.objects.order_by("pk")
    return [
        *rows.values_list("pk", "status", "came_at", "left_at", "left_is_assumed", "note"),
        *Application.objects.order_by("pk").values_list("pk", "status"),
        *Shift.objects.order_by("pk").values_list("pk", "status"),
    ]
