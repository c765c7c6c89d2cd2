"""A volunteer's own page."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from takatuf.accounts.enums import ConsentStatus
from takatuf.site.queries.desks import Post, posts_of
from takatuf.site.queries.own import Own, own_page


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    page = own_page(request.user, at=at)
    rules = _rules(page)
    first = next((rule for rule in rules if not rule["met"]), None)
    context = {
        "page": page,
        "now": at,
        # The first missing step has the button, and no link of the same words beside it.
        "rules": [rule | {"href": ""} if rule is first else rule for rule in rules],
        "first_rule": first,
        "desk_words": _desk_words(posts_of(request.user, timezone.localdate(at))),
        "hints": _hints(page),
    }
    return render(request, "site/me.html", context)


def _desk_words(posts: Sequence[Post]) -> str:
    """What the person finds at the desk by all their offices; empty where they have none."""
    if any(post.runs or post.teams for post in posts):
        return _("Sheets of the day, and what waits for an answer.")
    if any(post.regional or post.reviews for post in posts):
        return _("What waits for an answer.")
    return _("The region's figures, hours, concerns and log of changes.") if posts else ""


def _rules(page: Own) -> list[dict]:
    """What has to be in order before the first place, each with its way."""
    rules = [
        {
            "met": page.named,
            "text": _("Name and birth date"),
            "way": _("They stand on certificates and protect minors."),
            "href": reverse("my_profile"),
            "href_text": _("Fill in"),
        },
        {
            "met": page.has_profile,
            "text": _("Governorate and interests"),
            "way": _("One short step, so that what is near and fitting is shown."),
            "href": reverse("registry:welcome"),
            "href_text": _("Go on"),
        },
        {
            "met": page.accepted,
            "text": _("The volunteers' charter"),
            "way": _("What volunteers may expect and what is expected of them."),
            "href": reverse("registry:welcome"),
            "href_text": _("Read and accept"),
        },
    ]
    return [*rules, _consent_rule(page)] if page.is_minor else rules


def _consent_rule(page: Own) -> dict:
    asked = page.consent is not None and page.consent.status == ConsentStatus.ASKED
    words = _("Your guardian has the link; joining opens with their yes.")
    if not asked:
        words = _("Under 18, a guardian says yes first, through a link.")
    return {
        "met": True if page.consent_until else None if asked else False,
        "text": _("Your guardian's consent"),
        "way": words,
        "href": reverse("join_guardian"),
        "href_text": _("See the request") if asked else _("Ask your guardian"),
    }


def _hints(page: Own) -> list[dict]:
    """What would make the profile say more; nothing of it is asked of anybody."""
    hints = []
    if not page.profile.grants:
        hints.append(
            {
                "text": _("No skill is named yet."),
                "act": _("Name what you know"),
                "href": reverse("registry:profile_skills"),
            }
        )
    if not page.profile.free:
        hints.append(
            {
                "text": _("Your usual free times are not known."),
                "act": _("Say when you are free"),
                "href": reverse("registry:profile_availability"),
            }
        )
    return hints
