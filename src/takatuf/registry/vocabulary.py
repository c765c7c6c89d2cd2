"""The words people write in spreadsheets: places, skills, languages. Nothing is guessed."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from takatuf.kernel.text.arabic import normalise
from takatuf.registry import facts
from takatuf.registry.enums import SkillLevel

PLACE_PARTS = re.compile(r"[,،;؛/\\|\n()-]+")
LEVEL_WORDS = {
    SkillLevel.BASIC: ("مبتدي", "مبتدئ", "اساسي", "basic", "beginner"),
    SkillLevel.MEDIUM: ("متوسط", "جيد", "medium", "intermediate", "good"),
    SkillLevel.EXPERT: (
        "خبير",
        "متقدم",
        "محترف",
        "ممتاز",
        "expert",
        "advanced",
        "professional",
    ),
}
LEVELS = {normalise(word): level for level, words in LEVEL_WORDS.items() for word in words}
LANGUAGE_WORDS = {
    "ar": ("العربية", "عربي", "arabic"),
    "en": ("الإنجليزية", "انجليزي", "إنجليزية", "english"),
    "sgn-sa": ("لغة الإشارة", "إشارة", "sign language"),
    "ur": ("الأردية", "أردو", "urdu"),
    "hi": ("الهندية", "هندي", "hindi"),
    "bn": ("البنغالية", "بنغالي", "bengali"),
    "id": ("الإندونيسية", "إندونيسي", "indonesian"),
    "tl": ("الفلبينية", "فلبيني", "filipino", "tagalog"),
    "tr": ("التركية", "تركي", "turkish"),
    "fa": ("الفارسية", "فارسي", "persian", "farsi"),
    "fr": ("الفرنسية", "فرنسي", "french"),
    "zh": ("الصينية", "صيني", "chinese"),
}


@lru_cache(maxsize=4096)  # of a sheet with a thousand rows nearly all say the same words
def plain(word: str) -> str:
    """A word or phrase with the article, punctuation and spelling variants gone."""
    words = normalise(re.sub(r"[^\w\s]", " ", word)).split()
    return " ".join(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in words)  # noqa: PLR2004


LANGUAGE_CODES = {plain(word): code for code, names in LANGUAGE_WORDS.items() for word in names}


def place_name(word: str) -> str:
    """Without a leading word for governorate or city, or a final hamza: ضباء is ضبا."""
    return plain(word).removeprefix("محافظه ").removeprefix("مدينه ").removesuffix("ء")


def place_codes() -> dict[str, str]:
    """Every spelling we know → the governorate's code."""
    known = {place_name(row["name"]): row["code"] for row in facts.rows("places")}
    for row in facts.rows("governorates"):
        known |= {place_name(row[name]): row["code"] for name in ("name_ar", "name_en", "code")}
    return known


def read_place(text: str | None, known: Mapping[str, str]) -> str:
    """The governorate a cell names, as a whole or in one of its parts; "" if none, or two."""
    if not text:
        return ""
    whole = known.get(place_name(text))
    if whole:
        return whole
    parts = {known.get(place_name(part), "") for part in PLACE_PARTS.split(text)} - {""}
    return parts.pop() if len(parts) == 1 else ""


def skill_words(skills: Iterable) -> dict[str, int]:
    """Names and other words → the skill's key. A word of two skills belongs to the first."""
    by_code = {row["code"]: row["synonyms"] for row in facts.rows("skills")}
    known: dict[str, int] = {}
    skills = list(skills)
    for skill in skills:
        for name in (skill.name_ar, skill.name_en):
            known.setdefault(plain(name), skill.pk)
    for skill in skills:
        for word in (by_code.get(skill.code) or "").split("|"):
            if word:
                known.setdefault(plain(word), skill.pk)
    return known


def read_skills(
    words: Iterable[str], known: Mapping[str, int]
) -> tuple[dict[int, int], list[str]]:
    """Skills with the level written beside them (the lowest where none is), and the rest."""
    found: dict[int, int] = {}
    unknown = []
    for word in words:
        level, name = _level(plain(word))
        skill = known.get(name) or known.get(plain(word))
        if skill is None:
            unknown.append(word)
        else:
            found[skill] = max(level, found.get(skill, 0))
    return found, unknown


def read_languages(words: Iterable[str]) -> tuple[set[str], list[str]]:
    """Language codes, and words that are no language we keep."""
    found, unknown = set(), []
    for word in words:
        name = plain(word)
        code = LANGUAGE_CODES.get(name) or LANGUAGE_CODES.get(name.removeprefix("لغه "))
        if code:
            found.add(code)
        else:
            unknown.append(word)
    return found, unknown


def _level(words: str) -> tuple[int, str]:
    kept = [word for word in words.split() if word not in LEVELS]
    named = [LEVELS[word] for word in words.split() if word in LEVELS]
    return (max(named) if named else SkillLevel.BASIC), " ".join(kept)
