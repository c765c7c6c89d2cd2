"""What becomes of each row, before and without anything being changed."""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from takatuf.imports.importers import (
    Bad,
    Candidate,
    CellProblem,
    Duplicate,
    Field,
    Importer,
    New,
    Outcome,
    Row,
    RunContext,
    Stretch,
    Unchanged,
)
from takatuf.imports.layouts import FileRow
from takatuf.imports.queries import references_of
from takatuf.imports.sentences import TICKED
from takatuf.imports.sheets.cells import words
from takatuf.kernel.sayings import Saying, in_turn
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.names import Namesakes

FINGERPRINT = 16  # bytes
LATEST = 100  # stretches of one person a row is compared with: sheets go by the days


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the file and what is to become of it."""

    source: FileRow
    row: Row
    outcome: Outcome
    same_as: str = ""  # the fingerprint of the line of this file that it may be


@dataclass(frozen=True, slots=True)
class Seen:
    """Where in the file a key was met first, and what stands there.

    :param said: the words of its cells, one a field and line: one text takes less room.
    """

    sheet: int
    sheet_name: str
    line: int
    fingerprint: str
    said: str

    def facts(self, importer: Importer) -> dict[str, str]:
        """Its words, field by field, to show it beside another row."""
        cells = zip(importer.fields, self.said.split("\n"), strict=True)
        return {field.name: text for field, text in cells if text}


@dataclass(slots=True)
class Memory:
    """What the rows further up in the file were: a few numbers and the words of each."""

    keys: dict[int, Seen] = field(default_factory=dict)
    names: dict[int, Namesakes[Seen]] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    stretches: dict[int, deque[tuple[Stretch, Seen]]] = field(default_factory=dict)

    def fingerprint(self, values: dict[str, Any]) -> str:
        """The second row with the same values has another one: the first was taken."""
        plain = fingerprint(values)
        nth = self.times[plain] = self.times.get(plain, 0) + 1
        return plain if nth == 1 else fingerprint({"row": plain, "nth": nth})


def judge(
    chunk: Sequence[FileRow], importer: Importer, run: RunContext, memory: Memory
) -> list[Judged]:
    """An outcome for each row of the chunk, in order. A fixed number of queries."""
    parsed = [_parsed(source, importer, memory) for source in chunk]
    taken = references_of(
        kind=run.kind, scope=run.acting_body,
        fingerprints=[row.fingerprint for row, bad in parsed if bad is None],
    )  # fmt: skip
    judged: list[Judged | None] = []
    open_rows: list[tuple[int, Row]] = []
    meets: dict[int, Seen] = {}
    for place, (source, (row, bad)) in enumerate(zip(chunk, parsed, strict=True)):
        first = None if bad else _remember(source, row, importer, memory)
        if bad:
            judged.append(Judged(source, row, bad))
        elif row.fingerprint in taken:
            judged.append(Judged(source, row, Unchanged(taken[row.fingerprint])))
        elif first:
            same_as = _same_as(first, source, importer)
            judged.append(Judged(source, row, same_as, first.fingerprint))
        else:
            judged.append(None)
            open_rows.append((place, row))
        if not bad and not first and (met := _met(source, row, importer, memory)):
            meets[place] = met
    _ask(importer, run, chunk, open_rows, judged)
    for place, met in meets.items():
        judged[place] = _meeting(judged[place], met)  # type: ignore[arg-type]
    return judged  # type: ignore[return-value]


def _ask(importer, run, chunk, open_rows, judged) -> None:
    outcomes = importer.prepare([row for _place, row in open_rows], run) if open_rows else []
    for (place, row), outcome in zip(open_rows, outcomes, strict=True):
        judged[place] = Judged(chunk[place], row, outcome)


def remember(chunk: Sequence[FileRow], importer: Importer, memory: Memory, bad: set) -> None:
    """Rows done before an interruption: only what later rows may be compared with.

    :param bad: the places of the rows that were refused then.
    """
    for source in chunk:
        row, problem = _parsed(source, importer, memory)
        if problem or source.place in bad:
            continue
        if not _remember(source, row, importer, memory):
            _met(source, row, importer, memory)


def values_of(cells: dict[str, Any], importer: Importer) -> dict[str, Any]:
    """:raises CellProblem: with the label of the field it is about."""
    values: dict[str, Any] = {}
    for known in importer.fields:
        cell = _whole(known, cells)
        try:
            values[known.name] = None if cell is None else known.parse(cell)
        except CellProblem as problem:
            text = _("%(field)s: %(problem)s")
            said = Saying(text, field=known.label, problem=problem.sentence)
            raise CellProblem(said, known.name) from None
        if known.required and values[known.name] is None:
            raise CellProblem(_missing(known, cell), known.name)
    importer.check(values)
    return values


def _missing(known: Field, cell: Any) -> Saying:
    said = words(cell)
    if not said:
        return Saying(_("%(field)s is missing."), field=known.label)
    text = _("%(field)s: “%(text)s” says nothing. Write it in letters or figures.")
    return Saying(text, field=known.label, text=said)


def _whole(known: Field, cells: Mapping[str, Any]) -> Any:
    """The field's cell; where it is blank or a single word, completed by its parts."""
    cell = cells.get(known.name)
    parts = [words(cells[name]) for name in known.made_of if cells.get(name) is not None]
    own = words(cell)
    if not parts or " " in own:
        return cell
    return " ".join([own, *parts] if own and own != parts[0] else parts)


