"""Changing the registry. One function, one thing that can happen, one transaction."""

from takatuf.registry.commands.figures import (
    add_minutes,
    count_late_cancellation,
    count_reply,
    count_shift_held,
    set_recent_minutes,
)
from takatuf.registry.commands.skills import (
    CannotGrant,
    evidence_skill,
    grant_skill,
    revoke_grant,
)

__all__ = [
    "CannotGrant",
    "add_minutes",
    "count_late_cancellation",
    "count_reply",
    "count_shift_held",
    "evidence_skill",
    "grant_skill",
    "revoke_grant",
    "set_recent_minutes",
]
