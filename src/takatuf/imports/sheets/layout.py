"""Where a sheet's header is, and what its columns hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from takatuf.imports.sheets.cells import Cell, encode, words
from takatuf.imports.sheets.days import (
    day_columns,
    find_days,
    month_in,
    needs_month,
)
from takatuf.imports.sheets.matching import (
    SURE,
    UNDER,
    Hint,
    heading,
    heading_likeness,
    match_columns,
)
from takatuf.imports.sheets.orders import month_first
from takatuf.imports.sheets.shapes import ByDay, Record, Sheet
from takatuf.imports.sheets.totals import is_total, looks_like_data, says_sum

HEAD = 60  # records among which the header is looked for
SAMPLES = 60  # cells of a column that are looked at


@dataclass(slots=True)
class Layout:
    """How to read one sheet. ``header`` holds the lines of the header; empty: none."""

    name: str
    use: bool = True
    header: list[int] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    columns: dict[int, str] = field(default_factory=dict)
    confidence: dict[int, float] = field(default_factory=dict)
    month_first: list[int] = field(default_factory=list)  # columns dated 12/31/2025
    samples: list[list[str]] = field(default_factory=list)
    top: list[tuple[int, list[str]]] = field(default_factory=list)  # to choose a header from
    head: list[list] = field(default_factory=list)  # encoded cells, down to the header
    days: dict[int, str] = field(default_factory=dict)  # columns headed by a day: see days.py
    month: str = ""  # of which the headings tell the days
    by_day: list[str] = field(default_factory=list)  # what those columns are read as, if at all
    marked: str = ""  # how long a day was that is only ticked
    ones: bool = False  # the figure 1 stands below the days
    ticks: bool = False  # 1 is read as a tick, not as an hour
    total: int | None = None  # the column where the sheet itself adds its days up
    adds_up: bool = True  # whether that is compared with what is read

    @property
    def days_read(self) -> dict[int, str]:
        return self.days if self.by_day else {}

    @property
    def total_read(self) -> int | None:
        is_read = self.by_day and self.adds_up and self.total not in self.columns
        return self.total if is_read else None

    @property
    def needs_month(self) -> bool:
        return needs_month(self.days_read)


# ---------------------------------------------------------------- detection
def detect(sheet: Sheet, hints: Sequence[Hint], by_day: ByDay | None = None) -> Layout:
    """What the sheet's first rows say; consumes them.

    :param by_day: given where a sheet may have a column a day.
    """
    records = [record for record, _n in zip(sheet.records, range(HEAD + SAMPLES), strict=False)]
    lines = find_header(records, hints, days=by_day is not None)
    layout = arrange(sheet.name, records, lines, hints, by_day)
    lines = layout.header
    layout.use = sheet.visible and bool(layout.columns) and any(
        record.line > max(lines, default=0) for record in records
    )  # fmt: skip
    return layout


def arrange(
    name: str,
    records: Sequence[Record],
    header: list[int],
    hints: Sequence[Hint],
    by_day: ByDay | None = None,
) -> Layout:
    """The layout with its header given: columns matched by their headings and cells."""
    days: dict[int, str] = {}
    if by_day:
        header, days = find_days(records, header)
    headings = join_headings([record for record in records if record.line in header])
    below = [
        record for record in records
        if record.line > max(header, default=0) and not record.banner and not is_total(record)
    ][:SAMPLES]  # fmt: skip
    width = max([len(headings), *(len(record.cells) for record in below)], default=0)
    headings += [""] * (width - len(headings))
    columns = [[_cell(record, column) for record in below] for column in range(width)]
    samples = [[cell for cell in column if cell is not None] for column in columns]
    matches = match_columns(
        ["" if column in days else text for column, text in enumerate(headings)],
        [[] if column in days else cells for column, cells in enumerate(samples)],
        hints,
    )
    layout = Layout(
        name=name,
        header=list(header),
        headers=headings,
        columns={match.column: match.field for match in matches},
        confidence={match.column: match.confidence for match in matches},
        month_first=[column for column, cells in enumerate(samples) if month_first(cells)],
        samples=[[words(cell) for cell in column[:3]] for column in samples],
        top=[
            (record.line, [words(c)[:40] for c in record.cells[:12]]) for record in records[:12]
        ],
        head=[
            [encode(cell) for cell in record.cells]
            for record in records
            if record.line <= max(header, default=0)
        ],
    )
    if by_day and days:
        _arrange_days(layout, days, records, by_day)
    return layout


def _arrange_days(
    layout: Layout, days: dict[int, str], records: Sequence[Record], by_day: ByDay
) -> None:
    """A column a day, unless another column says the day."""
    layout.days = days
    for column, day in days.items():
        layout.headers[column] = day
    titles = [r for r in records if r.line <= max(layout.header)]
    if needs_month(days):
        texts = (words(c) for r in titles for c in r.cells if isinstance(c, str))
        layout.month = month_in([layout.name, *texts])
    if by_day.day not in layout.columns.values():
        read_by_day(layout, by_day)


def read_by_day(layout: Layout, by_day: ByDay) -> None:
    """Read its day columns; nothing else says then what they say."""
    layout.by_day = list(by_day)
    if layout.total is None:
        layout.total = _total_column(layout, by_day)
    layout.columns = {
        c: name for c, name in layout.columns.items() if name not in layout.by_day
    }


def _total_column(layout: Layout, by_day: ByDay) -> int | None:
    """The column that is surely the amount's own, or else is headed by a word for a sum."""
    for column, name in layout.columns.items():
        if name == by_day.amount and layout.confidence.get(column, 0) >= SURE:
            return column
    for column, text in enumerate(layout.headers):
        others = column in layout.days or column in layout.columns
        if not others and any(says_sum(part) for part in text.split(UNDER)):
            return column
    return None


