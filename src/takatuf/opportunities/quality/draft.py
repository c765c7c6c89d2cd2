"""An opportunity as the gate sees it: plain values, whatever rows they came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel.text.arabic import normalise
from takatuf.opportunities.enums import Class

LEAST_NOTE = 15


@dataclass(frozen=True, kw_only=True)
class RoleDraft:
    """A role as the gate sees it. ``least_basis`` is empty where no skill is asked for."""

    title: str = ""
    has_skill: bool = False
    least_basis: str = ""
    unlicensed: bool = False  # licensed work, and the licence is not asked for


@dataclass(frozen=True, kw_only=True)
class ShiftDraft:
    starts_at: datetime
    ends_at: datetime
    seats: int = 0

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An opportunity as it stands at a moment.

    ``shifts`` are those still to come; once it is published, those held as well.
    """

    title: str = ""
    klass: str = Class.GENERAL
    field: str = ""
    purpose: str = ""
    beneficiaries: str = ""
    tasks: tuple[str, ...] = ()
    gains: str = ""
    roles: tuple[RoleDraft, ...] = ()
    shifts: tuple[ShiftDraft, ...] = ()
    min_age: int = ADULT_AGE
    minors_ready: bool = False
    support: tuple[str, ...] = ()
    safety: str = ""
    training: str = ""
    has_supervisor: bool = False
    supervisor_role: str = ""
    unpaid: bool = False
    hours_estimate: Decimal | None = None
    body_entitled: bool = False
    body_about: str = ""

    @property
    def hours(self) -> Decimal:
        return hours_of(self.shifts)

    @property
    def tells_safety(self) -> bool:
        return len(normalise(self.safety)) >= LEAST_NOTE

    @property
    def tells_training(self) -> bool:
        return len(normalise(self.training)) >= LEAST_NOTE


def hours_of(shifts: Iterable[ShiftDraft]) -> Decimal:
    """Dates × length, in hours."""
    minutes = sum(shift.minutes for shift in shifts)
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"))
