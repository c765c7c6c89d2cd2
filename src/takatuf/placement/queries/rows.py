"""Applications: one by one, locked, and in lists."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, SHARDS, ShiftStatus, Way
from takatuf.placement.enums import (
    HOLDING,
    LIVE,
    STANDING,
    UNANSWERED,
    WITH_A_PLACE,
    ApplicationStatus,
)
from takatuf.placement.models import Application, Covenant
from takatuf.placement.queries.standing import with_closed_round, with_cover, with_position

WITH_EVERYTHING = (
    "opportunity__body", "opportunity__field", "opportunity__governorate", "shift", "person",
    "shift_role__role__skill", "shift_role__role__credential",
    "shift_role__shift__opportunity__governorate", "proposal",
)  # fmt: skip
COMING = (*LIVE, "attended")  # until the shift is over
OVER = ("withdrawn", "expired")  # a place that is the person's no more
FOR_LISTS = (
    "opportunity__body", "opportunity__governorate", "opportunity__supervisor", "shift",
    "shift_role__role",
)  # fmt: skip


# ---------------------------------------------------------------- locks, always in this order:
# the person, the opportunity's listing, a round, the application.


def lock_person(person_id: int) -> None:
    """Let one change of a person's places happen at a time, so that clashes are seen.

    Rows that only name the person (a message, a transition's note) need not wait for it.
    """
    people = get_user_model().objects.select_for_update(no_key=True)
    people.only("pk").get(pk=person_id)


def lock_people_of(application_ids: Iterable[int]) -> None:
    """``lock_person`` for everybody behind these applications, in one order."""
    wanted = Application.objects.filter(pk__in=list(application_ids)).values("person_id")
    people = get_user_model().objects.select_for_update(no_key=True).filter(pk__in=wanted)
    list(people.order_by("pk").values_list("pk", flat=True))


def lock_listings(opportunity_ids: Iterable[int], *, shared: bool = False) -> None:
    """Let nobody else change seats of these opportunities; each shard once, in one order.

    :param shared: beside others who do not change them either.
    """
    shards = {pk % SHARDS: pk for pk in opportunity_ids}
    for _shard, opportunity_id in sorted(shards.items()):
        opportunities.lock_listing(opportunity_id, shared=shared)


def hold_application(pk: int) -> Application:
    """The application with its person and its opportunity's seats, locked until the end.

    Whoever gives or frees a seat passes it on to somebody who waits: without one order of
    locks two such changes would wait for each other.

    :raises Application.DoesNotExist: if there is none.
    """
    keys = Application.objects.values_list("person_id", "opportunity_id").get(pk=pk)
    lock_person(keys[0])
    lock_listings([keys[1]])
    return lock_application(pk)


def standing_application(person_id: int, shift_id: int) -> Application | None:
    """The person's one application that still stands for a shift, whatever became of it."""
    return (
        Application.objects.filter(person_id=person_id, shift_id=shift_id, status__in=STANDING)
        .select_related(*WITH_EVERYTHING)
        .first()
    )


def standing_by_person(person_ids: Iterable[int], shift_role) -> dict[int, int]:
    """Person -> their unanswered application for the role, where there is one; one query."""
    rows = Application.objects.filter(shift_role=shift_role, status__in=UNANSWERED)
    return dict(rows.filter(person__in=person_ids).values_list("person_id", "pk"))


def standing_in(person_id: int, shift_ids: Sequence[int]) -> list[Application]:
    """The person's applications that stand for these shifts, in their order, where there is
    one for each; otherwise none.
    """
    rows = Application.objects.filter(
        person_id=person_id, shift_id__in=shift_ids, status__in=STANDING
    )
    found = {row.shift_id: row for row in rows.select_related("opportunity")}
    return [found[pk] for pk in shift_ids] if found.keys() >= set(shift_ids) else []


def lock_application(pk: int) -> Application:
    """Hold the application's row until the transaction ends.

    :raises Application.DoesNotExist: if there is none.
    """
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related(*WITH_EVERYTHING)
        .get(pk=pk)
    )


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Roles of shifts of one opportunity, soonest first, as they were a moment ago."""

    opportunity_id: int
    role_ids: list[int]
    shift_ids: list[int]
    full: bool  # not one of them has a seat left


def chosen_places(shift_role_ids: Iterable[int]) -> Chosen | None:
    """None if one does not exist, or they belong to different opportunities."""
    ids = set(shift_role_ids)
    rows = opportunities.shift_roles().filter(pk__in=ids).order_by("shift__starts_at", "pk")
    columns = ("pk", "shift_id", "shift__opportunity_id", "seats", "taken")
    found = list(rows.values_list(*columns))
    owners = {owner for _pk, _shift, owner, _seats, _taken in found}
    if len(found) < len(ids) or len(owners) != 1:
        return None
    return Chosen(
        opportunity_id=owners.pop(),
        role_ids=[row[0] for row in found],
        shift_ids=[row[1] for row in found],
        full=all(taken >= seats for *_keys, seats, taken in found),
    )


def covenant_of(person, opportunity) -> Covenant | None:
    """What the person signed for an opportunity."""
    return Covenant.objects.filter(person=person, opportunity=opportunity).first()


# ---------------------------------------------------------------- lists


def own_application(person, pk: int) -> Application:
    """The person's own.

    :raises Application.DoesNotExist: missing and somebody else's look alike.
    """
    rows = with_cover(Application.objects.select_related(*FOR_LISTS, "person"))
    return rows.get(pk=pk, person=person)


def application_for_link(pk: int) -> Application:
    """For the holder of a signed link, which is its own permission.

    :raises Application.DoesNotExist: if it is gone.
    """
    return Application.objects.select_related(*WITH_EVERYTHING).get(pk=pk)


def places_of(person, *, at: datetime) -> QuerySet[Application]:
    """What is to come for a person or goes on: places, offers, waiting, unanswered; soonest
    first. Whoever is ticked present is there until the shift ends.
    """
    rows = Application.objects.filter(person=person, status__in=COMING, shift__ends_at__gt=at)
    return (
        with_closed_round(with_cover(with_position(rows)))
        .select_related(*FOR_LISTS)
        .order_by("shift__starts_at", "pk")
    )  # fmt: skip


def calendar_places_of(person, *, at: datetime) -> QuerySet[Application]:
    """Places and offers to come, and places given up or called off that a calendar may show."""
    shown = Q(status__in=HOLDING) | Q(status__in=OVER, confirmed_at__isnull=False)
    rows = Application.objects.filter(shown, person=person, shift__ends_at__gt=at)
    return rows.select_related(*FOR_LISTS).order_by("shift__starts_at", "pk")


def past_places_of(person, *, at: datetime, limit: int = 30) -> QuerySet[Application]:
    """What was: shifts that are over and applications that ended, the latest first."""
    ended = Q(shift__ends_at__lte=at) | ~Q(status__in=COMING)
    rows = Application.objects.filter(ended, person=person).select_related(*FOR_LISTS)
    return rows.order_by("-shift__starts_at", "-pk")[:limit]


def live_of(person, opportunity, *, at: datetime) -> list[Application]:
    """What the person has, awaits or asked for at an opportunity, soonest first."""
    rows = places_of(person, at=at).filter(opportunity=opportunity, status__in=LIVE)
    return list(rows)


def held_at(person, opportunity, *, at: datetime) -> list[Application]:
    """The person's places at an opportunity that are to come, soonest first."""
    return [row for row in live_of(person, opportunity, at=at) if row.status == "confirmed"]


