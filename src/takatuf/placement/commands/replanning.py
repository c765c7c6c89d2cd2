"""A running round mended after a cancellation, and thought over again. Read by workers alone.

A seat given up goes to the next by a short chain through the stored plan, guided by its prices:
whoever gains most by it comes, and what they leave undecided is filled in turn. Approved places
never move. The chain is worked out without a lock and taken only if the round's proposals are
still those it was worked out from; otherwise it is worked out again. Killed anywhere, nothing
or all of it is there; run twice, the second finds the place taken over and changes nothing.

``rethink`` afterwards solves everything undecided anew, among the people and places of the
stored plan. Each undecided proposal has the stability bonus. The result is taken whole or
not at all: only if it is worth more, by the round's setting ``gain`` at least.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from takatuf.engine.matching.instance import Flags, Instance, Malformed
from takatuf.engine.matching.plan import worth_of
from takatuf.engine.matching.region import FINE
from takatuf.engine.matching.replanning import Standing as Chains
from takatuf.engine.matching.solving import solve
from takatuf.kernel.transitions import record
from takatuf.opportunities import queries as opportunities
from takatuf.placement import queries
from takatuf.placement.commands import proposals, seats
from takatuf.placement.commands.repairing import think_again_of
from takatuf.placement.enums import HOLDING, LAST_OFFER_BEFORE_START, RUNNING_ROUNDS
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.placement.rounds.settings import SETTINGS
from takatuf.placement.rounds.standing import Standing, rows_of, standing_of

MOST_TRIES = 50  # who is next no longer fits, or the round moved on meanwhile
MOST_SOLVED = 4  # plans thought out before what stands is left as it is
LOG = logging.getLogger(__name__)


class _Again(Exception):
    """Not taken: ``barred`` no longer fit, or the round has moved on."""

    def __init__(self, barred: Iterable[int] = (), *, moved_on: bool = False):
        super().__init__()
        self.barred, self.moved_on = list(barred), moved_on


@dataclass(frozen=True, kw_only=True)
class _Change:
    """What a re-plan would do: pairs that leave, undecided all; pairs that come.

    :param given_up: the place that was left; None where a seat was free anyway.
    :param heir: of those that come, the one that takes it over: a chain may lead back into the
        role, and then more than one comes into it.
    :param offered: of those that come, the one offered without approval.
    """

    left: list[int]
    came: list[int]
    given_up: Application | None = None
    heir: int | None = None
    offered: int | None = None


# ---------------------------------------------------------------- the jobs
def pass_seat_on(application_id: int) -> None:
    """The next instead of who left this place: offered at once where the round passes seats
    on, otherwise proposed. Where the round has nobody, or is closed, whoever waits is offered
    it, in the order of its plan. It is the round that gave the place: a later one, undecided,
    has its own people in the same seats and sees none free.
    """
    given_up = queries.application_for_link(application_id)
    found = queries.running_round_behind(given_up) or queries.running_round_of(
        given_up.shift_role_id
    )
    if given_up.status in HOLDING or _is_taken_over(given_up):
        return
    if found is None or not _mend(found, given_up.shift_role_id, given_up):
        _offer_to_who_waits(given_up.shift_role_id)


def propose_more(round_id: int, shift_role_id: int) -> None:
    """Chains into the role as long as a seat is free and the plan gains by it."""
    found = Round.objects.filter(pk=round_id, status__in=RUNNING_ROUNDS).first()
    while found and _mend(found, shift_role_id, None):
        pass


def offer_in_order(shift_role_id: int) -> None:
    """Every free seat of the role for whoever waits, in the order of the latest plan."""
    while _offer_to_who_waits(shift_role_id):
        pass


def rethink(round_id: int) -> None:
    """Everything undecided solved anew; see the top of this file."""
    found = Round.objects.filter(pk=round_id, status__in=RUNNING_ROUNDS).first()
    barred: list[int] = []
    for _ in range(MOST_SOLVED):
        if found is None:
            return
        at = timezone.now()
        standing = standing_of(found, at=at)
        change = _better(standing, barred)
        if change is None:
            return
        try:
            _take(standing, change, at=at)
        except _Again as again:
            barred = [] if again.moved_on else barred + again.barred
        else:
            return


# ---------------------------------------------------------------- a chain
def _is_taken_over(given_up: Application | None) -> bool:
    return given_up is not None and Proposal.objects.filter(takes_over=given_up).exists()


def _mend(found: Round, shift_role_id: int, given_up: Application | None) -> bool:
    """Fill one seat of the role; False where nobody is to be had, or none is free."""
    standing, chains = None, None
    for _ in range(MOST_TRIES):
        at = timezone.now()
        if standing is None or chains is None:
            found.refresh_from_db()
            standing = standing_of(found, at=at)
            if _is_taken_over(given_up):
                return True
            chains = Chains(standing.instance, standing.plan())
            chains.bar(np.flatnonzero(standing.barred))
        role = standing.role_number(shift_role_id)
        moves = chains.fill(role)
        change = _change_by(standing, [(m.pair, m.came) for m in moves], role, given_up)
        if not change.came:
            return False
        try:
            _take(standing, change, at=at)
        except _Again as again:
            if again.moved_on:
                standing = None
                continue
            chains.take_back(moves)
            chains.bar(np.array(again.barred, np.int64))
        else:
            return True
    return False


def _change_by(
    standing: Standing, moves: list[tuple[int, bool]], role: int, given_up: Application | None
) -> _Change:
    """What a chain's steps come to; who comes into the role is who takes the place over."""
    ends = dict(moves)  # of each pair, the last step
    came = [pair for pair, comes in ends.items() if comes and not standing.held[pair]]
    left = [pair for pair, comes in ends.items() if not comes and standing.held[pair]]
    into = (pair for pair in came if standing.instance.pair_role[pair] == role)
    heir = None if given_up is None else next(into, None)
    return _Change(
        left=left, came=came, given_up=None if heir is None else given_up, heir=heir,
        offered=heir if standing.round.passes_on else None,
    )  # fmt: skip


