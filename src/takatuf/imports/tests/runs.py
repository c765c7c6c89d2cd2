"""Runs of an import in a test, as far as each test needs them."""

from datetime import UTC, datetime

from django.core.files.base import ContentFile

from takatuf.imports import commands, layouts
from takatuf.imports.models import ImportRow
from takatuf.imports.tests.importing import BODY
from takatuf.imports.tests.sheets import workbook
from takatuf.kernel.jobs.testing import run_jobs

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def uploaded(rows, *, by=None, body=BODY, name="guests.xlsx", **options):
    content = rows if isinstance(rows, bytes) else workbook({"ورقة": rows}, **options)
    return commands.upload(
        kind="guests", file=ContentFile(content, name), acting_body=body, by=by, at=AT
    )


def checked(rows, **options):
    run = uploaded(rows, **options)
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=run.by, at=AT)
    run_jobs()
    run.refresh_from_db()
    return run


def taken(rows, **options):
    run = checked(rows, **options)
    commands.start(run=run, by=run.by, at=AT)
    run_jobs()
    run.refresh_from_db()
    return run


def figures(run):
    return {
        "imported": run.imported,
        "bad": run.bad,
        "duplicates": run.duplicates,
        "unchanged": run.unchanged,
    }


def decide(run, row, decision, **options):
    return commands.decide_duplicate(
        run=run, number=row.pk, decision=decision, by=run.by, at=AT, **options
    )


def row_of(run):
    return ImportRow.objects.get(run=run, outcome="duplicate")
