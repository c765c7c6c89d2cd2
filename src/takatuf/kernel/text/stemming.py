"""Light stemming: the same word behind its clitics, article and endings.

No dictionary of roots: what joins to an Arabic word in front (و ف ب ك ل ال) and behind
(endings of number, gender, possession) is taken off, and broken plurals, which no rule
reaches, are listed in ``plurals``. Works on folded words (``arabic.normalise``).
"""

import re
from functools import lru_cache

from takatuf.kernel.text.plurals import SINGULARS

MOST_ENDINGS = 6
LEAST = 3  # letters that remain once a clitic is off
# Endings, longest first, with the letters that must remain for each.
ENDINGS = (
    ("هما", 3), ("هم", 3), ("هن", 3), ("كم", 3), ("نا", 3), ("ها", 3),
    ("ات", 2), ("تين", 3), ("تان", 3), ("ون", 3), ("ين", 3), ("ان", 3),
    ("يه", 2), ("ه", 2), ("ي", 2), ("ا", 3), ("ء", 2),
)  # fmt: skip
# و or ف and then ال, or ال behind its preposition: no word begins so by itself, bar a few.
SURE_CLITICS = re.compile(r"(?!والد)(?:[وف]?[بكف]?ال|[وف]?لل)(?=\w{2})")
DOUBLE_LAM = re.compile(r"[وف]?لل(?=\w{2})")
POSSESSIVES = frozenset(("هما", "هم", "هن", "كم", "نا", "ها"))


# Common words that begin with و of their own.
def sure_base(folded: str) -> str:
    """A folded word behind the clitics that cannot be mistaken for its own letters."""
    found = SURE_CLITICS.match(folded)
    return _strip_article(folded[found.end() :] if found else folded)


@lru_cache(maxsize=65_536)
def bases(folded: str) -> tuple[str, ...]:
    """What a folded word may be behind its clitics: the sure answer, then doubtful ones.

    ``وبالتطوع`` → ``تطوع``; ``بتبوك`` → ``بتبوك``, ``تبوك``, for ب may be its own letter.
    """
    found = [sure_base(folded)]
    if not folded.startswith("ال") and SURE_CLITICS.match(folded):
        found.append(folded)  # bar a few: بالغين, فالح
    if lam := DOUBLE_LAM.match(folded):  # للجنة is ل and لجنة, its article unwritten
        found.append(folded[lam.end() - 1 :])
    for clitics in (("و", "ف"), ("ب", "ل", "ك")):
        for word in tuple(found):
            if word.startswith(clitics) and len(word) > LEAST:
                found += [sure_base(word[1:])]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65_536)
def stems(folded: str) -> tuple[str, ...]:
    """Every stem a folded word may have: the sure one, then doubtful ones of three letters."""
    sure, *doubtful = ((base, _strip_endings(base)) for base in bases(folded))
    kept = (stem for base, stem in doubtful if len(stem) >= LEAST or base[0] == "ل")
    return tuple(dict.fromkeys((sure[1], *kept)))


def _strip_article(word: str) -> str:
    """All ال in front: ألعاب and الألعاب then meet, since folding lost the hamza."""
    while word.startswith("ال") and len(word) > LEAST and word != "الله":
        word = word[2:]
    return word


def _strip_endings(word: str) -> str:
    if not "\u0600" <= word[:1] <= "\u06ff":
        return _strip_english(word)
    for _ in range(MOST_ENDINGS):
        previous = word
        word = SINGULARS.get(word, word)
        for ending, least in ENDINGS:
            if word.endswith(ending) and len(word) >= least + len(ending):
                word = word.removesuffix(ending)
                # مبادرتهم: before a possessive ة is written ت.
                if ending in POSSESSIVES and word.endswith("ت") and len(word) > LEAST:
                    word = word[:-1]
                break
        if word == previous:
            break
    return word


def _strip_english(word: str) -> str:
    """Plural s and -ing/-ed, enough for volunteers, volunteering, volunteered."""
    for ending, least in (("ies", 3), ("ing", 4), ("ed", 4), ("s", 3)):
        if word.endswith(ending) and len(word) >= least + len(ending) and word[-2:] != "ss":
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word
