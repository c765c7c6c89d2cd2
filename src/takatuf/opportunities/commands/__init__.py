"""Changing opportunities. One function, one thing that can happen, one transaction."""

from takatuf.opportunities.commands.drafting import (
    AMENDABLE,
    create_draft,
    remove_role,
    save_role,
    save_step,
)
from takatuf.opportunities.commands.gate import publish, return_with_reasons, submit
from takatuf.opportunities.commands.importing import add_imported, complete_imported
from takatuf.opportunities.commands.life import (
    cancel_opportunity,
    close_opportunity,
    pause,
    reconfirm,
    resume,
)
from takatuf.opportunities.commands.listing import derive, has_texts, refresh_listing
from takatuf.opportunities.commands.moving import (
    cancel_shift,
    marks_on_sheets,
    move_opportunity,
    move_shift,
)
from takatuf.opportunities.commands.running import close_if_done, close_shift, start_shift
from takatuf.opportunities.commands.searching import search_row
from takatuf.opportunities.commands.seats import release_role_seat, take_role_seat
from takatuf.opportunities.commands.shifts import (
    Weekly,
    add_series,
    add_shift,
    change_shifts,
    remove_shifts,
    seat_faults,
    time_faults,
    weekly_times,
)
from takatuf.opportunities.commands.upkeep import (
    refresh_labels,
    refresh_passed,
    remind_to_confirm,
)
from takatuf.opportunities.commands.wishes import (
    confirm_wish,
    end_wish,
    make_wish,
    tell_wishers,
)

__all__ = [
    "AMENDABLE",
    "Weekly",
    "add_imported",
    "add_series",
    "add_shift",
    "cancel_opportunity",
    "cancel_shift",
    "change_shifts",
    "close_if_done",
    "close_opportunity",
    "close_shift",
    "complete_imported",
    "confirm_wish",
    "create_draft",
    "derive",
    "end_wish",
    "has_texts",
    "make_wish",
    "marks_on_sheets",
    "move_opportunity",
    "move_shift",
    "pause",
    "publish",
    "reconfirm",
    "refresh_labels",
    "refresh_listing",
    "refresh_passed",
    "release_role_seat",
    "remind_to_confirm",
    "remove_role",
    "remove_shifts",
    "resume",
    "return_with_reasons",
    "save_role",
    "save_step",
    "search_row",
    "seat_faults",
    "start_shift",
    "submit",
    "take_role_seat",
    "tell_wishers",
    "time_faults",
    "weekly_times",
]
