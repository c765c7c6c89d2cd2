"""What must be read again but is nobody else's: sealed under this installation's key.

Today's key seals; the keys named in TAKATUF_OLD_SECRET_KEYS still open. Each use has a key of
its own, derived from theirs. Whoever holds only the database, the files or a backup reads none
of it. Sealing is Fernet's (AES-128-CBC with HMAC-SHA256).
"""

import base64
import io
import json
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

PIECE = 256 * 1024  # bytes of a file sealed at a time
_LENGTH = 4  # bytes that say how long a sealed piece is
_STORED = "takatuf.kernel.sealing"


def box(purpose: str) -> MultiFernet:
    """What seals and opens for one use.

    :param purpose: names the use; what is sealed for one opens for no other.
    """
    return _box(purpose, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=16)
def _box(purpose: str, *secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(purpose, secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> bytes:
    digest = salted_hmac(purpose, "seal", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)


class SealedJSONField(models.Field):
    """JSON that the database cannot read: the only question it answers is whether it is empty.

    Empty is the default (``list``, ``str``) and stands unsealed as the empty text, so that
    ``filter(cells="")`` finds it. What no key opens any more reads as empty, and is logged.
    """

    def __init__(self, *, default: Any, **options: Any):
        super().__init__(default=default, **options)

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, stored: str | None, _expression: Any, _connection: Any) -> Any:
        if not stored:
            return self.get_default()
        try:
            return json.loads(box(_STORED).decrypt(stored.encode()))
        except InvalidToken:
            logger.warning("%s: sealed under a key that is no longer named", self)
            return self.get_default()

    def get_prep_value(self, value: Any) -> str:
        if not value:
            return ""
        return box(_STORED).encrypt(json.dumps(value).encode()).decode()

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)


# ---------------------------------------------------------------- files
class Unopened(ValueError):
    """The file is not whole, or sealed under a key that is no longer named."""


def seal_file(plain: Path, sealed: Path) -> None:
    """Write a sealed copy, at constant memory."""
    with plain.open("rb") as source, sealed.open("wb") as target:
        while piece := source.read(PIECE):
            token = box(_STORED).encrypt(piece)
            target.write(len(token).to_bytes(_LENGTH) + token)


def open_sealed(sealed: Path) -> io.BufferedReader:
    """What was sealed, as a stream of bytes at constant memory.

    :raises FileNotFoundError: if there is no such file.
    :raises Unopened: while reading.
    """
    return io.BufferedReader(_Opened(sealed))


class _Opened(io.RawIOBase):
    def __init__(self, sealed: Path):
        self._file = sealed.open("rb")
        self._pieces = self._opened()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left = self._left or next(self._pieces, b"")
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _opened(self) -> Iterator[bytes]:
        while head := self._file.read(_LENGTH):
            try:
                yield box(_STORED).decrypt(self._file.read(int.from_bytes(head)))
            except InvalidToken:
                raise Unopened(self._file.name) from None

    def close(self) -> None:
        self._file.close()
        super().close()
