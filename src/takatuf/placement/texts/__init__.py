"""The covenant minors sign, by version: a changed word is a new version and a new file.

Its shape is that of ``kernel/text/agreed.py``.
"""

from functools import cache
from importlib.resources import files

from takatuf.kernel.text import agreed

COVENANT_VERSION = "1"


@cache
def covenant(version: str, language: str) -> list[agreed.Line]:
    """What a volunteer under 18 signs before joining an opportunity.

    :raises FileNotFoundError: if there is no such version, which is a bug of the caller.
    """
    text = files(__package__).joinpath(f"covenant-{version}.{language}.txt")
    return agreed.lines(text.read_text(encoding="utf-8"))
