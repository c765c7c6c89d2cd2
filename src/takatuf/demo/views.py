"""Pages of the demo itself; they exist only where TAKATUF_DEMO is set."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from takatuf.demo import queries


@require_GET
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Whom to sign in as, one invented person a role."""
    if not settings.DEMO:
        raise Http404
    return render(request, "demo/people.html", {"cast": queries.cast()})
