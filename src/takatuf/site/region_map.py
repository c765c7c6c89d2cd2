"""The governorates as a drawing: plain positions and figures, no outside map. Pure.

An equirectangular projection of the region, scaled so that east-west and north-south measure
alike at its middle. East is on the right in both languages: only the words change.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

DEGREE = 84.0  # drawing units of a degree of latitude
MARGIN = 46.0
SMALLEST, LARGEST = 13.0, 27.0  # radii of the dots
LETTER = 7.6  # width of a letter at the size of the labels, rather too wide than too narrow
LINE = 15.0
GAP = 6.0


@dataclass(frozen=True)
class Spot:
    """A place to draw. ``amount`` sizes its dot and stands in it."""

    code: str
    name: str
    latitude: float
    longitude: float
    amount: int


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "Box") -> float:
        wide = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        high = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(wide, 0.0) * max(high, 0.0)


Side = tuple[float, float, str, Box]  # label's x, its baseline, anchor, covered box


@dataclass(frozen=True)
class Dot:
    """A spot as drawn: circle, and the label's anchor (start, middle, end) and point."""

    spot: Spot
    x: float
    y: float
    r: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """A parallel or meridian with the degree it stands for."""

    x1: float
    y1: float
    x2: float
    y2: float
    text: str


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    dots: list[Dot]
    parallels: list[Line]
    meridians: list[Line]


def draw(spots: Sequence[Spot]) -> Drawing | None:
    """None where there is nothing to draw."""
    if not spots:
        return None
    south, north = _range(spot.latitude for spot in spots)
    west, east = _range(spot.longitude for spot in spots)
    across = math.cos(math.radians((south + north) / 2)) * DEGREE
    width = (east - west) * across + 2 * MARGIN
    height = (north - south) * DEGREE + 2 * MARGIN

    def project(latitude: float, longitude: float) -> tuple[float, float]:
        return (
            round(MARGIN + (longitude - west) * across, 1),
            round(MARGIN + (north - latitude) * DEGREE, 1),
        )

    placed = [(spot, *project(spot.latitude, spot.longitude)) for spot in spots]
    return Drawing(
        width=round(width, 1), height=round(height, 1),
        dots=_dots(placed, _radii(spots), Box(0, 0, width, height)),
        parallels=[
            Line(0, y, round(width, 1), y, f"{degree}°N")
            for degree in range(math.ceil(south), math.floor(north) + 1)
            for y in [project(degree, west)[1]]
        ],
        meridians=[
            Line(x, 0, x, round(height, 1), f"{degree}°E")
            for degree in range(math.ceil(west), math.floor(east) + 1)
            for x in [project(north, degree)[0]]
        ],
    )  # fmt: skip


def _range(values: Iterable[float]) -> tuple[float, float]:
    known = list(values)
    low, high = min(known), max(known)
    return (low, high) if high - low > 0.1 else (low - 0.5, high + 0.5)  # noqa: PLR2004


def _radii(spots: Sequence[Spot]) -> dict[str, float]:
    """Areas, not radii, grow with the amount; the smallest still holds its figure."""
    most = max((spot.amount for spot in spots), default=0) or 1
    return {
        spot.code: round(
            SMALLEST + (LARGEST - SMALLEST) * math.sqrt(max(spot.amount, 0) / most), 1
        )
        for spot in spots
    }


def _dots(
    placed: list[tuple[Spot, float, float]], radii: dict[str, float], frame: Box
) -> list[Dot]:
    """Each label on the side where it covers least of dots, labels and the frame's edge."""
    circles = {
        spot.code: Box(x - r, y - r, 2 * r, 2 * r)
        for spot, x, y in placed
        for r in [radii[spot.code]]
    }
    labels: list[Box] = []
    dots = []
    for spot, x, y in placed:
        r = radii[spot.code]
        others = [box for code, box in circles.items() if code != spot.code] + labels
        sides = _sides(x, y, r, len(spot.name) * LETTER)
        at_x, at_y, anchor, box = min(sides, key=lambda side: _cost(side[3], others, frame))
        labels.append(box)
        dots.append(Dot(spot, x, y, r, round(at_x, 1), round(at_y, 1), anchor))
    return dots


def _sides(x: float, y: float, r: float, size: float) -> Iterator[Side]:
    """East, west, below, above."""
    level, middle = y + LINE / 3, y - LINE / 2
    yield x + r + GAP, level, "start", Box(x + r + GAP, middle, size, LINE)
    yield x - r - GAP, level, "end", Box(x - r - GAP - size, middle, size, LINE)
    below = y + r + LINE
    yield x, below, "middle", Box(x - size / 2, below - LINE, size, LINE + 2)
    above = y - r - GAP
    yield x, above, "middle", Box(x - size / 2, above - LINE, size, LINE + 2)


def _cost(box: Box, others: list[Box], frame: Box) -> float:
    outside = box.width * box.height - box.overlap(frame)
    return sum(box.overlap(other) for other in others) + 10 * outside
