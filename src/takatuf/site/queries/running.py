"""What whoever runs the site looks at: what stands, and what needs an eye."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.kernel import stuck
from takatuf.kernel.jobs.pulse import Pulse, pulse
from takatuf.registry import queries as registry
from takatuf.registry.enums import STAFF_ROLES, Role
from takatuf.site.queries import audit

SOON = timedelta(days=30)
SHOWN = 6
LINES = 6


@dataclass(frozen=True, kw_only=True)
class Running:
    """One look at the site; lists are cut, their counts are not."""

    stuck: int
    pulse: Pulse
    unguarded: list  # offices of staff without a second factor
    unguarded_count: int
    ending: list  # offices about to end
    ending_count: int
    lines: list  # the newest of the log

    @property
    def needs_an_eye(self) -> int:
        """How many of the four things looked at are not as they should be."""
        worker = not self.pulse.lives or self.pulse.late_jobs or self.pulse.failing
        return sum(map(bool, (self.stuck, worker, self.unguarded_count, self.ending_count)))


def running(*, at: datetime) -> Running:
    today = timezone.localdate(at)
    unguarded, ending = _unguarded(today), _ending(today)
    return Running(
        stuck=stuck.count(),
        pulse=pulse(at=at),
        unguarded=list(unguarded[:SHOWN]),
        unguarded_count=unguarded.count(),
        ending=list(ending[:SHOWN]),
        ending_count=ending.count(),
        lines=audit.latest(kind="", before=0)[0][:LINES],
    )


def _unguarded(today: date):
    """Offices that wait, shut, until their holder sets up a second factor."""
    rows = registry.offices_in_force(STAFF_ROLES, today).filter(person__is_active=True)
    rows = rows.exclude(person__in=accounts.second_factors().values("user"))
    return rows.order_by("-starts_on", "-pk")


def _ending(today: date):
    rows = registry.offices_in_force(Role.values, today)
    return rows.filter(ends_on__lte=today + SOON).order_by("ends_on", "pk")
