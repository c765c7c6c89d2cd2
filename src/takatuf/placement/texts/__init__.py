"""The covenant minors sign, by version: a changed word is a new version and a new file.

One paragraph a line; a line that starts with ``#`` is a heading, with ``-`` a point.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

COVENANT_VERSION = "1"


class Line(NamedTuple):
    kind: str  # heading, point, text
    words: str


@cache
def covenant(version: str, language: str) -> tuple[Line, ...]:
    """What a volunteer under 18 signs before joining an opportunity.

    :raises FileNotFoundError: if there is no such version, which is a bug of the caller.
    """
    text = files(__package__).joinpath(f"covenant-{version}.{language}.txt")
    lines = text.read_text(encoding="utf-8").splitlines()
    return tuple(_line(raw.strip()) for raw in lines if raw.strip())


def _line(raw: str) -> Line:
    if raw.startswith("#"):
        return Line("heading", raw.lstrip("# "))
    if raw.startswith("-"):
        return Line("point", raw.lstrip("- "))
    return Line("text", raw)
