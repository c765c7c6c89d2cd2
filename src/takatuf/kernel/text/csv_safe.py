"""Cells that a spreadsheet will not run.

A spreadsheet reads a cell that begins with = + - @ (also in full width) or with a tab or a
line break as a formula. Such text goes out behind an apostrophe, which spreadsheets take as
"this is text", and ``original`` takes exactly that apostrophe off when a file comes back.
"""

import re

RISKY = re.compile(
    r"(?:'*[\t\r\n]|['\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]*"
    r"[=+\-@＝＋－＠﹦﹢﹣﹫−|%])"
)


def safe(value: object) -> object:
    """The value for a cell: text that could run gets an apostrophe, all else is unchanged."""
    return f"'{value}" if isinstance(value, str) and RISKY.match(value) else value


def original(value: object) -> object:
    """What ``safe`` was given: ``original(safe(x)) == x`` for every x."""
    if isinstance(value, str) and value.startswith("'") and RISKY.match(value[1:]):
        return value[1:]
    return value
