"""Pages kept for visitors nothing is known about: never older than the stamp, never somebody's."""

from datetime import UTC, datetime

import brotli
import pytest
import time_machine
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from takatuf.kernel.kept_pages import MOST_PAGES, KeptPagesMiddleware, keep

NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
WORDS = "أهلًا بكم جميعًا " * 20


class Site:
    """A page that says how often it was drawn, and rests on ``stamp``."""

    def __init__(self):
        self.stamp, self.drawn, self.alter = 1, 0, lambda _request, _response: None
        self.ask_fails = False
        self.middleware = KeptPagesMiddleware(self.view)

    def view(self, request):
        self.drawn += 1
        response = HttpResponse(f"{WORDS}{self.drawn}")
        self.alter(request, response)
        return keep(response, stamp=self.stamp, ask=self.ask, at=datetime.now(UTC))

    def ask(self):
        if self.ask_fails:
            raise OperationalError("the disk is gone")
        return self.stamp

    def get(self, path="/page/", **headers):
        cookies = headers.pop("cookies", {})
        request = RequestFactory().get(path, headers=headers)
        request.COOKIES.update(cookies)
        return self.middleware(request)


@pytest.fixture
def site():
    with time_machine.travel(NOW, tick=False):
        yield Site()


def test_a_page_is_drawn_once_and_given_again_as_it_was(site):
    site.alter = lambda _request, response: response.headers.setdefault("X-Policy", "strict")
    first, second = site.get(), site.get()

    assert site.drawn == 1
    assert first.content == second.content
    assert second["X-Policy"] == "strict"
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Cache-Control"] == "private, no-cache"
    assert second["Vary"] == "Cookie, HX-Request, Accept-Encoding"
    assert second["Content-Length"] == str(len(second.content))


def test_a_moved_stamp_or_minute_draws_it_anew(site):
    site.get()
    site.stamp = 2
    assert site.get().content.endswith(b"2")
    with time_machine.travel(datetime(2026, 11, 23, 9, 1, tzinfo=UTC), tick=False):
        assert site.get().content.endswith(b"3")


def test_a_stamp_that_moves_while_the_page_is_drawn_is_noticed(site):
    def commit_meanwhile(_request, _response):
        site.stamp += 1

    def view(request):
        stamp = site.stamp
        response = site.view(request)
        return keep(response, stamp=stamp, ask=lambda: site.stamp, at=NOW)

    site.alter, site.middleware = commit_meanwhile, KeptPagesMiddleware(view)
    site.get()
    site.alter = lambda _request, _response: None

    assert site.get().content.endswith(b"2")
    assert site.get().content.endswith(b"2")


def test_a_database_in_trouble_is_left_to_the_page_to_tell(site):
    site.get()
    site.ask_fails = True
    assert site.get().content.endswith(b"2")


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/page/?n=1"},
        {"path": "/en/page/"},
        {"host": "127.0.0.1"},
        {"hx-request": "true"},
        {"hx-request": "true", "hx-history-restore-request": "true"},
    ],
)
def test_another_address_host_or_part_is_another_page(site, other):
    site.get()
    assert site.get(**other).content.endswith(b"2")
    assert site.get(**other).content.endswith(b"2")
    assert site.get().content.endswith(b"1")


@pytest.mark.parametrize("cookie", ["sessionid", "messages", "anything"])
def test_who_brings_a_cookie_neither_gets_a_kept_page_nor_leaves_one(site, cookie):
    own = {"cookies": {cookie: "x"}}
    assert site.get(**own).content.endswith(b"1")
    assert site.get().content.endswith(b"2")
    assert site.get(**own).content.endswith(b"3")
    assert site.get().content.endswith(b"2")


@pytest.mark.parametrize("cookie", ["csrftoken", "django_language"])
def test_cookies_that_change_nothing_are_no_matter(site, cookie):
    site.get()
    assert site.get(cookies={cookie: "x"}).content.endswith(b"1")


def spoil_with_cookie(_request, response):
    response.set_cookie("sessionid", "x")


def spoil_with_nonce(request, _response):
    request._csp_nonce = "x"  # as django-csp notes it


def spoil_with_token(request, _response):
    get_token(request)


def spoil_with_status(_request, response):
    response.status_code = 503


@pytest.mark.parametrize(
    "spoil", [spoil_with_cookie, spoil_with_nonce, spoil_with_token, spoil_with_status]
)
def test_what_was_made_for_one_visitor_is_not_kept(site, spoil):
    site.alter = spoil
    site.get()
    assert site.get().content.endswith(b"2")


@pytest.mark.parametrize("method", ["post", "head"])
def test_only_reading_is_answered_from_kept_pages(site, method):
    site.get()
    site.middleware(getattr(RequestFactory(), method)("/page/"))
    assert site.drawn == 2


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept(site):
    with transaction.atomic():
        site.get()
        site.get()

    assert site.drawn == 2
    assert not site.middleware._pages


def test_who_takes_brotli_gets_it_packed_once(site):
    plain = site.get()
    packed, again = site.get(**{"accept-encoding": "gzip, br"}), site.get()

    assert packed["Content-Encoding"] == "br"
    assert packed["Content-Length"] == str(len(packed.content))
    assert len(packed.content) < len(plain.content) / 2
    assert brotli.decompress(packed.content) == plain.content == again.content
    assert "Content-Encoding" not in again


def test_only_so_many_are_kept_and_what_is_asked_for_stays(site):
    site.get()
    for number in range(MOST_PAGES - 1):
        site.get(f"/page/?n={number}")
    assert site.get().content.endswith(b"1")
    site.get("/page/?n=more")

    assert len(site.middleware._pages) == MOST_PAGES
    assert site.get().content.endswith(b"1")


def test_an_endless_address_is_not_kept(site):
    site.get("/page/?" + "n" * 600)
    assert not site.middleware._pages
