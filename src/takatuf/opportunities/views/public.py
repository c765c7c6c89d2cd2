"""The public list."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from takatuf.opportunities import queries
from takatuf.opportunities.enums import Sort
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.showing import card_html, chosen, panel

MOST_PAGES = 300  # kept by each process, some 30 KB each
# Cookies that do not change what the page says.
HARMLESS = {"csrftoken", "django_language"}
_pages: OrderedDict[tuple, bytes] = OrderedDict()
_pages_lock = Lock()


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Filters, counts and a page of cards, as committed at this moment."""
    now = timezone.now()
    key = _key(request, now)
    if key and (page := _kept(key)):
        return _fresh(HttpResponse(page))
    filters = Filters.read(request.GET)
    response = render(request, _template(request), _context(filters, request, now))
    if key:
        _keep(key, response.content)
    return _fresh(response)


def _template(request: HttpRequest) -> str:
    return "opportunities/list.html#results" if request.htmx else "opportunities/list.html"


def _context(filters: Filters, request: HttpRequest, now: datetime) -> dict:
    page = queries.listing(filters, after=request.GET.get("after", ""), at=now)
    language = get_language()
    nearest = None if page.cards or not filters.is_narrow else queries.nearest(filters, at=now)
    return {
        "filters": filters,
        "panel": panel(filters, page.counts, is_open=filters.is_narrow),
        "chosen": chosen(filters),
        "cards": SafeString("".join(card_html(card, language) for card in page.cards)),
        "total": page.total,
        "corrected": page.corrected,
        "nearest": nearest
        and {"query": nearest.query(), "count": queries.count(nearest, at=now)},
        "older": filters.query(after=page.next) if page.next else "",
        "first": filters.query() if request.GET.get("after") else "",
        "query": filters.query(),
        "sorts": Sort.choices,
    }


# ---------------------------------------------------------------- kept pages
def _key(request: HttpRequest, now: datetime) -> tuple | None:
    """Under what the page may be kept: the address, the language, the list's stamp, the
    minute. None for whoever is signed in, or brings a cookie that could change the page.
    """
    if set(request.COOKIES) - HARMLESS or request.method != "GET":
        return None
    stamp = tuple(sorted(queries.shard_numbers().items()))
    minute = int(now.timestamp()) // 60
    return (
        request.get_host(),
        request.get_full_path(),
        get_language(),
        bool(request.htmx),
        minute,
        stamp,
    )


def _kept(key: tuple) -> bytes | None:
    with _pages_lock:
        return _pages.get(key)


def _keep(key: tuple, page: bytes) -> None:
    if b"csrfmiddlewaretoken" in page:
        return  # a token belongs to one visitor
    with _pages_lock:
        _pages[key] = page
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, HX-Request"
    return response
