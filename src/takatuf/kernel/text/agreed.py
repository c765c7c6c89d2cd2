"""The shape of texts people agree to: charter, consent, covenant.

One paragraph a line; a line that starts with ``#`` is a heading, with ``-`` a point.
"""

from typing import NamedTuple


class Line(NamedTuple):
    kind: str  # heading, point, text
    words: str


def lines(text: str) -> list[Line]:
    """The text's lines with their kinds, for the template ``ui/agreed.html``."""
    return [_line(raw.strip()) for raw in text.splitlines() if raw.strip()]


def _line(raw: str) -> Line:
    if raw.startswith("#"):
        return Line("heading", raw.lstrip("# "))
    if raw.startswith("-"):
        return Line("point", raw.lstrip("- "))
    return Line("text", raw)
