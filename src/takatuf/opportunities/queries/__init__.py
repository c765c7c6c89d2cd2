"""Reading opportunities: the front door for the floors above."""

from takatuf.opportunities.queries.draft import draft_of, verdict_on
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
from takatuf.opportunities.queries.roles import (
    shift_role,
    shift_roles,
    shift_roles_by_id,
    shift_roles_of_shift,
    shift_with_opportunity,
)
from takatuf.opportunities.queries.stamps import lock_listing, shard_numbers

__all__ = [
    "LIVE_SHIFTS",
    "draft_of",
    "live_shifts",
    "lock_listing",
    "lock_shift",
    "opportunities_of_body",
    "opportunities_visible_to",
    "opportunity_visible_to",
    "shift_for_update",
    "shard_numbers",
    "shift_role",
    "shift_roles",
    "shift_roles_by_id",
    "shift_roles_of",
    "shift_roles_of_shift",
    "shift_with_opportunity",
]
