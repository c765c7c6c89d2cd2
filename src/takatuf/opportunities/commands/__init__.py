"""Changing opportunities. One function, one thing that can happen, one transaction."""

from takatuf.opportunities.commands.drafting import (
    create_draft,
    remove_role,
    save_role,
    save_step,
)
from takatuf.opportunities.commands.gate import publish, return_with_reasons, submit
from takatuf.opportunities.commands.life import (
    cancel_opportunity,
    close_opportunity,
    pause,
    reconfirm,
    resume,
)
from takatuf.opportunities.commands.listing import refresh_listing
from takatuf.opportunities.commands.running import close_if_done, close_shift, start_shift
from takatuf.opportunities.commands.seats import release_role_seat, take_role_seat
from takatuf.opportunities.commands.shifts import (
    Weekly,
    add_series,
    add_shift,
    cancel_shift,
    change_shifts,
    move_shift,
    remove_shifts,
)

__all__ = [
    "Weekly",
    "add_series",
    "add_shift",
    "cancel_opportunity",
    "cancel_shift",
    "change_shifts",
    "close_if_done",
    "close_opportunity",
    "close_shift",
    "create_draft",
    "move_shift",
    "pause",
    "publish",
    "reconfirm",
    "refresh_listing",
    "release_role_seat",
    "remove_role",
    "remove_shifts",
    "resume",
    "return_with_reasons",
    "save_role",
    "save_step",
    "start_shift",
    "submit",
    "take_role_seat",
]
