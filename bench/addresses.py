"""Which pages are measured, and how many queries each asks."""

import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.hello import HELLO
from bench.pages import Page
from takatuf.accounts.models import Person
from takatuf.attendance import commands as attendance
from takatuf.attendance.models import HourClaim
from takatuf.credentials.models import Certificate
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.models import Opportunity

CODES = 500  # detail pages visited in turn
DEEP_PAGE = 500
WORDS = ("تشجير", "إسعاف", "زيارة كبار السن", "تعليم", "سلال غذائية", "تنظيف الشاطئ", "ترجمة")


def pages() -> Iterator[Page]:
    """Every page to measure; the page to compare with is the first."""
    yield Page(name="hello", path_of=lambda n: f"{HELLO}?n={n}")
    yield from _lists()
    yield from _details()
    yield from _others()


def _lists() -> Iterator[Page]:
    """A number in the address that no filter knows makes each request a new page."""
    # A run of its own number: what an earlier run kept is not met again.
    run = uuid.uuid4().hex[:6]
    combinations = _combinations()
    where = reverse("opportunities:list")
    yield Page(
        name="list, filtered, uncached",
        path_of=lambda n: f"{where}?{combinations[n % len(combinations)]}&n={run}{n}",
    )
    yield Page(name="list, page 1, uncached", path_of=lambda n: f"{where}?n={run}{n}")
    if deep := _cursor_of(DEEP_PAGE):
        yield Page(
            name=f"list, page {DEEP_PAGE}, uncached",
            path_of=lambda n: f"{where}?after={deep}&n={run}d{n}",
        )
    yield Page(name="list, filtered, cached", path_of=always(f"{where}?{combinations[0]}"))
    yield Page(
        name="list, filtered, signed in", cookie=_cookie(),
        path_of=lambda n: f"{where}?{combinations[n % len(combinations)]}",
    )  # fmt: skip


def _details() -> Iterator[Page]:
    listed = Opportunity.objects.filter(listed=True).order_by("pk")
    codes = listed.values_list("code", flat=True)[:CODES]
    paths = [reverse("site:opportunity", args=[code]) for code in codes]
    yield Page(name="opportunity", path_of=lambda n: paths[n % len(paths)])
    yield Page(name="opportunity, the same again", path_of=always(paths[0]))
    yield Page(
        name="opportunity, signed in", cookie=_cookie(),
        path_of=lambda n: paths[n % len(paths)],
    )  # fmt: skip


def _others() -> Iterator[Page]:
    for name, title in (
        ("site:home", "home"), ("site:about", "about"), ("registry:bodies", "directory of bodies"),
        ("needs:list", "needs"),
    ):  # fmt: skip
        yield Page(name=title, path_of=always(reverse(name)))
    for name, title in (("site:me", "my page"), ("placement:mine", "my places")):
        yield Page(name=title, path_of=always(reverse(name)), cookie=_cookie())
    search = reverse("site:search")
    yield Page(
        name="search", path_of=lambda n: f"{search}?{urlencode({'q': WORDS[n % len(WORDS)]})}"
    )
    certificate = reverse("credentials:check", args=[_code_of_a_certificate()])
    yield Page(name="verify a certificate", path_of=always(certificate))


def always(path: str) -> Callable[[int], str]:
    return lambda _n: path


def _combinations() -> list[str]:
    """Filters that people combine; each leaves at least one page."""
    places = Opportunity.objects.filter(listed=True).values_list(
        "governorate__code", "field__code"
    )
    pairs = sorted(set(places.order_by()))
    return [
        f"place={place}&field={field}{more}"
        for more in ("", "&seats=1", "&weekend=1", "&sort=newest")
        for place, field in pairs
    ]


def _cursor_of(page: int) -> str:
    """Where the page begins, or nothing if the list is shorter."""
    found = opportunities.listing(Filters(), limit=(page - 1) * 20, at=timezone.now())
    return found.next


def _cookie() -> str:
    """A session of a volunteer who has places to come."""
    person = Person.objects.filter(applications__status="confirmed").order_by("pk").first()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _code_of_a_certificate() -> str:
    found = Certificate.objects.filter(revoked_at=None).first()
    if found is None:
        claim = HourClaim.objects.filter(state="approved").order_by("pk").first()
        found = attendance.request_certificate(
            person=claim.person, opportunity=claim.opportunity, by=claim.person,
            at=timezone.now(),
        )  # fmt: skip
    return found.code


def queries(page: Page) -> int | None:
    """The queries of the second visit: the first fills what a process keeps."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    if page.cookie:
        name, value = page.cookie.split("=", 1)
        client.cookies[name] = value
    client.get(page.path_of(10_001))
    with CaptureQueriesContext(connection) as captured:
        client.get(page.path_of(10_002))
    return len(captured)
