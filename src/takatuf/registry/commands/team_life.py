"""A team's life after its founding: suspended, resumed, ended."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import change_state, record
from takatuf.registry import documents, links, policies, queries
from takatuf.registry.enums import TEAM_STEPS, BodyStatus, Role, TeamStatus
from takatuf.registry.models import Body, Office, Team, TeamMember, TeamRequest


class CannotEndTeam(DomainError):
    """The team cannot be suspended or ended like this."""


@transaction.atomic
def suspend_team(*, team: Team, reason: str, by, at: datetime) -> None:
    """Its body, or the desk, suspends a team: it takes no members and leaves the directory.

    Members and leaders stay, and are told; shifts it was to serve go on under the body.

    :raises NotAllowed: if ``by`` is neither.
    :raises CannotEndTeam: without a reason.
    """
    _require_owner(by, team, at)
    _require_reason(reason)
    change_state(
        team, TeamStatus.SUSPENDED, table=TEAM_STEPS, by=by, at=at, action="suspended",
        reason=reason, acting_body=team.body,
    )  # fmt: skip
    documents.put_team(team, at=at)
    _tell(_people_of(team, at), "registry.team_suspended", team, by=by, at=at, reason=reason)


@transaction.atomic
def resume_team(*, team: Team, by, at: datetime) -> None:
    """The suspension ends; members and leaders are told.

    :raises NotAllowed: if ``by`` is neither of the body's managers nor of the desk.
    :raises CannotEndTeam: while its body is suspended itself.
    """
    _require_owner(by, team, at)
    if team.body and not policies.body_may_use_volunteers(team.body):
        raise CannotEndTeam(_("Its body is suspended: that ends first."))
    if team.status == TeamStatus.APPLIED:
        raise CannotEndTeam(_("This team was not suspended."))
    change_state(
        team, TeamStatus.ACTIVE, table=TEAM_STEPS, by=by, at=at, action="resumed",
        acting_body=team.body,
    )  # fmt: skip
    documents.put_team(team, at=at)
    _tell(_people_of(team, at), "registry.team_resumed", team, by=by, at=at)


@transaction.atomic
def end_team(*, team: Team, reason: str, by, at: datetime) -> None:
    """Its body, or the desk, ends the team for good.

    Memberships and leaders' offices end with it, requests to join are declined, and all of
    them are told. What it was to serve stays with the managers of its body.

    :raises NotAllowed: if ``by`` is neither.
    :raises CannotEndTeam: without a reason.
    """
    _require_owner(by, team, at)
    _require_reason(reason)
    finish_team(team=team, reason=reason, by=by, at=at)


def finish_team(*, team: Team, reason: str, by, at: datetime) -> None:
    """End it as ``end_team`` does, for whoever may already."""
    today = timezone.localdate(at)
    people = _people_of(team, at)
    change_state(
        team, TeamStatus.ENDED, table=TEAM_STEPS, by=by, at=at, action="ended", reason=reason,
        acting_body=team.body,
    )  # fmt: skip
    for row in TeamMember.objects.filter(team=team, left_on=None):
        end_membership(row, today)
    for office in Office.objects.filter(team=team, ends_on=None):
        close_office(office, by=by, at=at, reason=reason)
    asking = TeamRequest.objects.filter(team=team, accepted=None).select_related("person")
    people |= {row.person_id: row.person for row in asking}
    asking.update(accepted=False, answered_at=at, answered_by=by)
    documents.put_team(team, at=at)
    _tell(people, "registry.team_ended", team, by=by, at=at, reason=reason)


def end_membership(member: TeamMember, today: date) -> None:
    member.left_on = max(today, member.joined_on)
    member.save(update_fields=["left_on"])


def appoint_heads(*, body: Body, by, at: datetime) -> None:
    """Whoever registered the body heads it by the desk's word from now on."""
    for office in Office.objects.filter(body=body, role=Role.BODY_HEAD, appointed_by=None):
        office.appointed_by = by
        office.save(update_fields=["appointed_by"])
        record(subject=office, action="appointed", by=by, at=at, acting_body=body)


def close_office(office: Office, *, by, at: datetime, reason: str) -> None:
    """An office that ends with the team or body it was in."""
    office.ends_on = max(timezone.localdate(at), office.starts_on)
    office.save(update_fields=["ends_on"])
    record(
        subject=office, action="ended", by=by, at=at, reason=reason, acting_body=office.body
    )  # fmt: skip


def _people_of(team: Team, at: datetime) -> dict[int, Any]:
    """Its members and its leaders, each once."""
    today = timezone.localdate(at)
    members = queries.team_roster(team, today)
    leaders = Office.objects.filter(queries.in_force(today), team=team)
    rows: list[Any] = [*members, *leaders.select_related("person")]
    return {row.person_id: row.person for row in rows}


def _tell(people: dict, template: str, team: Team, *, by, at: datetime, **context) -> None:
    body = team.body
    for person in people.values():
        if by is None or person.pk != by.pk:
            outbox.send(
                template=template, to=person, at=at,
                context={
                    "team": team.name, "body": body.name_ar if body else "",
                    "body_closed": body is not None and body.status == BodyStatus.CLOSED,
                    "body_en": (body.name_en or body.name_ar) if body else "",
                    "link": links.team_page(team) if team.status != TeamStatus.ENDED
                    else links.absolute("registry:teams", language=person.language),
                    **context,
                },
            )  # fmt: skip


def _require_owner(by, team: Team, at: datetime) -> None:
    if not policies.may_end_team(by, team, timezone.localdate(at)):
        raise NotAllowed(_("Only a manager or the head of the body, or the desk, can do this."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise CannotEndTeam(_("Say why: its members read it."), field="reason")
