"""Texts people agree to, by version: a changed word is a new version and a new file.

Whoever agreed to an older one agreed to that one and reads it, until the consent ends.

Their shape is that of ``kernel/text/agreed.py``.
"""

from functools import cache
from importlib.resources import files

from takatuf.kernel.text import agreed

CHARTER_VERSION = "1"
CONSENT_VERSION = "2"


@cache
def read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def consent(version: str, language: str) -> list[agreed.Line]:
    """What a guardian agrees to.

    :raises FileNotFoundError: if there is no such version, which is a bug of the caller.
    """
    return agreed.lines(read(f"guardian-consent-{version}.{language}.txt"))
