"""Pages to read: who stands behind this, and what is kept about people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from takatuf.registry import queries as registry
from takatuf.site import plain_words
from takatuf.site.queries.about import about as about_page


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html", {"page": about_page()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"sections": plain_words.sections(), "desk": registry.desk_body()}
    return render(request, "site/privacy.html", context)
