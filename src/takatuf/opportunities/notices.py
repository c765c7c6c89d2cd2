"""What opportunities tell the floors above."""

from dataclasses import dataclass

from takatuf.kernel.notices import Notice


@dataclass(frozen=True, kw_only=True)
class ShiftCancelled(Notice, name="opportunities.shift_cancelled"):
    """One shift will not take place. ``reason`` is public."""

    shift_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShiftsMoved(Notice, name="opportunities.shifts_moved"):
    """Shifts of one opportunity take place at other times, moved in one act: each is a new
    shift with the same roles and seats, at the same place of the second list.
    """

    old_shift_ids: list[int]
    new_shift_ids: list[int]
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpportunityCancelled(Notice, name="opportunities.opportunity_cancelled"):
    """What was left of it will not take place: it is cancelled, or closed early. Its shifts get
    no notices of their own.
    """

    opportunity_id: int
    shift_ids: list[int]
    reason: str


@dataclass(frozen=True, kw_only=True)
class SeatsAdded(Notice, name="opportunities.seats_added"):
    """A role of a shift takes more people than before: somebody may be waiting."""

    shift_role_id: int


@dataclass(frozen=True, kw_only=True)
class TakesPeopleAgain(Notice, name="opportunities.takes_people_again"):
    """The listing was paused or not confirmed for too long, and is open again: seats freed
    meanwhile went to nobody.
    """

    opportunity_id: int


@dataclass(frozen=True, kw_only=True)
class OpportunityPublished(Notice, name="opportunities.opportunity_published"):
    opportunity_id: int
