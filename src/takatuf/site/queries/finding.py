"""Search over everything, grouped by what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from takatuf.kernel import search
from takatuf.kernel.references import invented
from takatuf.opportunities import queries as opportunities
from takatuf.registry import queries as registry
from takatuf.site.queries import ways as ways_to

KINDS = {
    "opportunity": gettext_lazy("Opportunities"),
    "need": gettext_lazy("Needs"),
    "body": gettext_lazy("Bodies"),
    "team": gettext_lazy("Teams"),
}
OTHER = gettext_lazy("Other pages")
TOGETHER = 100  # found at once, all kinds together
SHOWN = 5  # of a kind, before "all of them"
PAGE = 20
OPPORTUNITY = "opportunities.opportunity:"


@dataclass(frozen=True, kw_only=True)
class Hit:
    title: str
    summary: str
    href: str
    place: str = ""
    is_demo: bool = False
    body: str = ""  # of an opportunity: many have one title
    starts_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What is read of the hits themselves, once for all of them."""

    places: dict[str, str] = field(default_factory=dict)
    invented: set[str] = field(default_factory=set)
    cards: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Group:
    """What was found of one kind. ``more``: there are others than those in ``hits``."""

    kind: str
    title: object
    hits: list[Hit]
    count: int
    more: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """:param capped: more was found than is counted: totals are floors."""

    groups: list[Group]
    total: int
    capped: bool
    corrected: bool
    next: str = ""


def everything(query: str) -> Found:
    """Ways straight to what was meant, then the best of all kinds; eleven queries at most.

    Who typed a code that is known wants what carries it, and nothing that is spelt alike.
    """
    if ways := ways_to.by_code(query):
        return Found(
            groups=[_ways("straight", ways_to.STRAIGHT, ways)], total=len(ways), capped=False,
            corrected=False,
        )  # fmt: skip
    results = search.find(query, limit=TOGETHER)
    places = list(registry.governorates())
    straight = ways_to.by_name(query, places=places, fields=registry.fields())
    announced = ways_to.announced(query)
    kinds = dict.fromkeys([*KINDS, *(row.kind for row in results.items)])
    facts = _facts(results.items, places)
    groups = [
        _ways("straight", ways_to.STRAIGHT, straight),
        *(_group(kind, results.items, facts) for kind in kinds),
        _ways("announced", ways_to.ANNOUNCED, announced),
    ]
    return Found(
        groups=[group for group in groups if group.hits],
        total=results.total + len(straight) + len(announced),
        capped=results.total > TOGETHER, corrected=results.corrected,
    )  # fmt: skip


def _ways(kind: str, title: object, ways: Sequence[ways_to.Way]) -> Group:
    hits = [Hit(title=way.title, summary=way.summary, href=way.href) for way in ways]
    return Group(kind=kind, title=title, hits=hits, count=len(hits), more=False)


def of_kind(query: str, kind: str, *, after: str = "") -> Found:
    """All of one kind, page by page; seven queries at most."""
    results = search.find(query, kinds=[kind], limit=PAGE, after=after)
    facts = _facts(results.items, registry.governorates() if results.items else [])
    hits = [_hit(row, facts) for row in results.items]
    group = Group(kind=kind, title=KINDS[kind], hits=hits, count=results.total, more=False)
    return Found(
        groups=[group] if hits else [], total=results.total, capped=results.capped,
        corrected=results.corrected, next=results.next,
    )  # fmt: skip


def _facts(rows: Sequence, places: Iterable) -> _Facts:
    if not rows:
        return _Facts()
    refs = [row.reference for row in rows]
    asked = [ref for ref in refs if ref.startswith(OPPORTUNITY)]
    cards = opportunities.cards([int(ref.removeprefix(OPPORTUNITY)) for ref in asked])
    return _Facts(
        places={row.code: row.name for row in places},
        invented=invented(refs),
        cards={f"{OPPORTUNITY}{card.pk}": card for card in cards},
    )


def _group(kind: str, rows: Iterable, facts: _Facts) -> Group:
    own = [row for row in rows if row.kind == kind]
    return Group(
        kind=kind, title=KINDS.get(kind, OTHER),
        hits=[_hit(row, facts) for row in own[:SHOWN]],
        count=len(own), more=len(own) > SHOWN and kind in KINDS,
    )  # fmt: skip


def _hit(row, facts: _Facts) -> Hit:
    english = get_language() == "en"
    card = facts.cards.get(row.reference)
    return Hit(
        title=row.heading, summary=row.summary, href=("/en" if english else "") + row.url,
        place=facts.places.get(row.place, ""), is_demo=row.reference in facts.invented,
        body=((card.body_en if english else "") or card.body_ar) if card else "",
        starts_at=card.next_start if card else None,
    )  # fmt: skip
