"""The region's reference lists."""

from django.db.models import QuerySet

from takatuf.registry import facts
from takatuf.registry.facts import Fact, Forum, PublishedFigure, Recommendation, Source
from takatuf.registry.models import Field, Governorate, Skill

association_facts = facts.association
association_figures = facts.association_figures
region_figures = facts.region_figures
region_name = facts.region_name
forum_facts = facts.forum
announced_recommendations = facts.recommendations
day_words = facts.day_words
announced_strategy = facts.strategy
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
    "council_facts",
    "day_words",
    "fields",
    "forum_facts",
    "governorates",
    "region_figures",
    "region_name",
    "skills",
    "sources_of",
]


def governorates() -> QuerySet[Governorate]:
    """The seat and the governorates, in the region's order."""
    return Governorate.objects.filter(is_active=True).order_by("position", "pk")


def fields() -> QuerySet[Field]:
    """Fields of volunteer work."""
    return Field.objects.filter(is_active=True).order_by("position", "pk")


def skills() -> QuerySet[Skill]:
    """Skills with their fields, grouped by field."""
    rows = Skill.objects.filter(is_active=True).select_related("field")
    return rows.order_by("field__position", "position", "pk")
