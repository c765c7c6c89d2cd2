"""What a request names that anybody could have written: a next page, a row, where from."""

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_PATH = 2000
LONGEST_KEY = 18  # digits: what a row's key can have


def page_of_ours(wanted: str) -> str:
    """``wanted`` if it is the path of a page here, else nothing.

    ``next=`` may hold anything: another site, or a word that is no address at all.
    """
    is_path = wanted.startswith("/") and len(wanted) <= LONGEST_PATH
    return wanted if is_path and url_has_allowed_host_and_scheme(wanted, None) else ""


def row_key(typed: str) -> int | None:
    """The key of a row as an address or a button names it, or None for anything else."""
    if len(typed) > LONGEST_KEY or not (typed.isascii() and typed.isdecimal()):
        return None
    return int(typed)


def connection_of(request: HttpRequest) -> str:
    """The address the request came from, for counting tries.

    Behind a proxy (TAKATUF_BEHIND_PROXY) the one it added to X-Forwarded-For, else the peer's:
    never what the client claims.
    """
    return get_client_ip(request) or ""
