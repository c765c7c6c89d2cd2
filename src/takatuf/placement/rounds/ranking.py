"""Who suits one place best: the engine's own points for many people and one place, with numpy
alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils import timezone

from takatuf.engine.matching.region import Region
from takatuf.engine.matching.single import judge
from takatuf.opportunities import queries as opportunities
from takatuf.placement.models import Round
from takatuf.placement.rounds import gathering, settings
from takatuf.placement.rounds.people import People
from takatuf.placement.rounds.places import Known, asked_rows, place_rows
from takatuf.placement.rounds.scales import UNASKED
from takatuf.registry import queries as registry


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """:param fits: by every rule and wish the engine knows."""

    person_id: int
    points: int
    fits: bool


def ranked_for(shift_role, keys: Iterable[int], *, at: datetime) -> list[Ranked]:
    """The people of these keys who may be placed at all, the best first; five questions.

    Times one is usually free at are theirs to weigh who is asked, so they count as ever; that
    somebody never agreed to be proposed by a round does not.
    """
    on = timezone.localdate(shift_role.shift.starts_at)
    start, weeks = gathering.horizon(Round(first_day=on, last_day=on))
    rows = opportunities.shift_roles().filter(pk=shift_role.pk)
    places, options = place_rows(rows), settings.defaults()
    known = Known(places)
    profiles = registry.who_may_be_placed(list(keys), agreed=False)
    people = People(profiles, weeks=weeks, known=known, at=at, unasked=False)
    people.rows["free"] |= np.uint64(UNASKED)
    region = Region(
        people=people.rows, asked=asked_rows(places, known, start, options),
        busy=people.engagements(start=start), grants=people.grants(),
        **gathering.limits(options),
    )  # fmt: skip
    found = []
    week = int(region.asked["week"][0])
    for number, key in enumerate(people.keys):
        judged = judge(region, number * weeks + week)
        found.append(
            Ranked(
                person_id=int(key), points=int(judged.score[0]), fits=bool(judged.unmet[0] < 0)
            )
        )
    return sorted(found, key=lambda each: (-each.points, each.person_id))
