"""Links that answer one question without signing in.

A link proves that we gave it to somebody for one purpose; what it may still do is decided
by the state of the object it names, so the command behind it must be one that can be
repeated: a second use shows the same answer. Mail scanners open links on their own,
therefore GET shows a page with one button and only POST acts (``kernel.one_click``).
"""

import math
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError

MONTH = timedelta(days=30)


class BadLink(DomainError):
    """The link was not made by us for this purpose, or was damaged on its way."""


class ExpiredLink(DomainError):
    """The link was good once."""


def make(
    purpose: str, payload: dict, max_age: timedelta = MONTH, *, at: datetime | None = None
) -> str:
    """A token for a path: letters, digits, ``-``, ``_`` and one dot.

    :param purpose: ``placement.offer``; a token of one purpose is worth nothing for another.
    :param payload: few short JSON values (keys, no personal data: links are forwarded).
    """
    ends = math.floor(((at or timezone.now()) + max_age).timestamp())
    return _signer(purpose).sign_object([ends, payload])


def read(token: str, purpose: str, *, at: datetime | None = None) -> dict:
    """The payload of a token.

    :raises BadLink: if it was changed, cut, or made for something else.
    :raises ExpiredLink: if its time is over.
    """
    try:
        ends, payload = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink(
            _("This link is not complete. Open it again from the message, without retyping it.")
        ) from error
    if (at or timezone.now()).timestamp() >= ends:
        raise ExpiredLink(
            _("This link has expired. Ask for a new one, or sign in to see how things stand.")
        )
    return payload


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"takatuf.link.{purpose}", sep=".")
