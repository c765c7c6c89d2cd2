"""What people do with an import. Whether they may, the caller has asked ``policies``."""

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from takatuf.imports import layouts
from takatuf.imports.enums import OVER, STEPS, Decision, Failure, RunStatus
from takatuf.imports.importers import CellProblem, Entry, Row
from takatuf.imports.judging import values_of
from takatuf.imports.keeping import delete_rows_file, forget_rows, let_go, mask_identity
from takatuf.imports.models import ImportedRow, ImportRow, ImportRun
from takatuf.imports.queries import importer_of, references_of
from takatuf.imports.sentences import MONTH_WANTED, TURN_THE_SHEET, sentence
from takatuf.imports.sheets import limits
from takatuf.imports.sheets.cells import decode
from takatuf.imports.sheets.conversion import convert
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.layout import Layout
from takatuf.imports.sheets.rows import fields_of
from takatuf.imports.turns import turn
from takatuf.imports.work import check_import, context, take_import
from takatuf.kernel.errors import DomainError
from takatuf.kernel.registries import importers
from takatuf.kernel.sealing import seal_file
from takatuf.kernel.transitions import WrongState, change_state, record

NO_FIGURES: dict = {
    "processed": 0, "imported": 0, "bad": 0, "duplicates": 0, "unchanged": 0, "sample": [],
}  # fmt: skip


class UnreadableFile(DomainError):
    """The file is no sheet we can read."""


class NothingMapped(DomainError):
    """A column that every row must have is not named."""


class NotDecidable(DomainError):
    """The duplicate cannot be decided like this, or not now."""


class Forgotten(DomainError):
    """The file and the copied rows have been deleted after their time."""


