"""Loading an opportunity or shift for somebody who may do something with it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel.errors import NotAllowed
from takatuf.opportunities import policies, queries
from takatuf.opportunities.models import Opportunity, Shift


def managed(
    request: HttpRequest, code: str, may: Callable = policies.may_manage
) -> Opportunity:
    """:raises Http404: if the user may not know of it.
    :raises NotAllowed: if they may see it, but not do this.
    """
    opportunity = queries.opportunity_visible_to(request.user, code)
    if not may(request.user, opportunity):
        raise NotAllowed(_("This is for the unit that offers the opportunity."))
    return opportunity


def managed_shift(request: HttpRequest, code: str, pk: int) -> Shift:
    """A shift of an opportunity the user manages; a shift of another one is not found."""
    opportunity = managed(request, code)
    shift = queries.shift_of(opportunity, pk, at=timezone.now())
    if shift is None:
        raise Http404
    return shift
