"""The browser session at hand, and the person's others."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest


def renew(request: HttpRequest, person) -> None:
    """Keep this session when all others end."""
    request.user = person
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


def newest_first(person) -> list[UserSession]:
    """Where the person is signed in; sessions that ended meanwhile are forgotten."""
    rows = UserSession.objects.purge_and_list(person)
    return sorted(rows, key=lambda row: row.created_at, reverse=True)
