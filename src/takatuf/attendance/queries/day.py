"""The day sheet: whose days somebody runs, and who is on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from takatuf.attendance.enums import PresenceStatus
from takatuf.attendance.models import PeopleServed, Presence
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import LIVE_SHIFTS, ShiftStatus
from takatuf.placement import queries as placement
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, Role

WITH_SHIFT = ("shift__opportunity__body", "shift__opportunity__team", "person")
LOOK_AHEAD = timedelta(days=14)
MOST_SHEETS = 60
CAME = (PresenceStatus.PRESENT, PresenceStatus.LEFT)


@dataclass(frozen=True)
class Reach:
    """Whose days a person runs and whose hours they answer, from their offices in force."""

    person_id: int
    bodies: frozenset[int]  # managed
    headed: frozenset[int]
    teams: frozenset[int]  # led
    desk: bool
    audits: bool

    def days(self, prefix: str = "") -> Q:
        """Rows whose opportunity (at ``prefix``) the person runs."""
        return (
            Q(**{f"{prefix}supervisor_id": self.person_id})
            | Q(**{f"{prefix}body_id__in": self.bodies})
            | Q(**{f"{prefix}team_id__in": self.teams})
            | Q(**{f"{prefix}team__body_id__in": self.bodies})
        )


def reach_of(person, offices: Iterable | None = None) -> Reach:
    """:param offices: the person's offices, where a page has asked already."""
    held = registry.offices_of(person) if offices is None else list(offices)
    manages = MANAGERS
    return Reach(
        person_id=person.pk or 0,
        bodies=frozenset(o.body_id for o in held if o.role in manages),
        headed=frozenset(o.body_id for o in held if o.role == Role.BODY_HEAD),
        teams=frozenset(o.team_id for o in held if o.role == Role.TEAM_LEADER and o.team_id),
        desk=any(o.role == Role.DESK and o.body.is_desk for o in held),
        audits=any(o.role == Role.AUDITOR and o.body.is_desk for o in held),
    )


# ---------------------------------------------------------------- shifts


def shift_with_opportunity(shift_id: int):
    """:raises Shift.DoesNotExist: if there is none."""
    return opportunities.shift_with_opportunity(shift_id)


def hold_shift(shift_id: int):
    """The shift as it stands once nobody else is changing its opportunity; until the end.

    Whoever marks a sheet or gives a place takes the opportunity's listing first, so that no
    two of them wait for each other crosswise.

    :raises Shift.DoesNotExist: if there is none.
    """
    opportunities.lock_listing(opportunities.shift_with_opportunity(shift_id).opportunity_id)
    return opportunities.shift_with_opportunity(shift_id)


def shift_visible_to(reach: Reach, shift_id: int, code: str = ""):
    """A shift whose day the person runs.

    :raises Shift.DoesNotExist: missing and somebody else's look alike.
    """
    named = Q(opportunity__code=code) if code else Q()
    return opportunities.shifts().get(reach.days("opportunity__"), named, pk=shift_id)


def sheets_of(reach: Reach, *, at: datetime) -> list:
    """Shifts the person runs that are not closed, until two weeks ahead; soonest first.

    Each with ``places``, how many hold one.
    """
    held = ["confirmed", "attended", "no_show", "excused"]
    rows = (
        opportunities.shifts()
        .filter(reach.days("opportunity__"), status__in=LIVE_SHIFTS)
        .filter(starts_at__lt=at + LOOK_AHEAD, opportunity__published_at__isnull=False)
        .annotate(
            places=Count("applications", filter=Q(applications__status__in=held), distinct=True)
        )
        .order_by("starts_at", "pk")
    )
    return list(rows[:MOST_SHEETS])


def sheets_closed(reach: Reach, *, limit: int = 10) -> list:
    """Shifts the person ran whose sheets were closed lately, the latest first."""
    rows = opportunities.shifts().filter(reach.days("opportunity__"), status=ShiftStatus.CLOSED)
    return list(rows.order_by("-ends_at", "-pk")[:limit])


# ---------------------------------------------------------------- one sheet


@dataclass
class SheetRow:
    """A place and its mark, if there is one yet."""

    application: object
    presence: Presence | None

    @property
    def status(self) -> str:
        return self.presence.status if self.presence else PresenceStatus.EXPECTED


def lock_presence_of(application_id: int) -> Presence:
    """The presence row of a place, held; made if this is the first mark.

    The opportunity's listing is held before it, like everywhere else.

    :raises Application.DoesNotExist: if there is no such place.
    """
    place = placement.application_for_link(application_id)
    opportunities.lock_listing(place.opportunity_id)
    application = placement.lock_application(application_id)
    who = {"shift_id": application.shift_id, "person_id": application.person_id}
    # Who left and came back has another application and still one row on the sheet.
    Presence.objects.filter(**who).exclude(application_id=application_id).update(
        application_id=application_id
    )
    Presence.objects.get_or_create(application_id=application_id, defaults=who)
    presence = _locked(Presence.objects.filter(application_id=application_id))
    presence.application = application
    return presence


def lock_presence(pk: int) -> Presence:
    return _locked(Presence.objects.filter(pk=pk))


