"""How alike two people's names are, for proposing duplicates. Never for merging alone."""

from functools import lru_cache
from typing import Generic, TypeVar

from takatuf.kernel.text.arabic import TITLES, tokens

T = TypeVar("T")
LINKS = frozenset(("بن", "ابن", "بنت", "ابنه", "ال", "bin", "ibn", "bint", "al", "el"))
JOINED = frozenset(("عبد", "ابو", "ابا", "ابي", "ام", "abd", "abdul", "abu", "um", "umm"))
SAME_WORD = 0.8  # from here on two spellings are one name
ALIKE = 0.8  # of whole names: from here on worth showing to a person
FIRST_ALIKE = 0.59  # below it no rest of two names makes them alike


def name_parts(name: str) -> list[str]:
    """The parts that tell: titles, بن and بنت and the article dropped, عبد الله joined."""
    words = [word for word in tokens(name) if word not in LINKS]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return [_key(part) for part in _joined(words)]


def is_full(name: str) -> bool:
    """Whether it names more than a first name: سارة, عبد الله and بنت سالم are one each."""
    words = [word for word in tokens(name) if word not in LINKS and not word.isdecimal()]
    return len(_joined(words)) > 1


def _joined(words: list[str]) -> list[str]:
    parts: list[str] = []
    for word in words:
        if parts and parts[-1] in JOINED:
            parts[-1] += word
        else:
            parts.append(word)
    return parts


def _key(part: str) -> str:
    """عبدالله, عبد الله and عبداللة meet; so do العنزي and عنزي, ضياء and ضيا."""
    if part.startswith("ال") and len(part) > 4:  # noqa: PLR2004 - ال and three letters
        part = part[2:]
    return part.removesuffix("ء") or part


def name_similarity(a: str, b: str) -> float:
    """0.0 to 1.0; symmetric; 1.0 for spellings of one name, about 0.5 for brothers.

    The first name weighs half: fathers' and families' names are shared by many. A name given
    in two parts and the same in four score about 0.85: worth showing to a person.
    """
    return _similarity(name_parts(a), name_parts(b))


def _similarity(left: list[str], right: list[str]) -> float:
    if not left or not right:
        return 0.0
    if left == right or "".join(left) == "".join(right):
        return 1.0
    first = word_similarity(left[0], right[0])
    if len(left) == 1 or len(right) == 1:
        return round(0.7 * first, 4)
    shorter, longer = sorted((left[1:], right[1:]), key=lambda parts: (len(parts), parts))
    rest = _in_order(shorter, longer) / len(shorter)
    missing = (len(longer) - len(shorter)) / len(longer)
    return round(0.5 * first + 0.5 * rest * (1 - 0.45 * missing), 4)


class Namesakes(Generic[T]):
    """Things by a name, found by any name alike: all of them, in the order they were added.

    Most names are told apart by the first one, which weighs half of the likeness: of many
    thousand people only those of a like first name are compared in full.
    """

    __slots__ = ("_by_first", "_count")

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[int, list[str], T]]] = {}
        self._count = 0

    def add(self, name: str, thing: T) -> None:
        parts = name_parts(name) or [""]
        self._by_first.setdefault(parts[0], []).append((self._count, parts, thing))
        self._count += 1

    def like(self, name: str) -> list[T]:
        parts = name_parts(name)
        joined = "".join(parts)
        found = [
            (place, thing)
            for first, named in self._by_first.items()
            if parts
            and (joined.startswith(first) or word_similarity(first, parts[0]) >= FIRST_ALIKE)
            for place, other, thing in named
            if _similarity(other, parts) >= ALIKE
        ]
        return [thing for _place, thing in sorted(found, key=lambda pair: pair[0])]


def _in_order(shorter: list[str], longer: list[str]) -> float:
    """Best sum of similarities when the parts keep their order (longest common subsequence)."""
    row = [0.0] * (len(longer) + 1)
    for mine in shorter:
        previous, row = row, [0.0]
        for place, theirs in enumerate(longer):
            alike = word_similarity(mine, theirs)
            alike = alike if alike >= SAME_WORD else alike / 2
            row.append(max(previous[place] + alike, previous[place + 1], row[place]))
    return row[-1]


@lru_cache(maxsize=50_000)  # the names of thousands are made of some hundred words
def word_similarity(a: str, b: str) -> float:
    """1 minus the edit distance (a swap of neighbours counts one) by the longer length."""
    if a == b:
        return 1.0
    longest = max(len(a), len(b))
    return 1 - edit_distance(a, b) / longest


def edit_distance(a: str, b: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours from one to the other."""
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
