"""A place covered by somebody else, or swapped for theirs; the seats stay as they are.

Whoever asks to be covered, or to swap, keeps the place until somebody takes it. The rules of
eligibility are asked of everybody for where they come to, and those who wait in line for the
place come first, as they do whenever a seat is free. Of a swap each has a place already, so
nobody in line is passed over by it.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.notices import announce
from takatuf.kernel.transitions import WrongState, change_state, record
from takatuf.opportunities import queries as opportunities
from takatuf.placement import policies, queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.applying import NotEligible
from takatuf.placement.commands.looking import ask_around_for, tell_who_runs_it
from takatuf.placement.enums import (
    ASK_STEPS,
    COVER_STEPS,
    COVERED_WAYS,
    UNANSWERED,
    ApplicationStatus,
    AskStatus,
    CoverStatus,
    Origin,
)
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.notices import PlaceFreed


class CannotCover(DomainError):
    """A place that cannot be covered, or not by this person."""


@transaction.atomic
def ask_for_cover(
    *, application_id: int, accepts: Collection[int] = (), by, at: datetime
) -> Cover:
    """The person looks for somebody to come instead. Asking twice is asking once.

    :param accepts: other shifts of the opportunity they would come to in exchange.
    :raises NotAllowed: if the place is not ``by``'s own.
    :raises WrongState: if they have no confirmed place there, or the shift has begun.
    :raises CannotCover: where the body decides who comes, or a shift is not one of these.
    """
    application = queries.hold_application(application_id)
    if not policies.may_answer(by, application):
        raise NotAllowed(_("This place belongs to somebody else."))
    _must_stand(application, at=at)
    if application.opportunity.way not in COVERED_WAYS:
        raise CannotCover(
            _("Here the body chooses who comes. If you leave the place, it finds somebody.")
        )
    if found := Cover.objects.filter(application=application, status=CoverStatus.OPEN).first():
        return found
    shifts = set(accepts) - {application.shift_id}
    if len(queries.swappable_shifts(application, shifts, at=at)) < len(shifts):
        raise CannotCover(_("One of these shifts cannot be had in exchange."), field="accepts")
    cover = Cover.objects.create(application=application, made_at=at)
    cover.accepts.set(shifts)
    record(
        subject=cover, action="asked for cover", by=by, at=at, to_state=cover.status,
        about=by, fresh=True,
    )  # fmt: skip
    ask_around_for.enqueue(cover.pk)
    return cover


@transaction.atomic
def call_back_cover(*, cover_id: int, by, at: datetime) -> Cover:
    """The person comes after all. Calling back twice is calling back once.

    :raises NotAllowed: if the place is not ``by``'s own.
    :raises WrongState: if somebody has taken it.
    """
    cover = _hold(cover_id, people=[], more=[])
    if not policies.may_answer(by, cover.application):
        raise NotAllowed(_("This place belongs to somebody else."))
    if cover.status != CoverStatus.CALLED_BACK:
        _end(cover, CoverStatus.CALLED_BACK, by=by, at=at, action="called back")
    return cover


@transaction.atomic
def take_cover(*, cover_id: int, by, at: datetime) -> Application:
    """Come instead of somebody. Taking it twice is answered with the place one has.

    :raises WrongState: if it is not to be had any more.
    :raises NotEligible: if a rule is not met.
    :raises CannotCover: if it is one's own, or others wait in line for it.
    """
    cover = _hold(cover_id, people=[by.pk], more=[])
    given = cover.application
    if cover.taken and cover.taken.person_id == by.pk:
        return cover.taken
    _must_be_open(cover, by=by, at=at)
    if cover.accepts.exists():
        raise CannotCover(_("This place is given only in exchange for another."))
    mine = _fitting(by, given.shift_role, apart_from=None, at=at)
    in_line = mine is not None and mine.status == ApplicationStatus.WAITING
    if not in_line and queries.waiting_list(given.shift_role_id).exists():
        raise CannotCover(_("Others wait in line for this place, and come first."))
    taken = _come(by, given, mine, by=by, at=at, action="covers for another")
    _end(cover, CoverStatus.TAKEN, by=by, at=at, action="taken", taken=taken)
    _leave(given, by=by, at=at, action="covered by another")
    seats.tell(given, "placement.covered", at=at)
    tell_who_runs_it([given, taken], at=at)
    return taken


@transaction.atomic
def swap_places(*, cover_id: int, application_id: int, by, at: datetime) -> Application:
    """Two people change shifts: ``by`` gives a place of their own for the one offered.

    :param application_id: ``by``'s own place, in a shift the other said they would come to.
    :returns: where ``by`` comes to.
    :raises NotAllowed: if that place is not ``by``'s own.
    :raises WrongState: if either place is not to be had any more.
    :raises NotEligible: if one of the two does not meet a rule where they would come to.
    :raises CannotCover: if the other did not offer to come to that shift.
    """
    own = queries.application_for_link(application_id)
    cover = _hold(cover_id, people=[by.pk], more=[own.opportunity_id])
    own, given = queries.lock_application(application_id), cover.application
    if not policies.may_answer(by, own):
        raise NotAllowed(_("This place belongs to somebody else."))
    if cover.taken and cover.taken.person_id == by.pk:
        return cover.taken
    _must_be_open(cover, by=by, at=at)
    _must_stand(own, at=at)
    if own.shift_id not in set(cover.accepts.values_list("pk", flat=True)):
        raise CannotCover(_("They did not offer to come to this shift in exchange."))
    other = given.person
    _fitting(by, given.shift_role, apart_from=own, at=at)
    _fitting(other, own.shift_role, apart_from=given, at=at)
    taken = _come(by, given, None, by=by, at=at, action="swapped")
    _come(other, own, None, by=by, at=at, action="swapped")
    _end(cover, CoverStatus.TAKEN, by=by, at=at, action="swapped", taken=taken)
    for row in (given, own):
        _leave(row, by=by, at=at, action="swapped")
    tell_who_runs_it([given, own], at=at)
    return taken


@transaction.atomic
def accept_ask(*, ask_id: int, by, at: datetime) -> Application:
    """Yes to coming instead, or to the swap; twice is answered with the place one has.

    :raises NotAllowed: if somebody else was asked.
    :raises DomainError: as ``take_cover`` and ``swap_places``.
    """
    ask = _own_ask(ask_id, by=by)
    if ask.place_id is None:
        return take_cover(cover_id=ask.cover_id, by=by, at=at)
    return swap_places(
        cover_id=ask.cover_id, application_id=ask.place_id, by=by, at=at
    )  # fmt: skip


@transaction.atomic
def decline_ask(*, ask_id: int, by, at: datetime) -> CoverAsk:
    """No; nothing else comes of it, and the other is not told. No twice is no once.

    :raises NotAllowed: if somebody else was asked.
    """
    _own_ask(ask_id, by=by)
    ask = CoverAsk.objects.select_for_update(of=("self",)).get(pk=ask_id)
    if ask.status == AskStatus.ASKED:
        change_state(
            ask, AskStatus.DECLINED, table=ASK_STEPS, by=by, at=at, action="said no",
            about=by, answered_at=at,
        )  # fmt: skip
    return ask


def close_covers_over(*, at: datetime) -> int:
    """What nobody took before the shift began; return how many."""
    closed = 0
    for pk in queries.covers_over(at).values_list("pk", flat=True):
        with transaction.atomic():
            cover = _hold(pk, people=[], more=[])
            if cover.status == CoverStatus.OPEN:
                _end(cover, CoverStatus.LAPSED, by=None, at=at, action="shift began")
                closed += 1
    return closed


# ---------------------------------------------------------------- the steps
def _own_ask(ask_id: int, *, by) -> CoverAsk:
    ask = CoverAsk.objects.get(pk=ask_id)
    if not policies.may_answer_ask(by, ask):
        raise NotAllowed(_("Somebody else was asked this."))
    return ask


def _hold(cover_id: int, *, people: list[int], more: list[int]) -> Cover:
    """The people, the listings, the cover with its place, in the order everybody locks in."""
    person, opportunity = queries.cover_keys(cover_id)
    for pk in sorted({person, *people}):
        queries.lock_person(pk)
    queries.lock_listings([opportunity, *more])
    return queries.lock_cover(cover_id)


def _must_be_open(cover: Cover, *, by, at: datetime) -> None:
    if cover.status != CoverStatus.OPEN:
        raise WrongState(_("Somebody comes already, or it is no longer needed. Thank you."))
    _must_stand(cover.application, at=at)
    if cover.application.person_id == by.pk:
        raise CannotCover(_("This is your own place."))


def _must_stand(application: Application, *, at: datetime) -> None:
    if application.status != ApplicationStatus.CONFIRMED or application.shift.starts_at <= at:
        raise WrongState(_("There is no confirmed place to give here any more."))


def _fitting(person, shift_role, *, apart_from: Application | None, at: datetime) -> Any:
    """The person's own request for this very place, if there is one.

    :param apart_from: the place they give for it.
    """
    mine = queries.standing_application(person.pk, shift_role.shift_id)
    same = mine and mine.status in UNANSWERED and mine.shift_role_id == shift_role.pk
    if mine and (apart_from or not same):
        raise CannotCover(_("Has a place in this shift already, or has asked for one."))
    left_out = apart_from or mine
    verdict = seats.verdict_on(
        person, shift_role, at=at, apart_from=left_out.pk if left_out else None
    )
    if not verdict.eligible:
        raise NotEligible(verdict)
    return None if apart_from else mine


def _leave(application: Application, *, by, at: datetime, action: str) -> None:
    """The seat stays taken: somebody else comes in the same step."""
    seats.step(
        application, ApplicationStatus.WITHDRAWN, by=by, at=at, action=action, ended_at=at
    )
    announce(PlaceFreed(application_id=application.pk))


def _come(
    person, instead: Application, mine: Application | None, *, by, at: datetime, action: str
) -> Application:
    if mine is not None:
        seats.confirm(mine, by=by, at=at, action=action)
        return mine
    role = opportunities.shift_role(instead.shift_role_id)
    return seats.start(
        person=person, role=role, batch=uuid.uuid4(), origin=Origin.COVER,
        status=ApplicationStatus.CONFIRMED, by=by, at=at, action=action,
        template="confirmed", confirmed_at=at,
    )  # fmt: skip


def _end(cover: Cover, to: str, *, by, at: datetime, action: str, **fields) -> None:
    change_state(
        cover, to, table=COVER_STEPS, by=by, at=at, action=action, ended_at=at, **fields
    )
