"""Search over everything that may be found."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takatuf.site.queries import finding
from takatuf.site.queries.home import wanted_fields

LONGEST = 100


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    kind = kind if kind in finding.KINDS else ""
    found = None
    if query:
        found = (
            finding.of_kind(query, kind, after=request.GET.get("after", ""))
            if kind
            else finding.everything(query)
        )
    nothing = found is None or not found.groups
    context = {
        "query": query,
        "kind": kind,
        "kind_title": finding.KINDS.get(kind, ""),
        "found": found,
        "wanted": wanted_fields(at=timezone.now()) if nothing else [],
        "here": "?" + urlencode({"q": query}),
        "older": "?" + urlencode({"q": query, "kind": kind, "after": found.next})
        if found and found.next
        else "",
    }
    return render(request, "site/search.html", context)