def _locked(rows: QuerySet[Presence]) -> Presence:
    return rows.select_for_update(of=("self",)).select_related(*WITH_SHIFT).get()


def presences_of(shift) -> QuerySet[Presence]:
    """Every marked row of a shift's sheet."""
    return (
        Presence.objects.filter(shift=shift)
        .select_related(*WITH_SHIFT, "recorded_by")
        .order_by("person__name_sort_key", "pk")
    )


def unmarked(shift):
    """Places of a shift nobody marked on its sheet."""
    return placement.roster(shift).filter(
        Q(presence__isnull=True) | Q(presence__status=PresenceStatus.EXPECTED)
    )


def day_sheet(shift) -> list[SheetRow]:
    """One row a place, with its presence or None: what the leader sees. Two queries."""
    marked = {row.application_id: row for row in Presence.objects.filter(shift=shift)}
    return [SheetRow(place, marked.get(place.pk)) for place in placement.roster(shift)]


def still_here_after(moment: datetime) -> QuerySet[Presence]:
    """Rows still marked as here although the shift ended before the moment."""
    return Presence.objects.filter(
        status=PresenceStatus.PRESENT, shift__ends_at__lte=moment
    ).order_by("pk")


def came_to(shift_ids: Iterable[int]) -> list[int]:
    """Keys of the rows marked as here or left."""
    rows = Presence.objects.filter(shift__in=list(shift_ids), status__in=CAME)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def begun_with_people(at: datetime) -> list[int]:
    """Keys of shifts still planned that have begun by the clock with somebody there."""
    rows = Presence.objects.filter(
        shift__status=ShiftStatus.PLANNED, shift__starts_at__lte=at, status__in=CAME
    )
    return list(rows.order_by("shift_id").values_list("shift_id", flat=True).distinct())


# ---------------------------------------------------------------- people served


def people_served_at(shift) -> PeopleServed | None:
    rows = PeopleServed.objects.select_related("entered_by", "confirmed_by")
    return rows.filter(shift=shift).first()


def people_served_of(reach: Reach, shift_id: int) -> PeopleServed | None:
    """The figure of a shift of the person's bodies."""
    rows = PeopleServed.objects.select_related("shift__opportunity__body", "entered_by")
    return rows.filter(
        shift__pk=shift_id, shift__opportunity__body_id__in=reach.bodies
    ).first()  # fmt: skip


def lock_people_served(shift_id: int) -> PeopleServed:
    """:raises PeopleServed.DoesNotExist: if nothing was entered for the shift."""
    return (
        PeopleServed.objects.select_for_update(of=("self",))
        .select_related("shift__opportunity__body", "entered_by")
        .get(shift_id=shift_id)
    )


def served_waiting(body, entered_by_day: datetime | None) -> QuerySet[PeopleServed]:
    """Figures nobody confirmed yet, of one body or of all; the oldest first."""
    rows = PeopleServed.objects.filter(confirmed_at__isnull=True)
    rows = rows.filter(shift__opportunity__body=body) if body else rows
    rows = rows.filter(entered_at__lte=entered_by_day) if entered_by_day else rows
    return rows.select_related("shift__opportunity__body").order_by("entered_at", "pk")


def served_by_both(one, other) -> QuerySet[PeopleServed]:
    """Figures that one of two records entered and the other confirmed."""
    rows = PeopleServed.objects.filter(
        Q(entered_by=one, confirmed_by=other) | Q(entered_by=other, confirmed_by=one)
    )
    return rows.select_related("shift__opportunity")


def served_to_confirm(reach: Reach) -> QuerySet[PeopleServed]:
    """Figures of the person's bodies that nobody confirmed yet, the oldest first."""
    return (
        PeopleServed.objects.filter(
            shift__opportunity__body_id__in=reach.bodies, confirmed_at__isnull=True
        )
        .select_related("shift__opportunity__body", "entered_by")
        .order_by("entered_at", "pk")
    )


# ---------------------------------------------------------------- invariants


def present_on_closed_sheets() -> QuerySet[Presence]:
    """Somebody still here, or never marked, on a sheet that is closed."""
    return Presence.objects.filter(
        shift__status=ShiftStatus.CLOSED,
        status__in=[PresenceStatus.PRESENT, PresenceStatus.EXPECTED],
        application__status__in=["confirmed", "attended", "no_show", "excused"],
    )


def outcomes_out_of_step() -> QuerySet[Presence]:
    """Marks that say another thing than the place they are about."""
    same = (
        Q(status__in=["present", "left"], application__status="attended")
        | Q(status="no_show", application__status="no_show")
        | Q(status="excused", application__status="excused")
        | (
            Q(status="expected")
            & ~Q(application__status__in=["attended", "no_show", "excused"])
        )
    )
    return Presence.objects.exclude(same)


def attended_without_a_mark():
    """Places said to be attended, missed or excused that no sheet knows of."""
    marks = Presence.objects.filter(application_id=OuterRef("pk"))
    rows = Presence._meta.get_field("application").related_model._default_manager
    return rows.filter(
        ~Exists(marks), status__in=["attended", "no_show", "excused"]
    )  # fmt: skip
