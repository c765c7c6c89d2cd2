"""What every page's shell needs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from takatuf.kernel.registries import shell_parts

# What a visitor may go to; a name no module offers is left out.
NAV = (
    ("opportunities:list", _("Opportunities"), "search"),
    ("needs:list", _("Needs"), "need"),
    ("registry:bodies", _("Bodies and teams"), "building"),
)
NAV_OWN = (
    ("site:desk", _("Desk"), "desk"),
    ("site:me", _("My page"), "person"),
)
# Pages elsewhere that belong to one of these.
NEAR = {
    "registry:bodies": ("registry:teams",),
    "site:desk": (
        "opportunities:studio",
        "placement:rounds",
        "attendance:sheets",
        "attendance:approvals",
        "attendance:approved",
        "imports:home",
        "site:log",
    ),
    "site:me": ("my_account", "kernel:inbox", "attendance:mine"),
}
# Pages whose address begins like another's, or like none: the way that each belongs to.
BELONGS = {
    "registry:concerns": "site:desk",
    "registry:concern": "site:desk",
    "attendance:reject": "site:desk",
    "attendance:reverse": "site:desk",
    "credentials:card_revoke": "site:desk",
    "placement:person_skills": "site:desk",
    "registry:concern_own": "site:me",
    "join_guardian": "site:me",
}
FOOT = (
    ("credentials:verify", _("Check a certificate")),
    ("registry:concern_new", _("Report a concern")),
    ("site:about", _("About Takatuf")),
    ("site:privacy", _("Privacy")),
    ("site:open_data", _("Open data")),
)
ENGLISH = "/en/"


class Way(NamedTuple):
    """A page one may go to from every page."""

    name: str
    url: str
    text: str
    icon: str = ""
    current: bool = False
    near: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Ways:
    """All of them in one language."""

    home: str
    sign_in: str
    sign_out: str
    join: str
    me: str
    nav: tuple[Way, ...]
    own: tuple[Way, ...]
    foot: tuple[Way, ...]


def shell(request) -> dict:
    """Context processor: the ways around a page, and what modules add to its shell.

    A shell part may give ``has_desk`` (bool), ``offices`` (dicts with ``title``, ``url``,
    ``current``) and ``unread`` (int); whatever else it returns is the page's to use.
    """
    context = {
        "demo": settings.DEMO,
        "other_language_url": other_language_url(request.get_full_path()),
        "ways": _ways(get_language(), get_urlconf()),
    }
    for _name, part in shell_parts:
        context.update(part(request))
    context["nav"] = _nav(context, request)
    return context


def other_language_url(path: str) -> str:
    """The same page in the other language: Arabic at /, English at /en/."""
    if path.startswith(ENGLISH) or path == ENGLISH.rstrip("/"):
        return path.removeprefix(ENGLISH.rstrip("/")) or "/"
    return ENGLISH.rstrip("/") + path


def _nav(context: dict, request) -> tuple[Way, ...]:
    links = context["ways"].nav
    if getattr(request, "user", None) and request.user.is_authenticated:
        desk = context.get("has_desk")
        links += tuple(way for way in context["ways"].own if desk or way.name != "site:desk")
    page = getattr(request, "resolver_match", None)
    home = BELONGS.get(page.view_name) if page else None
    return tuple(
        way._replace(
            current=way.name == home if home else request.path.startswith((way.url, *way.near))
        )
        for way in links
    )


@lru_cache(maxsize=16)
def _ways(language: str | None, urlconf: str | None) -> Ways:  # noqa: ARG001 - they decide reverse()
    def known(entries) -> tuple[Way, ...]:
        ways = (Way(name, _address(name), str(text), *icon) for name, text, *icon in entries)
        return tuple(way._replace(near=_near(way.name)) for way in ways if way.url)

    return Ways(
        home=_address("site:home") or ("/en/" if language == "en" else "/"),
        sign_in=_address("account_login"),
        sign_out=_address("account_logout"),
        join=_address("join"),
        me=_address("site:me"),
        nav=known(NAV),
        own=known(NAV_OWN),
        foot=known(FOOT),
    )


def _near(name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_address, NEAR.get(name, ()))))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
