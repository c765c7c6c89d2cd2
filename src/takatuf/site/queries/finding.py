"""Search over everything, grouped by what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy

from takatuf.kernel import search
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


@dataclass(frozen=True, kw_only=True)
class Hit:
    title: str
    summary: str
    href: str
    place: str = ""


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
    """Ways straight to what was meant, then the best of all kinds; six queries at most.

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
    names = {row.code: row.name for row in places}
    groups = [
        _ways("straight", ways_to.STRAIGHT, straight),
        *(_group(kind, results.items, names) for kind in kinds),
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
    """All of one kind, page by page; five queries at most."""
    results = search.find(query, kinds=[kind], limit=PAGE, after=after)
    places = _places() if results.items else {}
    hits = [_hit(row, places) for row in results.items]
    group = Group(kind=kind, title=KINDS[kind], hits=hits, count=results.total, more=False)
    return Found(
        groups=[group] if hits else [], total=results.total, capped=results.capped,
        corrected=results.corrected, next=results.next,
    )  # fmt: skip


def _places() -> dict[str, str]:
    return {row.code: row.name for row in registry.governorates()}


def _group(kind: str, rows: Iterable, places: dict[str, str]) -> Group:
    own = [row for row in rows if row.kind == kind]
    return Group(
        kind=kind, title=KINDS.get(kind, OTHER),
        hits=[_hit(row, places) for row in own[:SHOWN]],
        count=len(own), more=len(own) > SHOWN and kind in KINDS,
    )  # fmt: skip


def _hit(row, places: dict[str, str]) -> Hit:
    prefix = "/en" if get_language() == "en" else ""
    place = places.get(row.place, "")
    return Hit(title=row.heading, summary=row.summary, href=prefix + row.url, place=place)
