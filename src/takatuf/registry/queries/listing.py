"""Pages of the directory: search, filters with counts, keyset pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from takatuf.kernel.asked import row_key
from takatuf.kernel.text.arabic import sort_key, tokens
from takatuf.registry.enums import Sector
from takatuf.registry.queries.directory import public_bodies, public_teams

PAGE = 24


@dataclass(frozen=True)
class Page:
    """One page of a list by name; ``after`` leads to the next, empty on the last."""

    rows: Sequence[Any]
    after: str


@dataclass(frozen=True)
class Facet:
    """One choice of a filter and how many rows it leads to."""

    value: str
    label: str
    count: int
    current: bool


def page_by_name(rows: QuerySet, after: str) -> Page:
    """The page that begins behind ``key|pk``; an unreadable mark begins at the start."""
    key, _bar, pk = after.rpartition("|")
    last = row_key(pk)
    if key and last is not None:
        rows = rows.filter(Q(name_sort_key__gt=key) | Q(name_sort_key=key, pk__gt=last))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    more = len(found) > PAGE
    return Page(shown, f"{shown[-1].name_sort_key}|{shown[-1].pk}" if more else "")


def bodies_matching(query: str, filters: Mapping[str, str]) -> QuerySet:
    return _named_like(public_bodies(filters), query, english="name_en")


def teams_matching(query: str, filters: Mapping[str, str]) -> QuerySet:
    return _named_like(public_teams(filters), query)


def body_facets(query: str, filters: Mapping[str, str]) -> dict[str, list[Facet]]:
    """Sectors and governorates, each counted under the other filter: two queries."""
    by_place = bodies_matching(query, {"governorate": filters.get("governorate", "")})
    sectors = dict(_counts(by_place, "sector"))
    labels = dict(Sector.choices)
    return {
        "sector": [
            Facet(value, str(labels[value]), sectors.get(value, 0),
                  filters.get("sector") == value)
            for value in Sector.values
        ],
        "governorate": _places(
            bodies_matching(query, {"sector": filters.get("sector", "")}), filters
        ),
    }  # fmt: skip


def team_facets(query: str, filters: Mapping[str, str]) -> dict[str, list[Facet]]:
    """Governorates and fields, each counted under the other filter: two queries."""
    by_place = teams_matching(query, {"governorate": filters.get("governorate", "")})
    fields = _named_counts(by_place.filter(field__isnull=False), "field", filters)
    return {
        "governorate": _places(
            teams_matching(query, {"field": filters.get("field", "")}), filters
        ),
        "field": fields,
    }


def _named_like(rows: QuerySet, query: str, english: str = "") -> QuerySet:
    """Every word of the query stands in the name, in whatever spelling."""
    for word in tokens(query)[:8]:
        match = Q(name_sort_key__contains=sort_key(word))
        if english:
            match |= Q(**{f"{english}__icontains": word})
        rows = rows.filter(match)
    return rows


def _counts(rows: QuerySet, *columns: str):
    rows = rows.select_related(None).order_by()
    return rows.values_list(*columns).annotate(n=Count("pk"))


def _places(rows: QuerySet, filters: Mapping[str, str]) -> list[Facet]:
    return _named_counts(rows, "governorate", filters)


def _named_counts(rows: QuerySet, name: str, filters: Mapping[str, str]) -> list[Facet]:
    """The choices that lead to rows, and the chosen one whatever it leads to: only where it is
    seen can it be taken back.
    """
    related = rows.model._meta.get_field(name).related_model
    parts = ("position", "code", "name_ar", "name_en")
    counted = list(_counts(rows, *(f"{name}__{part}" for part in parts)))
    chosen = filters.get(name)
    if chosen and all(code != chosen for _position, code, *_rest in counted):
        alone = related._default_manager.filter(code=chosen).values_list(*parts)
        counted += [(*row, 0) for row in alone]
    return [
        Facet(code, related(name_ar=ar, name_en=en).name, n, chosen == code)
        for _position, code, ar, en, n in sorted(counted)
    ]
