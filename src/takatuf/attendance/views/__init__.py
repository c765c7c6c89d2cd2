"""Pages of attendance."""

from takatuf.attendance.views.answers import (
    approvals,
    approve,
    approve_rest,
    approved,
    confirm,
    confirm_served,
    reject,
    reverse,
)
from takatuf.attendance.views.own import certificate, certificate_anew, mine
from takatuf.attendance.views.sheets import (
    close,
    day_sheet,
    mark,
    note,
    row,
    served,
    sheets,
    times,
)

__all__ = [
    "approvals",
    "approve",
    "approve_rest",
    "approved",
    "certificate",
    "certificate_anew",
    "close",
    "confirm",
    "confirm_served",
    "day_sheet",
    "mark",
    "mine",
    "note",
    "reject",
    "reverse",
    "row",
    "served",
    "sheets",
    "times",
]
