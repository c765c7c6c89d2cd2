"""What the home page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from takatuf.needs import queries as needs
from takatuf.opportunities import queries as opportunities
from takatuf.registry import queries as registry
from takatuf.registry.queries.region import Forum, PublishedFigure, Recommendation
from takatuf.site.queries.figures import Figure, figures
from takatuf.site.region_map import Drawing, Spot, draw

CARDS = 6
NEEDS = 4
WANTED = 4  # fields offered below the search


@dataclass(frozen=True, kw_only=True)
class Home:
    figures: Mapping[str, Figure]
    places: list[Spot]
    drawing: Drawing | None
    wanted: list[tuple[object, int]]  # fields with most opportunities
    rows: list  # the soonest opportunities
    needs: list
    forum: Forum | None
    recommendations: list[Recommendation]
    published: list[PublishedFigure]


def home(*, at: datetime) -> Home:
    """At most six queries; what was published of the region is read from its package data."""
    known = figures()
    listing = opportunities.soonest(limit=CARDS, at=at)
    # Until the worker's first count the list itself says how many are open where.
    open_by_place = known["open_opportunities"].places or listing.counts["place"]
    places = spots(open_by_place)
    return Home(
        figures=known,
        places=places,
        drawing=draw(places),
        wanted=_wanted(listing),
        rows=listing.rows,
        needs=needs.least_covered(limit=NEEDS),
        forum=registry.forum_facts(),
        recommendations=registry.announced_recommendations(),
        published=registry.region_figures(),
    )


def spots(open_by_place: Mapping[Any, Any]) -> list[Spot]:
    """The governorates with how many are open in each, by code; one query."""
    return [
        Spot(
            row.code, row.name, float(row.latitude), float(row.longitude),
            int(open_by_place.get(row.code, 0)),
        )
        for row in registry.governorates()
    ]  # fmt: skip


def wanted_fields(*, at: datetime) -> list[tuple[object, int]]:
    """Fields with most open opportunities: somewhere to go on; three queries."""
    return _wanted(opportunities.soonest(limit=1, at=at))


def _wanted(listing: opportunities.Listing) -> list[tuple[object, int]]:
    counts = listing.counts["field"]
    fields = sorted(registry.fields(), key=lambda field: -counts.get(field.code, 0))
    return [(row, counts[row.code]) for row in fields[:WANTED] if counts.get(row.code)]
