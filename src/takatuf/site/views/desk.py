"""The desk of whoever acts for a body, a team or the region."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from takatuf.imports import policies as imports
from takatuf.needs import queries as needs
from takatuf.site import policies
from takatuf.site.queries import desks, figures

NEEDS = 4
NOON, EVENING = 12, 17
REGION_FIGURES = ("open_opportunities", "active_volunteers", "approved_hours", "proven_share",
                  "needs_covered_share", "needs_waiting")  # fmt: skip


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    posts = desks.posts_of(request.user, timezone.localdate(at))
    runs_the_site = policies.may_see_running(request.user)
    if not posts and runs_the_site:
        return redirect("site:running")
    if not posts:
        return render(request, "site/no_desk.html", status=403)
    chosen = request.GET.get("body", "")
    post = next((post for post in posts if post.body.code == chosen), posts[0])
    known = figures.figures()
    context = {
        "post": post,
        "posts": [
            {"text": each.body.name, "href": f"?body={each.body.code}", "current": each is post}
            for each in posts
        ],
        "now": at,
        "part": _part_of_day(timezone.localtime(at).hour),
        "queue": desks.queue(request.user, post, at=at),
        "sheets": desks.this_week(post, at=at) if post.runs or post.teams else [],
        "doors": _doors(
            post, may_import=imports.may_import(request.user, at=at), runs_site=runs_the_site
        ),
        "figures": [known[name] for name in REGION_FIGURES if name in known],
        "counted_at": figures.counted_at(known),
    }
    if post.runs:
        proven = known["proven_share"].value if "proven_share" in known else None
        context["quality"] = desks.quality_of(post.body, proven_all=proven, at=at)
        context["needs"] = needs.answerable_by(post.body, limit=NEEDS)
    return render(request, "site/desk.html", context)


def _part_of_day(hour: int) -> str:
    """The word the greeting goes by; English tells the afternoon from the evening."""
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def _doors(post: desks.Post, *, may_import: bool, runs_site: bool) -> list[dict]:
    """The other pages of this office; the queue above leads to what is pressing."""
    body = [post.body.code]
    desk_or_audit = post.regional or post.audits
    known = [
        (post.runs, "opportunities:studio", [], _("Our opportunities"), "list"),
        (post.runs or desk_or_audit, "placement:rounds", [], _("Matching rounds"), "people"),
        (post.runs, "attendance:approvals", [], _("Hours to approve"), "clock"),
        (post.runs, "credentials:body_cards", body, _("Volunteer cards"), "award"),
        (post.runs, "registry:body_staff", body, _("Staff and units"), "people"),
        (post.reviews, "opportunities:review_queue", [], _("Opportunities in review"), "star"),
        (desk_or_audit, "needs:queue", [], _("Needs to answer"), "need"),
        (post.regional, "registry:bodies_waiting", [], _("Bodies to verify"), "building"),
        (desk_or_audit, "registry:concerns", [], _("Concerns"), "flag"),
        (post.regional, "registry:licences", [], _("Professional licences"), "shield"),
        (desk_or_audit, "registry:duplicates", [], _("One person twice"), "people"),
        (post.regional, "recovery_list", [], _("Ways back in"), "lock"),
        (post.regional, "birth_date_find", [], _("Birth dates"), "calendar"),
        (post.regional, "site:stuck", [], _("Stuck messages and jobs"), "mail"),
        (desk_or_audit, "registry:bodies", [], _("All bodies"), "building"),
        (post.audits, "site:log", [], _("Log of changes"), "list"),
        (desk_or_audit, "attendance:approved", [], _("Hours ledger"), "clock"),
        (runs_site, "site:running", [], _("The running of the site"), "shield"),
        (may_import or post.audits, "imports:home", [], _("Imports"), "upload"),
    ]
    return [
        {"href": reverse(name, args=args), "text": text, "icon": icon}
        for here, name, args, text, icon in known
        if here
    ]
