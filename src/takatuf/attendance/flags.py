"""What a manager should look at twice before approving, each in a few words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from takatuf.attendance.enums import EvidenceClass
from takatuf.attendance.models import HourClaim
from takatuf.attendance.queries import Beside

LONG = 12 * 60  # minutes
LATE = 3  # days after the work
SEVERAL = 3  # people of one shift with the very same times
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Flag:
    text: str
    tone: str = "warn"


def flags_of(
    claims: Sequence[HourClaim],
    *,
    beside: Mapping[UUID, Sequence[Beside]],
    bodies: Collection[int],
) -> dict[UUID, list[Flag]]:
    """``{claim: flags}`` for claims with ``days_late`` and presence at hand.

    :param beside: of ``queries.others_at_the_time``
    :param bodies: those whose work the reader may know of
    """
    alike = Counter((c.presence.shift_id, _times(c)) for c in claims if c.presence)
    found = {}
    for claim in claims:
        same = alike[claim.presence.shift_id, _times(claim)] if claim.presence else 0
        overlaps = _overlaps(beside[claim.pk], bodies)
        found[claim.pk] = [*overlaps, *_flags(claim, same)]
    return found


def _overlaps(beside: Sequence[Beside], bodies: Collection[int]) -> Iterable[Flag]:
    """What else of the person stands at the time: first what bars the approval."""
    for one in sorted(beside, key=_waits)[:1]:
        known = one.other.body_id in bodies
        if _waits(one):
            tone, words = (
                "warn",
                (
                    _("Overlaps hours that wait too, %(start)s to %(end)s: %(work)s")
                    if known
                    else _("Overlaps hours at another body that wait too, %(start)s to %(end)s")
                ),
            )
        else:
            tone, words = (
                "bad",
                (
                    _("Overlaps approved hours, %(start)s to %(end)s: %(work)s")
                    if known
                    else _("Overlaps approved hours at another body, %(start)s to %(end)s")
                ),
            )
        yield Flag(words % said(one), tone)


def said(one: Beside) -> dict[str, str]:
    """The minutes that two claims share, for a sentence; and what the other is for."""
    moments = {"start": one.started_at, "end": one.ended_at}
    clocks = {name: f"{timezone.localtime(m):%H:%M}" for name, m in moments.items()}
    return {**clocks, "work": one.other.what}


def _waits(one: Beside) -> bool:
    return not one.counts


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
