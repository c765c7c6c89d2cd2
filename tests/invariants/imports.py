"""Sheets that were read in."""

from django.utils import timezone

from takatuf.accounts.tests import factories as accounts
from takatuf.imports.models import ImportRow, ImportRun
from tests.invariants import case


def import_run(**fields) -> ImportRun:
    at = timezone.now()
    given = {"kind": "people", "by": accounts.person(), "created_at": at, "touched_at": at}
    return ImportRun.objects.create(**given | fields)


@case("imports count their rows right")
def _count():
    run = import_run(status="done", finished_at=timezone.now())
    yield
    ImportRun.objects.filter(pk=run.pk).update(bad=2, processed=2)


@case("forgotten imports hold no cells")
def _cells():
    at = timezone.now()
    run = import_run(status="done", finished_at=at, forgotten_at=at, bad=1, processed=1)
    row = ImportRow.objects.create(run=run, sheet=0, line=2, outcome="bad")
    yield
    ImportRow.objects.filter(pk=row.pk).update(cells=["سالم"])
