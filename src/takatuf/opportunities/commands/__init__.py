"""Changing opportunities. One function, one thing that can happen, one transaction."""

from takatuf.opportunities.commands.listing import refresh_listing
from takatuf.opportunities.commands.running import close_if_done, close_shift, start_shift
from takatuf.opportunities.commands.seats import release_role_seat, take_role_seat

__all__ = [
    "close_if_done",
    "close_shift",
    "refresh_listing",
    "release_role_seat",
    "start_shift",
    "take_role_seat",
]