def covenant_for_link(person_id: int, opportunity_id: int) -> Covenant | None:
    """For the holder of a signed link, which is its own permission."""
    rows = Covenant.objects.filter(person=person_id, opportunity=opportunity_id)
    return rows.select_related("person", "opportunity__body").first()


def application_of(opportunity, pk: int) -> Application | None:
    """One of the opportunity's own applications."""
    rows = Application.objects.filter(opportunity=opportunity, pk=pk)
    return rows.select_related("person").first()


def ids_among(opportunity, keys: Collection[int]) -> list[int]:
    """Which of these applications are to this opportunity."""
    rows = Application.objects.filter(opportunity=opportunity, pk__in=keys)
    return list(rows.values_list("pk", flat=True))


def waiting_by_opportunity(bodies: Iterable[int]) -> list[Any]:
    """How many wait for the body's own answer at each of its opportunities, most pressing
    first.
    """
    return list(
        _to_answer()
        .filter(opportunity__body_id__in=list(bodies))
        .values("opportunity_id", "opportunity__code", "opportunity__title")
        .annotate(waiting=Count("pk"), due=Min("answer_due_at"))
        .order_by("due", "opportunity_id")
    )


def waiting_for_body(body, due_by: datetime | None) -> QuerySet[Application]:
    """Applications a body has not answered, the one due first on top.

    :param body: only of this one; None: of all.
    """
    rows = _to_answer()
    rows = rows.filter(opportunity__body=body) if body else rows
    rows = rows.filter(answer_due_at__lte=due_by) if due_by else rows
    return rows.select_related("opportunity__body").order_by("answer_due_at", "pk")


