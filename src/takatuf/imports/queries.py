"""Reading runs and their rows."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from takatuf.imports import layouts
from takatuf.imports.enums import RowOutcome, RunStatus
from takatuf.imports.importers import ActingBody, CellProblem, Field, Importer
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.sheets.cells import Cell, decode, words
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.rows import fields_of
from takatuf.kernel.references import named
from takatuf.kernel.registries import importers
from takatuf.kernel.sayings import keep, tell
from takatuf.kernel.text.arabic import normalise

PAGE = 25


def importer_of(run: ImportRun) -> Importer:
    return importers[run.kind]


def usable_importers(person, *, at: datetime) -> list[tuple[Importer, Sequence[ActingBody]]]:
    """What the person may import, and on whose behalf."""
    offered = [(importer, importer.bodies_for(person, at=at)) for _kind, importer in importers]
    return [(importer, bodies) for importer, bodies in offered if bodies]


Usable = list[tuple[Importer, Sequence[ActingBody]]]


def runs_visible_to(person, *, at: datetime) -> QuerySet[ImportRun]:
    """Runs of the kinds and bodies the person may import for today, newest first."""
    return runs_of(usable_importers(person, at=at))


def kinds_read_by(person, *, at: datetime) -> list[str]:
    """The kinds of whose runs the person may read every one."""
    return [kind for kind, importer in importers if importer.may_read_all(person, at=at)]


def run_readable_by(person, number: int, *, at: datetime) -> ImportRun | None:
    """A run the person may look at, whether or not they may work on it."""
    usable = usable_importers(person, at=at)
    runs = runs_of(usable, kinds_read=kinds_read_by(person, at=at))
    return runs.filter(pk=number).first()


def run_visible_to(person, number: int, *, at: datetime) -> ImportRun | None:
    return runs_visible_to(person, at=at).filter(pk=number).first()


def runs_of(usable: Usable, *, kinds_read: Sequence[str] = ()) -> QuerySet[ImportRun]:
    allowed = Q(kind__in=kinds_read)
    for importer, bodies in usable:
        references = [body.reference for body in bodies]
        allowed |= Q(kind=importer.kind, acting_body__in=references)
    return ImportRun.objects.filter(allowed).select_related("by").order_by("-id")


def runs_by(person) -> QuerySet[ImportRun]:
    """The runs a person started, for their own copy of their data."""
    return ImportRun.objects.filter(by=person).order_by("id")


def rows_page(
    run: ImportRun, outcome: str, *, after: int = 0, only_open: bool = False
) -> tuple[list[ImportRow], int]:
    """Up to PAGE rows behind the row ``after``, and what to ask for the next ones with."""
    rows = ImportRow.objects.filter(run=run, outcome=outcome, id__gt=after).order_by("id")
    if only_open:
        rows = rows.filter(decision="")
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def open_duplicates(run: ImportRun) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(
        run=run, outcome=RowOutcome.DUPLICATE, decision=""
    ).order_by("id")


def duplicate_of(run: ImportRun, number: int) -> ImportRow | None:
    return ImportRow.objects.filter(run=run, pk=number, outcome=RowOutcome.DUPLICATE).first()


def noted_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Every row of the report, in the file's order."""
    return ImportRow.objects.filter(run=run).order_by("sheet", "line", "column")


def bad_places(run: ImportRun) -> set[tuple[int, int, int]]:
    """Sheet, line and column of the rows that were refused."""
    rows = ImportRow.objects.filter(run=run, outcome=RowOutcome.BAD)
    return set(rows.values_list("sheet", "line", "column"))


def references_of(*, kind: str, scope: str, fingerprints: Sequence[str]) -> dict[str, str]:
    """Fingerprint to reference, of the rows taken before."""
    if not fingerprints:
        return {}
    rows = ImportedRow.objects.filter(kind=kind, scope=scope, fingerprint__in=fingerprints)
    return dict(rows.values_list("fingerprint", "reference"))


def taken_in(run: int | None, references: Sequence[str]) -> set[str]:
    """Those of the references that rows of this run became."""
    if not references:
        return set()
    rows = ImportedRow.objects.filter(run_id=run, reference__in=references)
    return set(rows.values_list("reference", flat=True))


def stuck_runs(*, before: datetime) -> QuerySet[ImportRun]:
    """At work by their status, but nothing has moved since."""
    return ImportRun.objects.filter(
        status__in=[RunStatus.MAPPED, RunStatus.RUNNING], touched_at__lt=before
    )


def runs_to_forget(*, before: datetime) -> QuerySet[ImportRun]:
    """Runs at rest whose files and copied cells have been kept long enough."""
    return ImportRun.objects.filter(forgotten_at__isnull=True, touched_at__lt=before).exclude(
        status__in=[RunStatus.MAPPED, RunStatus.RUNNING]
    )


def seconds_left(run: ImportRun, *, at: datetime) -> int | None:
    """By the pace so far; None while there is nothing to go by."""
    if not run.started_at or not run.processed or not run.total:
        return None
    passed = (at - run.started_at).total_seconds()
    return round(passed / run.processed * max(run.total - run.processed, 0))


