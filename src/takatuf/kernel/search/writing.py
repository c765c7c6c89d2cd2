"""Keeping the search table in step with what it speaks of."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import DatabaseError, connection, models, transaction

from takatuf.kernel.models import SearchDocument
from takatuf.kernel.references import reference
from takatuf.kernel.registries import Registry, invariants
from takatuf.kernel.search.index import INDEX
from takatuf.kernel.search.terms import document_terms, typo_terms
from takatuf.kernel.visibility import Visibility

Source = Callable[[], Iterable[SearchDocument]]

# name -> function() yielding build(…) for every object that should be found
sources: Registry[Source] = Registry("search sources")

BATCH = 500
WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in ("id", "reference")
]


def build(
    obj: models.Model, *, kind: str, title: str, url: str, at: datetime, text: str = "",
    title_en: str = "", summary: str = "", audience: str = Visibility.PUBLIC,
    place: str = "", weight: int = 0,
) -> SearchDocument:  # fmt: skip
    """The unsaved search row of an object.

    :param text: everything else it should be found by; not shown.
    :param url: its Arabic address, a path.
    :param weight: heavier first among equal matches (0 to 32,767).
    """
    titles = f"{title} {title_en}"
    title_terms = document_terms(titles)
    everything = dict.fromkeys(
        (*title_terms, *document_terms(f"{summary} {text}"), *typo_terms(titles))
    )
    return SearchDocument(
        kind=kind, reference=reference(obj), title=title[:200], title_en=title_en[:200],
        summary=summary[:300], url=url, audience=audience, place=place, weight=weight, at=at,
        title_terms=" ".join(title_terms), terms=" ".join(everything),
    )  # fmt: skip


def put(obj: models.Model, *, visible: bool = True, **document) -> None:
    """Write or renew the search row of an object, in the caller's transaction; one query.

    Takes what ``build`` takes. With ``visible=False`` the object is taken out instead.
    """
    if visible:
        put_many([build(obj, **document)])
    else:
        remove(obj)


def put_many(documents: Iterable[SearchDocument]) -> int:
    """Write or renew many rows, a query for each 500. Gives back how many."""
    rows, written = iter(documents), 0
    while batch := list(islice(rows, BATCH)):
        SearchDocument.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["reference"], update_fields=WRITTEN
        )
        written += len(batch)
    return written


def remove(obj: models.Model) -> None:
    """Take an object out of search. Nothing happens if it is not in."""
    SearchDocument.objects.filter(reference=reference(obj)).delete()


@transaction.atomic
def rebuild() -> int:
    """Make the whole table again from its sources. Gives back how many rows it has now."""
    SearchDocument.objects.all().delete()
    return sum(put_many(source()) for _name, source in sources)


@invariants.register("the search index holds what its table holds")
def index_out_of_step() -> Iterator[str]:
    """SQLite's index is a table of its own; PostgreSQL keeps its indexes in step itself."""
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError as error:
        if "locked" in str(error):  # the check itself writes: it had to wait too long
            yield f"{error}, so it was not checked: check again when nothing else writes"
        else:
            yield f"{error}: run manage.py rebuild_search"
