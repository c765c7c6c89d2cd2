"""The two long walks over a file's rows: checking and taking. Both may be killed anywhere.

The run's ``processed`` is the cursor. Each chunk moves it in the transaction that does the
chunk's work, and only from where this walk left it: of two workers on one run the second
finds that the cursor has moved and stops, having changed nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from takatuf.imports import layouts
from takatuf.imports.adding_up import compared
from takatuf.imports.enums import STEPS, Failure, RowOutcome, RunStatus
from takatuf.imports.importers import (
    Bad,
    Duplicate,
    Entry,
    Importer,
    New,
    RunContext,
    Unchanged,
)
from takatuf.imports.judging import Judged, Memory, judge, remember
from takatuf.imports.keeping import let_go
from takatuf.imports.layouts import FileRow
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.queries import bad_places, importer_of
from takatuf.imports.sheets import limits
from takatuf.imports.sheets.cells import encode
from takatuf.imports.sheets.conversion import CutFile
from takatuf.imports.sheets.layout import Layout
from takatuf.kernel.errors import DomainError
from takatuf.kernel.jobs import task
from takatuf.kernel.sayings import keep
from takatuf.kernel.transitions import WrongState, change_state

CHUNK = 500
SAMPLE = 8
Progress = Callable[[ImportRun], None]


class TooManyRows(Exception):
    """More than may be taken of one file, which is noticed before any is taken."""


class MovedOn(Exception):
    """The run was stopped, mapped anew, or taken over by another worker."""


@task(atomic=False)
def check_import(run_id: int, revision: int) -> None:
    """Job: judge every row and change nothing but the run's own preview."""
    run = ImportRun.objects.get(pk=run_id)
    if run.status == RunStatus.MAPPED and run.revision == revision:
        check_rows(run)


@task(atomic=False)
def take_import(run_id: int) -> None:
    """Job: take the rows, from where an earlier attempt was interrupted."""
    run = ImportRun.objects.get(pk=run_id)
    if run.status == RunStatus.RUNNING:
        take_rows(run)


# ---------------------------------------------------------------- checking
def check_rows(run: ImportRun, progress: Progress | None = None) -> None:
    with translation.override(run.language), _ends_well(run):
        importer, memory = importer_of(run), Memory()
        _begin_check(run, *_survey(run, importer))
        for chunk in _chunks(_rows(run, importer)):
            judged = judge(chunk, importer, context(run), memory)
            with transaction.atomic():
                _note(run, judged)
                _advance(run, judged, sample=_sample(run, judged, importer))
            _tell(progress, run)
        now = timezone.now()
        _finish(run, RunStatus.PREVIEWED, action="checked", touched_at=now)


@transaction.atomic
def _begin_check(run: ImportRun, total: int, remarks: Sequence[ImportRow]) -> None:
    """From the start, also after an interruption: a preview is quickly made again."""
    now = timezone.now()
    ours = ImportRun.objects.filter(pk=run.pk, status=RunStatus.MAPPED, revision=run.revision)
    zero = {"processed": 0, "imported": 0, "bad": 0, "duplicates": 0, "unchanged": 0}
    if not ours.update(**zero, total=total, sample=[], started_at=now, touched_at=now):
        raise MovedOn
    ImportRow.objects.filter(run=run).delete()
    ImportRow.objects.bulk_create(remarks)
    run.refresh_from_db()


def _sample(run: ImportRun, judged: Sequence[Judged], importer: Importer) -> list[dict]:
    """The first rows as they will be kept."""
    room = SAMPLE - len(run.sample)
    found = layouts.load(run.layout)
    return run.sample + [
        _shown(one, importer, found[one.source.sheet]) for one in judged[: max(room, 0)]
    ]


def _shown(one: Judged, importer: Importer, layout: Layout) -> dict:
    outcome = one.outcome
    values = {} if isinstance(outcome, Bad) else importer.understood(one.row.values)
    said = outcome.remark if isinstance(outcome, New) else getattr(outcome, "reason", "")
    return {
        "sheet": one.source.sheet_name,
        "line": one.source.row.line,
        "cell": layouts.cell_name(
            layout, one.source.row.line, one.source.row.column, getattr(outcome, "field", "")
        ),
        "outcome": OUTCOME_NAMES[type(outcome)],
        "reason": keep(said),
        "values": {
            field.name: keep(field.show(values[field.name]))
            if values.get(field.name) is not None
            else ""
            for field in importer.fields
        },
    }


