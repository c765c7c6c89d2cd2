"""Reading runs and their rows."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from takatuf.imports.enums import RowOutcome, RunStatus
from takatuf.imports.importers import ActingBody, Importer
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.kernel.registries import importers

PAGE = 25


def importer_of(run: ImportRun) -> Importer:
    return importers[run.kind]


def usable_importers(person, *, at: datetime) -> list[tuple[Importer, Sequence[ActingBody]]]:
    """What the person may import, and on whose behalf."""
    offered = [(importer, importer.bodies_for(person, at=at)) for _kind, importer in importers]
    return [(importer, bodies) for importer, bodies in offered if bodies]


def runs_visible_to(person, *, at: datetime) -> QuerySet[ImportRun]:
    """Runs of the kinds and bodies the person may import for today, newest first."""
    allowed = Q(pk__in=[])
    for importer, bodies in usable_importers(person, at=at):
        references = [body.reference for body in bodies]
        allowed |= Q(kind=importer.kind, acting_body__in=references)
    return ImportRun.objects.filter(allowed).select_related("by").order_by("-id")


def rows_page(
    run: ImportRun, outcome: str, *, after: int = 0, only_open: bool = False
) -> tuple[list[ImportRow], int]:
    """Up to PAGE rows behind the row ``after``, and the number to ask for the next ones with."""
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
    return ImportRow.objects.filter(run=run).order_by("sheet", "line")


def bad_lines(run: ImportRun) -> set[tuple[int, int]]:
    rows = ImportRow.objects.filter(run=run, outcome=RowOutcome.BAD)
    return set(rows.values_list("sheet", "line"))


def references_of(*, kind: str, scope: str, fingerprints: Sequence[str]) -> dict[str, str]:
    """Fingerprint to reference, of the rows taken before."""
    if not fingerprints:
        return {}
    rows = ImportedRow.objects.filter(kind=kind, scope=scope, fingerprint__in=fingerprints)
    return dict(rows.values_list("fingerprint", "reference"))


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
