"""Approving: from then on hours count, and each minute of a person counts once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.attendance import policies, queries
from takatuf.attendance.commands import telling
from takatuf.attendance.commands.hours import OwnHours, hold_claims, move, whole_minutes
from takatuf.attendance.enums import UNANSWERED, HourState
from takatuf.attendance.flags import said
from takatuf.attendance.models import HourClaim
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import WrongState, record
from takatuf.registry import commands as registry
from takatuf.registry import queries as people

APPROVED_AT_ONCE = 200  # as many as one page of them shows


class AtTheSameTime(DomainError):
    """Other hours of this person at this time count already."""


@dataclass(frozen=True)
class Approval:
    """What became of hours that were ticked, the earliest first."""

    taken: list[HourClaim]
    left: list[tuple[HourClaim, DomainError]]  # and why

    @property
    def waiting(self) -> list[tuple[HourClaim, DomainError]]:
        """Of those left, what somebody has still to answer."""
        return [(claim, why) for claim, why in self.left if claim.state in UNANSWERED]

    @property
    def answered(self) -> list[tuple[HourClaim, DomainError]]:
        """Of those left, what had its answer before."""
        return [(claim, why) for claim, why in self.left if claim.state not in UNANSWERED]

    def all_taken(self) -> list[HourClaim]:
        """:raises DomainError: why one of them was left."""
        for _claim, refusal in self.left:
            raise refusal
        return self.taken


@transaction.atomic
def approve_hours(*, claim_ids: Sequence, by, at: datetime) -> list[HourClaim]:
    """The body's manager approves: from now on the hours count. All of them or none.

    :raises OwnHours: for one's own hours, those one entered, or whose row one ever marked.
    :raises NotAllowed: for another body's.
    :raises WrongState: for hours nobody confirmed yet, or already answered.
    :raises AtTheSameTime: where other hours of the person count already.
    """
    return approve_each(claim_ids=claim_ids, by=by, at=at).all_taken()


@transaction.atomic
def approve_each(*, claim_ids: Sequence, by, at: datetime) -> Approval:
    """As ``approve_hours``, but what cannot be approved is left as it is, with the reason.

    :raises NotAllowed: where hours of another body are among them; then none is approved.
    :raises DomainError: if none is named, or more than ``APPROVED_AT_ONCE``.
    """
    if not claim_ids:
        raise DomainError(_("Choose the hours to approve first."))
    if len(set(claim_ids)) > APPROVED_AT_ONCE:
        raise DomainError(
            _("At most %(most)s entries are approved at once: tick fewer, then the rest.")
            % {"most": APPROVED_AT_ONCE}
        )
    return _answer(hold_claims(claim_ids), by=by, at=at)


def _answer(claims: Sequence[HourClaim], *, by, at: datetime) -> Approval:
    reach, own_refs = queries.reach_of(by), people.refs_of(by)
    claims = sorted(claims, key=lambda claim: (claim.started_at, claim.pk))
    entered_by, beside = queries.entered_by(claims), queries.others_at_the_time(claims)
    taken: list[HourClaim] = []
    left: list[tuple[HourClaim, DomainError]] = []
    for claim in claims:
        try:
            _must_be_of_others(claim, entered_by[claim.pk], reach, by=by, own_refs=own_refs)
            _must_be_alone(beside[claim.pk], {one.pk for one in taken}, reach.bodies)
            move(claim, HourState.APPROVED, by=by, at=at)
            taken.append(claim)
        except (OwnHours, WrongState, AtTheSameTime) as refusal:
            left.append((claim, refusal))
    _count(taken, at=at)
    telling.approved(taken, at=at)
    return Approval(taken, left)


@transaction.atomic
def approve_rest(*, claim_id, by, at: datetime) -> HourClaim:
    """Approve what is left of hours once the minutes that count already are cut off.

    The sheet keeps what it recorded, and the lines of the ledger say both lengths. Where
    nothing stands beside the hours any more, the rest is all of them.

    :raises AtTheSameTime: if nothing is left.
    :raises DomainError: otherwise as ``approve_hours``.
    """
    [claim] = hold_claims([claim_id])
    rest = queries.rest_of(claim, queries.others_at_the_time([claim])[claim.pk])
    before = claim.started_at, claim.ended_at
    if claim.state == HourState.CONFIRMED and rest and rest != before:
        claim.started_at, claim.ended_at = rest
        claim.minutes = whole_minutes(*rest)
        claim.save(update_fields=["started_at", "ended_at", "minutes"])
        record(
            subject=claim, action="times entered", by=by, at=at, about=claim.person,
            changes={"came_at": [before[0].isoformat(), rest[0].isoformat()],
                     "left_at": [before[1].isoformat(), rest[1].isoformat()]},
        )  # fmt: skip
    [taken] = _answer([claim], by=by, at=at).all_taken()  # a no undoes the cut
    return taken


def _must_be_of_others(
    claim: HourClaim, hands: frozenset[UUID], reach: queries.Reach, *, by, own_refs
) -> None:
    if claim.person_id == by.pk or own_refs & hands:
        raise OwnHours(
            _("Hours of your own, or that you had a hand in, are approved by a colleague.")
        )
    if not policies.may_approve(by, claim, entered_by=hands, reach=reach):
        raise NotAllowed(_("Only the body's manager approves these hours."))


def _must_be_alone(
    beside: Sequence[queries.Beside], taken: Collection[UUID], bodies: Collection[int]
) -> None:
    """Refused, not only flagged: a minute counts once, and hours nobody can fake are the
    product's promise. Who manages another body learns the minutes, never the work.
    """
    counting = [one for one in beside if one.counts or one.other.pk in taken]
    if not counting:
        return
    if counting[0].other.body_id in bodies:
        sentence = _(
            "This person has approved hours from %(start)s to %(end)s already (%(work)s). "
            "Approve what is left of these, if anything; or reject them, or have those taken "
            "back first."
        )
    else:
        sentence = _(
            "This person has approved hours at another body from %(start)s to %(end)s already. "
            "Approve what is left of these, if anything; or reject them, or ask the regional "
            "desk which are right."
        )
    raise AtTheSameTime(sentence % said(counting[0]))


def _count(claims: Sequence[HourClaim], *, at: datetime) -> None:
    """Add the minutes to each person's totals; people in one order, so that of two managers
    who approve hours of the same people neither waits for the other crosswise.
    """
    for person in sorted({c.person for c in claims if c.person}, key=lambda one: one.pk):
        own = [claim for claim in claims if claim.person_id == person.pk]
        registry.add_minutes(
            person=person,
            delta_total=sum(claim.minutes for claim in own),
            delta_recent=sum(c.minutes for c in own if c.started_at > at - queries.RECENT),
            at=at,
        )
