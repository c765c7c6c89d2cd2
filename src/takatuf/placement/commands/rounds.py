"""The life of a matching round: opened, started, cancelled, closed. The work is a job."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.jobs import task
from takatuf.kernel.sayings import write_down
from takatuf.kernel.transitions import change_state, record
from takatuf.placement import policies, queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.proposals import lapse
from takatuf.placement.enums import (
    CHANGEABLE_ROUNDS,
    ROUND_STEPS,
    RUNNING_ROUNDS,
    ApplicationStatus,
    RoundStatus,
)
from takatuf.placement.models import Proposal, Round, RoundPlan
from takatuf.placement.rounds import settings as round_settings
from takatuf.placement.rounds.lining import put_in_order
from takatuf.placement.rounds.storing import of_today, unpacked

STILLNESS = timedelta(hours=2)  # without a sign of life: longer than all attempts of a job
STOPPED = gettext_lazy("The work stopped by itself. Start the round again.")
OF_THE_PLAN = (  # what a round says as its plan does
    "options", "solved_at", "people", "seats_asked", "seats_filled", "objective", "bound",
    "gap",
)  # fmt: skip
LONGEST_DAYS = 28  # of a round's scope: four volunteer weeks


class CannotOpen(DomainError):
    """A round cannot have this scope."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which places a round fills, and who takes part.

    :param bodies: whose shifts; none named: every body's. A body's own round: its own alone.
    :param governorates: where; none named: everywhere.
    :param first_day: of the shifts, local; ``last_day`` included.
    :param all_ways: also the free seats of open opportunities and of those by request.
    :param with_agreed: beside those who asked, who agreed to be proposed.
    :param passes_on: a seat given up goes to the next by the round's order at once; otherwise
        the next is proposed and the unit approves.
    """

    first_day: date
    last_day: date
    bodies: Collection = field(default=())
    governorates: Collection = field(default=())
    all_ways: bool = False
    with_agreed: bool = True
    passes_on: bool = True


@transaction.atomic
def open_round(
    *, body, scope: Scope, options: Mapping[str, Any] | None = None, seed: int = 1, by,
    at: datetime,
) -> Round:  # fmt: skip
    """A round being prepared; nothing is worked out yet.

    :param body: the desk's for the region, or a body for its own shifts.
    :raises NotAllowed: if ``by`` may not open one for the body.
    :raises CannotOpen: if the days are over, too many or out of order, or a body's round
        names another body.
    :raises BadSetting: for a setting outside its bounds.
    """
    if not policies.may_open_round(by, body):
        raise NotAllowed(_("The desk opens rounds, and unit managers for their own body."))
    _must_make_sense(scope, body, today=timezone.localdate(at))
    opened = Round.objects.create(
        body=body, first_day=scope.first_day, last_day=scope.last_day,
        all_ways=scope.all_ways, with_agreed=scope.with_agreed, passes_on=scope.passes_on,
        options=round_settings.complete(options or {}), seed=seed, opened_by=by,
        opened_at=at, touched_at=at,
    )  # fmt: skip
    opened.bodies.set(scope.bodies if body.is_desk else [body])
    opened.governorates.set(scope.governorates)
    record(
        subject=opened, action="opened", by=by, at=at, to_state=opened.status,
        acting_body=body, fresh=True,
    )  # fmt: skip
    return opened


@transaction.atomic
def change_round(
    *, matching_round: Round, scope: Scope, options: Mapping[str, Any], by, at: datetime
) -> Round:
    """Another scope or other settings, as long as nothing has come of the round.

    :raises NotAllowed: if ``by`` does not run the round.
    :raises CannotOpen: as ``open_round``, and once the round has a plan or is over.
    :raises BadSetting: for a setting outside its bounds.
    """
    found = _to_run(matching_round, by=by)
    if found.status not in CHANGEABLE_ROUNDS:
        raise CannotOpen(_("Only a round without a plan can be changed. Open a new one."))
    _must_make_sense(scope, found.body, today=timezone.localdate(at))
    found.first_day, found.last_day = scope.first_day, scope.last_day
    found.all_ways, found.with_agreed = scope.all_ways, scope.with_agreed
    found.passes_on = scope.passes_on
    found.options = round_settings.complete(found.options | dict(options))
    found.save(
        update_fields=[
            "first_day",
            "last_day",
            "all_ways",
            "with_agreed",
            "passes_on",
            "options",
        ]
    )
    found.bodies.set(scope.bodies if found.body.is_desk else [found.body])
    found.governorates.set(scope.governorates)
    record(
        subject=found, action="changed", by=by, at=at, from_state=found.status,
        to_state=found.status, acting_body=found.body,
    )  # fmt: skip
    return found


def _must_make_sense(scope: Scope, body, *, today: date) -> None:
    if scope.last_day < scope.first_day:
        raise CannotOpen(_("The last day cannot be before the first."), field="last_day")
    if scope.last_day < today:
        raise CannotOpen(_("These days are over. Choose days to come."), field="last_day")
    if (scope.last_day - scope.first_day).days >= LONGEST_DAYS:
        raise CannotOpen(
            _("A round plans four weeks at most. Choose fewer days."), field="last_day"
        )
    if not body.is_desk and any(each.pk != body.pk for each in scope.bodies):
        raise CannotOpen(_("A body's round fills its own shifts only."), field="bodies")


@transaction.atomic
def start_round(
    *, matching_round: Round, options: Mapping[str, Any] | None = None, by, at: datetime,
    enqueue: bool = True,
) -> Round:  # fmt: skip
    """Have it worked out by a job; again, with other settings, while nothing is decided. An
    earlier plan stays until the new one takes its place, also where that fails, and is what
    stability compares with.

    :param options: to change beforehand; None leaves them.
    :param enqueue: False where the caller works it out itself (the command line).
    :raises NotAllowed: if ``by`` does not run the round.
    :raises WrongState: if it is being worked out, approved in part, or over.
    :raises BadSetting: for a setting outside its bounds.
    """
    found = _to_run(matching_round, by=by)
    chosen = round_settings.complete(found.options | dict(options or {}))
    change_state(
        found, RoundStatus.SOLVING, table=ROUND_STEPS, by=by, at=at, action="started",
        acting_body=found.body, options=chosen, attempt=found.attempt + 1,
        started_at=at, touched_at=at, ends_by=at + timedelta(seconds=chosen["seconds"]),
        solved_at=None, people=0, seats_asked=0, seats_filled=0, objective=None, bound=None,
        gap=None, failure="",
    )  # fmt: skip
    if enqueue:
        work_out_round.enqueue(found.pk, found.attempt)
    return found


@task(atomic=False)
def work_out_round(round_id: int, attempt: int) -> None:
    """Job: gather, solve, store. May be killed anywhere and run again."""
    # Named, not imported: this is read by web processes too, which never load the kernels.
    import_module("takatuf.placement.commands.solving").work_out(round_id, attempt)


@transaction.atomic
def cancel_round(*, matching_round: Round, by, at: datetime) -> Round:
    """Nothing comes of it; a job at work stops by itself.

    :raises NotAllowed: if ``by`` does not run the round.
    :raises WrongState: if something is approved already, or it is over.
    """
    found = _to_run(matching_round, by=by)
    change_state(
        found, RoundStatus.CANCELLED, table=ROUND_STEPS, by=by, at=at, action="cancelled",
        acting_body=found.body, closed_at=at, touched_at=at,
    )  # fmt: skip
    lapse(Proposal.objects.filter(round=found), by=by, at=at)
    return found


@transaction.atomic
def close_round(*, matching_round: Round, by, at: datetime) -> Round:
    """No more is proposed or approved. Whoever asked and has no place waits for a seat that
    becomes free, and is told so.

    :raises NotAllowed: if ``by`` does not run the round.
    :raises WrongState: if it is not worked out, or over.
    """
    held = _hold_unplaced(matching_round, at=at)
    return _close(_to_run(matching_round, by=by), held, by=by, at=at)


def close_rounds_over(*, at: datetime) -> int:
    """Close the rounds whose last shift is over; return how many."""
    closed = 0
    for row in queries.rounds_over(at):
        with transaction.atomic():
            held = _hold_unplaced(row, at=at)
            found = queries.lock_round(row.pk)
            if found.status in RUNNING_ROUNDS:
                _close(found, held, by=None, at=at)
                closed += 1
    return closed


def give_up_stalled(*, at: datetime) -> int:
    """Rounds whose job gives no sign of life any more have failed; return how many."""
    given_up = 0
    for pk in queries.rounds_stalled(since=at - STILLNESS).values_list("pk", flat=True):
        with transaction.atomic():
            found = queries.lock_round(pk)
            if found.status == RoundStatus.SOLVING:
                fail_round(found, STOPPED, at=at)
                given_up += 1
    return given_up


def fail_round(found: Round, why: Promise, *, at: datetime) -> None:
    """Where an earlier plan stands, the round is again what that one made it.

    :raises WrongState: if it is not being worked out (any more).
    """
    figures = RoundPlan.objects.filter(round=found).values(*OF_THE_PLAN).first()
    change_state(
        found, RoundStatus.PROPOSED if figures else RoundStatus.FAILED, table=ROUND_STEPS,
        by=None, at=at, action="failed", failure=write_down(why), touched_at=at,
        **(figures or {}),
    )  # fmt: skip


class _Held(NamedTuple):
    """:param rest: the applications nothing came of; their people are locked.
    :param opportunities: theirs, and where others wait for the round's places; locked.
    """

    rest: list[int]
    opportunities: set[int]


def _hold_unplaced(matching_round: Round, *, at: datetime) -> _Held:
    """Whom closing changes anything for, locked: the round comes after."""
    rows = list(queries.unplaced_in(matching_round, at=at))
    places = matching_round.places.values("shift_role_id")
    listings = {row.opportunity_id for row in rows} | queries.with_a_line(places)
    queries.lock_people_of([row.pk for row in rows])
    queries.lock_listings(listings)
    return _Held([row.pk for row in rows], listings)


def _close(found: Round, held: _Held, *, by, at: datetime) -> Round:
    change_state(
        found, RoundStatus.CLOSED, table=ROUND_STEPS, by=by, at=at, action="closed",
        acting_body=found.body if by else None, closed_at=at, touched_at=at,
    )  # fmt: skip
    lapse(Proposal.objects.filter(round=found), by=by, at=at)
    _let_wait(held.rest, by=by, at=at)
    put_in_order(found, of_today(unpacked(found.plan.arrays)), held.opportunities)
    return found


def _let_wait(rest: list[int], *, by, at: datetime) -> None:
    waiting = []
    for pk in rest:
        row = queries.lock_application(pk)
        if row.status == ApplicationStatus.APPLIED:
            seats.step(
                row, ApplicationStatus.WAITING, by=by, at=at, action="not placed by the round"
            )
            waiting.append(row)
    seats.tell_of_all(waiting, "placement.waiting_round", at=at)


def _to_run(matching_round: Round, *, by) -> Round:
    found = queries.lock_round(matching_round.pk)
    if not policies.may_run_round(by, found):
        raise NotAllowed(_("Only those who run this round can do that."))
    return found
