"""The browser session at hand, and the person's others."""

from datetime import datetime
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

# The first mark found wins: every browser also names those it descends from.
BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


def renew(request: HttpRequest, person) -> None:
    """Keep this session when all others end."""
    request.user = person
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


class Device(NamedTuple):
    """One place where the person is signed in, in words they know it by."""

    browser: str
    system: str
    ip: str
    since: datetime
    is_this: bool


def devices_of(person) -> list[Device]:
    """Newest first; sessions that ended meanwhile are forgotten."""
    rows = _going_on(person)
    return [
        Device(
            browser=_first(BROWSERS, row.user_agent),
            system=_first(SYSTEMS, row.user_agent),
            ip=row.ip,
            since=row.created_at,
            is_this=row.is_current(),
        )
        for row in rows
    ]


def _going_on(person) -> list[UserSession]:
    """Two queries; allauth's own list asks twice for each session."""
    rows = list(UserSession.objects.filter(user=person).order_by("-created_at", "-pk"))
    kept = Session.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
    )
    right = person.get_session_auth_hash()
    alive = {
        one.session_key
        for one in kept
        if constant_time_compare(one.get_decoded().get(HASH_SESSION_KEY, ""), right)
    }
    if gone := [row.pk for row in rows if row.session_key not in alive]:
        UserSession.objects.filter(pk__in=gone).delete()
    return [row for row in rows if row.session_key in alive]


def _first(marks: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in marks.items() if mark in user_agent), "")