def _parsed(source: FileRow, importer: Importer, memory: Memory) -> tuple[Row, Bad | None]:
    row = Row(source.sheet_name, source.row.line, {})
    if source.row.wrong and importer.by_day:
        return row, Bad(source.row.wrong, importer.by_day.amount)
    try:
        values = values_of(source.row.by_field, importer)
    except CellProblem as problem:
        return row, Bad(
            _only_ticked(source, importer, problem.field) or problem.sentence, problem.field
        )
    return replace(row, values=values, fingerprint=memory.fingerprint(values)), None


def _only_ticked(source: FileRow, importer: Importer, field: str) -> Saying | None:
    """Why a day is no row of hours: its cell says that somebody was there, not how long."""
    row = source.row
    if not row.ticked or not importer.by_day or field != importer.by_day.amount:
        return None
    said = _(
        "“%(text)s” says that somebody was there, not for how long: write the hours, or say "
        "them for all such days under “%(name)s”, where the columns are confirmed."
    )
    return Saying(said, text=words(row.cells[row.column - 1]), name=TICKED)


def _remember(source: FileRow, row: Row, importer: Importer, memory: Memory) -> Seen | None:
    """The first row of the file with one of this row's keys, or else with a name like its
    own, if it is another one.
    """
    me = _seen(source, row, importer)
    first = None
    for key in importer.keys(row.values):
        met = memory.keys.setdefault(_number(key), me)
        first = first or (met if met is not me else None)
    if namesake := importer.namesake(row.values):
        shared, name = namesake
        known = memory.names.setdefault(_number(shared), Namesakes())
        first = first or next(iter(known.like(name)), None)
        known.add(name, me)
    return first


def _seen(source: FileRow, row: Row, importer: Importer) -> Seen:
    cells = source.row.by_field
    said = "\n".join(words(cells.get(field.name)) for field in importer.fields)
    return Seen(source.sheet, source.sheet_name, source.row.line, row.fingerprint, said)


def _met(source: FileRow, row: Row, importer: Importer, memory: Memory) -> Seen | None:
    """The first of the latest rows of the same person that shares a moment with this one."""
    mine = importer.stretch(row.values)
    if mine is None:
        return None
    latest = memory.stretches.setdefault(_number(mine.who), deque(maxlen=LATEST))
    met = next((seen for other, seen in latest if mine.meets(other)), None)
    latest.append((mine, _seen(source, row, importer)))
    return met


def _meeting(one: Judged, met: Seen) -> Judged:
    if not isinstance(one.outcome, New):
        return one
    if met.sheet == one.source.sheet:
        said = Saying(_("Overlaps in time with line %(line)s of this sheet."), line=met.line)
    else:
        said = Saying(
            _("Overlaps in time with line %(line)s of the sheet “%(sheet)s”."),
            line=met.line, sheet=met.sheet_name,
        )  # fmt: skip
    remark = in_turn(one.outcome.remark, said)
    return replace(one, outcome=replace(one.outcome, remark=remark))


def _same_as(first: Seen, source: FileRow, importer: Importer) -> Duplicate:
    if first.sheet == source.sheet:
        reason = Saying(_("Looks like line %(line)s of this sheet."), line=first.line)
    else:
        reason = Saying(
            _("Looks like line %(line)s of the sheet “%(sheet)s”."),
            line=first.line, sheet=first.sheet_name,
        )  # fmt: skip
    line = Saying(_("Line %(line)s of the file"), line=first.line)
    return Duplicate(reason, [Candidate("", line, first.facts(importer))])


# ---------------------------------------------------------------- fingerprints
def fingerprint(values: dict[str, Any]) -> str:
    """The same for the same values in any spelling; says nothing without our key."""
    plain = {name: _canonical(value) for name, value in values.items() if value is not None}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hmac.digest(_key(), text.encode(), "sha256")[:FINGERPRINT].hex()


def _canonical(value: Any) -> Any:
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list | tuple):
        return sorted(_canonical(part) for part in value)
    return value if isinstance(value, int | float | bool) else str(value)


@lru_cache(maxsize=4)
def _derived(secret: str) -> bytes:
    return hashlib.sha256(b"imports.fingerprint" + secret.encode()).digest()


def _key() -> bytes:
    return _derived(settings.SECRET_KEY)


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
