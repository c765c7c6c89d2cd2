"""The association, the forum and the council, as published; no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from takatuf.registry import queries as registry
from takatuf.registry.queries.region import (
    Fact,
    Forum,
    PublishedFigure,
    Recommendation,
    Source,
)


@dataclass(frozen=True, kw_only=True)
class About:
    association: list[Fact]
    figures: list[PublishedFigure]
    region: list[PublishedFigure]
    nation: list[PublishedFigure]
    forum: Forum | None
    forum_days: int | None
    council: list[Fact]
    recommendations: list[Recommendation]
    strategy: list[str]
    strategy_sources: tuple[Source, ...]
    census: list[Fact]
    sources: list[Source]


def about() -> About:
    association, council = registry.association_facts(), registry.council_facts()
    forum = registry.forum_facts()
    figures = registry.association_figures()
    region, nation = registry.region_figures(), registry.region_figures("saudi_arabia")
    census, strategy_sources = registry.census_facts(), registry.strategy_sources()
    told = [
        *association,
        *([forum] if forum else []),
        *council,
        *figures,
        *region,
        *nation,
        *census,
    ]
    return About(
        association=association, figures=figures, region=region, nation=nation, forum=forum,
        forum_days=int(forum.days) if forum and forum.days.isdecimal() else None,
        council=council, recommendations=registry.announced_recommendations(),
        strategy=registry.announced_strategy(), strategy_sources=strategy_sources,
        census=census, sources=_sources(told, strategy_sources),
    )  # fmt: skip


def _sources(told: Iterable, more: Iterable[Source]) -> list[Source]:
    """Each source once, in the order of its tag."""
    by_tag = {source.tag: source for fact in told for source in fact.sources}
    by_tag |= {source.tag: source for source in more}
    return [by_tag[tag] for tag in sorted(by_tag, key=lambda tag: (tag[0], int(tag[1:])))]
