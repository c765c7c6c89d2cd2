"""The steps of everything that decides on proposals: judged, offered, lapsed.

Whatever becomes an offer is judged again by the rules of eligibility, and its seat is taken in
the database: a plan is as old as its inputs.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from takatuf.kernel.errors import DomainError
from takatuf.kernel.transitions import WrongState, change_state
from takatuf.opportunities import commands as opportunities
from takatuf.placement import queries
from takatuf.placement.commands import seats
from takatuf.placement.commands.answering import DoesNotFit, count_reply
from takatuf.placement.enums import (
    PROPOSAL_STEPS,
    ROUND_STEPS,
    RUNNING_ROUNDS,
    UNANSWERED,
    ApplicationStatus,
    Origin,
    ProposalStatus,
    RoundStatus,
)
from takatuf.placement.models import Application, Proposal, Round

FULL = gettext_lazy("No seat is left in this role and shift.")
HAS_ONE = gettext_lazy("Has a place in this shift already.")
ASKED_OTHERWISE = gettext_lazy("Has asked for another role of this shift since.")
OVER = gettext_lazy("This round is over, so nothing more is approved in it.")
# Cancelling ends the round with its earlier plan; where the work fails, that plan stands again.
NOT_MEANWHILE = gettext_lazy(
    "This round is being worked out anew, so nothing of its earlier plan is decided meanwhile. "
    "Wait for the new plan, or cancel the round."
)
NO_PLAN = gettext_lazy("This round has no plan yet, so there is nothing to decide.")
WHY_NOT = {
    RoundStatus.DRAFT: NO_PLAN,
    RoundStatus.FAILED: NO_PLAN,
    RoundStatus.SOLVING: NOT_MEANWHILE,
}


# What a person does alone on a page of theirs, today or tomorrow; see ``Answer.mend``.
ERRANDS = frozenset({"welcome", "charter", "guardian", "guardian_again", "covenant"})


class CannotApprove(DomainError):
    """A proposal that cannot become an offer.

    :ivar saying: the sentence, in any language.
    :ivar passes: the person can put it right on a page of theirs; the proposal waits for it.
    """

    def __init__(self, saying: Any, *, passes: bool = False):
        super().__init__(str(saying))
        self.saying = saying
        self.passes = passes


def hold_round(keys: Iterable[tuple[int, int, int]]) -> Round:
    """Lock people, their places' listings and the round, in the order everybody locks in.

    :param keys: (person, opportunity, round), all of one round.
    """
    rows = list(keys)
    for person in sorted({person for person, _opportunity, _round in rows}):
        queries.lock_person(person)
    queries.lock_listings(opportunity for _person, opportunity, _round in rows)
    return queries.lock_round(rows[0][2])


def make_offer(proposal: Proposal, found: Round, *, by, at: datetime) -> Application:
    """The proposal, locked, becomes an offer; the caller tells the person.

    :param by: None where a seat passes on by the round's order: a paused intake then counts.
    :raises CannotApprove: if it cannot.
    :raises WrongState: if it is decided, or the round is over or being worked out anew.
    """
    must_run(found)
    mine = must_fit(proposal.person, proposal.shift_role, invited=by is not None, at=at)
    if not opportunities.take_role_seat(proposal.shift_role_id):
        raise CannotApprove(FULL)
    application = _offered(proposal, mine, by=by, at=at)
    decide(proposal, ProposalStatus.APPROVED, by=by, at=at, application=application, reason="")
    return application


def must_fit(person, role, *, invited: bool, at: datetime) -> Application | None:
    """The person's own application for this place, unanswered, if there is one.

    :param invited: a body holds the seat for them, whether or not it takes people at present.
    :raises CannotApprove: if they cannot have the place.
    """
    mine = queries.standing_application(person.pk, role.shift_id)
    if mine and mine.status not in UNANSWERED:
        raise CannotApprove(HAS_ONE)
    if mine and mine.shift_role_id != role.pk:
        raise CannotApprove(ASKED_OTHERWISE)
    verdict = seats.verdict_on(
        person, role, at=at, apart_from=mine.pk if mine else None, invited=invited
    )
    if not verdict.eligible:
        stops = [answer for answer in verdict.answers if answer.stops]
        passes = all(answer.mend in ERRANDS for answer in stops)
        raise CannotApprove(DoesNotFit(verdict).saying, passes=passes)
    return mine


def _offered(proposal: Proposal, mine: Application | None, *, by, at: datetime) -> Application:
    """Whoever asked has their own application answered; others get one that says whence."""
    if mine is None:
        return seats.start(
            person=proposal.person, role=proposal.shift_role, batch=uuid.uuid4(),
            origin=Origin.ROUND, status=ApplicationStatus.OFFERED, by=by, at=at,
            action="placed by a round",
            offer_expires_at=seats.offer_end(proposal.shift, at=at),
        )  # fmt: skip
    first_answer = mine.status == ApplicationStatus.APPLIED
    seats.offer(mine, by=by, at=at, action="placed by a round", answered_at=at, answered_by=by)
    if first_answer:
        count_reply(mine, at=at)
    return mine


def decide(proposal: Proposal, to: str, *, by, at: datetime, reason: str, **fields) -> None:
    change_state(
        proposal, to, table=PROPOSAL_STEPS, by=by, at=at, action=to, about=proposal.person,
        reason=reason, acting_body=proposal.body if by else None,
        columns={"reason": reason}, decided_by=by, decided_at=at, **fields,
    )  # fmt: skip


def tell_of_offers(applications: Iterable[Application], *, at: datetime) -> None:
    """One message to each person for all their shifts of one opportunity."""
    together: dict[tuple[int, int], list[Application]] = {}
    for row in applications:
        together.setdefault((row.person_id, row.opportunity_id), []).append(row)
    for rows in together.values():
        unasked = any(row.origin == Origin.ROUND for row in rows)
        template = "placement.proposed" if unasked else "placement.offered"
        seats.tell_of_all(rows, template, at=at, urgent=True)


def settle_state(found: Round, *, by, at: datetime) -> None:
    """The round, locked, is approved, or approved in part, as its proposals are."""
    undecided, approved = queries.how_decided(found)
    if not approved:
        return
    to = RoundStatus.PARTLY_APPROVED if undecided else RoundStatus.APPROVED
    if found.status != to:
        change_state(
            found, to, table=ROUND_STEPS, by=by, at=at, action=to.name.lower(), touched_at=at
        )


def must_run(found: Round) -> None:
    """:raises WrongState: if nothing is decided in it now; it says why."""
    if found.status not in RUNNING_ROUNDS:
        raise WrongState(str(WHY_NOT.get(RoundStatus(found.status), OVER)))


def lapse(proposals, *, by, at: datetime, action: str = "lapsed") -> int:
    """Proposals nobody decided come to nothing; nobody was told of them."""
    lapsed = 0
    for row in proposals.filter(status=ProposalStatus.PROPOSED).order_by("pk"):
        change_state(
            row, ProposalStatus.LAPSED, table=PROPOSAL_STEPS, by=by, at=at, action=action,
            decided_at=at,
        )  # fmt: skip
        lapsed += 1
    return lapsed


def lapse_on_shifts(shift_ids: Iterable[int], *, at: datetime) -> None:
    """What is undecided for shifts that will not take place; the listings are locked."""
    rows = Proposal.objects.filter(shift__in=list(shift_ids), status=ProposalStatus.PROPOSED)
    for pk in sorted(set(rows.values_list("round_id", flat=True))):
        found = queries.lock_round(pk)
        if lapse(rows.filter(round=found), by=None, at=at, action="shift called off"):
            settle_state(found, by=None, at=at)
