"""The invented region as it is being built: a seed, a clock, and what was made so far."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

SEED = 20260101


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    volunteers: int
    bodies: int
    teams: int
    past: int  # opportunities of the last twelve months, closed
    present: int  # opportunities in every state of today


SCALES = {
    "demo": Scale(volunteers=2_000, bodies=64, teams=32, past=100, present=60),
    "association": Scale(volunteers=22_000, bodies=120, teams=56, past=600, present=180),
}


@dataclass
class World:
    """Handed from step to step.

    :param say: prints progress.
    """

    scale: Scale
    now: datetime
    say: Callable[[str], None]
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311
    password: str = ""
    password_hash: str = ""
    desk_person: Any = None  # acts for the association
    desk_people: list = field(default_factory=list)  # two of the desk, for four eyes
    governorates: dict = field(default_factory=dict)  # code -> Governorate
    fields: dict = field(default_factory=dict)  # code -> Field
    skills: dict = field(default_factory=dict)  # code -> Skill
    desk: Any = None  # the association's Body
    charter: Any = None  # the volunteer charter in force
    bodies: list = field(default_factory=list)  # active, may use volunteers
    fields_of: dict = field(default_factory=dict)  # body pk -> code of the field it works in
    managers: dict = field(default_factory=dict)  # body pk -> [Person, Person]
    heads: dict = field(default_factory=dict)  # body pk -> Person
    teams: list = field(default_factory=list)  # (Team, the Person who leads it)
    volunteers: list = field(default_factory=list)  # Person, of age
    minors: list = field(default_factory=list)
    needs: list = field(default_factory=list)  # validated
    cast: list = field(default_factory=list)  # (Person, role): who can sign in

    def local(self, days: float, hour: int, minute: int = 0) -> datetime:
        """A moment so many days from today, at an hour of the region's clock."""
        day = timezone.localtime(self.now) + timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def pick(self, weights: dict):
        """One of the keys, by its weight."""
        return self.rng.choices(list(weights), list(weights.values()))[0]
