"""The region's first page, and how its figures are counted.

The worker counts, from its first turn on; a visitor never waits for it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takatuf.site.queries import figures
from takatuf.site.queries.home import home as home_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    page = home_page(at=timezone.now())
    context = {
        "page": page,
        "fig": page.figures,
        "counted_at": figures.counted_at(page.figures),
    }
    return render(request, "site/home.html", context)


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    known = figures.figures()
    context = {
        "figures": list(known.values()),
        "counted_at": figures.counted_at(known),
        "places": figures.places_of(known),
    }
    return render(request, "site/figures.html", context)
