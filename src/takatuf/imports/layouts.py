"""A run's layout as it is stored: one entry a sheet, in the file's order."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from takatuf.imports.importers import Field, Importer
from takatuf.imports.sheets.conversion import read_lines
from takatuf.imports.sheets.days import date_of
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.layout import (
    HEAD,
    SAMPLES,
    Layout,
    arrange,
    detect,
)
from takatuf.imports.sheets.matching import SURE, key
from takatuf.imports.sheets.rows import DataRow, data_rows, ones_in
from takatuf.kernel.sealing import open_sealed
from takatuf.kernel.text.dates import parse_date
from takatuf.kernel.text.problems import Unreadable

TABLE = 3  # columns that are understood: a sheet with one beside it is no table
FIRST_OF_HELP = {
    word
    for text in (
        "تعليمات إرشادات شرح توضيح ملاحظات طريقة كيفية",
        "instructions instruction guide help readme notes guidance how",
    )
    for word in key(text)
}
HELP = {
    key(text)
    for text in (
        "قوائم", "القوائم", "القوائم المنسدلة", "قائمة منسدلة", "خيارات", "الخيارات", "اقرأني",
        "اقرأ أولا", "lists", "list", "drop downs", "dropdowns", "options", "choices",
        "lookups", "lookup", "validation", "data validation", "read me", "read me first",
    )
}  # fmt: skip


def detect_all(rows_file: Path, importer: Importer) -> list[Layout]:
    """What each sheet seems to hold; in use are those that have what a row must have.

    :raises SheetError: if nothing stands below the headings.
    """
    layouts = [
        detect(sheet, importer.fields, importer.by_day)
        for sheet in read_lines(open_sealed(rows_file))
    ]
    if any(layout.header for layout in layouts) and not any(
        column for layout in layouts for column in layout.samples
    ):
        raise SheetError("no_rows")
    _read_figures(rows_file, layouts, importer, range(len(layouts)))
    _choose(layouts, importer)
    return layouts


def _read_figures(
    rows_file: Path, layouts: Sequence[Layout], importer: Importer, numbers: Container[int]
) -> None:
    """Where 1 stands below the days of these sheets; a tick where no figure but 0 does."""
    if not any(layout.by_day for layout in layouts):
        return
    for number, sheet in enumerate(read_lines(open_sealed(rows_file))):
        layout = layouts[number]
        if number in numbers and layout.by_day:
            layout.ones, layout.ticks = ones_in(sheet, layout, importer.fields)


def _choose(layouts: Sequence[Layout], importer: Importer) -> None:
    """In use stay the whole tables, if there is one, and no sheet that only helps with them."""
    _keep(layouts, lambda layout: not _says_help(layout.name))
    _keep(layouts, lambda layout: not missing_of(layout, importer))
    if max((_width(layout) for layout in layouts if layout.use), default=0) >= TABLE:
        _keep(layouts, lambda layout: _width(layout) > 1)
    if layouts and not any(layout.use for layout in layouts):
        max(layouts, key=lambda layout: len(layout.top)).use = True


def _keep(layouts: Sequence[Layout], is_better: Callable[[Layout], bool]) -> None:
    """Of the sheets in use those that are better, if there are any."""
    better = [layout.use and is_better(layout) for layout in layouts]
    for layout, stays in zip(layouts, better, strict=True) if any(better) else ():
        layout.use = stays


def _width(layout: Layout) -> int:
    return len(layout.columns) + len(layout.days_read)


def _says_help(name: str) -> bool:
    """Instructions, or lists to choose from, by the sheet's name."""
    said = key(name)
    return said in HELP or (len(said) > 0 and said[0] in FIRST_OF_HELP)


def unread(layouts: Sequence[Layout]) -> list[str]:
    """The sheets that hold something and are not in use."""
    return [one.name for one in layouts if not one.use and (one.headers or one.head)]


def dump(layouts: Sequence[Layout]) -> list[dict]:
    return [asdict(layout) for layout in layouts]


def load(stored: Sequence[dict]) -> list[Layout]:
    """JSON turned column numbers into strings; here they are numbers again."""
    layouts = []
    for entry in stored:
        columns = {int(column): name for column, name in entry["columns"].items()}
        confidence = {int(column): sure for column, sure in entry["confidence"].items()}
        days = {int(column): day for column, day in entry.get("days", {}).items()}
        numbered = {"columns": columns, "confidence": confidence, "days": days}
        layouts.append(Layout(**entry | numbered))
    return layouts


def without_cells(stored: Sequence[dict]) -> list[dict]:
    """How to read the sheets, with none of the cells below their headings."""
    return [entry | {"samples": [], "top": []} for entry in stored]


