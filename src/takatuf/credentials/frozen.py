"""What stays comparable after issue: the digest of what is printed, the hash of a name."""

import hashlib
import hmac
import json
from collections.abc import Iterator

from django.conf import settings

from takatuf.kernel.text.arabic import normalise

SALT = b"takatuf.credentials.names.v1"


def canonical(snapshot: dict) -> str:
    """The one way to write a snapshot as JSON: whoever has it can compute the digest again."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(snapshot: dict) -> str:
    """SHA-256 over the canonical snapshot."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def name_hash(name: str, serial: str) -> str:
    """What is kept to compare a typed name with, once the name itself is erased.

    Tashkeel, hamza forms and spaces do not count; the serial does, so that two certificates
    of one person do not show that they belong together.
    """
    return _hash(name, serial, settings.SECRET_KEY)


def is_name(kept: str, typed: str, serial: str) -> bool:
    """Whether ``typed`` is the name behind ``kept``, also under the secret keys of before."""
    return any(hmac.compare_digest(kept, one) for one in _hashes(typed, serial))


def _hashes(name: str, serial: str) -> Iterator[str]:
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        yield _hash(name, serial, secret)


def _hash(name: str, serial: str, secret: str) -> str:
    key = hmac.new(SALT, secret.encode(), hashlib.sha256).digest()
    text = json.dumps([serial, normalise(name)], ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
