"""What is deleted in time, and what check_invariants finds."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from takatuf.imports import commands, contributions, policies
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.tests.runs import AT, checked, decide, figures, row_of, taken, uploaded
from takatuf.imports.tests.sheets import HEADER, guests, number
from takatuf.kernel.models import Evidence
from takatuf.kernel.registries import invariants, personal_fields, reminders

pytestmark = pytest.mark.django_db


def at_after(run, **time):
    return run.touched_at + timedelta(**time)


def test_files_and_copied_cells_are_deleted_after_their_time(
    settings, django_capture_on_commit_callbacks
):
    settings.IMPORT_FILE_DAYS = 30
    rows = [HEADER, *guests(2), guests(1)[0], ["", number(8), ""]]
    waiting = checked(rows)
    run = taken(rows)

    assert contributions.forget_files(at_after(run, days=29)) == 0
    assert Path(waiting.rows_file.path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert contributions.forget_files(at_after(run, days=31)) == 2

    run.refresh_from_db()
    assert run.forgotten_at
    assert not Path(waiting.rows_file.path).exists()
    assert all(row.cells == [] for row in ImportRow.objects.all())
    assert figures(run) == {"imported": 2, "bad": 1, "duplicates": 1, "unchanged": 0}
    with pytest.raises(commands.Forgotten):
        decide(run, row_of(run), "same")
    assert contributions.forget_files(at_after(run, days=99)) == 0
    assert figures(taken(rows))["unchanged"] == 2
    assert list(contributions.remembered_cells()) == []


def test_a_run_whose_worker_never_came_back_is_closed():
    run = uploaded([HEADER, *guests(2)])
    waiting = uploaded([HEADER, *guests(2)])
    ImportRun.objects.filter(pk=run.pk).update(status="running")

    assert contributions.close_stuck_runs(AT + timedelta(hours=2)) == 0
    assert contributions.close_stuck_runs(AT + timedelta(hours=4)) == 1

    run.refresh_from_db()
    waiting.refresh_from_db()
    assert (run.status, waiting.status) == ("failed", "uploaded")
    assert run.failure


def test_both_jobs_are_known_to_the_worker():
    known = dict(reminders)
    assert known["delete uploaded spreadsheets after their time"] is contributions.forget_files
    assert known["close imports whose worker never came back"] is contributions.close_stuck_runs
    assert "imports count their rows right" in invariants


def test_check_invariants_finds_a_report_that_lost_a_row():
    taken([HEADER, *guests(2), ["", number(8), ""]])
    assert list(contributions.miscounted_imports()) == []

    ImportRow.objects.all().delete()

    assert len(list(contributions.miscounted_imports())) == 1


def test_check_invariants_finds_cells_that_stayed():
    run = taken([HEADER, *guests(1), ["", number(8), ""]])
    ImportRun.objects.filter(pk=run.pk).update(
        forgotten_at=AT, rows_file="", layout=[], sample=[]
    )

    assert len(list(contributions.remembered_cells())) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "nonsense"}, {"imported": 5}, {"processed": 5}, {"finished_at": None},
        {"status": "failed"}, {"forgotten_at": AT},
        {"forgotten_at": AT, "rows_file": "", "sample": []},
        {"forgotten_at": AT, "rows_file": "", "layout": [], "sample": [["سالم"]]},
    ],
)  # fmt: skip
def test_the_database_refuses_impossible_runs(fields):
    run = taken([HEADER, *guests(1), guests(1)[0]])

    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "nonsense"}, {"decision": "same"}, {"decided_at": AT},
        {"decision": "same", "decided_at": AT}, {"outcome": "bad", "decision": "skip", "decided_at": AT},
    ],
)  # fmt: skip
def test_the_database_refuses_impossible_rows(fields):
    taken([HEADER, *guests(1), guests(1)[0]])

    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRow.objects.update(**fields)
    assert Evidence.objects.count() == 1


def test_ones_own_copy_names_the_files_one_imported(person, stranger):
    taken([HEADER, *guests(1)], by=person)

    export = personal_fields["imports.ImportRun.by"].export

    assert [row["file"] for row in export(person)] == ["guests.xlsx"]
    assert export(stranger) == []


def test_the_desk_links_to_importing_only_for_those_who_may(person, stranger):
    assert policies.may_import(person, at=AT)
    assert not policies.may_import(stranger, at=AT)
    assert not policies.may_import(AnonymousUser(), at=AT)