def side_by_side(run: ImportRun, row: ImportRow) -> tuple[list[dict], list[tuple]]:
    """A duplicate beside its candidates.

    Returns the candidates, and for each field its label, the file's words, and a list of
    (the candidate, its words, whether they differ) in the candidates' order.
    """
    importer, found = importer_of(run), layouts.load(run.layout)
    cells = [decode(cell) for cell in row.cells]
    mine = fields_of(found[row.sheet], cells, importer.fields, day=row.column)
    candidates = [
        one
        | {
            "title": tell(one["title"]),
            "facts": {name: tell(kept) for name, kept in one["facts"].items()},
        }
        for one in row.candidates
    ]
    lines = []
    for field in importer.fields:
        theirs = [one["facts"].get(field.name, "") for one in candidates]
        own = words(mine.get(field.name))
        if own or any(theirs):
            read = _understood(field, mine.get(field.name)) or own
            compared = [
                (one["title"], text, not fits(text, own) and not fits(text, read))
                for one, text in zip(candidates, theirs, strict=True)
            ]
            lines.append((field.label, own, compared))
    return candidates, lines


def fits(shown: str, said: str) -> bool:
    """Whether what is there is what the file says, as far as it is shown.

    ``…102`` and ``v…@site.example`` leave out a part, a year the day of a birth. Where one
    says nothing, nothing differs.
    """
    if not shown or not said:
        return True
    start, dots, end = (normalise(part) for part in shown.partition("…"))
    said = normalise(said)
    if dots:
        return said.startswith(start) and said.endswith(end)
    return said == start or (start.isdigit() and said.startswith(f"{start}-"))


def _understood(field: Field, cell: Cell) -> str:
    """The cell as the preview shows it: 4 is "4 hours"."""
    try:
        return tell(keep(field.show(field.parse(cell))))
    except CellProblem:
        return ""


def headings(run: ImportRun) -> list:
    """Labels of the fields that some sheet in use holds, in the importer's order."""
    mapped = {
        name
        for sheet in layouts.load(run.layout)
        if sheet.use
        for name in (*sheet.columns.values(), *sheet.by_day)
    }
    return [field for field in importer_of(run).fields if field.name in mapped]


def with_sheet_names(run: ImportRun, rows: Sequence[ImportRow]) -> list[dict]:
    """Rows for a list: where they stand, why they are here, the first words of the row.

    Of a sheet with a column a day ``cell`` names the cell to look at and ``day`` the row's day.
    """
    found = layouts.load(run.layout)
    several = sum(sheet.use for sheet in found) > 1
    return [
        {"row": row, "words": _first_words(row.cells)}
        | (_stands(found[row.sheet], row, several=several) if row.sheet < len(found) else {})
        for row in rows
    ]


def _stands(layout: Layout, row: ImportRow, *, several: bool) -> dict:
    return {
        "sheet": layout.name if several else "",
        "cell": layouts.cell_name(layout, row.line, row.column, row.field),
        "day": layouts.day_of(layout, row.column - 1) if row.column else "",
    }


def _first_words(cells: Sequence, room: int = 120) -> list[str]:
    """What stands in the row, cell by cell, for as many characters as there is room."""
    first = []
    for text in filter(None, (words(decode(cell)) for cell in cells)):
        if room <= 0:
            break
        first.append(text[:room])
        room -= len(text)
    return first


def row_counts(run: ImportRun) -> tuple[dict[str, int], int, int | None]:
    """Kept rows by outcome, how many duplicates wait for a decision, and the first of them."""
    waits = Q(outcome=RowOutcome.DUPLICATE, decision="")
    rows = ImportRow.objects.filter(run=run).values("outcome").order_by()
    found = list(
        rows.annotate(
            n=Count("id"), open=Count("id", filter=waits), first=Min("id", filter=waits)
        )
    )
    firsts = [row["first"] for row in found if row["first"]]
    return (
        {row["outcome"]: row["n"] for row in found},
        sum(row["open"] for row in found),
        firsts[0] if firsts else None,
    )


LISTED = 30


def listed(usable: Usable, *, kinds_read: Sequence[str] = ()) -> list[ImportRun]:
    """The latest runs of what a person may import, with their kind's title.

    :param kinds_read: kinds whose runs the person reads whoever they belong to.
    """
    open_rows = Q(rows__outcome=RowOutcome.DUPLICATE, rows__decision="")
    runs = runs_of(usable, kinds_read=kinds_read).annotate(
        waiting=Count("rows", filter=open_rows)
    )
    found: list[ImportRun] = list(runs[:LISTED])
    names = named({run.acting_body for run in found if run.acting_body})
    for run in found:
        run.body_name = names.get(run.acting_body) or run.body_title
        run.kind_title = importer_of(run).title  # type: ignore[attr-defined]
    return found


def sample_lines(run: ImportRun, fields: Sequence[Field]) -> list[dict]:
    """The preview's first rows, their cells in the order of the fields."""
    return [
        line
        | {
            "reason": tell(line["reason"]),
            "cells": [
                (field.label, tell(line["values"].get(field.name, ""))) for field in fields
            ],
        }
        for line in run.sample
    ]
