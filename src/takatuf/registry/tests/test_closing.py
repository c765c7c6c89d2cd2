"""Teams suspended and ended, bodies closed: who is told, what goes with it, what refuses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message, SearchDocument
from takatuf.kernel.transitions import WrongState, history
from takatuf.registry import commands, policies, queries
from takatuf.registry.enums import BodyStatus, Role, TeamStatus
from takatuf.registry.models import Office, SkillRequest, TeamMember
from takatuf.registry.tests.factories import (
    BodyFactory,
    InvitationFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    TeamFactory,
    TeamMemberFactory,
    desk_member,
    now,
)

pytestmark = pytest.mark.django_db


def a_team():
    """A team with its leader and two members, and the head of its body."""
    team = TeamFactory()
    head = OfficeFactory(role=Role.BODY_HEAD, body=team.body).person
    leader = OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team).person
    members = [TeamMemberFactory(team=team).person for _ in range(2)]
    return team, head, leader, members


def told(template):
    return set(Message.objects.filter(template=template).values_list("person", flat=True))


# ---------------------------------------------------------------- teams
def test_a_suspended_team_takes_nobody_and_its_people_are_told():
    team, head, leader, members = a_team()

    commands.suspend_team(team=team, reason="no leader", by=head, at=now())

    assert told("registry.team_suspended") == {leader.pk, *(m.pk for m in members)}
    assert queries.team_roster(team).count() == 2
    assert team not in queries.public_teams()
    newcomer = PersonFactory()
    with pytest.raises(commands.CannotJoin):
        commands.join_by_link(team=team, person=newcomer, by=newcomer, at=now())

    commands.resume_team(team=team, by=head, at=now())

    assert told("registry.team_resumed") == told("registry.team_suspended")
    commands.join_by_link(team=team, person=newcomer, by=newcomer, at=now())
    assert [entry.action for entry in history(team)] == ["suspended", "resumed"]
    assert team in queries.public_teams()


def test_the_desk_may_end_a_team_and_whoever_asked_hears_it():
    team, _head, leader, members = a_team()
    asking = PersonFactory()
    commands.ask_to_join(team=team, person=asking, by=asking, at=now())

    commands.end_team(team=team, reason="season over", by=desk_member(), at=now())

    everybody = {leader.pk, asking.pk, *(m.pk for m in members)}
    assert told("registry.team_ended") == everybody
    assert not queries.open_requests(team).exists()
    assert not TeamMember.objects.filter(team=team, left_on=None).exists()
    (office,) = Office.objects.filter(team=team)
    assert [entry.action for entry in history(office)] == ["ended"]


@pytest.mark.parametrize("act", [commands.suspend_team, commands.end_team])
def test_a_team_is_not_its_leaders_to_end_and_never_without_a_word(act):
    team, head, leader, _members = a_team()

    for by in (leader, OfficeFactory(role=Role.BODY_HEAD).person, PersonFactory()):
        with pytest.raises(NotAllowed):
            act(team=team, reason="x", by=by, at=now())
    with pytest.raises(commands.CannotEndTeam):
        act(team=team, reason=" ", by=head, at=now())

    team.refresh_from_db()
    assert team.status == TeamStatus.ACTIVE
    assert not Message.objects.exists()


def test_a_team_announced_in_public_is_not_ours_to_end():
    team = TeamFactory(body=None, source="spa")

    with pytest.raises(NotAllowed):
        commands.end_team(team=team, reason="x", by=desk_member(), at=now())


def test_a_team_of_a_suspended_body_takes_nobody_and_does_not_resume():
    team, head, _leader, _members = a_team()
    commands.suspend_team(team=team, reason="x", by=head, at=now())
    commands.suspend_body(body=team.body, reason="x", by=desk_member(), at=now())

    with pytest.raises(commands.CannotEndTeam):
        commands.resume_team(team=team, by=head, at=now())

    assert not policies.team_takes_members(TeamFactory(body=team.body))


# ---------------------------------------------------------------- bodies
def test_a_suspension_ends_where_it_began():
    headed = OfficeFactory(role=Role.BODY_HEAD).body
    headless = BodyFactory(status=BodyStatus.VERIFIED)
    desk = desk_member()

    for body in (headed, headless):
        commands.suspend_body(body=body, reason="x", by=desk, at=now())
        commands.resume_body(body=body, by=desk, at=now())

    assert (headed.status, headless.status) == (BodyStatus.ACTIVE, BodyStatus.VERIFIED)
    assert len(told("registry.body_resumed")) == 1


@pytest.mark.parametrize("status", [BodyStatus.ACTIVE, BodyStatus.SUSPENDED])
def test_what_was_the_bodys_ends_with_it_and_its_people_are_told(status):
    team, head, leader, members = a_team()
    body = team.body
    body.status = status
    body.save()
    manager = OfficeFactory(body=body).person
    invited = InvitationFactory(body=body)
    request = SkillRequest.objects.create(
        person=PersonFactory(), skill=SkillFactory(), body=body, asked_at=now(), due_at=now()
    )
    other = OfficeFactory(person=manager)
    till_next_month = OfficeFactory(
        body=body, ends_on=timezone.localdate() + timedelta(days=30)
    )
    desk = desk_member()

    commands.close_body(body=body, reason="joined another", by=desk, at=now())

    body.refresh_from_db()
    team.refresh_from_db()
    request.refresh_from_db()
    assert (body.status, team.status) == (BodyStatus.CLOSED, TeamStatus.ENDED)
    till_next_month.refresh_from_db()
    assert till_next_month.ends_on <= timezone.localdate()
    assert told("registry.body_closed") == {
        head.pk, manager.pk, leader.pk, till_next_month.person.pk,
    }  # fmt: skip
    assert told("registry.team_ended") == {leader.pk, *(m.pk for m in members)}
    assert (request.status, request.reason) == ("refused", "joined another")
    assert list(Office.objects.filter(ends_on=None, person=manager)) == [other]
    assert not queries.open_invitations(body, now()).exists()
    assert [(entry.action, entry.actor) for entry in history(invited)] == [
        ("revoked", desk.ref)
    ]
    assert not SearchDocument.objects.filter(reference=f"registry.body:{body.pk}").exists()
    assert history(body).last().note.reason == "joined another"
    assert queries.body_visible_to(None, body.code) == body  # its certificates name it


def test_a_body_does_not_close_while_somebody_counts_on_it(monkeypatch, client):
    body = OfficeFactory(role=Role.BODY_HEAD).body
    found = [("above", lambda asked: "Two shifts to go." if asked.pk == body.pk else "")]
    monkeypatch.setattr(policies, "closing_obstacles", found)
    desk = desk_member()

    with pytest.raises(commands.CannotClose, match="Two shifts to go"):
        commands.close_body(body=body, reason="x", by=desk, at=now())

    body.refresh_from_db()
    assert body.status == BodyStatus.ACTIVE
    assert Office.objects.filter(body=body, ends_on=None).exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("flaw", ["words", "own", "registered", "closed", "desk"])
def test_a_body_is_not_closed_like_this(flaw):
    body = OfficeFactory(role=Role.BODY_HEAD).body
    desk, reason, expected = desk_member(), "x", commands.CannotClose
    if flaw == "words":
        reason = " "
    elif flaw == "own":
        OfficeFactory(person=desk, body=body)
        expected = NotAllowed
    elif flaw == "desk":
        outsider = OfficeFactory(role=Role.DESK, body=queries.desk_body()).person
        body, expected = queries.desk_body(), NotAllowed
        desk = outsider
    elif flaw == "registered":
        body = BodyFactory(waiting=True)
    else:
        commands.close_body(body=body, reason="x", by=desk, at=now())
        expected = WrongState
    before = body.status

    with pytest.raises(expected):
        commands.close_body(body=body, reason=reason, by=desk, at=now())

    body.refresh_from_db()
    assert body.status == before


def test_the_desk_sees_what_closing_ends_and_the_reason_is_asked_for(client, settings):
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "takatuf.accounts" not in m]
    team, _head, _leader, _members = a_team()
    client.force_login(desk_member())
    page = reverse("registry:body_decide", args=[team.body.code])

    shown = client.get(page)
    empty = client.post(page, {"act": "close", "reason": ""})
    done = client.post(page, {"act": "close", "reason": "joined another"})

    assert shown.context["ends"] == {"offices": 2, "teams": 1, "invitations": 0}
    assert empty.status_code == 422
    assert done.status_code == 302
    assert client.get(reverse("registry:body", args=[team.body.code])).status_code == 200
    assert client.get(reverse("registry:team_decide", args=[team.code])).status_code == 200