def find_header(
    records: Sequence[Record], hints: Sequence[Hint], *, days: bool = False
) -> list[int]:
    """The line of the header, or two lines where one stands under the other; [] for none.

    :param days: days may be headings.
    """
    scores = [
        _header_score(i, records, hints, days=days) for i in range(min(HEAD, len(records)))
    ]
    if not scores or max(scores) <= 0:
        return []
    best = scores.index(max(scores))
    for pair in ((best - 1, best), (best, best + 1)):
        if pair[0] >= 0 and pair[1] < len(records) and _is_pair(pair, best, records, hints):
            return [records[i].line for i in pair]
    return [records[best].line]


def join_headings(rows: Sequence[Record]) -> list[str]:
    """The words above each column; an upper heading reaches over those to its side."""
    width = max((len(row.cells) for row in rows), default=0)
    joined = [""] * width
    for row in rows:
        last = ""
        for column in range(width):
            text = heading(_cell(row, column))
            spread = last if row is not rows[-1] and not text else text
            last = spread
            if spread and spread not in joined[column]:
                joined[column] = f"{joined[column]}{UNDER}{spread}".removeprefix(UNDER)
    return joined


def _hits(headings: Sequence[str], hints: Sequence[Hint]) -> int:
    """How many fields find a heading that is surely theirs."""
    return sum(
        any(heading_likeness(text, hint) >= SURE for text in headings if text) for hint in hints
    )


def _header_score(
    index: int, records: Sequence[Record], hints: Sequence[Hint], *, days: bool
) -> float:
    record = records[index]
    filled = [cell for cell in record.cells if cell is not None]
    headings = [heading(cell) for cell in record.cells]
    texts = [text for text in headings if text and not looks_like_data(text)]
    below = [
        len([c for c in r.cells if c is not None]) for r in records[index + 1 : index + 21]
    ]
    if not filled or record.banner:
        return 0.0
    hits = _hits(headings, hints)
    headed = len(day_columns(record.cells)) if days and hits else 0
    data = len(filled) - len(texts) - headed
    if not below:  # the last line of the sheet: headings only where that is certain
        return 10.0 * hits if hits > 1 and not data else 0.0
    usual = Counter(below).most_common(1)[0][0]
    if hits == 0:
        return _unknown_words_score(texts, filled, usual, records[index + 1 : index + 11])
    fill = min(1.0, len(filled) / max(usual, 1))
    distinct = (len(set(texts)) + headed) / len(filled)
    return 10 * hits + 3 * fill + 2 * distinct - 4 * data


def _unknown_words_score(texts, filled, usual: int, below: Sequence[Record]) -> float:
    """A header in words we do not know: all text, each once, as wide as what is below it."""
    only_words = len(texts) == len(filled) == len(set(texts)) and len(filled) > 1
    values = sum(
        cell is not None and (not isinstance(cell, str) or looks_like_data(cell))
        for record in below
        for cell in record.cells
    )
    wide = len(filled) >= usual * 0.8
    short = all(len(text) <= 40 for text in texts)  # noqa: PLR2004
    return 1.0 if only_words and wide and short and values >= len(below) else 0.0


def _is_pair(pair, best: int, records: Sequence[Record], hints: Sequence[Hint]) -> bool:
    upper, lower = (records[i] for i in pair)
    other = upper if pair[1] == best else lower
    filled = [cell for cell in other.cells if cell is not None]
    if any(not heading(cell) or looks_like_data(words(cell)) for cell in filled):
        return False
    if len(filled) == 1 and pair[1] == best:  # a title above, not half of a header
        return False
    together = _hits(join_headings([upper, lower]), hints)
    return together > _hits([heading(cell) for cell in records[best].cells], hints)


def _cell(record: Record, column: int) -> Cell:
    return record.cells[column] if column < len(record.cells) else None
