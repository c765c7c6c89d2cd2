"""Whole pages kept by each process, for visitors nothing is known about.

A view that calls ``keep`` says what its page rests on: a stamp, and how to ask for it again.
The page is given out only while the question has the same answer and the clock shows the
same minute, so it is never older than a commit. Nothing is kept that was made for one
visitor: a cookie that could matter, coming or going, keeps a page out.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import brotli  # type: ignore[import-untyped]
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

MOST_PAGES = 300  # kept by each process, some 35 KB each
LONGEST_ADDRESS = 500
SECONDS = 60
QUALITY = 5  # of brotli's 11: a twentieth of the time for a tenth more bytes
HARMLESS = frozenset({"csrftoken", "django_language"})  # they do not change what a page says
Ask = Callable[[], object]


@dataclass(frozen=True)
class Promise:
    """What a page rests on, as it was before the page was made."""

    stamp: object
    ask: Ask
    minute: int

    def holds(self) -> bool:
        """No, too, where the database does not say: the page drawn anew tells of trouble."""
        if self.minute != int(time.time()) // SECONDS:
            return False
        try:
            return self.ask() == self.stamp
        except DatabaseError:
            return False


@dataclass
class Page:
    promise: Promise
    headers: list[tuple[str, str]]
    body: bytes
    packed: bytes = field(default=b"")  # made when first asked for

    def response(self, *, takes_brotli: bool) -> HttpResponse:
        if not takes_brotli:
            return self._with(self.body)
        self.packed = self.packed or brotli.compress(
            self.body, mode=brotli.MODE_TEXT, quality=QUALITY
        )
        response = self._with(self.packed)
        response["Content-Encoding"] = "br"
        return response

    def _with(self, body: bytes) -> HttpResponse:
        response = HttpResponse(body)
        for name, value in self.headers:
            response[name] = value
        response["Content-Length"] = str(len(body))
        return response


def keep(response: HttpResponse, *, stamp: object, ask: Ask, at: datetime) -> HttpResponse:
    """Let the page be given to others while ``ask()`` equals ``stamp``.

    :param stamp: asked for before anything of the page was read.
    :param at: the moment the page speaks of.
    """
    response.promise = Promise(stamp, ask, int(at.timestamp()) // SECONDS)  # type: ignore[attr-defined]
    response["Vary"] = "Cookie, HX-Request, Accept-Encoding"
    response["Cache-Control"] = "private, no-cache"
    return response


class KeptPagesMiddleware:
    """Stands before everything that costs time and sets nothing for one visitor alone."""

    def __init__(self, get_response):
        self.get_response = get_response
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request):
        # Inside a transaction one sees what is nobody else's to see.
        if not may_be_kept(request) or connection.in_atomic_block:
            return self.get_response(request)
        key = _key(request)
        page = self._kept(key)
        if page is not None and page.promise.holds():
            accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
            return page.response(takes_brotli="br" in accepted)
        response = self.get_response(request)
        if page := _page_of(request, response):
            self._keep(key, page)
        return response

    def _kept(self, key: tuple) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def _keep(self, key: tuple, page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def may_be_kept(request: HttpRequest) -> bool:
    """Whether this visitor is like any other: views may then ask for their stamp."""
    return (
        request.method == "GET"
        and HARMLESS.issuperset(request.COOKIES)
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_ADDRESS
    )


def _key(request: HttpRequest) -> tuple:
    """The language is in the path: Arabic at /, English at /en/."""
    return (
        request.is_secure(), request.get_host(), request.get_full_path(),
        request.META.get("HTTP_HX_REQUEST", ""),
        request.META.get("HTTP_HX_HISTORY_RESTORE_REQUEST", ""),
    )  # fmt: skip


def _page_of(request: HttpRequest, response: HttpResponse) -> Page | None:
    """What may be kept of an answer; None where it was made for one visitor."""
    promise = getattr(response, "promise", None)
    own = (
        response.cookies
        or getattr(request, "_csp_nonce", None)
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )
    if promise is None or own or response.status_code != 200:  # noqa: PLR2004
        return None
    return Page(promise, list(response.items()), response.content)
