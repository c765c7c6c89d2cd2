"""Changing attendance. One function, one thing that can happen, one transaction."""

from takatuf.attendance.commands.approving import (
    Approval,
    approve_each,
    approve_hours,
    approve_rest,
)
from takatuf.attendance.commands.certifying import issue_certificate_anew, request_certificate
from takatuf.attendance.commands.day import (
    assume_forgotten_checkouts,
    check_in,
    check_out,
    close_day_sheet,
    everybody_came,
    everybody_left,
    mark_absent,
    note,
    record_times,
    start_begun_shifts,
    take_back_marks,
    undo_mark,
)
from takatuf.attendance.commands.hours import (
    PastHours,
    confirm_hours,
    faults_of,
    import_hours,
    import_many_hours,
    recount_recent_minutes,
    reject_hours,
    reverse_hours,
)
from takatuf.attendance.commands.outcome import confirm_people_served, enter_people_served

__all__ = [
    "Approval",
    "PastHours",
    "approve_each",
    "approve_hours",
    "approve_rest",
    "assume_forgotten_checkouts",
    "check_in",
    "check_out",
    "close_day_sheet",
    "confirm_hours",
    "confirm_people_served",
    "enter_people_served",
    "everybody_came",
    "everybody_left",
    "faults_of",
    "import_hours",
    "import_many_hours",
    "issue_certificate_anew",
    "mark_absent",
    "note",
    "record_times",
    "recount_recent_minutes",
    "reject_hours",
    "request_certificate",
    "reverse_hours",
    "start_begun_shifts",
    "take_back_marks",
    "undo_mark",
]
