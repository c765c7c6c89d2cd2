"""The region's reference lists."""

from collections.abc import Collection
from decimal import Decimal
from math import cos, hypot, radians

from django.db.models import QuerySet

from takatuf.registry import facts
from takatuf.registry.facts import Fact, Forum, PublishedFigure, Recommendation, Source
from takatuf.registry.models import Field, Governorate, Skill

KM_A_DEGREE = 111.32  # of latitude

association_facts = facts.association
association_figures = facts.association_figures
region_figures = facts.region_figures
region_name = facts.region_name
forum_facts = facts.forum
announced_recommendations = facts.recommendations
day_words = facts.day_words
announced_strategy = facts.strategy
strategy_sources = facts.strategy_sources
census_facts = facts.census
council_facts = facts.council
sources_of = facts.sources_of
all_sources = facts.all_sources

__all__ = [
    "Fact",
    "Forum",
    "PublishedFigure",
    "Recommendation",
    "Source",
    "all_sources",
    "announced_recommendations",
    "announced_strategy",
    "association_facts",
    "association_figures",
    "census_facts",
    "council_facts",
    "day_words",
    "fields",
    "forum_facts",
    "governorates",
    "region_figures",
    "region_name",
    "skills",
    "sources_of",
    "strategy_sources",
]


def governorates() -> QuerySet[Governorate]:
    """The seat and the governorates, in the region's order."""
    return Governorate.objects.filter(is_active=True).order_by("position", "pk")


def nearest_governorate(
    latitude: Decimal, longitude: Decimal
) -> tuple[Governorate, int] | None:
    """The one whose centre is nearest, and how many km away; None in a region without any."""
    found = [(_km(latitude, longitude, row), row) for row in governorates()]
    km, row = min(found, key=lambda each: each[0], default=(0, None))
    return (row, round(km)) if row else None


def nearest_with(codes: Collection[str], *, to: Collection[str]) -> Governorate | None:
    """Of the governorates with these codes the one whose centre is nearest to that of any of
    the others; None where one side is unknown. One query.
    """
    rows = list(governorates())
    found = [
        (_km(row.latitude, row.longitude, other), other)
        for row in rows
        if row.code in to
        for other in rows
        if other.code in codes
    ]
    return min(found, key=lambda each: each[0], default=(0, None))[1]


def _km(latitude: Decimal, longitude: Decimal, row: Governorate) -> float:
    north = float(row.latitude - latitude)
    east = float(row.longitude - longitude) * cos(radians(float(latitude)))
    return hypot(north, east) * KM_A_DEGREE


def fields() -> QuerySet[Field]:
    """Fields of volunteer work."""
    return Field.objects.filter(is_active=True).order_by("position", "pk")


def skills() -> QuerySet[Skill]:
    """Skills with their fields, grouped by field."""
    rows = Skill.objects.filter(is_active=True).select_related("field")
    return rows.order_by("field__position", "position", "pk")
