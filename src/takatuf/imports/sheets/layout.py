"""Where a sheet's header is, what its columns hold, and which of its rows are data."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from takatuf.imports.sheets.cells import Cell, encode, words
from takatuf.imports.sheets.days import (
    date_of,
    day_columns,
    find_days,
    is_absent,
    is_present,
    month_in,
    needs_month,
)
from takatuf.imports.sheets.matching import (
    LONGEST_HEADING,
    SURE,
    UNDER,
    Hint,
    heading,
    heading_likeness,
    key,
    match_columns,
)
from takatuf.imports.sheets.orders import day_first, month_first
from takatuf.imports.sheets.shapes import ByDay, Record, Sheet
from takatuf.kernel.text.digits import western

HEAD = 60  # records among which the header is looked for
SAMPLES = 60  # cells of a column that are looked at
TOTALS = {
    key(text)
    for text in (
        "المجموع", "مجموع", "الإجمالي", "إجمالي", "المجموع الكلي", "الإجمالي الكلي",
        "الإجمالي العام", "المجموع العام", "إجمالي عام", "العدد الكلي", "العدد الإجمالي",
        "المجموع الفرعي", "إجمالي الساعات", "مجموع الساعات", "إجمالي المتطوعين",
        "مجموع المتطوعين", "عدد المتطوعين", "المتوسط", "المعدل", "total",
        "grand total", "subtotal", "sub total",
        "sum", "average", "total hours", "total volunteers", "count",
    )
}  # fmt: skip
TOTAL = {word for text in ("إجمالي", "مجموع", "عدد", "total", "number") for word in key(text)}
COUNTED = TOTAL | {
    word
    for text in (
        "المتطوعين المتطوعات المشاركين المشاركات المسجلين الأسماء الساعات الفرص المبادرات",
        "المقاعد الكلي العام و of hours volunteers opportunities seats participants names",
    )
    for word in key(text)
}


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

    @property
    def days_read(self) -> dict[int, str]:
        return self.days if self.by_day else {}

    @property
    def needs_month(self) -> bool:
        return needs_month(self.days_read)


@dataclass(frozen=True, slots=True)
class DataRow:
    """:param column: of a sheet with a column a day the day's own, from 1; else 0."""

    line: int
    cells: list[Cell]
    by_field: dict[str, Cell]
    column: int = 0


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
    layout.columns = {
        c: name for c, name in layout.columns.items() if name not in layout.by_day
    }


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


_DATA = re.compile(
    r"[\d\W_]*\d[\d\W_]*(هـ?|م|ه|ص|ساعة|ساعات|h|am|pm)?|\S+@\S+\.\S+|\w+://\S+", re.IGNORECASE
)


def looks_like_data(text: str) -> bool:
    """Numbers, dates, times, addresses: not a heading."""
    return bool(_DATA.fullmatch(western(text).strip()))


# ---------------------------------------------------------------- rows
def data_rows(sheet: Sheet, layout: Layout, hints: Sequence[Hint]) -> Iterator[DataRow]:
    """The rows below the header that say something in a mapped column.

    Left out: blank rows, totals, titles across the sheet, and the header told again.
    """
    start = max(layout.header, default=0)
    by_name = {hint.name: hint for hint in hints}
    mapped = {column: name for column, name in layout.columns.items() if name in by_name}
    again = [{key(text), key(text.rpartition(UNDER)[2])} for text in layout.headers]
    for column, name in mapped.items():
        again[column] |= {key(synonym) for synonym in by_name[name].synonyms}
    for record in sheet.records:
        if record.line <= start or record.banner:
            continue
        said = (_cell(record, column) for column in mapped | layout.days_read)
        if all(cell is None for cell in said) or is_total(record):
            continue
        if not _is_header_again(_without_days(record, layout), again):
            yield from _rows_of(record, layout, hints)


def _rows_of(record: Record, layout: Layout, hints: Sequence[Hint]) -> Iterator[DataRow]:
    """The record as a row; with a column a day a row for each day somebody was there."""
    if not layout.by_day:
        yield DataRow(record.line, record.cells, fields_of(layout, record.cells, hints))
        return
    for column in layout.days:
        if not is_absent(_cell(record, column)):
            cells = _without_days(record, layout, but=column).cells
            by_field = fields_of(layout, cells, hints, day=column + 1)
            yield DataRow(record.line, cells, by_field, column + 1)


def _without_days(record: Record, layout: Layout, but: int | None = None) -> Record:
    """The record without what its days hold, except for one."""
    if not layout.by_day:
        return record
    cells = [
        None if column in layout.days and column != but else cell
        for column, cell in enumerate(record.cells)
    ]
    return Record(record.line, cells, record.banner)


def fields_of(
    layout: Layout, cells: Sequence[Cell], hints: Sequence[Hint], *, day: int = 0
) -> dict[str, Cell]:
    """What a row's cells say, field by field, as they are to be parsed.

    :param day: the row's own column, from 1, where the sheet has a column a day.
    """
    by_name = {hint.name: hint for hint in hints}
    by_field = {
        name: read_cell(layout, cells, column)
        for column, name in layout.columns.items()
        if name in by_name
    }
    if day and layout.by_day:
        told = ByDay(*layout.by_day)
        cell = cells[day - 1] if day <= len(cells) else None
        looks_like_times = by_name[told.times].looks_like
        by_field[told.day] = date_of(layout.days[day - 1], layout.month)
        if is_present(cell):
            by_field[told.amount] = layout.marked or None
        elif looks_like_times and looks_like_times(cell):
            by_field[told.times] = cell
        else:
            by_field[told.amount] = cell
    return by_field


def is_total(record: Record) -> bool:
    """A word for "total" and otherwise only numbers."""
    labels = 0
    for cell in record.cells:
        if isinstance(cell, str) and not looks_like_data(cell):
            labels += 1
            if labels > 2 or not _says_total(cell):  # noqa: PLR2004
                return False
    return labels > 0


def _says_total(text: str) -> bool:
    """``الإجمالي``, ``إجمالي عدد المتطوعين: 64``."""
    said = key(re.sub(r"[\d٠-٩].*", "", text))
    return said in TOTALS or (len(said) > 1 and said[0] in TOTAL and COUNTED.issuperset(said))


def _is_header_again(record: Record, headings: list[set[tuple[str, ...]]]) -> bool:
    """Most cells say the column's own heading, or another word for it."""
    filled = [(column, cell) for column, cell in enumerate(record.cells) if cell is not None]
    same = others = 0
    for column, cell in filled:
        text = heading(cell) if column < len(headings) else ""
        if text and len(text) <= LONGEST_HEADING and key(text) in headings[column]:
            same += 1
        else:
            others += 1
            if others * 2 >= len(filled):
                return False
    return same >= 2  # noqa: PLR2004


def read_cell(layout: Layout, cells: Sequence[Cell], column: int) -> Cell:
    """A mapped column's cell, its date day first."""
    cell = cells[column] if column < len(cells) else None
    return day_first(cell) if column in layout.month_first else cell


def _cell(record: Record, column: int) -> Cell:
    return record.cells[column] if column < len(record.cells) else None
