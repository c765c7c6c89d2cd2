"""Reading opportunities: the front door for the floors above."""

from takatuf.opportunities.quality import judge
from takatuf.opportunities.queries.browsing import (
    Listing,
    count,
    listing,
    matches,
    nearest,
    soonest,
    stamp_of,
)
from takatuf.opportunities.queries.cards import card_of, cards
from takatuf.opportunities.queries.details import Detail, detail, shift_lines
from takatuf.opportunities.queries.draft import draft_of, verdict_on
from takatuf.opportunities.queries.reading import (
    opportunities_visible_to,
    opportunity_visible_to,
    public_by_code,
    public_by_keys,
    shift_for_update,
    shift_roles_of,
    stamp_of_page,
)
from takatuf.opportunities.queries.roles import (
    shift_role,
    shift_roles,
    shift_roles_by_id,
    shift_roles_of_shift,
    shift_with_opportunity,
    shifts,
    skills_asked,
)
from takatuf.opportunities.queries.stamps import lock_listing, shard_numbers
from takatuf.opportunities.queries.studio import PAGE as STUDIO_PAGE
from takatuf.opportunities.queries.studio import (
    all_shifts,
    imported_like,
    in_review,
    my_bodies,
    not_over,
    open_under_closed_bodies,
    own_list,
    roles_of,
    shift_of,
    shifts_to_come,
    states_of,
    to_confirm,
    to_mend,
)

__all__ = [
    "STUDIO_PAGE",
    "Detail",
    "Listing",
    "all_shifts",
    "card_of",
    "cards",
    "count",
    "detail",
    "draft_of",
    "imported_like",
    "in_review",
    "judge",
    "listing",
    "lock_listing",
    "matches",
    "my_bodies",
    "nearest",
    "not_over",
    "open_under_closed_bodies",
    "opportunities_visible_to",
    "opportunity_visible_to",
    "own_list",
    "public_by_code",
    "public_by_keys",
    "roles_of",
    "shard_numbers",
    "shift_for_update",
    "shift_lines",
    "shift_of",
    "shift_role",
    "shift_roles",
    "shift_roles_by_id",
    "shift_roles_of",
    "shift_roles_of_shift",
    "shift_with_opportunity",
    "shifts",
    "shifts_to_come",
    "skills_asked",
    "soonest",
    "stamp_of",
    "stamp_of_page",
    "states_of",
    "to_confirm",
    "to_mend",
    "verdict_on",
]
