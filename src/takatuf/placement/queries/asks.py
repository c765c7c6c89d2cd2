"""Whom to ask to come instead of somebody, and what became of asking."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from takatuf.placement.eligibility import parts_of
from takatuf.placement.enums import (
    COVERED_WAYS,
    ENDED,
    STANDING,
    ApplicationStatus,
    AskStatus,
    CoverStatus,
)
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.queries.covers import WITH_PLACE
from takatuf.placement.queries.rows import WITH_EVERYTHING, waiting_list
from takatuf.registry import queries as registry

WEEK = timedelta(days=7)
LOOKED_AT = (
    300  # of those who may be asked: the longest rested, of the place's governorate first
)
WITH_ASK = ("person", *(f"cover__{name}" for name in WITH_PLACE))


def people_to_ask(cover: Cover, *, at: datetime) -> list[int]:
    """Keys of those who could be asked to cover and wish for another message this week. Whoever
    waits in line for the place comes before all others; two questions.
    """
    place, role = cover.application, cover.application.shift_role
    if line := list(waiting_list(role.pk).values_list("person_id", flat=True)[:LOOKED_AT]):
        profiles = registry.who_may_be_placed(line, agreed=False)
        rows = wishing_more(profiles.exclude(_asked_about(cover)), at=at)
        return list(rows.values_list("person_id", flat=True))
    here = Application.objects.filter(
        Q(shift=place.shift_id, status__in=STANDING) | Q(shift_role=role, status__in=ENDED)
    )
    profiles = registry.who_may_be_asked(
        skills=role.role.skill_ids, times=parts_of(place.shift.starts_at, place.shift.ends_at),
        near=place.opportunity.governorate_id,
    ).exclude(person__in=here.values("person_id"))  # fmt: skip
    rows = wishing_more(profiles.exclude(_asked_about(cover)), at=at)
    return list(rows.values_list("person_id", flat=True)[:LOOKED_AT])


def places_to_swap(cover: Cover) -> dict[int, Application]:
    """Person -> their place in a shift this one would come to, of several the soonest."""
    rows = Application.objects.filter(
        shift__in=cover.accepts.values("pk"), status=ApplicationStatus.CONFIRMED,
        opportunity__way__in=COVERED_WAYS,
    ).exclude(person=cover.application.person_id)  # fmt: skip
    rows = rows.exclude(_asked_about(cover)).select_related(*WITH_EVERYTHING)
    found: dict[int, Application] = {}
    for row in rows.order_by("shift__starts_at", "pk")[:LOOKED_AT]:
        found.setdefault(row.person_id, row)
    return found


def _asked_about(cover: Cover) -> Exists:
    return Exists(CoverAsk.objects.filter(cover=cover, person=OuterRef("person")))


def wishing_more(profiles: QuerySet, *, at: datetime) -> QuerySet:
    """Of these profiles, those whose person was told of less in a week than they wish."""
    told = CoverAsk.objects.filter(person=OuterRef("person"), told_at__gt=at - WEEK)
    counted = told.order_by().values("person").annotate(n=Count("pk")).values("n")
    rows = profiles.annotate(told=Coalesce(Subquery(counted), 0))
    return rows.filter(told__lt=F("suggestions_a_week"))


def lock_people(keys: Iterable[int]) -> None:
    """``lock_person`` for each, in one order."""
    people = get_user_model().objects.select_for_update(no_key=True)
    list(people.filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True))


def ask_by_id(pk: int) -> CoverAsk | None:
    """For the holder of a signed link, or its person, with everything it is about."""
    rows = CoverAsk.objects.select_related(*WITH_ASK, "place__shift", "place__shift_role__role")
    return rows.filter(pk=pk).first()


def asks_of(person, *, at: datetime) -> list[CoverAsk]:
    """Swaps the person is asked for and may answer, the soonest first; one query."""
    rows = CoverAsk.objects.filter(
        person=person, status=AskStatus.ASKED, place__status=ApplicationStatus.CONFIRMED,
        place__shift__starts_at__gt=at, cover__status=CoverStatus.OPEN,
        cover__application__shift__starts_at__gt=at,
    )  # fmt: skip
    rows = rows.select_related(*WITH_ASK, "place__shift")
    return list(rows.order_by("cover__application__shift__starts_at", "pk"))


def covers_to_look_again(
    *, since: datetime, in_vain_since: datetime, starting_after: datetime
) -> QuerySet[Cover]:
    """Open, and nobody was asked since: others may be. Where the last look found nobody to
    ask, it is as long ago as ``in_vain_since``.
    """
    asked_then = CoverAsk.objects.filter(
        cover=OuterRef("pk"), asked_at__gte=OuterRef("looked_at")
    )
    rows = Cover.objects.filter(
        Q(looked_at=None) | Q(looked_at__lte=in_vain_since) | Exists(asked_then),
        Q(looked_at=None) | Q(looked_at__lte=since),
        status=CoverStatus.OPEN, made_at__lte=since,
        application__shift__starts_at__gt=starting_after,
    )  # fmt: skip
    return rows.order_by("pk")
