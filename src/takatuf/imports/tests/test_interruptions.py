"""Killed, stopped, overtaken, robbed of its file: a run leaves nothing half and nothing twice."""

from pathlib import Path

import pytest

from takatuf.imports import commands, layouts, work
from takatuf.imports.enums import RunStatus
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.tests.runs import AT, checked, figures, uploaded
from takatuf.imports.tests.sheets import HEADER, guests
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Evidence
from takatuf.kernel.transitions import WrongState

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    pass


def test_a_killed_worker_leaves_nothing_half_and_does_nothing_twice(monkeypatch, guests):
    monkeypatch.setattr(work, "CHUNK", 3)
    rows = [HEADER, *guests_and_repeats()]
    whole = 12
    run = checked(rows)
    commands.start(run=run, by=None, at=AT)
    real, calls = guests.apply, []

    def apply(entries, context):
        calls.append(len(entries))
        done = real(entries, context)
        if len(calls) in (2, 4):  # after the rows are written, before the cursor moves
            raise Killed
        return done

    monkeypatch.setattr(guests, "apply", apply)
    for _attempt in range(2):
        with pytest.raises(Killed):
            work.take_rows(ImportRun.objects.get(pk=run.pk))
        run.refresh_from_db()
        assert Evidence.objects.count() == run.imported == ImportedRow.objects.count()
    work.take_rows(ImportRun.objects.get(pk=run.pk))

    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert figures(run) == {"imported": whole, "bad": 0, "duplicates": 2, "unchanged": 0}
    assert Evidence.objects.count() == whole
    assert ImportRow.objects.filter(outcome="duplicate").count() == 2


def guests_and_repeats():
    rows = guests(12)
    return [*rows[:6], rows[0], *rows[6:], rows[7]]


def test_two_workers_on_one_run_take_each_row_once(monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 2)
    run = checked([HEADER, *guests(6)])
    commands.start(run=run, by=None, at=AT)
    first = ImportRun.objects.get(pk=run.pk)
    second = ImportRun.objects.get(pk=run.pk)

    work.take_rows(first)
    work.take_rows(second)  # still believes that nothing was done

    run.refresh_from_db()
    assert figures(run) == {"imported": 6, "bad": 0, "duplicates": 0, "unchanged": 0}
    assert Evidence.objects.count() == 6


def test_even_with_the_cursor_set_back_no_row_is_taken_twice(monkeypatch):
    """Behind the cursor stand the fingerprints."""
    monkeypatch.setattr(work, "CHUNK", 2)
    run = checked([HEADER, *guests(6)])
    commands.start(run=run, by=None, at=AT)
    stale = ImportRun.objects.get(pk=run.pk)
    work.take_rows(ImportRun.objects.get(pk=run.pk))
    ImportRun.objects.filter(pk=run.pk).update(
        status="running", finished_at=None, processed=0, imported=0
    )

    work.take_rows(stale)

    run.refresh_from_db()
    assert figures(run) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 6}


def test_stopping_keeps_what_was_taken_and_takes_no_more(monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 2)
    run = checked([HEADER, *guests(6)])
    commands.start(run=run, by=None, at=AT)

    def stop(seen):
        if seen.processed == 4:
            commands.cancel(run=ImportRun.objects.get(pk=run.pk), by=None, at=AT)

    work.take_rows(ImportRun.objects.get(pk=run.pk), stop)

    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert (run.processed, Evidence.objects.count()) == (4, 4)
    with pytest.raises(WrongState):
        commands.cancel(run=run, by=None, at=AT)
    with pytest.raises(WrongState):
        commands.start(run=run, by=None, at=AT)


def test_a_newer_mapping_makes_the_older_check_stop():
    run = uploaded([HEADER, *guests(3)])
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT)
    older = ImportRun.objects.get(pk=run.pk)
    newer = layouts.load(run.layout)
    del newer[0].columns[2]
    commands.set_mapping(run=run, layout=newer, by=None, at=AT)

    work.check_rows(older)
    run.refresh_from_db()
    assert (run.status, run.processed) == (RunStatus.MAPPED, 0)

    run_jobs()
    run.refresh_from_db()
    assert (run.status, run.revision, run.processed) == (RunStatus.PREVIEWED, 2, 3)


def test_a_file_that_is_gone_fails_the_run_with_a_sentence():
    run = checked([HEADER, *guests(3)])
    run.rows_file.storage.delete(run.rows_file.name)
    commands.start(run=run, by=None, at=AT)

    run_jobs()

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure


def test_a_cut_copy_fails_the_run_with_a_sentence():
    run = checked([HEADER, *guests(300)])
    path = Path(run.rows_file.path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    commands.start(run=run, by=None, at=AT)

    run_jobs()

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
