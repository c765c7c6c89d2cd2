"""What lies at least between two shifts of one person: a while, and the way between the places.

A plan of a round and the rules of a yes ask here alike, so that no plan gives what a yes would
be refused for. Spots stand on the engine's plane.
"""

from typing import Any

import numpy as np

from takatuf.engine.matching.region import STEPS_A_KM, way
from takatuf.opportunities.enums import Mode

STEPS_A_DEGREE = 1110  # of latitude: 111 km in steps of 100 m
WIDTH = 0.88  # a degree of longitude against one of latitude, in the region
BUFFER = 30  # minutes from one shift to the next at the same place
# Minutes a kilometre of the straight line takes: a road is a quarter longer, and 80 km/h on it.
PACE = 1

Spot = tuple[int, int]
OF_OPPORTUNITY = (
    "mode", "latitude", "longitude", "governorate__latitude", "governorate__longitude"
)  # fmt: skip


def plane(north: Any, east: Any) -> Spot:
    return round(float(east) * WIDTH * STEPS_A_DEGREE), round(float(north) * STEPS_A_DEGREE)


def spot(mode: str, north: Any, east: Any, centre_north: Any, centre_east: Any) -> Spot | None:
    """Where an opportunity is: its own point, or the middle of its governorate; None for what
    is done from anywhere, or where nobody said. The values are those of ``OF_OPPORTUNITY``.
    """
    if north is None:
        north, east = centre_north, centre_east
    return None if mode == Mode.REMOTE or north is None else plane(north, east)


def spot_of(opportunity) -> Spot | None:
    """The same of a row, its governorate at hand."""
    centre = opportunity.governorate
    return spot(
        opportunity.mode, opportunity.latitude, opportunity.longitude,
        centre and centre.latitude, centre and centre.longitude,
    )  # fmt: skip


def minutes_between(one: Spot | None, other: Spot | None) -> int:
    """Minutes that lie at least between a shift at one spot and a shift at the other."""
    if one is None or other is None:
        return BUFFER
    return BUFFER + int(way(one[0] - other[0], one[1] - other[1], PACE))


def km_between(one: Spot, other: Spot) -> int:
    """Kilometres of the straight line, to the nearest."""
    return round(float(np.hypot(one[0] - other[0], one[1] - other[1])) / STEPS_A_KM)
