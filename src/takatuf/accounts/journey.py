"""Which page comes next on the way in."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from takatuf.accounts import policies, queries

# Whoever comes for one of these works for a body: no step of a volunteer stands before it.
OF_A_BODY = frozenset({"registry:body_new", "registry:invitation"})


def onward(person, wanted: str = "") -> str:
    """The address of the next missing step, and after the last one of the wanted page.

    Whoever holds an office goes to work, and whoever came for a body goes to it: the steps of
    joining are a volunteer's.
    """
    now = timezone.now()
    if policies.needs_second_factor(person, now):
        return wanted or address("site:desk") or address("my_account")
    if not queries.is_profile_complete(person):
        return with_next("join_name", wanted)
    if is_of_a_body(wanted):
        return wanted
    if address("registry:welcome") and not queries.has_accepted_current(person, now):
        return with_next("registry:welcome", wanted)
    return wanted or address("site:me") or address("my_account")


def is_of_a_body(wanted: str) -> bool:
    """The page is a body's business, in whichever language it is named."""
    path = urlsplit(wanted).path
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return resolve(path).view_name in OF_A_BODY
        except Resolver404:
            return False


def address(name: str) -> str:
    """Empty while no module above offers the page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def with_next(name: str, wanted: str) -> str:
    """The page's address, which leads on to the wanted one."""
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")
