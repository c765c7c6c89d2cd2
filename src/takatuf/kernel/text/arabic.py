"""Arabic text made comparable: folding, words, sort keys, names, addresses.

The folded forms are for shadow columns and comparisons, never for showing.
"""

import re
import unicodedata

from takatuf.kernel.text.digits import western
from takatuf.kernel.text.problems import Unreadable

# What decomposition alone does not bring to one letter.
VARIANTS = {
    "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ێ": "ي", "ے": "ي", "ۑ": "ي",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ک": "ك", "ڪ": "ك", "ګ": "ك", "گ": "ك", "ݣ": "ك", "پ": "ب", "چ": "ج", "ژ": "ز",
    "ڤ": "ف", "ڨ": "ق", "ں": "ن", "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ۆ": "و", "ۇ": "و",
    "ـ": "", "ٴ": "",
}  # fmt: skip
WORD = re.compile(r"[^\W_]+")
LONGEST_TOKEN = 40
ARTICLE_NEEDS = 3  # letters that must remain behind ال for it to be an article
TITLES = frozenset(  # folded, as tokens() gives them
    word
    for line in (
        "استاذ استاذه دكتور دكتوره مهندس مهندسه شيخ شيخه سيد سيده امير اميره محامي محاميه",
        "معالي سعاده سمو فضيله ا د م dr mr mrs ms eng prof",
    )
    for bare in line.split()
    for word in (bare, f"ال{bare}")
)
NUMBER_WIDTH = 6


def _fold(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs"):  # control characters and half surrogates part words
        return " "
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(
        western(VARIANTS.get(letter, letter))
        for letter in folded
        if unicodedata.category(letter) not in ("Mn", "Me", "Cf")
    )


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = _fold(chr(code))
        return self[code]


_FOLDING = _Folding()


def normalise(text: str) -> str:
    """One spelling for what people read as the same.

    Compatibility forms, combining marks (tashkeel, accents), tatweel, bidi and zero-width
    marks go; أإآٱ → ا, ى ئ → ي, ؤ → و, ة → ه; Persian and Urdu letters become their Arabic
    neighbours; digits become 0-9; case is folded; runs of white space become one space.
    Works character by character, so it is idempotent and respects concatenation.
    """
    return " ".join(text.translate(_FOLDING).split())


def tokens(text: str) -> list[str]:
    """The normalised words and numbers in order; punctuation and ``_`` part them."""
    return [word[:LONGEST_TOKEN] for word in WORD.findall(normalise(text))]


def _without_article(word: str) -> str:
    """A raw word without ال. A hamza shows that ال belongs to the word (إلهام, ألعاب)."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", word)
        if c != "ـ" and unicodedata.category(c) not in ("Mn", "Cf")
    )  # fmt: skip
    return plain[2:] if plain.startswith("ال") and len(plain) >= 2 + ARTICLE_NEEDS else plain


def sort_key(text: str, *, ignore_titles: bool = False, length: int = 140) -> str:
    """A string whose plain comparison gives the order an Arabic reader expects.

    For columns: SQLite has no ICU. ال is ignored on every word, numbers are padded so that 2
    stands before 10, letters are folded as in ``normalise``. On PostgreSQL give the column
    ``db_collation="C"``, so that both engines sort alike.

    :param ignore_titles: leave out الأستاذ, د., Eng. in front of a person's name.
    :param length: of the column; the key is cut there.
    """
    words = [word for raw in text.split() for word in tokens(_without_article(raw))]
    if ignore_titles:
        while len(words) > 1 and words[0] in TITLES:
            words.pop(0)
    return " ".join(w.zfill(NUMBER_WIDTH) if w.isdecimal() else w for w in words)[:length]


def clean_name(text: str, *, length: int = 120) -> str:
    """A name as it will be shown: outer and doubled spaces, bidi marks and tatweel gone.

    :raises Unreadable: ``empty``; ``control_characters``; ``symbols`` for pictures and signs
        such as ``<`` and ``=``, which no certificate could print; ``no_letters`` for digits
        and punctuation alone; ``too_long``.
    """
    visible = "".join(c for c in text if c != "ـ" and unicodedata.category(c) != "Cf")
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not name:
        raise Unreadable("empty", text)
    kinds = {unicodedata.category(c) for c in name if c != "+"}
    if kinds & {"Cc", "Cs", "Co", "Cn"}:
        raise Unreadable("control_characters", text)
    if any(kind.startswith("S") for kind in kinds):
        raise Unreadable("symbols", text)
    if not any(kind.startswith("L") for kind in kinds):
        raise Unreadable("no_letters", text)
    if len(name) > length:
        raise Unreadable("too_long", text)
    return name


def is_arabic(text: str) -> bool:
    """Whether it has at least one Arabic letter."""
    return any(c.isalpha() and unicodedata.name(c, "").startswith("ARABIC") for c in text)


def slug(text: str, *, length: int = 60) -> str:
    """An address part that keeps Arabic letters: ``حملة «الخير» ٢`` → ``حملة-الخير-2``.

    Empty if the text has neither letter nor digit: put the number in the address as well.
    """
    plain = western(unicodedata.normalize("NFKC", text)).lower()
    kept = "".join(c for c in plain if c != "ـ" and unicodedata.category(c) not in ("Mn", "Cf"))
    cut = ""
    for word in WORD.findall(kept):
        longer = f"{cut}-{word}" if cut else word[:length]
        if len(longer) > length:
            break
        cut = longer
    return cut
