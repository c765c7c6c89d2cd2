"""The day sheet as a page shows it: which buttons a row has, and why some have none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from takatuf.attendance.commands.day import EARLY, LEAVING_IS_FORGOTTEN_AFTER
from takatuf.attendance.enums import PresenceStatus
from takatuf.attendance.queries import SheetRow
from takatuf.opportunities.enums import LIVE_SHIFTS

TONES: dict[str, str] = {
    PresenceStatus.PRESENT: "good", PresenceStatus.LEFT: "teal",
    PresenceStatus.NO_SHOW: "bad", PresenceStatus.EXCUSED: "warn",
}  # fmt: skip
LEAVING_TOGETHER = timedelta(minutes=30)
BEFORE, OPEN, OVER, CLOSED = "before", "open", "over", "closed"


@dataclass(frozen=True)
class Button:
    """A tick: ``act`` is what the view is told."""

    act: str
    text: str
    kind: str = "quiet"


@dataclass
class Line:
    """One name on the sheet."""

    row: SheetRow
    own: bool
    buttons: list[Button] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return TONES.get(self.row.status, "neutral")

    @property
    def words(self) -> str:
        return str(PresenceStatus(self.row.status).label)


@dataclass
class Sheet:
    """A whole day sheet at a moment."""

    shift: object
    phase: str
    lines: list[Line]
    counts: dict[str, int]
    everybody: list[Button] = field(default_factory=list)

    @property
    def assumed(self) -> int:
        """Whom closing would let leave at the shift's end."""
        return self.counts["here"] + self.counts["assumed"]

    @property
    def left_known(self) -> int:
        """Whose leaving somebody recorded."""
        return self.counts["left"] - self.counts["assumed"]

    @property
    def own_open(self) -> bool:
        return any(line.own and line.row.status == "expected" for line in self.lines)


def phase_of(shift, at: datetime) -> str:
    if shift.status not in LIVE_SHIFTS:
        return CLOSED
    if at < shift.starts_at - EARLY:
        return BEFORE
    return OVER if at > shift.ends_at else OPEN


def sheet_of(shift, rows: Sequence[SheetRow], *, viewer, at: datetime) -> Sheet:
    phase = phase_of(shift, at)
    lines = [
        Line(row, own=row.application.person_id == viewer.pk)  # type: ignore[attr-defined]
        for row in rows
    ]
    for line in lines:
        if not line.own and phase != CLOSED:
            line.buttons = list(_buttons(line.row, shift, phase, at))
    everybody = list(_everybody(lines, shift, phase, at))
    return Sheet(shift, phase, lines, _counts(rows), everybody)


def _counts(rows: Sequence[SheetRow]) -> dict[str, int]:
    by_status = Counter(row.status for row in rows)
    assumed = sum(1 for row in rows if row.presence and row.presence.left_is_assumed)
    return {
        "here": by_status["present"], "left": by_status["left"],
        "expected": by_status["expected"], "assumed": assumed,
        "away": by_status["no_show"] + by_status["excused"], "all": len(rows),
    }  # fmt: skip


def _everybody(lines: Sequence[Line], shift, phase: str, at: datetime):
    """Ticks for all who stand alike: the exceptions are undone name by name."""
    alike = Counter(line.row.status for line in lines if not line.own)
    if phase == OPEN and alike[PresenceStatus.EXPECTED] > 1:
        yield Button("came", _("Mark everybody as here"))
    near_the_end = phase in (OPEN, OVER) and at >= shift.ends_at - LEAVING_TOGETHER
    if near_the_end and alike[PresenceStatus.PRESENT] > 1:
        yield Button("left", _("Mark everybody as left"))


def _buttons(row: SheetRow, shift, phase: str, at: datetime):
    status = row.status
    if status in (PresenceStatus.EXPECTED, PresenceStatus.NO_SHOW, PresenceStatus.EXCUSED):
        if phase == OPEN:
            yield Button("came", _("Came"), "main")
        if phase == OVER:
            yield Button("whole", _("There the whole time"), "main")
    if status == PresenceStatus.EXPECTED:
        if at >= shift.starts_at:
            yield Button("absent", _("Did not come"))
        yield Button("excused", _("Excused"))
    if status == PresenceStatus.PRESENT:
        late = at > shift.ends_at + LEAVING_IS_FORGOTTEN_AFTER
        yield (
            Button("until_end", _("Left at the end"), "main")
            if late
            else Button("left", _("Left"), "main")
        )
    if row.presence and row.presence.left_is_assumed:
        yield Button("until_end", _("Yes, stayed to the end"), "main")
    if status != PresenceStatus.EXPECTED:
        yield Button("undo", _("Undo"), "text")
