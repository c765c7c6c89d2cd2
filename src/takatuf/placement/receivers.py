"""News from the floors below that changes who has which place."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from takatuf.accounts.notices import ConsentWithdrawn
from takatuf.kernel.notices import receives
from takatuf.opportunities.notices import (
    OpportunityCancelled,
    SeatsAdded,
    ShiftCancelled,
    ShiftsMoved,
    TakesPeopleAgain,
)
from takatuf.placement import commands

CONSENT_NEEDED = gettext_noop("By the birth date a guardian's consent is needed first.")
CONSENT_GONE = gettext_noop("The guardian's consent was withdrawn.")


@receives(ShiftCancelled)
def release_places(notice: ShiftCancelled) -> None:
    commands.release_cancelled_shift(
        shift_id=notice.shift_id, reason=notice.reason, at=timezone.now()
    )


@receives(OpportunityCancelled)
def release_all_places(notice: OpportunityCancelled) -> None:
    commands.release_cancelled_shifts(
        shift_ids=notice.shift_ids, reason=notice.reason, at=timezone.now()
    )


@receives(SeatsAdded)
def fill_new_seats(notice: SeatsAdded) -> None:
    commands.fill_seats(shift_role_id=notice.shift_role_id, at=timezone.now())


@receives(TakesPeopleAgain)
def fill_free_seats(notice: TakesPeopleAgain) -> None:
    commands.fill_opportunity(opportunity_id=notice.opportunity_id, at=timezone.now())


@receives(ShiftsMoved)
def carry_places_over(notice: ShiftsMoved) -> None:
    moves = list(zip(notice.old_shift_ids, notice.new_shift_ids, strict=True))
    commands.follow_moved_shifts(moves=moves, reason=notice.reason, at=timezone.now())


@receives(ConsentWithdrawn)
def free_places(notice: ConsentWithdrawn) -> None:
    reason = CONSENT_NEEDED if notice.came_to_need else CONSENT_GONE
    commands.free_places_of(person_id=notice.person_id, reason=reason, at=timezone.now())
