"""Answering a query: candidates from the index, ranked here, one page loaded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from takatuf.kernel.models import SearchDocument
from takatuf.kernel.search.index import Scope, candidates_sql
from takatuf.kernel.search.terms import QueryWord, query_words, score
from takatuf.kernel.visibility import Visibility

MOST_CANDIDATES = 2_000
MOST_SHOWN = 100
CURSOR = re.compile(r"(\d{1,9})\.(\d{1,5})\.(\d{1,18})")

Rank = tuple[int, int, int]  # score, weight, id: the greatest first


@dataclass(frozen=True)
class Results:
    """A page of answers.

    :param total: how many there are, counted up to 2,000.
    :param corrected: nothing matched as typed; these match with a letter corrected.
    :param next: hand it to ``find`` as ``after`` for the next page; empty on the last one.
    """

    items: list[SearchDocument] = field(default_factory=list)
    total: int = 0
    corrected: bool = False
    next: str = ""

    @property
    def capped(self) -> bool:
        """Whether ``total`` is a floor: say "2,000 and more"."""
        return self.total >= MOST_CANDIDATES


def find(
    query: str, *, kinds: Iterable[str] | None = None,
    audiences: Iterable[str] = (Visibility.PUBLIC,), place: str = "",
    limit: int = 20, after: str = "",
) -> Results:  # fmt: skip
    """The documents that answer a query, best first: in the title before in the text.

    Every word must be found, as it stands, as the beginning of a word, or by its stem. If
    nothing is, one letter of a title's word may be wrong. Any text is a fair query; one
    without a letter or digit finds nothing. At most four SQL queries.

    :param kinds: only these; None for all.
    :param audiences: whose documents may appear. The caller vouches for the reader.
    :param after: ``next`` of the page before; anything else gives the first page.
    """
    words = query_words(query)
    where, values = _filters(kinds, audiences, place)
    if not words or not where:
        return Results()
    ranks = _ranked(words, ("title", "text"), where, values)
    corrected = not ranks
    if corrected:
        ranks = _ranked(words, ("misspelt",), where, values)
    return _page(ranks, limit=max(1, min(limit, MOST_SHOWN)), after=after, corrected=corrected)


def references(query: str, *, kinds: Iterable[str], place: str = "") -> list[str]:
    """What ``find`` would show to everybody, over all pages and as references only: for
    lists that filter further. At most four queries, at most 2,000 answers, best first.
    """
    words = query_words(query)
    where, values = _filters(kinds, (Visibility.PUBLIC,), place)
    if not words or not where:
        return []
    ranks = _ranked(words, ("title", "text"), where, values)
    ranks = ranks or _ranked(words, ("misspelt",), where, values)
    known = SearchDocument.objects.filter(pk__in=[pk for _score, _weight, pk in ranks])
    named = dict(known.values_list("pk", "reference"))
    return [named[pk] for _score, _weight, pk in ranks if pk in named]


def _filters(
    kinds: Iterable[str] | None, audiences: Iterable[str], place: str
) -> tuple[str, list[str]]:
    """A WHERE clause and its values; an empty clause if nothing can pass."""
    asked = [("audience", list(audiences))]
    if kinds is not None:
        asked.append(("kind", list(kinds)))
    if place:
        asked.append(("place", [place]))
    if not all(values for _column, values in asked):
        return "", []
    clauses = [f"d.{column} IN ({', '.join(['%s'] * len(vs))})" for column, vs in asked]
    return " AND ".join(clauses), [str(value) for _column, vs in asked for value in vs]


def _ranked(
    words: Sequence[QueryWord], scopes: Sequence[Scope], where: str, values: list[str]
) -> list[Rank]:
    """Up to 2,000 candidates, best first."""
    ranks: list[Rank] = []
    with connection.cursor() as cursor:
        for scope in scopes:
            room = MOST_CANDIDATES - len(ranks)
            if room <= 0:
                break
            sql, asked = candidates_sql(connection.vendor, words, scope, where, room)
            cursor.execute(sql, [*asked, *values])
            ranks += [(score(words, terms), w, pk) for pk, terms, w in cursor.fetchall()]
    return sorted(ranks, reverse=True)


def _page(ranks: list[Rank], *, limit: int, after: str, corrected: bool) -> Results:
    total = len(ranks)
    if found := CURSOR.fullmatch(after):
        seen = (int(found[1]), int(found[2]), int(found[3]))
        ranks = [rank for rank in ranks if rank < seen]
    shown = ranks[:limit]
    documents = SearchDocument.objects.defer("title_terms", "terms").in_bulk(
        [pk for _score, _weight, pk in shown]
    )
    return Results(
        items=[documents[pk] for _score, _weight, pk in shown if pk in documents],
        total=total,
        corrected=corrected and bool(shown),
        next=".".join(map(str, shown[-1])) if len(ranks) > limit else "",
    )
