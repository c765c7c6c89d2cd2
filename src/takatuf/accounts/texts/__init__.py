"""Texts people agree to, by version: a changed word is a new version and a new file.

One paragraph a line; a line that starts with ``#`` is a heading, with ``-`` a point.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

CHARTER_VERSION = "1"
CONSENT_VERSION = "1"


class Line(NamedTuple):
    kind: str  # heading, point, text
    words: str


@cache
def read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def lines(text: str) -> list[Line]:
    """The text's lines with their kinds, for a template."""
    return [_line(raw.strip()) for raw in text.splitlines() if raw.strip()]


def consent(version: str, language: str) -> list[Line]:
    """What a guardian agrees to.

    :raises FileNotFoundError: if there is no such version, which is a bug of the caller.
    """
    return lines(read(f"guardian-consent-{version}.{language}.txt"))


def _line(raw: str) -> Line:
    if raw.startswith("#"):
        return Line("heading", raw.lstrip("# "))
    if raw.startswith("-"):
        return Line("point", raw.lstrip("- "))
    return Line("text", raw)
