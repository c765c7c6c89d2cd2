"""Small things every view of the registry needs."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.registry import queries
from takatuf.registry.forms import ReasonForm
from takatuf.registry.models import Body, Team


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def body_or_404(request: HttpRequest, code: str) -> Body:
    body = queries.body_visible_to(request.user, code, today())
    if body is None:
        raise Http404
    return body


def team_or_404(request: HttpRequest, code: str) -> Team:
    team = queries.team_visible_to(request.user, code, today())
    if team is None:
        raise Http404
    return team


def require(allowed: bool) -> None:  # noqa: FBT001 - one plain fact
    if not allowed:
        raise PermissionDenied


def did(request: HttpRequest, command: Callable[[], object], words: str) -> bool:
    """Run a command behind a button; say what was done, or why not."""
    try:
        command()
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, words)
    return True


def where_from(request: HttpRequest) -> str:
    """The page of ours the visitor came from, without its query: a path or nothing."""
    named = request.GET.get("page", "") or request.headers.get("Referer", "")
    parts = urlsplit(named)
    if parts.netloc and parts.netloc != request.get_host():
        return ""
    return parts.path[:300] if parts.path.startswith("/") else ""


def reason_forms(request: HttpRequest, act: str, acts: Iterable[str]) -> dict[str, ReasonForm]:
    """One form for each act that wants a reason, on one page; the one sent is filled in."""
    return {
        name: ReasonForm(request.POST if name == act else None, auto_id=f"id_{name}_%s")
        for name in acts
    }
