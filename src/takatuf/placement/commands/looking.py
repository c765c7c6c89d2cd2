"""Asking the few who suit best to come instead of somebody, or to swap.

A job, for it weighs people. Those asked are asked once; where nobody has come after some
hours, the next few are. Where there was nobody left to ask it is weighed again once a day, for
people come, have time again, or wish for messages of a new week. Nobody is told of more in a
week than they wish.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone, translation

from takatuf.kernel import outbox
from takatuf.kernel.jobs import task
from takatuf.kernel.links import absolute
from takatuf.kernel.transitions import record
from takatuf.placement import queries
from takatuf.placement.commands import seats
from takatuf.placement.enums import (
    LAST_OFFER_BEFORE_START,
    ApplicationStatus,
    CoverStatus,
)
from takatuf.placement.links import ask_link
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.rounds.ranking import ranked_for
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS

AT_ONCE = 4  # so few that the place is still to be had by most who open the message
JUDGED = 16
NEXT_AFTER = timedelta(hours=6)
NOBODY_LEFT = timedelta(days=1)


@task()
def ask_around_for(cover_id: int) -> None:
    """The job behind asking for cover or a swap."""
    ask_around(cover_id=cover_id, at=timezone.now())


def ask_next(*, at: datetime) -> int:
    """Another few, where nobody was asked for some hours; return how many were."""
    waiting = queries.covers_to_look_again(
        since=at - NEXT_AFTER, in_vain_since=at - NOBODY_LEFT,
        starting_after=at + LAST_OFFER_BEFORE_START,
    )  # fmt: skip
    return sum(
        len(ask_around(cover_id=pk, at=at)) for pk in waiting.values_list("pk", flat=True)
    )


@transaction.atomic
def ask_around(*, cover_id: int, at: datetime) -> list[CoverAsk]:
    """Ask the best who were not asked yet; none where the place is not to be had any more."""
    cover = queries.cover_with_place(cover_id)
    if not _is_open(cover, at=at):
        return []
    chosen = _swappers(cover, at=at) if cover.accepts.exists() else _covering(cover, at=at)
    queries.lock_people(person for person, _place in chosen)
    cover = queries.lock_cover(cover_id)
    known = set(cover.asks.values_list("person_id", flat=True))
    if not _is_open(cover, at=at):
        return []
    cover.looked_at = at
    cover.save(update_fields=["looked_at"])
    people = get_user_model().objects.in_bulk([person for person, _place in chosen])
    wishing = _wishing(people, at=at)
    return [
        _ask(cover, people[pk], place, tells=pk in wishing, at=at)
        for pk, place in chosen
        if pk not in known and (place or pk in wishing)
    ]


def _is_open(cover: Cover, *, at: datetime) -> bool:
    place = cover.application
    return (
        cover.status == CoverStatus.OPEN
        and place.status == ApplicationStatus.CONFIRMED
        and place.shift.starts_at - LAST_OFFER_BEFORE_START > at
    )


def _wishing(people: dict, *, at: datetime) -> set[int]:
    profiles = registry.who_may_be_placed(list(people), agreed=False)
    rows = queries.wishing_more(profiles, at=at)
    return set(rows.values_list("person_id", flat=True))


def _covering(cover: Cover, *, at: datetime) -> list[tuple[int, Application | None]]:
    """The best by the engine's points whom every rule allows; nobody under 18 unasked."""
    role = cover.application.shift_role
    ranked = ranked_for(role, queries.people_to_ask(cover, at=at), at=at)
    in_line = queries.waiting_list(role.pk).exists()
    keys = [each.person_id for each in ranked if each.fits or in_line][:JUDGED]
    people = get_user_model().objects.in_bulk(keys)
    known = queries.known_about(list(people.values()), role.shift.opportunity_id, at=at)
    mine = queries.standing_by_person(keys, role)
    fitting: list[tuple[int, Application | None]] = [
        (pk, None)
        for pk in keys
        if known[pk].verdict(role, at=at, apart_from=mine.get(pk)).eligible
        and (in_line or not known[pk].may_be_minor(at))
    ]
    return fitting[:AT_ONCE]


def _swappers(cover: Cover, *, at: datetime) -> list[tuple[int, Application | None]]:
    """Whoever has a place there that the two could change, the best for this one first."""
    given = cover.application
    theirs = queries.places_to_swap(cover)
    ranked = ranked_for(given.shift_role, theirs, at=at)
    found: list[tuple[int, Application | None]] = []
    for each in ranked[:JUDGED]:
        place = theirs[each.person_id]
        if len(found) < AT_ONCE and can_swap(given, place, at=at):
            found.append((each.person_id, place))
    return found


def can_swap(one: Application, other: Application, *, at: datetime) -> bool:
    """Both fit where they would come to, and neither stands there already."""
    return all(
        queries.standing_application(mine.person_id, to.shift_id) is None
        and seats.verdict_on(
            mine.person, to.shift_role, at=at, apart_from=mine.pk
        ).eligible
        for mine, to in ((one, other), (other, one))
    )  # fmt: skip


# ---------------------------------------------------------------- telling
def _ask(
    cover: Cover, person, place: Application | None, *, tells: bool, at: datetime
) -> CoverAsk:
    ask = CoverAsk.objects.create(
        cover=cover, person=person, place=place, asked_at=at, told_at=at if tells else None
    )
    record(
        subject=ask, action="asked to swap" if place else "asked to cover", by=None, at=at,
        to_state=ask.status, about=person, fresh=True,
    )  # fmt: skip
    if tells:
        _tell(ask, at=at)
    return ask


def _tell(ask: CoverAsk, *, at: datetime) -> None:
    given, place, person = ask.cover.application, ask.place, ask.person
    opportunity = given.opportunity
    with translation.override(person.language):
        context = {
            "title": opportunity.title, "body": opportunity.body.name,
            "place": opportunity.place, "role": given.shift_role.role.title,
            **seats.times_of(given), "theirs": seats.times_of(place) if place else {},
            "link": ask_link(ask, at=at),
        }  # fmt: skip
    template = "placement.swap_wanted" if place else "placement.cover_wanted"
    outbox.send(template=template, to=person, at=at, context=context)


def tell_who_runs_it(applications: Sequence[Application], *, at: datetime) -> None:
    """Whoever supervises the work, else its managers: who comes has changed. One message an
    opportunity however often it does before it leaves.
    """
    opportunity = applications[0].opportunity
    people = [opportunity.supervisor] if opportunity.supervisor else _managers(opportunity)
    moving = {row.person_id for row in applications}
    for person in people:
        if person.pk in moving:
            continue
        outbox.send(
            template="placement.changed_hands", to=person, at=at,
            context={"title": opportunity.title, "page": _page(opportunity, person)},
            collapse_key=f"placement.changed_hands:{opportunity.pk}",
        )  # fmt: skip


def _managers(opportunity) -> list:
    offices = registry.holders_of(opportunity.body, MANAGERS)
    return list({office.person_id: office.person for office in offices}.values())


def _page(opportunity, person) -> str:
    return absolute("placement:applicants", opportunity.code, language=person.language)