def missing_fields(layouts: Sequence[Layout], importer: Importer) -> list[Field]:
    """Required fields that no column of some sheet in use holds."""
    used = [layout for layout in layouts if layout.use]
    missing = {field.name for layout in used for field in missing_of(layout, importer)}
    return [
        field for field in importer.fields
        if field.required and (not used or field.name in missing)
    ]  # fmt: skip


def missing_of(layout: Layout, importer: Importer) -> list[Field]:
    """Required fields that no column of the sheet holds."""
    held = {*layout.columns.values(), *layout.by_day}
    return [field for field in importer.fields if field.required and not field.is_in(held)]


def guesses(layouts: Sequence[Layout]) -> dict[str, list[str]]:
    """Fields whose column in a sheet in use is only likely, and the headings of those columns
    (their letters where they have none).
    """
    found: dict[str, list[str]] = {}
    for layout in (one for one in layouts if one.use):
        for column, name in layout.columns.items():
            if layout.confidence.get(column, 0) < SURE:
                titles = found.setdefault(name, [])
                title = layout.headers[column] or letter(column)
                titles += [title] if title not in titles else []
    return found


def without_month(layouts: Sequence[Layout]) -> list[Layout]:
    """Sheets in use whose days are of a month that nothing says."""
    return [one for one in layouts if one.use and one.needs_month and not one.month]


def figures(layouts: Sequence[Layout]) -> dict[bool, list[str]]:
    """The sheets in use with a column a day: those whose 1 is a tick, and the others."""
    read: dict[bool, list[str]] = {}
    for layout in layouts:
        if layout.use and layout.by_day:
            read.setdefault(layout.ticks, []).append(layout.name)
    return read


def left_out(layouts: Sequence[Layout]) -> list[str]:
    """What the sheets in use hold and nothing is taken from: headings, each once; a letter
    for a column without one.
    """
    return list(
        dict.fromkeys(
            header or letter(column)
            for layout in layouts
            if layout.use
            for column, header in enumerate(layout.headers)
            if column not in layout.columns
            and column not in layout.days_read
            and column != layout.total_read
            and (header or any(samples_of(layout, column)))
        )
    )


def samples_of(layout: Layout, column: int) -> list[str]:
    """The first cells of a column."""
    return layout.samples[column] if column < len(layout.samples) else []


def letter(column: int) -> str:
    """A, B … Z, AA, AB …, as spreadsheets name their columns."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def cell_name(layout: Layout, line: int, column: int, field: str = "") -> str:
    """``F7``: the cell that holds the field in a row of a sheet with a column a day; where no
    column of the sheet does, the row's own. "" in any other sheet.

    :param column: the row's own, from 1; 0 where the sheet has no column a day.
    """
    if not column:
        return ""
    at = next((c for c, name in layout.columns.items() if name == field), column - 1)
    return f"{letter(at)}{line}"


def day_of(layout: Layout, column: int) -> date | str:
    """The date above a column of days, or its heading where there is none."""
    told = layout.days.get(column, "")
    try:
        return parse_date(date_of(told, layout.month))
    except Unreadable:
        return told or (layout.headers[column] if column < len(layout.headers) else "")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A data row with where it stands."""

    sheet: int
    sheet_name: str
    row: DataRow

    @property
    def place(self) -> tuple[int, int, int]:
        """Sheet, line, and its own column where the sheet has one a day, else 0."""
        return self.sheet, self.row.line, self.row.column


def file_rows(
    rows_file: Path, layouts: Sequence[Layout], fields: Sequence[Field]
) -> Iterator[FileRow]:
    """The data rows of the sheets in use, streaming."""
    for number, sheet in enumerate(read_lines(open_sealed(rows_file))):
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


def moved(layouts: Sequence[Layout], headers: dict[int, int]) -> dict[int, int]:
    """Of the headers a person names those that stand on another line than was found."""
    now = {number: max(layout.header, default=0) for number, layout in enumerate(layouts)}
    return {n: line for n, line in headers.items() if line != now.get(n, line)}


def with_headers(
    rows_file: Path, layouts: Sequence[Layout], headers: dict[int, int], importer: Importer
) -> list[Layout]:
    """The layouts, those sheets arranged anew whose header a person says is on another line.

    :param headers: sheet number to line; 0 for "no header".
    """
    arranged, others = [], moved(layouts, headers)
    for number, sheet in enumerate(read_lines(open_sealed(rows_file))):
        layout = layouts[number]
        if number in others:
            line = others[number]
            records = list(islice(sheet.records, HEAD + SAMPLES))
            use = layout.use
            lines = [line] if line else []
            layout = arrange(sheet.name, records, lines, importer.fields, importer.by_day)
            layout.use = use
        arranged.append(layout)
    _read_figures(rows_file, arranged, importer, others)
    return arranged