OUTCOME_NAMES = {New: "new", Unchanged: "unchanged", Duplicate: "duplicate", Bad: "bad"}


# ---------------------------------------------------------------- taking
def take_rows(run: ImportRun, progress: Progress | None = None) -> None:
    with translation.override(run.language), _ends_well(run):
        importer, memory = importer_of(run), Memory()
        rows = _rows(run, importer)
        refused = bad_places(run)
        for chunk in _chunks(islice(rows, run.processed)):
            remember(chunk, importer, memory, refused)
        by_day = any(sheet["use"] and sheet.get("by_day") for sheet in run.layout)
        if not run.processed and (by_day or not run.total):  # or nobody asked for a preview
            _begin_taking(run, *_survey(run, importer))
        for chunk in _chunks(rows):
            take_chunk(run, chunk, importer, memory)
            _tell(progress, run)
        now = timezone.now()
        _finish(run, RunStatus.DONE, action="finished", finished_at=now, touched_at=now)


@transaction.atomic
def _begin_taking(run: ImportRun, total: int, remarks: Sequence[ImportRow]) -> None:
    """Nothing to begin where another worker has taken rows meanwhile."""
    _one_at_a_time(run)
    if ImportRun.objects.filter(pk=run.pk, status=run.status, processed=0).update(total=total):
        ImportRow.objects.filter(run=run).delete()
        ImportRow.objects.bulk_create(remarks)


@transaction.atomic
def take_chunk(
    run: ImportRun, chunk: Sequence[FileRow], importer: Importer, memory: Memory
) -> None:
    _one_at_a_time(run)
    judged = judge(chunk, importer, context(run), memory)
    taken = _apply(importer, context(run), judged)
    judged = [taken[i].judged if i in taken else one for i, one in enumerate(judged)]
    ImportedRow.objects.bulk_create(
        ImportedRow(
            kind=run.kind, scope=run.acting_body, run=run,
            fingerprint=one.judged.row.fingerprint, reference=one.reference,
        )
        for one in taken.values() if one.reference
    )  # fmt: skip
    _note(run, judged)
    _advance(run, judged)


@dataclass(frozen=True, slots=True)
class _Taken:
    judged: Judged
    reference: str


def _apply(importer: Importer, run: RunContext, judged: Sequence[Judged]) -> dict[int, _Taken]:
    """Add the new rows at once; if the importer refuses, one by one, to know which it was."""
    new = [(i, one) for i, one in enumerate(judged) if isinstance(one.outcome, New)]
    entries = [Entry(one.row, one.outcome.data) for _i, one in new]  # type: ignore[union-attr]
    if not entries:
        return {}
    try:
        with transaction.atomic():
            references = importer.apply(entries, run)
    except DomainError:
        return {
            i: _apply_one(importer, run, one, entry)
            for (i, one), entry in zip(new, entries, strict=True)
        }
    return {
        i: _Taken(one, reference) for (i, one), reference in zip(new, references, strict=True)
    }


def _apply_one(importer: Importer, run: RunContext, one: Judged, entry: Entry) -> _Taken:
    try:
        with transaction.atomic():
            return _Taken(one, importer.apply([entry], run)[0])
    except DomainError as refusal:
        return _Taken(Judged(one.source, one.row, Bad(refusal.message)), "")


def _one_at_a_time(run: ImportRun) -> None:
    """Two files of one kind are not taken at the same moment: neither would see the other's
    rows. (SQLite's transactions queue up by themselves.)
    """
    working = Q(kind=run.kind, status=RunStatus.RUNNING)
    list(ImportRun.objects.select_for_update().filter(Q(pk=run.pk) | working).order_by("pk"))


# ---------------------------------------------------------------- both
def context(run: ImportRun, *, by=None) -> RunContext:
    """:param by: who acts, if it is not the person who started the import."""
    now = timezone.now()
    return RunContext(
        kind=run.kind, run=run.pk, by=by or run.by, at=now, acting_body=run.acting_body,
        began=run.started_at or now,
    )  # fmt: skip


def _rows(run: ImportRun, importer: Importer) -> Iterator[FileRow]:
    return (row for row in _all_rows(run, importer) if row.row.own_total != "sheet")


