"""Teams: founded under a body, joined, left."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import policies as accounts
from takatuf.kernel import outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.links import absolute
from takatuf.kernel.text.arabic import sort_key
from takatuf.kernel.transitions import record
from takatuf.registry import documents, links, policies
from takatuf.registry.commands.codes import free_code
from takatuf.registry.commands.team_life import end_membership
from takatuf.registry.enums import TeamStatus
from takatuf.registry.models import (
    Body,
    Field,
    Governorate,
    Office,
    Team,
    TeamMember,
    TeamRequest,
)


class CannotFound(DomainError):
    """The team cannot be entered like this."""


class CannotJoin(DomainError):
    """The person cannot be in this team now."""


@transaction.atomic
def found_team(
    *, body: Body, name: str, governorate: Governorate, by, at: datetime,
    field: Field | None = None, about: str = "", is_demo: bool = False,
) -> Team:  # fmt: skip
    """A body registers and approves a team that works for it (volunteer work law, article 9).

    :param by: None for the system (demo).
    :raises NotAllowed: if ``by`` neither heads nor manages the body.
    :raises CannotFound: while the body is not verified, or if it has a team of this name.
    """
    if by is not None and not policies.may_manage_body(by, body, timezone.localdate(at)):
        raise NotAllowed(_("Only a manager or the head of the body can add a team."))
    if not policies.body_may_use_volunteers(body):
        raise CannotFound(_("Only a verified body that serves no profit can sponsor a team."))
    key = sort_key(name)
    living = Team.objects.filter(body=body, name_sort_key=key).exclude(status=TeamStatus.ENDED)
    if living.exists():
        raise CannotFound(_("The body has a team of this name already."), field="name")
    team = Team.objects.create(
        # /teams/join/… is a link's page.
        code=free_code(Team, name=name, otherwise="team", reserved="join"),
        name=" ".join(name.split()), name_sort_key=key, body=body,
        governorate=governorate, field=field, about=about, status=TeamStatus.ACTIVE,
        founded_on=timezone.localdate(at), created_at=at, is_demo=is_demo,
    )  # fmt: skip
    record(subject=team, action="founded", by=by, at=at, to_state=team.status, acting_body=body)
    documents.put_team(team, at=at)
    return team


@transaction.atomic
def edit_team(*, team: Team, about: str, field: Field | None, by, at: datetime) -> None:
    """The leader or the body changes what the team's page says.

    :raises NotAllowed: if ``by`` is neither.
    """
    _require_leader(by, team, at)
    Team.objects.filter(pk=team.pk).update(about=about, field=field)
    team.refresh_from_db()
    record(subject=team, action="edited", by=by, at=at)
    documents.put_team(team, at=at)


@transaction.atomic
def ask_to_join(*, team: Team, person, by, at: datetime) -> TeamRequest:
    """A volunteer asks; asking twice is one request.

    :raises CannotJoin: if already a member; for a minor without a guardian's consent; if the
        team takes nobody.
    """
    _check_joining(team, person, by, at)
    standing, is_new = TeamRequest.objects.get_or_create(
        team=team, person=person, accepted=None, defaults={"asked_at": at}
    )
    if is_new:
        for leader in _leaders(team):
            outbox.send(
                template="registry.team_asked", to=leader, at=at,
                collapse_key=f"registry.team_asked:{team.pk}",
                context={"team": team.name, "link": absolute("registry:team", team.code)},
            )  # fmt: skip
    return standing


@transaction.atomic
def answer_request(*, request: TeamRequest, accept: bool, by, at: datetime) -> None:
    """The leader or the body answers. A second answer is refused.

    :raises NotAllowed: if ``by`` is neither.
    :raises CannotJoin: if it was answered, or the person cannot join any more.
    """
    _require_leader(by, request.team, at)
    if request.person_id == by.pk:
        raise NotAllowed(_("Somebody else has to answer your own request."))
    open_one = TeamRequest.objects.filter(pk=request.pk, accepted=None)
    if not open_one.update(accepted=accept, answered_at=at, answered_by=by):
        raise CannotJoin(_("This request has been answered already."))
    if accept:
        _check_joining(request.team, request.person, request.person, at)
        _add_member(request.team, request.person, by=by, at=at)
    outbox.send(
        template="registry.team_answered", to=request.person, at=at,
        context={"team": request.team.name, "accepted": accept,
                 "link": links.team_page(request.team)},
    )  # fmt: skip


@transaction.atomic
def join_by_link(*, team: Team, person, by, at: datetime) -> TeamMember:
    """Whoever the leader gave the team's link joins at once; joining twice is joining.

    :raises CannotJoin: as ``ask_to_join``.
    """
    standing = TeamMember.objects.filter(team=team, person=person, left_on=None).first()
    if standing is not None:
        return standing
    _check_joining(team, person, by, at)
    TeamRequest.objects.filter(team=team, person=person, accepted=None).update(
        accepted=True, answered_at=at
    )
    return _add_member(team, person, by=by, at=at)


@transaction.atomic
def leave_team(*, member: TeamMember, by, at: datetime) -> None:
    """The member leaves, or the leader takes them off the list.

    :raises NotAllowed: if ``by`` is neither.
    """
    if member.person_id != by.pk:
        _require_leader(by, member.team, at)
    if member.left_on is None:
        end_membership(member, timezone.localdate(at))
        record(subject=member, action="left", by=by, at=at)


@transaction.atomic
def show_name(*, member: TeamMember, shows: bool, by, at: datetime) -> None:
    """Be named on the team's public page, or not any more: one's own decision only.

    :raises NotAllowed: for anybody else's membership; for minors.
    """
    if member.person_id != by.pk:
        raise NotAllowed(_("Only the member decides whether their name is shown."))
    if shows and by.is_minor(on=timezone.localdate(at)):
        raise NotAllowed(_("Names of people under 18 are not shown."))
    TeamMember.objects.filter(pk=member.pk).update(shows_name=shows)
    member.shows_name = shows
    record(subject=member, action="name_shown" if shows else "name_hidden", by=by, at=at)


def _check_joining(team: Team, person, by, at: datetime) -> None:
    if by.pk != person.pk:
        raise NotAllowed(_("Everybody asks for themself."))
    if not policies.team_takes_members(team):
        raise CannotJoin(_("This team takes no members now."))
    if TeamMember.objects.filter(team=team, person=person, left_on=None).exists():
        raise CannotJoin(_("You are in this team already."))
    if not accounts.may_join_activities(person, at):
        raise CannotJoin(
            _("Complete your name and birth date; under 18, a guardian agrees first.")
        )


def _add_member(team: Team, person, *, by, at: datetime) -> TeamMember:
    member = TeamMember.objects.create(
        team=team, person=person, joined_on=timezone.localdate(at)
    )
    record(subject=member, action="joined", by=by, at=at)
    return member


def _leaders(team: Team) -> list:
    rows = Office.objects.filter(team=team, role="team_leader", ends_on=None)
    return [office.person for office in rows.select_related("person")]


def _require_leader(by, team: Team, at: datetime) -> None:
    if not policies.may_lead_team(by, team, timezone.localdate(at)):
        raise NotAllowed(_("Only the team's leader or its body can do this."))
