"""The log of changes, read by auditors and the administrator; nothing here changes it."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from takatuf.kernel.errors import NotAllowed
from takatuf.site import policies
from takatuf.site.audit_words import KINDS
from takatuf.site.queries import audit


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    typed = request.GET.get("before", "")
    before = int(typed[:18]) if typed.isascii() and typed.isdigit() else 0
    lines, older = audit.latest(kind=kind, before=before)
    context = {
        "lines": lines,
        "kind": kind,
        "kinds": [{"value": value, "text": text} for value, text in KINDS.items()],
        "older": "?" + urlencode({"kind": kind, "before": older}) if older else "",
    }
    return render(request, "site/log.html", context)


@login_required
@require_safe
def history(request: HttpRequest, subject: str) -> HttpResponse:
    _require_reader(request)
    story = audit.story_of(subject)
    if story is None:
        raise Http404
    return render(request, "site/history.html", {"story": story})


def _require_reader(request: HttpRequest) -> None:
    if not policies.may_read_log(request.user):
        raise NotAllowed(_("This page is for the region's auditors and whoever runs the site."))
