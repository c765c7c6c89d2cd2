"""The order of those who wait for places that a round fills: as its plan weighs them."""

from collections.abc import Collection, Iterable

import numpy as np

from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application, Round, RoundPlace
from takatuf.placement.rounds.storing import Stored


def put_in_order(matching_round: Round, stored: Stored, opportunities: Collection[int]) -> None:
    """Write the plan's points beside everybody who waits for one of its places; whoever was not
    weighed comes after those who were. Two questions, and a write for each hundred.

    :param opportunities: whose listings the caller has locked, before the round: where a line
        began since, nobody was weighed.
    """
    places = RoundPlace.objects.filter(round=matching_round).values("shift_role_id")
    rows = list(
        Application.objects.filter(
            shift_role_id__in=places, opportunity__in=opportunities,
            status=ApplicationStatus.WAITING,
        ).only("pk", "person_id", "shift_role_id", "line_points")
    )  # fmt: skip
    points = _points_of(stored, [(row.person_id, row.shift_role_id) for row in rows])
    for row, each in zip(rows, points, strict=True):
        row.line_points = each
    Application.objects.bulk_update(rows, ["line_points"], batch_size=100)


def _points_of(stored: Stored, wanted: Iterable[tuple[int, int]]) -> list[int]:
    """Of each person and shift role; 0 where the plan never had the two together."""
    chosen = stored.instance
    number = {int(key): n for n, key in enumerate(stored.role_key)}
    person = stored.person_key[chosen.pair_agent // stored.weeks].astype(np.int64)
    keys = person * chosen.roles + chosen.pair_role
    asked = np.array([who * chosen.roles + number[role] for who, role in wanted], np.int64)
    among = np.isin(keys, asked)
    found = dict(zip(keys[among].tolist(), chosen.pair_score[among].tolist(), strict=True))
    return [found.get(key, 0) for key in asked.tolist()]
