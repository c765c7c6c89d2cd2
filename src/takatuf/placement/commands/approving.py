"""The body decides on what a round proposes: a yes becomes an offer, a no says why.

Many at once go person by person, each in a transaction of its own, so that one that no longer
fits holds up nobody and no lock is held for long.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.jobs import task
from takatuf.kernel.sayings import write_down
from takatuf.kernel.transitions import WrongState
from takatuf.placement import policies, queries
from takatuf.placement.commands.answering import REASON_LENGTH, in_own_words
from takatuf.placement.commands.proposals import (
    CannotApprove,
    decide,
    hold_round,
    make_offer,
    must_run,
    settle_state,
    tell_of_offers,
)
from takatuf.placement.commands.repairing import fill_by_round
from takatuf.placement.enums import RUNNING_ROUNDS, ProposalStatus
from takatuf.placement.models import Application, Proposal, Round

AT_ONCE = 60  # proposals approved while somebody waits for the page; more are a job
OWN = gettext_lazy("Nobody approves a place for themselves; a colleague does.")
NOT_YOURS = gettext_lazy(
    "The body's unit manager decides, or the desk where its head allows it."
)


@dataclass(frozen=True)
class Approved:
    """What came of approving many.

    :param left: not offered, each with the sentence that says why.
    :param later: how many a job is approving now, because they are many.
    """

    approved: list[Application] = field(default_factory=list)
    left: list[tuple[Proposal, str]] = field(default_factory=list)
    later: int = 0


@transaction.atomic
def approve_proposal(*, proposal_id: int, by, at: datetime) -> Application:
    """One proposal becomes an offer. Approving it again is answered with the place it became.

    :raises NotAllowed: if ``by`` may not decide for the body, or it is their own place.
    :raises CannotApprove: if the person no longer fits, or no seat is left.
    :raises WrongState: if it was decided otherwise, or the round is not to be decided on.
    """
    found = hold_round([queries.proposal_keys(proposal_id)])
    proposal = queries.lock_proposal(proposal_id)
    if not policies.may_approve(by, proposal):
        own = proposal.person_id == by.pk
        raise NotAllowed(str(OWN if own else NOT_YOURS))
    if proposal.application and proposal.status == ProposalStatus.APPROVED:
        return proposal.application
    application = make_offer(proposal, found, by=by, at=at)
    tell_of_offers([application], at=at)
    settle_state(found, by=by, at=at)
    return application


def approve_proposals(
    *, matching_round: Round, proposal_ids: Collection[int], by, at: datetime
) -> Approved:
    """Approve these, each for itself; every person reads one message for each opportunity.

    :raises NotAllowed: if ``by`` may not decide for the body of one; then none is approved.
    """
    rows = list(queries.proposals_by_ids(matching_round, proposal_ids))
    may: dict[int, bool] = {}
    for row in rows:
        if row.body_id not in may:
            may[row.body_id] = policies.may_approve_for(by, row.body)
    if not all(may.values()):
        raise NotAllowed(str(NOT_YOURS))
    outcome = Approved()
    for _person, theirs in groupby(rows, key=lambda row: row.person_id):
        _approve_for_one(list(theirs), outcome, by=by, at=at)
    return outcome


def approve_all(
    *, matching_round: Round, bodies: Collection[int] | None = None, by, at: datetime
) -> Approved:
    """Approve all that is undecided, or all for some bodies; where they are many, by a job.

    :param bodies: keys; None: every body ``by`` decides for.
    :raises NotAllowed: if ``by`` may not decide for one of those named, or for any.
    :raises WrongState: if the round is not worked out, or over.
    """
    must_run(matching_round)
    proposed_for = queries.bodies_proposed_for(matching_round)
    may = {body.pk for body in proposed_for if policies.may_approve_for(by, body)}
    wanted = sorted(may if bodies is None else bodies)
    if not wanted or not may.issuperset(wanted):
        raise NotAllowed(str(NOT_YOURS))
    ids = queries.undecided_ids(matching_round, bodies=wanted)
    if len(ids) > AT_ONCE:
        approve_rest.enqueue(matching_round.pk, wanted, by.pk)
        return Approved(later=len(ids))
    return approve_proposals(matching_round=matching_round, proposal_ids=ids, by=by, at=at)


@task(atomic=False)
def approve_rest(round_id: int, bodies: list[int], person_id: int) -> None:
    """Job: approve all that is undecided for these bodies, as this person. What is left says
    why on the proposal itself. Run again it goes on where it stopped.
    """
    found = Round.objects.filter(pk=round_id, status__in=RUNNING_ROUNDS).first()
    by = get_user_model().objects.get(pk=person_id)
    if found is None:
        return
    ids = queries.undecided_ids(found, bodies=bodies)
    try:
        approve_proposals(matching_round=found, proposal_ids=ids, by=by, at=timezone.now())
    except NotAllowed:  # the office ended meanwhile: whoever has it now decides
        return


@transaction.atomic
def reject_proposal(*, proposal_id: int, reason: str, by, at: datetime) -> Proposal:
    """The body does not want this proposal; the person is not told, for nobody told them of it.

    :param reason: for the body itself and the next round, which does not propose it again.
    :raises NotAllowed: if ``by`` may not decide for the body, or it is their own place.
    :raises DomainError: without a reason, or with a longer one than is kept.
    :raises WrongState: if it was decided, or the round is not to be decided on.
    """
    found = hold_round([queries.proposal_keys(proposal_id)])
    proposal = queries.lock_proposal(proposal_id)
    if not policies.may_approve(by, proposal):
        raise NotAllowed(str(NOT_YOURS))
    must_run(found)
    words = in_own_words(reason)
    if not words:
        raise DomainError(_("Say why, in a sentence."), field="reason")
    decide(proposal, ProposalStatus.REJECTED, by=by, at=at, reason=words)
    settle_state(found, by=by, at=at)
    fill_by_round(proposal.shift_role)
    return proposal


# ---------------------------------------------------------------- many
def _approve_for_one(rows: list[Proposal], outcome: Approved, *, by, at: datetime) -> None:
    new: list[Application] = []
    with transaction.atomic():
        found = hold_round([(row.person_id, row.opportunity_id, row.round_id) for row in rows])
        for row in rows:
            try:
                with transaction.atomic():
                    if application := _approve_in_turn(row.pk, found, by=by, at=at):
                        new.append(application)
            except CannotApprove as refusal:
                _leave_out(row, refusal, by=by, at=at)
                outcome.left.append((row, str(refusal)))
            except WrongState as refusal:
                outcome.left.append((row, str(refusal)))
        tell_of_offers(new, at=at)
        settle_state(found, by=by, at=at)
    outcome.approved.extend(new)


def _leave_out(row: Proposal, refusal: CannotApprove, *, by, at: datetime) -> None:
    """Where nothing can come of it any more nobody has to decide once more: the round looks
    for somebody else. One's own place waits on for a colleague, and so does what the person
    has yet to do, such as reading a new charter.
    """
    words = write_down(refusal.saying)[:REASON_LENGTH]
    if refusal.passes or row.person_id == by.pk:
        Proposal.objects.filter(pk=row.pk).update(reason=words)
        return
    proposal = queries.lock_proposal(row.pk)
    decide(proposal, ProposalStatus.LAPSED, by=by, at=at, reason=words)
    fill_by_round(proposal.shift_role)


def _approve_in_turn(pk: int, found: Round, *, by, at: datetime) -> Application | None:
    """None where somebody else has just approved it."""
    proposal = queries.lock_proposal(pk)
    if proposal.person_id == by.pk:
        raise CannotApprove(OWN)
    if proposal.status == ProposalStatus.APPROVED:
        return None
    return make_offer(proposal, found, by=by, at=at)
