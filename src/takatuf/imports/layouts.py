"""A run's layout as it is stored: one entry a sheet, in the file's order."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from takatuf.imports.importers import Field, Importer
from takatuf.imports.sheets.conversion import read_lines
from takatuf.imports.sheets.layout import DataRow, Layout, data_rows, detect


def detect_all(rows_file: Path, fields: Sequence[Field]) -> list[Layout]:
    """What each sheet seems to hold; in use are those that have what a row must have."""
    layouts = [detect(sheet, fields) for sheet in read_lines(rows_file)]
    required = {field.name for field in fields if field.required}
    whole = [required <= set(layout.columns.values()) for layout in layouts]
    if any(layout.use and is_whole for layout, is_whole in zip(layouts, whole, strict=True)):
        for layout, is_whole in zip(layouts, whole, strict=True):
            layout.use = layout.use and is_whole
    elif layouts and not any(layout.use for layout in layouts):
        max(layouts, key=lambda layout: len(layout.top)).use = True
    return layouts


def dump(layouts: Sequence[Layout]) -> list[dict]:
    return [asdict(layout) for layout in layouts]


def load(stored: Sequence[dict]) -> list[Layout]:
    """JSON turned column numbers into strings; here they are numbers again."""
    layouts = []
    for entry in stored:
        columns = {int(column): name for column, name in entry["columns"].items()}
        confidence = {int(column): sure for column, sure in entry["confidence"].items()}
        layouts.append(Layout(**entry | {"columns": columns, "confidence": confidence}))
    return layouts


def missing_fields(layouts: Sequence[Layout], importer: Importer) -> list[Field]:
    """Required fields that no column of some sheet in use holds."""
    used = [set(layout.columns.values()) for layout in layouts if layout.use]
    return [
        field for field in importer.fields
        if field.required and (not used or any(field.name not in names for names in used))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """A data row with where it stands."""

    sheet: int
    sheet_name: str
    row: DataRow


def file_rows(
    rows_file: Path, layouts: Sequence[Layout], fields: Sequence[Field]
) -> Iterator[FileRow]:
    """The data rows of the sheets in use, streaming."""
    for number, sheet in enumerate(read_lines(rows_file)):
        layout = layouts[number]
        if layout.use:
            for row in data_rows(sheet, layout, fields):
                yield FileRow(number, sheet.name, row)


def groups(layouts: Sequence[Layout]) -> list[list[int]]:
    """Sheets with the same headings, which are mapped together."""
    found: dict[Any, list[int]] = {}
    for number, layout in enumerate(layouts):
        found.setdefault((tuple(layout.headers), len(layout.header)), []).append(number)
    return list(found.values())
