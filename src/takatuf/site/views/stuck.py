"""Messages that did not leave, jobs that failed: answered by the desk or administrator."""

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from takatuf.kernel import stuck
from takatuf.kernel.errors import DomainError
from takatuf.kernel.registries import message_templates
from takatuf.site import policies

SHOWN = 50
COMMANDS = {
    ("message", "retry"): stuck.retry_message,
    ("message", "dismiss"): stuck.dismiss_message,
    ("job", "retry"): stuck.retry_job,
    ("job", "dismiss"): stuck.dismiss_job,
}


@login_required
@never_cache
@require_GET
def stuck_things(request: HttpRequest) -> HttpResponse:
    _require_permission(request)
    return _page(request)


@login_required
@require_POST
def stuck_answer(request: HttpRequest, kind: str, pk: int, act: str) -> HttpResponse:
    _require_permission(request)
    given: dict[str, Any] = {f"{kind}_id": pk, "by": request.user, "at": timezone.now()}
    if act == "dismiss":
        given["reason"] = request.POST.get("reason", "")
    try:
        COMMANDS[kind, act](**given)
    except DomainError as refusal:
        return _page(request, refusal=refusal)
    flash.success(request, _("Tried again now.") if act == "retry" else _("Dismissed."))
    return redirect("site:stuck")


def _require_permission(request: HttpRequest) -> None:
    if not policies.may_answer_stuck(request.user, timezone.localdate()):
        raise PermissionDenied


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    letters = list(stuck.messages()[: SHOWN + 1])
    jobs = list(stuck.failed_jobs()[: SHOWN + 1])
    context = {
        "letters": [(row, _purpose(row.template)) for row in letters[:SHOWN]],
        "jobs": [(row, stuck.last_line(row)) for row in jobs[:SHOWN]],
        "more": len(letters) > SHOWN or len(jobs) > SHOWN,
        "refusal": refusal,
    }
    return render(request, "site/stuck.html", context, status=409 if refusal else 200)


def _purpose(template: str) -> str:
    """What the message is for; its name, if the code that wrote it is gone."""
    return message_templates[template].purpose if template in message_templates else template
