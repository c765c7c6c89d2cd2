"""The region's first page, and how its figures are counted."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takatuf.site import commands
from takatuf.site.queries import figures
from takatuf.site.queries.home import home as home_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    page = home_page(at=at)
    if not figures.counted_at(page.figures):
        commands.count_figures(at=at)  # the very first visit, before the worker's first turn
        page = home_page(at=at)
    context = {
        "page": page,
        "fig": page.figures,
        "counted_at": figures.counted_at(page.figures),
    }
    return render(request, "site/home.html", context)


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    known = _counted(timezone.now())
    context = {
        "figures": list(known.values()),
        "counted_at": figures.counted_at(known),
        "places": figures.places_of(known),
    }
    return render(request, "site/figures.html", context)


def _counted(at: datetime):
    known = figures.figures()
    if figures.counted_at(known):
        return known
    commands.count_figures(at=at)
    return figures.figures()