def _to_answer() -> QuerySet[Application]:
    """Asked for, for a shift that is still planned, where the body answers each itself."""
    rows = Application.objects.filter(
        status=ApplicationStatus.APPLIED, shift__status=ShiftStatus.PLANNED
    )
    return rows.exclude(opportunity__way=Way.ROUND)


def misplaced() -> QuerySet[Application]:
    """Invariant: rows whose shift or role belongs to another opportunity or shift."""
    return Application.objects.exclude(
        shift__opportunity_id=F("opportunity_id"), shift_role__shift_id=F("shift_id")
    )


def roster(shift) -> QuerySet[Application]:
    """Who has, or had, a place on a shift: for the day sheet."""
    return (
        Application.objects.filter(shift=shift, status__in=WITH_A_PLACE)
        .select_related("person", "shift_role__role")
        .order_by("shift_role_id", "person__name_sort_key", "pk")
    )  # fmt: skip


def waiting_list(shift_role_id: int) -> QuerySet[Application]:
    """Everyone waiting for a seat, the first in line first: as the latest round weighs them,
    otherwise as they asked.
    """
    return (
        Application.objects.filter(
            shift_role_id=shift_role_id, status=ApplicationStatus.WAITING
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("-line_points", "pk")
    )


def roles_with_lines(pks: Iterable[int]) -> list:
    """Roles of shifts, each with ``has_line``: somebody waits for a seat in it."""
    line = Application.objects.filter(
        shift_role=OuterRef("pk"), status=ApplicationStatus.WAITING
    )
    return opportunities.shift_roles_by_id(pks, has_line=Exists(line))


def expired_offers(at: datetime) -> QuerySet[Application]:
    return Application.objects.filter(
        status=ApplicationStatus.OFFERED, offer_expires_at__lte=at
    ).order_by("offer_expires_at", "pk")


def to_remind(at: datetime, *, before: timedelta) -> QuerySet[Application]:
    """Confirmed places whose shift starts within ``before`` and who were not asked again."""
    return (
        Application.objects.filter(
            status=ApplicationStatus.CONFIRMED,
            reminded_at=None,
            shift__starts_at__gt=at,
            shift__starts_at__lte=at + before,
            # Who said yes in the last two days has just answered the question.
            confirmed_at__lt=F("shift__starts_at") - before,
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def overtaken(at: datetime) -> QuerySet[Application]:
    """Who still waits, for an answer or in line, although the shift has begun."""
    return Application.objects.filter(
        status__in=[ApplicationStatus.APPLIED, ApplicationStatus.WAITING],
        shift__starts_at__lte=at,
    ).order_by("shift__starts_at", "pk")


def is_counted_on(shift_ids: Iterable[int]) -> bool:
    """Somebody has a place in one of these shifts, is offered one, waits or has asked."""
    rows = Application.objects.filter(shift__in=list(shift_ids), status__in=LIVE)
    return rows.exists()


def live_on_shift(shift_id: int) -> QuerySet[Application]:
    return (
        Application.objects.filter(shift_id=shift_id, status__in=LIVE)
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def future_of(person_id: int, *, at: datetime) -> QuerySet[Application]:
    return (
        Application.objects.filter(
            person_id=person_id, status__in=LIVE, shift__starts_at__gt=at
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def short_of_people(bodies: Iterable[int], *, at: datetime, until: datetime):
    """Shift roles of the bodies that start soon with fewer people than their minimum."""
    return (
        opportunities.shift_roles()
        .filter(
            shift__opportunity__body_id__in=list(bodies),
            shift__status=ShiftStatus.PLANNED,
            shift__starts_at__gt=at,
            shift__starts_at__lte=until,
            shift__opportunity__status__in=PUBLIC,
        )
        .annotate(
            confirmed=Count(
                "applications", filter=Q(applications__status=ApplicationStatus.CONFIRMED)
            )
        )
        .filter(confirmed__lt=F("minimum"))
        .select_related("shift__opportunity", "role")
        .order_by("shift__starts_at", "pk")
    )
