"""Changing attendance. One function, one thing that can happen, one transaction."""

from takatuf.attendance.commands.day import (
    assume_forgotten_checkouts,
    check_in,
    check_out,
    close_day_sheet,
    mark_absent,
    note,
    undo_mark,
)
from takatuf.attendance.commands.hours import (
    approve_hours,
    confirm_hours,
    import_hours,
    reject_hours,
    reverse_hours,
)
from takatuf.attendance.commands.outcome import (
    confirm_people_served,
    enter_people_served,
    request_certificate,
)

__all__ = [
    "approve_hours",
    "assume_forgotten_checkouts",
    "check_in",
    "check_out",
    "close_day_sheet",
    "confirm_hours",
    "confirm_people_served",
    "enter_people_served",
    "import_hours",
    "mark_absent",
    "note",
    "reject_hours",
    "request_certificate",
    "reverse_hours",
    "undo_mark",
]
