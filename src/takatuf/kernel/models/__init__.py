"""The kernel's tables. They name people by AUTH_USER_MODEL and anything else by reference."""

from takatuf.kernel.models.evidence import Evidence, TraceLink
from takatuf.kernel.models.sequences import IssuedNumber, Sequence
from takatuf.kernel.models.transitions import Transition, TransitionNote

__all__ = [
    "Evidence",
    "IssuedNumber",
    "Sequence",
    "TraceLink",
    "Transition",
    "TransitionNote",
]