def _offer_to_who_waits(shift_role_id: int) -> bool:
    """One seat, in the order of the latest plan; whoever was not in it comes after, as they
    asked. False where none is free or nobody fits.
    """
    with transaction.atomic():
        queries.lock_listings([opportunities.shift_role(shift_role_id).shift.opportunity_id])
        role, at = opportunities.shift_role(shift_role_id), timezone.now()
        line = list(queries.waiting_list(role.pk))
        late = role.shift.starts_at - LAST_OFFER_BEFORE_START <= at
        if late or not (line and role.seats_left):
            return False
        next_one = seats.pass_on_along(line, at=at)
        seats.tell_offered([next_one] if next_one else [], at=at)
        return next_one is not None


# ---------------------------------------------------------------- thinking again
def _better(standing: Standing, barred: list[int]) -> _Change | None:
    """What another plan changes, if it is worth so much more."""
    options = standing.round.options
    may = ~standing.barred
    may[barred] = False
    may |= standing.held
    instance = _among(_with_bonus(standing, options["stay"]), may)
    before = standing.held[may]
    try:
        plan = solve(
            instance, gap=options["gap"] / 1000, seed=standing.round.seed,
            progress=_for_seconds(options["seconds"]),
        )  # fmt: skip
    except Malformed:
        LOG.exception("round %s: what is approved does not fit together", standing.round.pk)
        return None
    gained = plan.objective - worth_of(instance, before)
    if gained < FINE * options.get("gain", SETTINGS["gain"].default):
        return None
    pairs = np.flatnonzero(may)
    came = pairs[plan.assigned & ~before].tolist()
    left = pairs[before & ~plan.assigned].tolist()
    return _Change(left=left, came=came) if came else None


def _for_seconds(seconds: int) -> Callable[[int, float], bool]:
    until = time.monotonic() + seconds
    return lambda _points, _bound: time.monotonic() < until


def _with_bonus(standing: Standing, stay: int) -> Instance:
    score = standing.instance.pair_score.copy()
    for pair, row in standing.undecided().items():
        score[pair] += FINE * max(0, stay - row.stay)
    return replace(standing.instance, pair_score=score)


def _among(instance: Instance, may: Flags) -> Instance:
    """The same with these pairs alone."""
    return replace(
        instance, pair_agent=instance.pair_agent[may], pair_role=instance.pair_role[may],
        pair_score=instance.pair_score[may], pair_locked=instance.pair_locked[may],
    )  # fmt: skip