def upload(
    *, kind: str, file: File, acting_body: str = "", body_title: str = "", by, at: datetime
) -> ImportRun:
    """Read the file, look for header and columns, and keep its rows sealed. None is taken yet.

    The reading happens before the transaction: it may take seconds, and a child process.

    :raises UnreadableFile: with a sentence for each way in which a file can be no sheet.
    :raises takatuf.imports.turns.NotNow: while another file is read.
    """
    name = PurePath(str(file.name).replace("\\", "/")).name[:200] or _("file")
    if file.size > limits.MOST_BYTES:
        too_large = SheetError("too_large", megabytes=limits.MOST_BYTES // limits.MEGABYTE)
        raise UnreadableFile(sentence(too_large), field="file")
    with turn(), tempfile.TemporaryDirectory(prefix="takatuf-import-") as folder:
        source, plain, rows = (Path(folder) / name for name in ("source", "plain", "rows"))
        digest = _copy(file, source)
        try:
            convert(source, plain)
            seal_file(plain, rows)
            found = layouts.detect_all(rows, importers[kind])
        except SheetError as problem:
            raise UnreadableFile(sentence(problem), field="file") from None
        run = ImportRun(
            kind=kind, acting_body=acting_body, body_title=body_title, by=by,
            language=get_language() or "ar", original_name=name, sha256=digest,
            layout=layouts.dump(found), created_at=at, touched_at=at,
        )  # fmt: skip
        return _keep(run, rows, by=by, at=at)


@transaction.atomic
def _keep(run: ImportRun, rows: Path, *, by, at) -> ImportRun:
    with rows.open("rb") as lines:
        run.rows_file.save("rows", File(lines), save=False)
    run.save(force_insert=True)
    record(subject=run, action="uploaded", by=by, at=at, to_state=run.status)
    return run


def _copy(file: File, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        for chunk in file.chunks():
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


@transaction.atomic
def set_mapping(
    *, run: ImportRun, layout: Sequence[Layout], by, at: datetime, check: bool = True
) -> None:
    """Say which sheets, header and columns hold what; the rows are then checked by a job.

    :raises NothingMapped: if a required field has no column, or no sheet is in use.
    :raises WrongState: if the import has begun.
    """
    require_files(run)
    importer = importer_of(run)
    if not any(sheet.use for sheet in layout):
        raise NothingMapped(_("Choose at least one sheet."))
    if missing := layouts.missing_fields(layout, importer):
        names = _(", ").join(str(field.label) for field in missing)
        said = _("Say which column holds: %(fields)s.") % {"fields": names}
        turn_it = {field.name for field in missing} & set(importer.by_day or ())
        raise NothingMapped(f"{said} {TURN_THE_SHEET}" if turn_it else said)
    if unsaid := layouts.without_month(layout):
        names = _(", ").join(f"“{one.name}”" for one in unsaid if one.name)
        raise NothingMapped(f"{MONTH_WANTED} {names}".strip())
    revision = run.revision + 1
    change_state(
        run, RunStatus.MAPPED, table=STEPS, by=by, at=at, action="mapped",
        layout=layouts.dump(layout), revision=revision, language=get_language() or run.language,
        total=0, processed=0, imported=0, bad=0, duplicates=0, unchanged=0, sample=[],
        started_at=None, finished_at=None, failure="", touched_at=at,
    )  # fmt: skip
    if check:
        check_import.enqueue(run.pk, revision)


@transaction.atomic
def start(*, run: ImportRun, by, at: datetime, enqueue: bool = True) -> None:
    """Begin to take the rows.

    :param enqueue: False where the caller walks over the rows itself (the command line).
    :raises WrongState: if it has begun already, or the rows have not been checked.
    """
    require_files(run)
    if enqueue and run.status == RunStatus.MAPPED:
        raise WrongState(_("Wait until the rows have been checked."))
    change_state(
        run, RunStatus.RUNNING, table=STEPS, by=by, at=at, action="started",
        started_at=at, touched_at=at, **NO_FIGURES,
    )  # fmt: skip
    ImportRow.objects.filter(run=run).delete()  # the preview's; the walk keeps its own
    if enqueue:
        take_import.enqueue(run.pk)


@transaction.atomic
def cancel(*, run: ImportRun, by, at: datetime) -> None:
    """Stop where it is: what was taken stays, the rest is not taken.

    Before the taking nothing was: the preview's figures go, with its rows.

    :raises WrongState: if it is over.
    """
    begun = run.status == RunStatus.RUNNING
    change_state(
        run, RunStatus.CANCELLED, table=STEPS, by=by, at=at, action="stopped",
        finished_at=at, touched_at=at, **({} if begun else NO_FIGURES),
    )  # fmt: skip
    if not begun:
        ImportRow.objects.filter(run=run).delete()
    let_go(run)


@transaction.atomic
def decide_duplicate(
    *, run: ImportRun, number: int, decision: str, candidate: int = 0, by, at: datetime
) -> ImportRow:
    """A person says what a possible duplicate is. Asked once: a second answer is refused.

    :param number: the ImportRow's.
    :param candidate: which of its candidates it is the same as, from 0.
    :raises NotDecidable: if it is decided, or the import is not over, or that is no choice.
    :raises DomainError: whatever the importer refuses.
    """
    row = ImportRow.objects.select_for_update().get(run=run, pk=number)
    if run.status not in OVER:
        raise NotDecidable(_("Wait until the import is over, then decide."))
    require_files(run)
    if row.decision:
        raise NotDecidable(_("Somebody has decided this already."))
    reference = _carry_out(run, row, decision, candidate, by=by)
    ImportedRow.objects.get_or_create(
        kind=run.kind, scope=run.acting_body, fingerprint=row.fingerprint,
        defaults={"reference": reference, "run": run},
    )  # fmt: skip
    row.decision, row.reference, row.decided_by, row.decided_at = decision, reference, by, at
    mask_identity(row, layouts.load(run.layout)[row.sheet].columns)
    row.save(
        update_fields=[
            "decision", "reference", "decided_by", "decided_at", "cells", "candidates",
        ]
    )  # fmt: skip
    record(subject=run, action="decided", by=by, at=at, changes={"row": row.pk, "as": decision})
    return row


def _carry_out(run: ImportRun, row: ImportRow, decision: str, candidate: int, *, by) -> str:
    importer, acting = importer_of(run), context(run, by=by)
    if decision == Decision.SKIP:
        return ""
    if decision == Decision.SAME:
        reference = _candidate_reference(run, row, candidate)
        return importer.merge(row_again(run, row), reference, acting)
    if decision != Decision.DIFFERENT or not row.may_differ:
        raise NotDecidable(_("Choose one of the answers offered."))
    return importer.apply([Entry(row_again(run, row))], acting)[0]


def _candidate_reference(run: ImportRun, row: ImportRow, candidate: int) -> str:
    """A candidate that is a line of the same file has its reference only once it is taken."""
    if not 0 <= candidate < len(row.candidates):
        raise NotDecidable(_("Choose one of the answers offered."))
    chosen = row.candidates[candidate]
    if chosen["reference"]:
        return chosen["reference"]
    found = references_of(
        kind=run.kind, scope=run.acting_body, fingerprints=[chosen["fingerprint"]]
    )
    if not found.get(chosen["fingerprint"]):
        raise NotDecidable(_("That line was not taken itself. Decide that line first."))
    return found[chosen["fingerprint"]]


def row_again(run: ImportRun, row: ImportRow) -> Row:
    """The row as it was parsed, from its kept cells."""
    layout = layouts.load(run.layout)[row.sheet]
    cells = [decode(cell) for cell in row.cells]
    importer = importer_of(run)
    by_field = fields_of(layout, cells, importer.fields, day=row.column)
    try:
        values = values_of(by_field, importer)
    except CellProblem as problem:
        raise NotDecidable(problem.sentence) from None
    return Row(layout.name, row.line, values, row.fingerprint)


def with_headers(run: ImportRun, headers: dict[int, int]) -> list[Layout]:
    """The run's layout with other lines as headers; nothing is stored.

    :raises takatuf.imports.turns.NotNow: if lines are others, while another file is read.
    """
    require_files(run)
    found = layouts.load(run.layout)
    if not layouts.moved(found, headers):
        return found
    with turn():
        return layouts.with_headers(Path(run.rows_file.path), found, headers, importer_of(run))


def require_files(run: ImportRun) -> None:
    """:raises Forgotten: if the file has been deleted."""
    if run.is_forgotten:
        raise Forgotten(_("The file has been deleted after its time. Upload it again."))


# ---------------------------------------------------------------- in time
@transaction.atomic
def forget(*, run: ImportRun, at: datetime) -> None:
    """Delete the file and every copied or quoted cell; figures and fingerprints stay."""
    forget_rows(run)
    delete_rows_file(run)
    run.sample, run.layout, run.forgotten_at = [], [], at
    run.save(update_fields=["rows_file", "sample", "layout", "forgotten_at"])
    record(subject=run, action="forgotten", by=None, at=at)


@transaction.atomic
def give_up(*, run: ImportRun, at: datetime) -> None:
    """A run in which nothing has moved for hours: its worker is gone for good."""
    change_state(
        run, RunStatus.FAILED, table=STEPS, by=None, at=at, action="gave up",
        failure=Failure.GAVE_UP, finished_at=at, touched_at=at,
    )  # fmt: skip
    let_go(run)
