"""A body leaves for good."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import change_state
from takatuf.registry import documents, links, policies, queries
from takatuf.registry.commands.confirming import decline_confirmation
from takatuf.registry.commands.offices import take_back
from takatuf.registry.commands.team_life import close_office, finish_team
from takatuf.registry.enums import BODY_STEPS, BodyStatus, SkillRequestStatus
from takatuf.registry.models import Body, Invitation, Office, SkillRequest


class CannotClose(DomainError):
    """Somebody still counts on the body."""


@transaction.atomic
def close_body(*, body: Body, reason: str, by, at: datetime) -> None:
    """The desk closes a body that gives up its volunteer work; there is no way back.

    Refused while people count on it: each module above says in a sentence what is to be ended
    first (``policies.closing_obstacles``: open opportunities, so that everybody placed hears
    the reason from those who run the day; hours nobody could answer any more).

    The rest goes with it, and whoever is concerned is told: teams end with their memberships,
    offices end, invitations are taken back, requests to confirm a skill are declined. Its
    page, hours, certificates and confirmed skills stay as they are.

    :raises NotAllowed: if ``by`` is not at the desk, or belongs to the body.
    :raises CannotClose: without a reason; for the desk's own body; while something is open.
    """
    if not policies.may_verify_body(by, body, timezone.localdate(at)):
        raise NotAllowed(
            _("Only the regional desk can do this, and nobody who belongs to the body.")
        )
    if body.is_desk:
        raise CannotClose(_("The desk cannot close its own body."))
    if not reason.strip():
        raise CannotClose(_("Say why it closes: its people read it."), field="reason")
    if body.status == BodyStatus.REGISTERED:
        raise CannotClose(_("It is not verified yet: refuse it, if it should not be."))
    queries.hold_body(body.pk)  # nothing is published for it from here on
    if obstacles := policies.obstacles_to_closing(body):
        raise CannotClose(" ".join(obstacles))
    staff = list(queries.staff_of(body, timezone.localdate(at)))
    change_state(
        body, BodyStatus.CLOSED, table=BODY_STEPS, by=by, at=at, action="closed", reason=reason
    )
    _end_what_was_its(body, reason=reason, by=by, at=at)
    documents.put_body(body, at=at)
    for person in {office.person_id: office.person for office in staff}.values():
        outbox.send(
            template="registry.body_closed", to=person, at=at,
            context={"body": body.name_ar, "body_en": body.name_en or body.name_ar,
                     "reason": reason, "link": links.body_page(body)},
        )  # fmt: skip


def _end_what_was_its(body: Body, *, reason: str, by, at: datetime) -> None:
    for team in queries.living_teams_of(body):
        team.body = body
        finish_team(team=team, reason=reason, by=by, at=at)
    today = timezone.localdate(at)
    lasting = Office.objects.filter(body=body).filter(Q(ends_on=None) | Q(ends_on__gt=today))
    for office in lasting.select_related("body"):
        close_office(office, by=by, at=at, reason=reason)
    invited = Invitation.objects.filter(body=body, accepted_at=None, revoked_at=None)
    take_back(invited, by=by, at=at)
    asked = SkillRequest.objects.filter(body=body, status=SkillRequestStatus.ASKED)
    for request in asked.select_related("person", "skill", "body"):
        decline_confirmation(request=request, reason=reason, by=by, at=at)
