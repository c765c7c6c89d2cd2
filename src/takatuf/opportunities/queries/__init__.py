"""Reading opportunities: the front door for the floors above."""

from takatuf.opportunities.queries.reading import (
    LIVE_SHIFTS,
    live_shifts,
    lock_shift,
    opportunities_of_body,
    opportunities_visible_to,
    opportunity_visible_to,
    shift_for_update,
    shift_roles_of,
)
from takatuf.opportunities.queries.stamps import lock_listing, shard_numbers

__all__ = [
    "LIVE_SHIFTS",
    "live_shifts",
    "lock_listing",
    "lock_shift",
    "opportunities_of_body",
    "opportunities_visible_to",
    "opportunity_visible_to",
    "shift_for_update",
    "shard_numbers",
    "shift_roles_of",
]
