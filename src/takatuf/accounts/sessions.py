"""The browser session at hand, and the person's others."""

from datetime import datetime
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

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
    rows = UserSession.objects.purge_and_list(person)
    rows.sort(key=lambda row: row.created_at, reverse=True)
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


def _first(marks: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in marks.items() if mark in user_agent), "")
