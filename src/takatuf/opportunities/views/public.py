"""The public list."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from takatuf.kernel.frames import render_framed
from takatuf.kernel.kept_pages import keep
from takatuf.opportunities import queries
from takatuf.opportunities.enums import Sort
from takatuf.opportunities.filters import Filters
from takatuf.opportunities.showing import card_html, chosen, left_out, next_place, panel


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Filters, counts and a page of cards, as committed at this moment."""
    now = timezone.now()
    filters = Filters.read(request.GET)
    page = queries.listing(filters, after=request.GET.get("after", ""), at=now)
    values = {
        "typed": _typed(filters.q),
        "panel": panel(filters, page.counts),
        "found": _found(filters, page, is_first=not request.GET.get("after"), at=now),
    }
    response = render_framed(request, _template(request), values)
    again = partial(queries.stamp_of, [row[0] for row in page.rows])
    return keep(response, stamp=page.stamp, ask=again, at=now)


def _template(request: HttpRequest) -> str:
    part = request.htmx and not request.htmx.history_restore_request
    return "opportunities/list.html#results" if part else "opportunities/list.html"


def _typed(words: str) -> SafeString:
    """What stands in the box of words; without any the direction is that of its hint."""
    return format_html('value="{}" dir="auto"', words) if words else SafeString('value=""')


def _found(
    filters: Filters, page: queries.Listing, *, is_first: bool, at: datetime
) -> SafeString:
    """The part of the page that differs from visit to visit."""
    language = get_language() or "ar"
    empty = not page.rows and filters.is_narrow
    near = next_place(filters, page.counts) if empty else None
    nearest = queries.nearest(filters, at=at) if empty and not near else None
    query = filters.query()
    return render_to_string("opportunities/_found.html", {
        "filters": filters,
        "chosen": chosen(filters),
        "cards": SafeString("".join([card_html(row, language) for row in page.rows])),
        "total": page.total,
        "corrected": page.corrected,
        "near": near,
        "nearest": nearest
        and {
            "query": nearest.query(), "count": queries.count(nearest, at=at),
            "narrow": nearest.is_narrow, "without": left_out(filters, nearest),
        },
        "older": filters.query(after=page.next) if page.next else "",
        "first": "" if is_first else query,
        "query": query,
        "sorts": tuple(Sort.choices),
    })  # fmt: skip
