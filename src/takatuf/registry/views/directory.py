"""The public directory and the public pages of bodies and teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from takatuf.registry import policies, queries
from takatuf.registry.queries import listing
from takatuf.registry.views.helpers import body_or_404, now, team_or_404, today

BODY_FILTERS = ("sector", "governorate")
TEAM_FILTERS = ("governorate", "field")


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    query, filters = _asked(request, BODY_FILTERS)
    page = listing.page_by_name(
        listing.bodies_matching(query, filters), request.GET.get("after", "")
    )
    facets = listing.body_facets(query, filters)
    return _list(request, "registry/bodies.html", page, query, filters=filters, facets=facets)


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    query, filters = _asked(request, TEAM_FILTERS)
    page = listing.page_by_name(
        listing.teams_matching(query, filters), request.GET.get("after", "")
    )
    facets = listing.team_facets(query, filters)
    return _list(request, "registry/teams.html", page, query, filters=filters, facets=facets)


@require_GET
def body(request: HttpRequest, code: str) -> HttpResponse:
    found = body_or_404(request, code)
    on = today()
    offices = queries.offices_of(request.user, on)
    return render(
        request,
        "registry/body.html",
        {
            "body": found,
            "figures": queries.body_figures(found),
            "open_now": sum(count(found, now()) for _name, count in queries.open_work),
            "units": queries.units_of(found),
            "teams": queries.public_teams_of(found)[:50],
            "may_edit": policies.holds(
                request.user, ("body_head",), found, on, offices=offices
            ),
            "may_manage": policies.holds(
                request.user, ("body_head", "unit_manager"), found, on, offices=offices
            ),
            "may_decide": policies.holds(request.user, "desk", on=on, offices=offices)
            and not any(office.body_id == found.pk for office in offices),
            "history": queries.what_happened(found) if offices else [],
        },
    )


@require_GET
def team(request: HttpRequest, code: str) -> HttpResponse:
    found = team_or_404(request, code)
    on = today()
    return render(
        request,
        "registry/team.html",
        {
            "team": found,
            "sources": queries.sources_of(found.source),
            "announced": queries.day_words(found.announced),
            "named": queries.named_members(found, on),
            "members": queries.member_count(found, on),
            "leaders": queries.named_leaders(found, on),
            "own": queries.membership_of(request.user, found, on),
            "asked": queries.open_request_of(request.user, found),
            "may_end": policies.may_end_team(request.user, found, on),
            "may_join": policies.team_takes_members(found),
            "may_lead": request.user.is_authenticated
            and policies.may_lead_team(request.user, found, on),
        },
    )


def _asked(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return query, {name: request.GET.get(name, "").replace("\x00", "") for name in names}


def _list(request, template, page, query, *, filters, facets) -> HttpResponse:
    given = {"q": query, **filters}
    return render(
        request,
        template,
        {
            "page": page,
            "query": query,
            "filters": filters,
            "is_filtered": any(given.values()),
            "facets": {
                name: [(facet, _address(given, name, facet)) for facet in choices]
                for name, choices in facets.items()
            },
            "older": f"?{_params(given | {'after': page.after})}" if page.after else "",
            "newer": f"?{_params(given)}" if request.GET.get("after") else "",
        },
    )


def _address(given: dict[str, str], name: str, facet: listing.Facet) -> str:
    """Choosing a choice again takes it back."""
    return f"?{_params(given | {name: '' if facet.current else facet.value})}"


def _params(given: dict[str, str]) -> str:
    return urlencode({name: value for name, value in given.items() if value})
