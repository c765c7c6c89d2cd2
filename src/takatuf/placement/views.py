"""Pages of placement."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.typography import day, times
from takatuf.placement import commands, queries
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.links import PURPOSE
from takatuf.placement.models import Application


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes or no to a place from a message, without signing in."""
    leaving = request.GET.get("leave") == "1"
    return one_click.answer(
        request, lambda: _question(_linked(token), leaving), lambda: _act(_linked(token), leaving)
    )


def _linked(token: str) -> Application:
    payload = signed_links.read(token, PURPOSE)
    try:
        return queries.application_for_link(payload["application"])
    except Application.DoesNotExist:
        raise Http404 from None


def _question(application: Application, leaving: bool) -> one_click.OneClick:  # noqa: FBT001
    facts = {
        _("When"): day(application.shift.starts_at),
        _("Time"): times(application.shift.starts_at, application.shift.ends_at),
        _("Where"): application.opportunity.place or _("remote"),
        _("Role"): application.shift_role.role.title,
        _("How it stands"): application.get_status_display(),
    }
    title = application.opportunity.title
    if leaving:
        return one_click.OneClick(
            title=title,
            text=_("Leaving passes the place to the next in line. You may apply again later."),
            button=_("Leave the place"),
            facts=facts,
            danger=True,
            other=("?", _("Keep it")),
        )
    offered = application.status == ApplicationStatus.OFFERED
    return one_click.OneClick(
        title=title,
        text=_("A place is kept for you. Will you come?") if offered else _("Will you come?"),
        button=_("Yes, I am coming"),
        facts=facts,
        other=("?leave=1", _("Leave the place")),
    )


def _act(application: Application, leaving: bool) -> str:  # noqa: FBT001
    at, person = timezone.now(), application.person
    if leaving:
        commands.withdraw(application_id=application.pk, by=person, at=at)
        return _("Done: the place goes to somebody else. Thank you for saying so in time.")
    if application.status == ApplicationStatus.CONFIRMED:
        commands.reconfirm_place(application_id=application.pk, by=person, at=at)
    else:
        commands.confirm_place(application_id=application.pk, by=person, at=at)
    return _("You have a place. See you there.")
