"""The kernel's tables. They name people by AUTH_USER_MODEL and anything else by reference."""

from takatuf.kernel.models.evidence import Evidence, TraceLink
from takatuf.kernel.models.jobs import CacheEntry, Job, JobStatus, PeriodicRun, RateWindow
from takatuf.kernel.models.outbox import Message, MessageChannel, MessageStatus
from takatuf.kernel.models.search import SearchDocument
from takatuf.kernel.models.sequences import IssuedNumber, Sequence
from takatuf.kernel.models.transitions import Transition, TransitionNote

__all__ = [
    "CacheEntry",
    "Evidence",
    "IssuedNumber",
    "Job",
    "JobStatus",
    "Message",
    "MessageChannel",
    "MessageStatus",
    "PeriodicRun",
    "RateWindow",
    "SearchDocument",
    "Sequence",
    "TraceLink",
    "Transition",
    "TransitionNote",
]