def _all_rows(run: ImportRun, importer: Importer) -> Iterator[FileRow]:
    """With those that only say of a row of totals that it is wrong."""
    path, found = Path(run.rows_file.path), layouts.load(run.layout)
    rows = compared(layouts.file_rows(path, found, importer.fields), found, importer)
    for number, row in enumerate(rows, start=1):
        if number > limits.MOST_ROWS:  # a column a day makes many rows of one
            raise TooManyRows
        yield row


def _survey(run: ImportRun, importer: Importer) -> tuple[int, list[ImportRow]]:
    """How many rows there are, and a remark on each total below them that is wrong."""
    total, remarks = 0, []
    for found in _all_rows(run, importer):
        if found.row.own_total == "sheet":
            remarks.append(_place(run, found))
            remarks[-1].outcome, remarks[-1].reason = RowOutcome.REMARK, keep(found.row.wrong)
        else:
            total += 1
    return total, remarks


def _place(run: ImportRun, found: FileRow) -> ImportRow:
    place = found.row
    return ImportRow(run=run, sheet=found.sheet, line=place.line, column=place.column)


def _chunks(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _note(run: ImportRun, judged: Sequence[Judged]) -> None:
    """Keep the rows somebody has to look at."""
    ImportRow.objects.bulk_create(
        row for one in judged if (row := _noted(run, one)) is not None
    )


def _noted(run: ImportRun, one: Judged) -> ImportRow | None:
    outcome = one.outcome
    if isinstance(outcome, Unchanged) or (isinstance(outcome, New) and not outcome.remark):
        return None
    row = _place(run, one.source)
    row.fingerprint = one.row.fingerprint
    row.cells = [encode(cell) for cell in one.source.row.cells]
    match outcome:
        case Bad():
            row.outcome, row.field = RowOutcome.BAD, outcome.field
            row.reason = keep(outcome.reason)
        case Duplicate():
            row.outcome, row.may_differ = RowOutcome.DUPLICATE, outcome.may_differ
            row.reason = keep(outcome.reason)
            row.candidates = _candidates(one)
        case New():
            row.outcome, row.reason = RowOutcome.REMARK, keep(outcome.remark)
            row.cells = []
    return row


def _candidates(one: Judged) -> list[dict]:
    return [
        {
            "reference": found.reference,
            "title": keep(found.title),
            "facts": {name: keep(words) for name, words in found.facts.items()},
            "fingerprint": one.same_as,
        }
        for found in one.outcome.candidates  # type: ignore[union-attr]
    ]


COUNTERS = {New: "imported", Unchanged: "unchanged", Duplicate: "duplicates", Bad: "bad"}


def _advance(run: ImportRun, judged: Sequence[Judged], **fields) -> None:
    """Move the cursor over these rows, from where this walk left it.

    :raises MovedOn: if it is no longer there, or the run no longer in this state.
    """
    counts = Counter(COUNTERS[type(one.outcome)] for one in judged)
    ours = ImportRun.objects.filter(
        pk=run.pk, status=run.status, revision=run.revision, processed=run.processed
    )
    steps = {name: F(name) + number for name, number in counts.items()}
    moved = ours.update(
        **steps, **fields, processed=F("processed") + len(judged), touched_at=timezone.now()
    )
    if not moved:
        raise MovedOn
    run.refresh_from_db()


@contextmanager
def _ends_well(run: ImportRun) -> Iterator[None]:
    """A run that moved on is left alone; a file that is gone is said to be gone."""
    try:
        yield
    except MovedOn:
        run.refresh_from_db()
    except (FileNotFoundError, CutFile):
        _fail(run, Failure.FILE_GONE)
    except TooManyRows:
        _fail(run, Failure.TOO_MANY_ROWS)


def _fail(run: ImportRun, why: Failure) -> None:
    now = timezone.now()
    with suppress(WrongState):  # it ended meanwhile, and its file went with that
        _finish(
            run, RunStatus.FAILED, action="failed", failure=why, finished_at=now, touched_at=now
        )
    run.refresh_from_db()


@transaction.atomic
def _finish(run: ImportRun, status: RunStatus, *, action: str, **fields) -> None:
    change_state(
        run, status, table=STEPS, by=None, at=fields["touched_at"], action=action, **fields
    )
    let_go(run)


def _tell(progress: Progress | None, run: ImportRun) -> None:
    if progress:
        progress(run)
