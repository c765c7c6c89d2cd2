"""The keyed hash under which a Saudi identity number is kept.

The key derives from SECRET_KEY through a salt of its own, so neither can be had from the
other's use elsewhere. There are under 200 million valid numbers: whoever holds the key and
the database can try them all, whoever holds only the database (or a backup) cannot.

Changing SECRET_KEY changes every hash. Name the old key in TAKATUF_OLD_SECRET_KEYS and
``possible_hashes`` goes on finding people by it; drop the old key and numbers stored under it
can no longer be compared, so the same number could be entered a second time. Numbers
themselves are never stored, hence hashes can be renewed only when a person types the number
again.
"""

import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings

from takatuf.kernel.text.identity import hashed_id, last_three

SALT = b"takatuf.kernel.identities.v1"


class StoredId(NamedTuple):
    hash: str
    last_three: str


def stored_id(number: object) -> StoredId:
    """What to keep of an identity number.

    :raises takatuf.kernel.text.problems.Unreadable: if it is not a Saudi identity number.
    """
    return StoredId(hashed_id(number, _key(settings.SECRET_KEY)), last_three(number))


def possible_hashes(number: object) -> list[str]:
    """The hashes this number may be stored under, today's key first: look up with ``__in``.

    :raises takatuf.kernel.text.problems.Unreadable: if it is not a Saudi identity number.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashed_id(number, _key(key)) for key in keys]


def _key(secret: str) -> bytes:
    return hmac.new(SALT, secret.encode(), hashlib.sha256).digest()
