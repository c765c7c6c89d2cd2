"""How well the words above a column, and the cells in it, speak for a field."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol

from takatuf.imports.sheets.cells import Cell, words
from takatuf.kernel.text.arabic import tokens

SURE = 0.85
LIKELY = 0.55  # below it a column stays unmapped
FUZZY = 0.82
UNDER = " › "  # between an upper and a lower heading
LONGEST_HEADING = 60  # longer is a sentence
BRACKETED = re.compile(r"[(\[{].*?[)\]}]")
FEW = 5  # samples from which their disagreement counts


class Hint(Protocol):
    """What matching needs of a field; ``importers.Field`` has it."""

    @property
    def name(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...
    @property
    def others(self) -> tuple[str, ...]: ...
    @property
    def looks_like(self) -> Callable[[Cell], bool] | None: ...
    @property
    def distinctive(self) -> bool: ...
    @property
    def made_of(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Match:
    column: int
    field: str
    confidence: float


@lru_cache(maxsize=10_000)
def key(text: str) -> tuple[str, ...]:
    """The words that matter: normalised, without the article."""
    return tuple(
        word[2:] if word.startswith("ال") and len(word) > 4 else word  # noqa: PLR2004
        for word in tokens(text)
    )


@lru_cache(maxsize=20_000)
def likeness(header: str, synonyms: tuple[str, ...]) -> float:
    """How well a heading says one of the synonyms."""
    ours, bare = key(header), key(BRACKETED.sub(" ", header))
    if not ours:
        return 0.0
    return max((_likeness(ours, bare, theirs) for theirs in _keys(synonyms)), default=0.0)


@lru_cache(maxsize=1_000)
def _keys(synonyms: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words_ for synonym in synonyms if (words_ := key(synonym))]


def _likeness(ours: tuple[str, ...], bare: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """1.0 for the same words; less for one inside the other, or for a slip of the pen."""
    if ours == theirs:
        return 1.0
    mine, other = set(ours), set(theirs)
    if bare == theirs or (mine == other and sorted(ours) == sorted(theirs)):
        return 0.96
    if other <= mine:
        return 0.45 + 0.45 * len(other) / len(mine)
    if mine <= other:
        return 0.4 + 0.4 * len(mine) / len(other)
    return _slip(" ".join(ours), " ".join(theirs))


def _slip(ours: str, theirs: str) -> float:
    """How alike the letters are, if nearly the same. Most pairs are told apart by counting:
    a sheet of names has thousands of them, and comparing costs a hundred times as much.
    """
    most = FUZZY * (len(ours) + len(theirs)) / 2  # letters in common that are needed
    if len(ours) <= 3 or min(len(ours), len(theirs)) < most:  # noqa: PLR2004
        return 0.0
    if sum(min(ours.count(letter), theirs.count(letter)) for letter in set(ours)) < most:
        return 0.0
    ratio = SequenceMatcher(None, ours, theirs).ratio()
    return 0.9 * ratio if ratio >= FUZZY else 0.0


def heading_likeness(header: str, hint: Hint) -> float:
    """How well the heading says the field; one that names another thing does not at all."""
    return 0.0 if _names_another(header, hint) else _heading_likeness(header, hint.synonyms)


def _names_another(header: str, hint: Hint) -> bool:
    """«تاريخ» alone is the day of the work, and within «تاريخ الميلاد» it is not."""
    said = set(key(header))
    return any(said.issuperset(theirs) for theirs in _keys(hint.others))


def _heading_likeness(header: str, synonyms: tuple[str, ...]) -> float:
    """The lower of two headings says it; the upper one says less."""
    upper, under, lower = header.rpartition(UNDER)
    if len(lower) > LONGEST_HEADING:
        return 0.0
    own = likeness(lower, synonyms)
    if not under:
        return own
    whole = _heading_likeness(f"{upper} {lower}".replace(UNDER, " "), synonyms)
    return max(0.98 * own, whole, 0.6 * _heading_likeness(upper, synonyms))


class Column:
    """A heading and the cells below it; what they look like is asked once a kind."""

    def __init__(self, header: str, samples: Sequence[Cell]) -> None:
        self.header = header
        self.filled = [cell for cell in samples if cell is not None]
        self._shares: dict[Callable[[Cell], bool], float] = {}

    def agreement(self, hint: Hint) -> float | None:
        """The share of cells that look like the field; None if nothing can be said."""
        looks_like = hint.looks_like
        if looks_like is None or not self.filled:
            return None
        if looks_like not in self._shares:
            self._shares[looks_like] = sum(map(looks_like, self.filled)) / len(self.filled)
        return self._shares[looks_like]


def confidence(column: Column, hint: Hint) -> float:
    """From 0 to 1, that this column holds this field."""
    likeness_ = heading_likeness(column.header, hint)
    agree = column.agreement(hint)
    if agree is None:
        return likeness_ * 0.97
    if likeness_ >= 0.6:  # noqa: PLR2004
        contradicted = agree < 0.1 and len(column.filled) >= FEW  # noqa: PLR2004
        return likeness_ * (0.7 if contradicted else 0.9 + 0.1 * agree)
    if hint.distinctive:
        return max(likeness_, 0.8 * agree if agree >= 0.6 else 0.0)  # noqa: PLR2004
    if not column.header and agree >= 0.8:  # noqa: PLR2004
        return 0.6 * agree
    return likeness_ + 0.1 * agree if likeness_ else 0.0


def match_columns(
    headers: Sequence[str], samples: Sequence[Sequence[Cell]], hints: Sequence[Hint]
) -> list[Match]:
    """Each column at most one field, each field at most one column, the surest first."""
    columns = [Column(*both) for both in zip(headers, samples, strict=True)]
    scored = sorted(
        (
            Match(number, hint.name, round(confidence(column, hint), 3))
            for number, column in enumerate(columns)
            for hint in hints
        ),
        key=lambda match: (-match.confidence, match.column),
    )
    taken: dict[int, Match] = {}
    for match in scored:
        if match.confidence < LIKELY:
            break
        if match.column not in taken and all(m.field != match.field for m in taken.values()):
            taken[match.column] = match
    return sorted(taken.values(), key=lambda match: match.column)


def heading(cell: Cell) -> str:
    """A cell as a heading; numbers and dates are none."""
    return words(cell).strip(" *:：.-_") if isinstance(cell, str) else ""