# ---------------------------------------------------------------- taking a change
@transaction.atomic
def _take(standing: Standing, change: _Change, *, at: datetime) -> None:
    """Under the locks: judged again, whoever leaves let go, whoever comes proposed or offered.

    :raises _Again: if somebody no longer fits, or the round is not what it was; then nothing
        has changed.
    """
    role_key = standing.stored.role_key[standing.instance.pair_role[change.came]]
    roles = {role.pk: role for role in opportunities.shift_roles_by_id(set(role_key.tolist()))}
    person = _people_of(standing, change.came)
    found = proposals.hold_round(
        (who, roles[int(key)].shift.opportunity_id, standing.round.pk)
        for who, key in zip(person, role_key, strict=True)
    )
    if found.status not in RUNNING_ROUNDS or rows_of(found) != standing.rows:
        raise _Again(moved_on=True)
    _leave(standing, change, at=at)
    people = get_user_model().objects.in_bulk(person)
    made = [
        _propose(standing, pair, people[who], roles[int(key)], change, at=at)
        for pair, who, key in zip(change.came, person, role_key, strict=True)
    ]
    _make_room(found, {row.shift_role_id for row in made})
    offers = [
        _offer(row, found, pair, at=at)
        for pair, row in zip(change.came, made, strict=True)
        if pair == change.offered
    ]
    proposals.tell_of_offers(offers, at=at)
    proposals.settle_state(found, by=None, at=at)
    if change.given_up is not None:
        think_again_of(found)


def _people_of(standing: Standing, pairs: list[int]) -> list[int]:
    agents = standing.instance.pair_agent[pairs]
    return [standing.stored.person_of(int(agent)) for agent in agents]


def _leave(standing: Standing, change: _Change, *, at: datetime) -> None:
    undecided = standing.undecided()
    rows = Proposal.objects.filter(pk__in=[undecided[pair].pk for pair in change.left])
    proposals.lapse(rows, by=None, at=at, action="moved by the round")


def _propose(
    standing: Standing, pair: int, person, role, change: _Change, *, at: datetime
) -> Proposal:
    """:raises _Again: if the person cannot have the place."""
    mine = _judged(pair, lambda: proposals.must_fit(person, role, invited=False, at=at))
    opportunity = role.shift.opportunity
    score, parts = _points(standing, pair, person, role, at=at)
    made = Proposal.objects.create(
        round=standing.round, body_id=opportunity.body_id, opportunity=opportunity,
        shift=role.shift, shift_role=role, person=person, in_plan=False, made_at=at,
        agent=int(standing.instance.pair_agent[pair]),
        score=score, parts=parts,
        asked=mine is not None,
        takes_over=change.given_up if pair == change.heir else None,
    )  # fmt: skip
    record(
        subject=made, action="next by the round's order", by=None, at=at, to_state=made.status,
        about=person, fresh=True,
    )  # fmt: skip
    return made


def _points(
    standing: Standing, pair: int, person, role, *, at: datetime
) -> tuple[int, dict[str, int]]:
    """As known now, so that the parts make up the whole; the plan's if a shift has changed."""
    try:
        found = standing.reader.points_of(person.pk, role.pk, at=at)
    except Malformed:
        found = None
    return found or (int(standing.instance.pair_score[pair]), {})


def _offer(row: Proposal, found: Round, pair: int, *, at: datetime) -> Application:
    proposal = queries.lock_proposal(row.pk)
    return _judged(pair, lambda: proposals.make_offer(proposal, found, by=None, at=at))


def _judged(pair: int, act: Callable[[], Application | None]):
    try:
        return act()
    except proposals.CannotApprove:
        raise _Again([pair]) from None


def _make_room(found: Round, shift_role_ids: set[int]) -> None:
    """A round's place counts the seats that became free since, so that it is never overfull.

    :raises _Again: if more is proposed and taken than there are seats by now.
    """
    for place in queries.places_with_live(found, shift_role_ids):
        if place.shift_role.taken + place.undecided > place.shift_role.seats:
            raise _Again(moved_on=True)
        if place.live > place.seats:
            RoundPlace.objects.filter(pk=place.pk).update(seats=place.live)
