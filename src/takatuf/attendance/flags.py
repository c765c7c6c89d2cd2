"""What a manager should look at twice before approving, each in a few words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.attendance.enums import EvidenceClass
from takatuf.attendance.models import HourClaim

LONG = 12 * 60  # minutes
LATE = 3  # days after the work
SEVERAL = 3  # people of one shift with the very same times
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Flag:
    text: str
    tone: str = "warn"


def flags_of(claims: Sequence[HourClaim]) -> dict[UUID, list[Flag]]:
    """``{claim: flags}`` for claims with ``days_late`` and presence at hand."""
    alike = Counter((c.presence.shift_id, _times(c)) for c in claims if c.presence)
    found = {}
    for claim in claims:
        same = alike[claim.presence.shift_id, _times(claim)] if claim.presence else 0
        found[claim.pk] = list(_flags(claim, same))
    return found


def _flags(claim: HourClaim, same: int) -> Iterable[Flag]:
    if claim.evidence == EvidenceClass.ASSUMED or (
        claim.presence and claim.presence.left_is_assumed
    ):
        yield Flag(_("Leaving was assumed"))
    if claim.minutes > LONG:
        yield Flag(_("More than 12 hours"), "bad")
    late = getattr(claim, "days_late", 0) or 0
    if late >= LATE:
        words = ngettext("Entered %(days)s day later", "Entered %(days)s days later", late)
        yield Flag(words % {"days": late})
    if same >= SEVERAL and not _whole_shift(claim):
        words = ngettext(
            "Same times as %(people)s other", "Same times as %(people)s others", same - 1
        )
        yield Flag(words % {"people": same - 1})


def _times(claim: HourClaim) -> Times:
    return claim.started_at, claim.ended_at


def _whole_shift(claim: HourClaim) -> bool:
    """The sheet's own button writes the shift's times for everybody: no wonder."""
    shift = claim.presence.shift if claim.presence else None
    return shift is not None and _times(claim) == (shift.starts_at, shift.ends_at)
