"""How much of a file is kept, and how long: no more than its rows still need."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from takatuf.imports import layouts
from takatuf.imports.enums import OVER
from takatuf.imports.importers import NATIONAL_ID
from takatuf.imports.models import ImportRow, ImportRun
from takatuf.imports.sheets.cells import Cell, decode, encode, words
from takatuf.kernel.sayings import Kept, keep
from takatuf.kernel.text.identity import last_three
from takatuf.kernel.text.problems import Unreadable

CUT = "…"  # in the place of words that were deleted
HIDDEN = "•••••••"


def let_go(run: ImportRun) -> None:
    """Of a run that is over, delete what no row needs. Call inside the transaction.

    The cells of rows to mend or to decide are the rows' own, and so are those of a line that
    one is compared with; their headings are the layout's.
    """
    if run.status not in OVER:
        return
    run.refresh_from_db(fields=["layout", "rows_file"])
    delete_rows_file(run)
    run.sample, run.layout = [], layouts.without_cells(run.layout)
    run.save(update_fields=["rows_file", "sample", "layout"])


def delete_rows_file(run: ImportRun) -> None:
    """Empty the field, unsaved; the file goes when the transaction holds."""
    storage, name = run.rows_file.storage, run.rows_file.name
    run.rows_file = ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def forget_rows(run: ImportRun) -> None:
    """Delete what the rows copied or quote from the file; that they were there stays."""
    rows = list(ImportRow.objects.filter(run=run).only("pk", "reason"))
    for row in rows:
        row.cells, row.candidates, row.reason = [], [], unquoted(row.reason)
    ImportRow.objects.bulk_update(rows, ["cells", "candidates", "reason"], batch_size=500)


def unquoted(reason: Kept) -> Kept:
    """The kept sentence with nothing in it that may have stood in a cell.

    Our own words stay; everything else is cut, numbers too: a cell may have held one.
    """
    if not isinstance(reason, dict):
        return keep(_("What was to be mended was deleted with the file.")) if reason else ""
    if "values" not in reason:
        return reason if "msgid" in reason else CUT
    values = {name: _cut(value) for name, value in reason["values"].items()}
    return reason | {"values": values}


def _cut(value: Any) -> Any:
    return unquoted(value) if isinstance(value, dict) else CUT


def masked(cell: Cell) -> Cell:
    """An identity number as its last three digits; any other cell as it is."""
    try:
        return HIDDEN + last_three(words(cell))
    except Unreadable:
        return cell


def mask_identity(row: ImportRow, columns: dict[int, str]) -> None:
    """Mask the identity numbers of a row that nobody takes any more, and of the lines it was
    compared with, unsaved.

    :param columns: the columns of the row's sheet: number to field name.
    """
    for one in row.candidates:
        if number := one["facts"].get(NATIONAL_ID.name):
            one["facts"][NATIONAL_ID.name] = masked(number)
    row.cells = [
        encode(masked(decode(cell))) if columns.get(column) == NATIONAL_ID.name else cell
        for column, cell in enumerate(row.cells)
    ]
