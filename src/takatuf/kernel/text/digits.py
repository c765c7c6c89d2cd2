"""Digits of any script become 0-9; numbers as people type them become numbers."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from takatuf.kernel.text.problems import Unreadable

# Arabic decimal and thousands signs, the Arabic comma people type instead, and the minus
# signs that spreadsheets and phones produce.
SIGNS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "−": "-", "–": "-", "﹣": "-", "－": "-"})
MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\s]+")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
LONGEST = 40


class _Western(dict[int, "int | str"]):
    """Filled as characters are met, so importing costs nothing."""

    def __missing__(self, code: int) -> "int | str":
        value = unicodedata.decimal(chr(code), None)
        self[code] = code if value is None else str(value)
        return self[code]


_WESTERN = _Western()


def western(text: str) -> str:
    """The text with every decimal digit, of whatever script, as 0-9. Nothing else changes."""
    return text.translate(_WESTERN)


def parse_decimal(text: object) -> Decimal:
    """``٣٬٥٠٠٫٢٥`` → 3500.25. A lone comma before one or two digits is a decimal point.

    :raises Unreadable: ``empty``, ``not_a_number``; ``out_of_range`` for digits without end.
    """
    typed = str(text)
    plain = MARKS.sub("", western(typed).translate(SIGNS))
    if plain.endswith("-"):  # right-to-left typing leaves the sign behind the number
        plain = "-" + plain[:-1]
    if not plain:
        raise Unreadable("empty", typed)
    if len(plain) > LONGEST:
        raise Unreadable("out_of_range" if plain.isdecimal() else "not_a_number", typed)
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not PLAIN.fullmatch(plain):
        raise Unreadable("not_a_number", typed)
    try:
        return Decimal(plain)
    except InvalidOperation:  # pragma: no cover - PLAIN admits nothing Decimal refuses
        raise Unreadable("not_a_number", typed) from None


def parse_int(text: object) -> int:
    """``٢٠`` → 20, ``20.0`` → 20.

    :raises Unreadable: as ``parse_decimal`` does; ``not_whole``.
    """
    value = parse_decimal(text)
    if value != value.to_integral_value():
        raise Unreadable("not_whole", text)
    return int(value)
