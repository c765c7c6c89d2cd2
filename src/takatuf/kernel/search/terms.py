"""From text to what is indexed, and from a query to what is asked of the index. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from takatuf.kernel.text.arabic import LONGEST_TOKEN, tokens
from takatuf.kernel.text.stemming import bases, stems, sure_base

STOP_WORDS = frozenset(
    tokens(
        "في من على عن إلى مع و أو ثم ما هذا هذه ذلك التي الذي أن إن لدى خلال بين كل "
        "the a an of to in for and or"
    )
)
MOST_INDEXED = 20_000  # characters of a text
MOST_TERMS = 1_500
MOST_TYPED = 400  # characters of a query
MOST_WORDS = 10
# A typed word of this length or longer also finds words that begin with it.
PREFIX_FROM = 3
# Words this long are found with one letter wrong, missing, doubled or swapped.
TYPO_FROM = 4
TYPO_MARK = "z"  # keeps misspellings apart from words in the one index


class QueryWord(NamedTuple):
    """One word of a query and the terms that count as finding it."""

    exact: tuple[str, ...]  # what was typed, without article and sure clitics
    stems: tuple[str, ...]
    prefixes: tuple[str, ...]
    typos: tuple[str, ...]


def document_terms(text: str) -> list[str]:
    """Every term a text is found under, in order of first appearance."""
    found: dict[str, None] = {}
    for word in tokens(text[:MOST_INDEXED]):
        if word not in STOP_WORDS:
            found.update(dict.fromkeys(_terms_of(word)))
        if len(found) >= MOST_TERMS:
            break
    return list(found)


def typo_terms(text: str) -> list[str]:
    """Marked misspellings of a title's stems: each with one letter left out, and itself.

    A query's misspelt word meets them when it is one edit away, because both sides lose the
    letter they differ in.
    """
    found: dict[str, None] = {}
    for word in tokens(text[:MOST_TYPED]):
        if word not in STOP_WORDS:
            found.update(dict.fromkeys(_misspellings(stems(word)[0])))
    return list(found)


@lru_cache(maxsize=16_384)
def _terms_of(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, *bases(word), *stems(word))))


@lru_cache(maxsize=16_384)
def _misspellings(stem: str) -> tuple[str, ...]:
    if len(stem) < TYPO_FROM or len(stem) >= LONGEST_TOKEN or stem.isdecimal():
        return ()
    shorter = {stem[:i] + stem[i + 1 :] for i in range(len(stem))}
    return tuple(TYPO_MARK + form for form in (stem, *sorted(shorter)))


def query_words(query: str) -> list[QueryWord]:
    """What to look for, at most ten words; empty when nothing in the text can be looked up."""
    typed = list(dict.fromkeys(tokens(query[:MOST_TYPED])))
    wanted = [word for word in typed if word not in STOP_WORDS] or typed
    return [_query_word(word) for word in wanted[:MOST_WORDS]]


def _query_word(word: str) -> QueryWord:
    base, likely = sure_base(word), stems(word)
    return QueryWord(
        exact=tuple(dict.fromkeys((word, base))),
        stems=tuple(dict.fromkeys((*likely, *bases(word)[1:]))),
        prefixes=tuple(p for p in dict.fromkeys((word, base)) if len(p) >= PREFIX_FROM),
        typos=_misspellings(likely[0]) or (TYPO_MARK + likely[0],),
    )


EXACT, STEM, PREFIX, BODY = 8, 6, 3, 0


def score(words: Iterable[QueryWord], title_terms: str) -> int:
    """How well a title answers: words, then stems, then beginnings; short titles first."""
    padded = f" {title_terms} "
    total = 0
    for word in words:
        if any(f" {term} " in padded for term in word.exact):
            total += EXACT
        elif any(f" {term} " in padded for term in word.stems):
            total += STEM
        elif any(f" {term}" in padded for term in word.prefixes):
            total += PREFIX
    return total * 100 - min(padded.count(" "), 99) if total else BODY
