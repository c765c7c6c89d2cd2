"""The walk from a file to rows: what is taken, once, and what waits for a person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from takatuf.imports import commands, layouts, work
from takatuf.imports.enums import RunStatus
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.tests.importing import BODY, MERGED, OTHER_BODY
from takatuf.imports.tests.sheets import HEADER, delimited, guests, number, workbook
from takatuf.kernel.errors import DomainError
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Evidence, TraceLink
from takatuf.kernel.transitions import WrongState, history

pytestmark = pytest.mark.django_db
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


def test_good_rows_are_taken_and_leave_only_a_fingerprint(person):
    run = taken([["سجل الضيوف"], [], HEADER, *guests(7), ["المجموع", None, 7]], by=person)

    assert run.status == RunStatus.DONE
    assert figures(run) == {"imported": 7, "bad": 0, "duplicates": 0, "unchanged": 0}
    assert Evidence.objects.count() == 7
    assert set(Evidence.objects.values_list("actor", flat=True)) == {person.ref}
    assert ImportRow.objects.count() == 0
    assert ImportedRow.objects.filter(scope=BODY, run=run).count() == 7


def test_importing_the_same_file_twice_changes_nothing():
    rows = [HEADER, *guests(5)]
    taken(rows)
    before = list(Evidence.objects.order_by("pk").values())

    again = taken(rows)

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 5}
    assert list(Evidence.objects.order_by("pk").values()) == before


def test_the_same_rows_in_another_layout_are_still_the_same_rows():
    rows = guests(4)
    taken([HEADER, *rows])
    shuffled = [["Mobile", "Full name", "م", "ID number"]] + [
        [f"00966{mobile[1:]}", name, n, int(identity)]
        for n, (name, identity, mobile) in enumerate(rows)
    ]

    again = taken(delimited(shuffled, separator=";", encoding="cp1256"), name="b.csv")

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 4}


def test_another_body_takes_the_rows_for_itself():
    taken([HEADER, *guests(2)])

    run = taken([HEADER, *guests(2)], body=OTHER_BODY)

    # Its own fingerprints are new; the importer itself finds the guests unchanged.
    assert figures(run) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 2}


def test_bad_rows_keep_sheet_line_and_reason_and_the_rest_is_taken():
    run = taken(
        [
            ["title"],
            HEADER,
            ["سارة", number(1), "123"],
            ["", number(2), "0550000002"],
            ["نورة", "1234567890", "0550000003"],
            ["ريم", number(4), "0550000004"],
            ["مرفوض", number(5), "0550000005"],
            ["ممنوع", number(6), "0550000006"],
        ]
    )

    assert figures(run) == {"imported": 1, "bad": 5, "duplicates": 0, "unchanged": 0}
    rows = ImportRow.objects.filter(outcome="bad").order_by("line")
    assert [(row.sheet, row.line, row.field) for row in rows] == [
        (0, 3, "mobile"), (0, 4, "name"), (0, 5, "national_id"), (0, 7, "name"), (0, 8, ""),
    ]  # fmt: skip
    assert all(row.reason for row in rows)
    assert rows[4].why == "The database refuses this guest."
    assert list(Evidence.objects.values_list("title", flat=True)) == ["ريم"]


def test_a_preview_changes_nothing_and_says_what_would_happen(person):
    rows = [HEADER, *guests(3), ["x", "1", "2"], guests(1)[0]]

    run = checked(rows, by=person)

    assert run.status == RunStatus.PREVIEWED
    assert figures(run) == {"imported": 3, "bad": 1, "duplicates": 1, "unchanged": 0}
    assert [line["outcome"] for line in run.sample] == ["new"] * 3 + ["bad", "duplicate"]
    assert Evidence.objects.count() == ImportedRow.objects.count() == 0
    assert figures(taken(rows, by=person)) == figures(run)


def test_a_row_repeated_in_the_file_waits_for_a_person():
    first, second = guests(2)
    run = taken([HEADER, first, second, first])

    assert figures(run) == {"imported": 2, "bad": 0, "duplicates": 1, "unchanged": 0}
    row = ImportRow.objects.get()
    assert (row.line, row.decision) == (4, "")
    assert "2" in row.why

    decide(run, row, "same")

    assert row_of(run).reference == ImportedRow.objects.order_by("pk").first().reference
    assert Evidence.objects.count() == 2
    again = taken([HEADER, first, second, first])
    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 3}


def decide(run, row, decision, **options):
    return commands.decide_duplicate(
        run=run, number=row.pk, decision=decision, by=run.by, at=AT, **options
    )


def row_of(run):
    return ImportRow.objects.get(run=run, outcome="duplicate")


def test_an_undecided_duplicate_is_asked_about_again_but_never_taken():
    rows = [HEADER, *guests(2), guests(1)[0]]
    taken(rows)

    again = taken(rows)

    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 1, "unchanged": 2}
    assert Evidence.objects.count() == 2


def test_deciding_another_one_adds_it_and_skip_does_not(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    run = taken(
        [HEADER, ["ساره", number(2), "0551234567"], ["سارة", number(3), "0551234568"]],
        by=person,
    )
    add, skip = ImportRow.objects.filter(run=run, outcome="duplicate").order_by("line")

    decide(run, add, "different")
    decide(run, skip, "skip")

    assert Evidence.objects.count() == 2
    assert Evidence.objects.filter(sha256=number(2)).exists()
    add.refresh_from_db()
    assert (add.decision, add.decided_by) == ("different", person)
    again = taken(
        [HEADER, ["ساره", number(2), "0551234567"], ["سارة", number(3), "0551234568"]],
        by=person,
    )
    assert figures(again) == {"imported": 0, "bad": 0, "duplicates": 0, "unchanged": 2}


def test_a_decision_is_taken_once_and_only_among_the_answers_offered(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    run = taken([HEADER, ["لا يدمج", number(1), ""]], by=person)
    row = row_of(run)

    for decision, candidate in (("different", 0), ("same", 5), ("same", 0), ("nonsense", 0)):
        with pytest.raises(DomainError):
            decide(run, row, decision, candidate=candidate)
    row.refresh_from_db()
    assert row.decision == ""
    assert Evidence.objects.get().subject == "tests.guests:1"
    decide(run, row, "skip")
    with pytest.raises(commands.NotDecidable):
        decide(run, row, "same")


def test_a_duplicate_of_a_line_that_was_not_taken_waits_for_that_line(person):
    taken([HEADER, ["سارة", number(1), ""]], by=person)
    rows = [HEADER, ["هند", number(1), ""], ["هند", number(1), ""]]
    run = taken(rows, by=person)
    first, second = ImportRow.objects.filter(run=run).order_by("line")

    with pytest.raises(commands.NotDecidable):
        decide(run, second, "same")
    decide(run, first, "same")
    decide(run, second, "same")

    assert TraceLink.objects.get().target == MERGED[1]


def test_duplicates_cannot_be_decided_in_a_preview():
    run = checked([HEADER, *guests(1), guests(1)[0]])

    with pytest.raises(commands.NotDecidable):
        decide(run, row_of(run), "same")

    assert Evidence.objects.count() == 0


def test_remarks_are_kept_beside_taken_rows():
    run = taken([HEADER, ["سارة", number(1), ""]])

    assert figures(run)["imported"] == 1
    assert ImportRow.objects.get().why == "No mobile number."


# ---------------------------------------------------------------- interruptions
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


# ---------------------------------------------------------------- mapping
def test_a_required_column_must_be_named():
    run = uploaded([["الاسم", "ملاحظات"], ["سارة", "x"], ["هند", "y"]])

    with pytest.raises(commands.NothingMapped):
        commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT)

    run.refresh_from_db()
    assert (run.status, run.revision) == (RunStatus.UPLOADED, 0)


def test_a_run_cannot_start_before_its_rows_are_checked():
    run = uploaded([HEADER, *guests(2)])
    with pytest.raises(WrongState):
        commands.start(run=run, by=None, at=AT)
    commands.set_mapping(run=run, layout=layouts.load(run.layout), by=None, at=AT)
    with pytest.raises(WrongState):
        commands.start(run=run, by=None, at=AT)

    assert Evidence.objects.count() == 0


def test_sheets_of_months_are_taken_together_and_a_summary_is_left_out():
    book = workbook(
        {
            "محرم": [["كشف محرم"], HEADER, *guests(3), ["المجموع", None, 3]],
            "صفر": [HEADER, *guests(2, start=50)],
            "ملخص": [["الشهر", "العدد"], ["محرم", 3], ["صفر", 2]],
        }
    )
    run = taken(book)

    assert figures(run) == {"imported": 5, "bad": 0, "duplicates": 0, "unchanged": 0}
    assert [sheet["use"] for sheet in run.layout] == [True, True, False]


def test_every_step_is_in_the_log(person):
    run = taken([HEADER, *guests(1)], by=person)

    actions = [(entry.action, entry.actor) for entry in history(run)]
    assert actions == [
        ("uploaded", person.ref), ("mapped", person.ref), ("checked", None),
        ("started", person.ref), ("finished", None),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [10, 2000])
def test_a_chunk_takes_the_same_queries_whatever_the_file(
    rows, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(work, "CHUNK", 2000)
    run = checked([HEADER, *guests(rows)])
    commands.start(run=run, by=None, at=AT)

    # bulk_create splits at the engine's own limits: three more inserts of 2,000 rows.
    with transaction.atomic(), django_assert_max_num_queries(45):
        work.take_rows(ImportRun.objects.get(pk=run.pk))

    assert Evidence.objects.count() == rows
