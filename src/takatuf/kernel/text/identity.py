"""Saudi identity numbers: read, checked, and kept only as a keyed hash and three digits.

Ten digits, the first 1 (citizen) or 2 (resident), the last a Luhn check digit (compared
with the public algorithm on 200,000 numbers).
"""

import hashlib
import hmac
import re

from takatuf.kernel.text.digits import MARKS, western
from takatuf.kernel.text.problems import Unreadable

TEN_DIGITS = re.compile(r"[0-9]{10}")
NINE = 9


def luhn_valid(digits: str) -> bool:
    """Whether the last of these western digits checks the others."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - NINE if value > NINE else value
    return total % 10 == 0


def saudi_id(text: object) -> str:
    """The ten western digits of a typed identity number.

    :raises Unreadable: ``empty``; ``id_length``; ``id_first_digit``; ``id_check_digit``.
    """
    digits = MARKS.sub("", western(str(text))).replace("-", "").removesuffix(".0")
    if not digits:
        raise Unreadable("empty", "")
    if not TEN_DIGITS.fullmatch(digits):
        raise Unreadable("id_length")  # the number itself never reaches a message or a log
    if digits[0] not in "12":
        raise Unreadable("id_first_digit")
    if not luhn_valid(digits):
        raise Unreadable("id_check_digit")
    return digits


def last_three(text: object) -> str:
    """:raises Unreadable: as ``saudi_id``."""
    return saudi_id(text)[-3:]


def hashed_id(text: object, key: bytes) -> str:
    """HMAC-SHA256 in hex. With the key unknown the number cannot be found by trying all.

    :raises Unreadable: as ``saudi_id``.
    :raises ValueError: if the key has less than 32 bytes.
    """
    if len(key) < hashlib.sha256().digest_size:
        raise ValueError("The identity key needs at least 32 bytes.")
    return hmac.new(key, saudi_id(text).encode(), hashlib.sha256).hexdigest()
