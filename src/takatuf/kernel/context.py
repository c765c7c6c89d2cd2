"""What every page's shell needs."""

from functools import lru_cache

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
FOOT = (
    ("credentials:verify", _("Check a certificate")),
    ("registry:concern_new", _("Report a concern")),
    ("site:about", _("About Takatuf")),
    ("site:privacy", _("Privacy")),
    ("site:open_data", _("Open data")),
)
ENGLISH = "/en/"


def shell(request) -> dict:
    """Context processor: the ways around a page, and what modules add to its shell.

    A shell part may give ``has_desk`` (bool), ``offices`` (dicts with ``title``, ``url``,
    ``current``) and ``unread`` (int); whatever else it returns is the page's to use.
    """
    context = {
        "demo": settings.DEMO,
        "region": settings.REGION_TITLE,
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


def _nav(context: dict, request) -> list[dict]:
    ways = context["ways"]
    links = list(ways["nav"])
    if getattr(request, "user", None) and request.user.is_authenticated:
        own = ways["own"]
        links += (
            own
            if context.get("has_desk")
            else [way for way in own if way["name"] != "site:desk"]
        )
    return [way | {"current": request.path.startswith(way["url"])} for way in links]


@lru_cache(maxsize=16)
def _ways(language: str | None, urlconf: str | None) -> dict:  # noqa: ARG001 - they decide reverse()
    def known(entries):
        for name, text, *icon in entries:
            url = _address(name)
            if url:
                yield {"name": name, "url": url, "text": text, "icon": icon[0] if icon else ""}

    return {
        "home": _address("site:home") or ("/en/" if language == "en" else "/"),
        "sign_in": _address("account_login"),
        "sign_out": _address("account_logout"),
        "join": _address("join"),
        "me": _address("site:me"),
        "nav": list(known(NAV)),
        "own": list(known(NAV_OWN)),
        "foot": list(known(FOOT)),
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
