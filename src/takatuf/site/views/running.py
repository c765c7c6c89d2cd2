"""The administrator's page: whether the site runs, and what needs an eye."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from takatuf.kernel.errors import NotAllowed
from takatuf.site import policies
from takatuf.site.queries import running as queries


@login_required
@never_cache
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    if not policies.may_see_running(request.user):
        raise NotAllowed(_("This page is for whoever runs the site."))
    at = timezone.now()
    return render(request, "site/running.html", {"site": queries.running(at=at), "now": at})
