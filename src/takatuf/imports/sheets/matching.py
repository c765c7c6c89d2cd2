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
FEW = 5  # samples from which their disagreement counts


class Hint(Protocol):
    """What matching needs of a field; ``importers.Field`` has it."""

    @property
    def name(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...
    @property
    def looks_like(self) -> Callable[[Cell], bool] | None: ...
    @property
    def distinctive(self) -> bool: ...


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
def likeness(header: str, synonym: str) -> float:
    """1.0 for the same words; less for one inside the other, or for a slip of the pen."""
    ours, theirs = key(header), key(synonym)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    bare = key(re.sub(r"[(\[{].*?[)\]}]", " ", header))
    if bare == theirs or sorted(ours) == sorted(theirs):
        return 0.96
    mine, other = set(ours), set(theirs)
    if other <= mine:
        return 0.45 + 0.45 * len(other) / len(mine)
    if mine <= other:
        return 0.4 + 0.4 * len(mine) / len(other)
    ratio = SequenceMatcher(None, " ".join(ours), " ".join(theirs)).ratio()
    return 0.9 * ratio if ratio >= FUZZY and len("".join(ours)) > 3 else 0.0  # noqa: PLR2004


def heading_likeness(header: str, hint: Hint) -> float:
    """The lower of two headings says it; the upper one says less."""
    upper, under, lower = header.rpartition(UNDER)
    if len(lower) > LONGEST_HEADING:
        return 0.0
    own = max((likeness(lower, synonym) for synonym in hint.synonyms), default=0.0)
    if not under:
        return own
    whole = heading_likeness(f"{upper} {lower}".replace(UNDER, " "), hint)
    return max(0.98 * own, whole, 0.6 * heading_likeness(upper, hint))


def agreement(samples: Sequence[Cell], hint: Hint) -> float | None:
    """The share of cells that look like the field; None if nothing can be said."""
    filled = [cell for cell in samples if cell is not None]
    if hint.looks_like is None or not filled:
        return None
    return sum(map(hint.looks_like, filled)) / len(filled)


def confidence(header: str, samples: Sequence[Cell], hint: Hint) -> float:
    """From 0 to 1, that this column holds this field."""
    likeness_ = heading_likeness(header, hint)
    agree = agreement(samples, hint)
    if agree is None:
        return likeness_ * 0.97
    if likeness_ >= 0.6:  # noqa: PLR2004
        contradicted = agree < 0.1 and len(samples) >= FEW  # noqa: PLR2004
        return likeness_ * (0.7 if contradicted else 0.9 + 0.1 * agree)
    if hint.distinctive:
        return max(likeness_, 0.8 * agree if agree >= 0.6 else 0.0)  # noqa: PLR2004
    if not header and agree >= 0.8:  # noqa: PLR2004
        return 0.6 * agree
    return likeness_ + 0.1 * agree if likeness_ else 0.0


def match_columns(
    headers: Sequence[str], samples: Sequence[Sequence[Cell]], hints: Sequence[Hint]
) -> list[Match]:
    """Each column at most one field, each field at most one column, the surest first."""
    scored = sorted(
        (
            Match(column, hint.name, round(confidence(header, samples[column], hint), 3))
            for column, header in enumerate(headers)
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
