"""Which page comes next on the way in."""

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode

from takatuf.accounts import policies, queries


def onward(person, wanted: str = "") -> str:
    """The address of the next missing step, and after the last one of the wanted page.

    Whoever holds an office goes to work: the steps of joining are a volunteer's.
    """
    now = timezone.now()
    if policies.needs_second_factor(person, now):
        return wanted or address("site:desk") or address("my_account")
    if not queries.is_profile_complete(person):
        return _with_next("join_name", wanted)
    welcome = address("registry:welcome")
    if welcome and not queries.has_accepted_current(person, now):
        return f"{welcome}?{urlencode({'next': wanted})}" if wanted else welcome
    return wanted or address("site:me") or address("my_account")


def address(name: str) -> str:
    """Empty while no module above offers the page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _with_next(name: str, wanted: str) -> str:
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")
