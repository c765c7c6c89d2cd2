"""What was done to an opportunity, as whoever runs it reads it: its shifts' ends among it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q

from takatuf.kernel.models import Transition
from takatuf.kernel.references import reference
from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift

OFF = (ShiftStatus.CANCELLED, ShiftStatus.MOVED)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the story.

    :param shifts: those it called off or moved, soonest first, each with where it went (None:
        nowhere); empty for what was done to the opportunity itself.
    """

    entry: Transition
    shifts: list[tuple[Shift, Shift | None]] = field(default_factory=list)


def story_of(opportunity: Opportunity, shifts: Sequence[Shift]) -> list[Told]:
    """Newest first; what one act did to several shifts is one line. One query.

    A shift that went with the whole has no line of its own: that of the whole tells of it.

    :param shifts: all of the opportunity.
    """
    by_key: dict[int | None, Shift] = {shift.pk: shift for shift in shifts}
    off = {reference(shift): shift for shift in shifts if shift.status in OFF}
    rows = Transition.objects.filter(
        Q(subject=reference(opportunity)) | Q(subject__in=off, action__in=OFF)
    )
    found = []
    for _act, together in groupby(
        rows.select_related("note").order_by("at", "pk"), key=lambda row: _act_of(row, off)
    ):
        entries = list(together)
        ended = sorted(
            (off[entry.subject] for entry in entries if entry.subject in off),
            key=lambda shift: shift.starts_at,
        )
        went = [(shift, by_key.get(shift.moved_to_id)) for shift in ended]
        found.append(Told(entry=entries[0], shifts=went))
    return found[::-1]


def _act_of(entry: Transition, off: dict[str, Shift]) -> tuple:
    if entry.subject not in off:
        return (entry.pk,)
    return entry.at, entry.action, entry.actor
