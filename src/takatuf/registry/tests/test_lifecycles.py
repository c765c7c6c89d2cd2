"""Bodies, offices, teams, concerns and merges, step by step; refusals change nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import WrongState, history
from takatuf.registry import commands, policies, queries
from takatuf.registry.enums import BodyStatus, ConcernStatus, Role
from takatuf.registry.forms import InvitationForm
from takatuf.registry.models import Body, Office, Team, TeamMember
from takatuf.registry.tests.factories import (
    BodyFactory,
    ConcernFactory,
    GovernorateFactory,
    InvitationFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
    VolunteerFactory,
    desk_member,
    now,
)

pytestmark = pytest.mark.django_db


def details(**changes):
    given = {
        "name_ar": "جمعية البر", "sector": "non_profit", "governorate": GovernorateFactory(),
        "licence_number": "77",
    } | changes  # fmt: skip
    return commands.BodyDetails(**given)


# ---------------------------------------------------------------- bodies
def test_a_body_registers_is_verified_and_becomes_active_with_its_head():
    head, desk = PersonFactory(), desk_member()
    body = commands.register_body(details=details(), by=head, at=now())
    assert not queries.public_bodies().filter(pk=body.pk).exists()

    commands.verify_body(body=body, by=desk, at=now())

    assert body.status == BodyStatus.ACTIVE
    assert [entry.action for entry in history(body)] == ["registered", "verified", "activated"]
    office = Office.objects.get(body=body)
    assert office.appointed_by == desk
    assert [(entry.action, entry.actor) for entry in history(office)] == [
        ("appointed", desk.ref)
    ]
    assert Message.objects.filter(person=head, template="registry.body_verified").exists()
    assert policies.body_may_use_volunteers(body)


def test_the_same_licence_or_name_is_not_registered_twice():
    commands.register_body(details=details(), by=PersonFactory(), at=now())

    for twin in (details(name_ar="غيرها"), details(licence_number="", name_ar="جمعيه البر")):
        with pytest.raises(commands.CannotRegister):
            commands.register_body(details=twin, by=PersonFactory(), at=now())

    assert Body.objects.count() == 1


def test_a_refused_body_loses_its_office_and_may_try_again():
    head, desk = PersonFactory(), desk_member()
    body = commands.register_body(details=details(), by=head, at=now())
    with pytest.raises(commands.CannotVerify):
        commands.refuse_body(body=body, reason=" ", by=desk, at=now())

    commands.refuse_body(body=body, reason="no licence", by=desk, at=now())

    assert not queries.offices_of(head)
    [entry] = history(Office.objects.get(body=body))
    assert (entry.action, entry.actor, entry.note.reason) == ("ended", desk.ref, "no licence")
    again = commands.register_body(details=details(), by=head, at=now())
    assert again.code != body.code


def test_a_firm_is_verified_and_still_uses_no_volunteers():
    body = commands.register_body(
        details=details(sector="private"), by=PersonFactory(), at=now()
    )

    commands.verify_body(body=body, by=desk_member(), at=now())

    assert policies.body_may_partner(body)
    assert not policies.body_may_use_volunteers(body)


@pytest.mark.parametrize(
    "act", [commands.verify_body, commands.suspend_body, commands.refuse_body]
)
def test_only_the_desk_decides_on_a_body(act):
    body = BodyFactory(waiting=True)
    extra = {} if act is commands.verify_body else {"reason": "x"}
    insider = desk_member()
    OfficeFactory(person=insider, role=Role.UNIT_MANAGER, body=body)

    for by in (PersonFactory(), OfficeFactory(role=Role.BODY_HEAD, body=body).person, insider):
        with pytest.raises(NotAllowed):
            act(body=body, by=by, at=now(), **extra)

    body.refresh_from_db()
    assert body.status == BodyStatus.REGISTERED


def test_two_of_the_desk_do_not_decide_the_same_body_twice():
    body = commands.register_body(details=details(), by=PersonFactory(), at=now())
    one, same = Body.objects.get(pk=body.pk), Body.objects.get(pk=body.pk)
    commands.verify_body(body=one, by=desk_member(), at=now())

    with pytest.raises(WrongState):
        commands.refuse_body(body=same, reason="late", by=desk_member(), at=now())

    assert Body.objects.get(pk=body.pk).status == BodyStatus.ACTIVE


def test_the_head_does_not_change_what_was_verified():
    body = BodyFactory(name_ar="جمعية البر", licence_number="77", website="")
    head = OfficeFactory(role=Role.BODY_HEAD, body=body).person

    with pytest.raises(commands.CannotRegister):
        commands.edit_body(body=body, details=details(name_ar="أخرى"), by=head, at=now())
    commands.edit_body(body=body, details=details(about="نخدم"), by=head, at=now())

    body.refresh_from_db()
    assert (body.name_ar, body.about) == ("جمعية البر", "نخدم")


# ---------------------------------------------------------------- offices
def invited(role=Role.UNIT_MANAGER, **extra):
    invitation = InvitationFactory(role=role, **extra)
    owner = PersonFactory(email=invitation.contact, email_verified=True)
    return invitation, owner


@pytest.mark.parametrize("roles", [["team_leader"], ["team_leader", "unit_manager"]])
def test_a_team_left_out_of_an_invitation_is_asked_for_once(roles):
    form = InvitationForm(
        {"role": "team_leader", "contact": "0551234567"}, roles=roles, teams=Team.objects.all()
    )

    assert {name: len(said) for name, said in form.errors.items()} == {"team": 1}


def test_an_invitation_ends_in_an_office():
    body = BodyFactory()
    head = OfficeFactory(role=Role.BODY_HEAD, body=body).person
    owner = PersonFactory(email="m@example.com", email_verified=True)

    invitation = commands.invite(
        body=body, role=Role.UNIT_MANAGER, contact="m@example.com", by=head, at=now()
    )
    commands.accept_invitation(invitation=invitation, by=owner, at=now())
    commands.accept_invitation(invitation=invitation, by=owner, at=now())

    assert policies.may_manage_body(owner, body)
    assert owner.offices.count() == 1
    assert Message.objects.get(template="registry.invitation").address == "m@example.com"


def test_asking_again_takes_the_first_invitation_back_on_record():
    head = OfficeFactory(role=Role.BODY_HEAD)
    first = InvitationFactory(body=head.body, contact="new@example.com")

    commands.invite(
        body=head.body, role=first.role, contact=first.contact, by=head.person, at=now()
    )

    first.refresh_from_db()
    assert first.revoked_at
    assert [entry.action for entry in history(first)] == ["revoked"]


def test_nobody_appoints_themselves():
    body = BodyFactory()
    head = OfficeFactory(role=Role.BODY_HEAD, body=body).person
    with pytest.raises(commands.CannotInvite):
        commands.invite(body=body, role=Role.REVIEWER, contact=head.email, by=head, at=now())
    invitation, owner = invited()
    invitation.invited_by = owner
    invitation.save()
    with pytest.raises(commands.CannotAccept):
        commands.accept_invitation(invitation=invitation, by=owner, at=now())
    with pytest.raises(commands.CannotAccept):
        commands.appoint(person=owner, role=Role.DESK, body=body, by=owner, at=now())

    assert not owner.offices.exists()


@pytest.mark.parametrize("flaw", ["expired", "revoked", "unproven", "suspended"])
def test_an_invitation_that_does_not_hold_gives_no_office(flaw):
    invitation, owner = invited()
    if flaw == "expired":
        invitation.expires_at = now() - timedelta(seconds=1)
    elif flaw == "revoked":
        invitation.revoked_at = now()
    elif flaw == "unproven":
        owner.email_verified = False
    else:
        Body.objects.update(status=BodyStatus.SUSPENDED)
    invitation.save()

    with pytest.raises(commands.CannotAccept):
        commands.accept_invitation(invitation=invitation, by=owner, at=now())

    assert not owner.offices.exists()


def test_the_last_head_leaves_only_behind_a_successor():
    office = OfficeFactory(role=Role.BODY_HEAD)
    with pytest.raises(commands.CannotEnd):
        commands.end_office(office=office, by=office.person, at=now())
    OfficeFactory(role=Role.BODY_HEAD, body=office.body)

    commands.end_office(office=office, by=office.person, at=now())

    assert not policies.may_head_body(office.person, office.body)


# ---------------------------------------------------------------- teams
def test_a_team_takes_members_by_request_and_by_link():
    team = TeamFactory()
    leader = OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team).person
    asking, linked = PersonFactory(), PersonFactory()

    asked = commands.ask_to_join(team=team, person=asking, by=asking, at=now())
    assert commands.ask_to_join(team=team, person=asking, by=asking, at=now()) == asked
    commands.answer_request(request=asked, accept=True, by=leader, at=now())
    commands.join_by_link(team=team, person=linked, by=linked, at=now())
    commands.join_by_link(team=team, person=linked, by=linked, at=now())

    assert {m.person for m in queries.team_roster(team)} == {asking, linked}
    with pytest.raises(commands.CannotJoin):
        commands.answer_request(request=asked, accept=False, by=leader, at=now())


def test_a_minor_without_consent_joins_no_team_and_is_never_named():
    team = TeamFactory()
    minor = PersonFactory(birth_date=timezone.localdate() - timedelta(days=15 * 365))

    with pytest.raises(commands.CannotJoin):
        commands.join_by_link(team=team, person=minor, by=minor, at=now())
    member = TeamMemberFactory(team=team, person=minor)
    with pytest.raises(NotAllowed):
        commands.show_name(member=member, shows=True, by=minor, at=now())

    assert TeamMember.objects.filter(shows_name=True).count() == 0


def test_who_turns_out_to_be_under_eighteen_is_named_no_more():
    team = TeamFactory()
    member = TeamMemberFactory(team=team, shows_name=True)
    OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team, person=member.person)
    assert queries.named_members(team) == [member]
    assert queries.named_leaders(team) == [str(member.person)]

    member.person.birth_date = timezone.localdate() - timedelta(days=15 * 365)
    member.person.save()

    assert queries.named_members(team) == []
    assert queries.named_leaders(team) == []


def test_the_end_of_a_team_ends_its_memberships_and_its_leaders_office():
    team = TeamFactory()
    OfficeFactory(role=Role.TEAM_LEADER, body=team.body, team=team)
    TeamMemberFactory(team=team)
    manager = OfficeFactory(body=team.body).person

    commands.end_team(team=team, reason="done", by=manager, at=now())

    assert not queries.team_roster(team)
    assert not queries.offices_of(Office.objects.get(team=team).person)


# ---------------------------------------------------------------- concerns
def test_safety_is_answered_within_one_working_day_and_the_rest_within_five():
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)  # a Sunday
    safety = commands.report_concern(kind="safety", text="x", by=None, at=at).concern
    other = commands.report_concern(kind="other", text="x", by=None, at=at).concern

    assert safety.due_at == at + timedelta(days=1)
    assert other.due_at == at + timedelta(days=7)
    assert [safety.number[-2:], other.number[-2:]] == ["01", "02"]


def test_who_asks_to_stay_unnamed_is_kept_nowhere():
    person = PersonFactory()

    concern = commands.report_concern(
        kind="conduct", text="x", by=person, anonymous=True, at=now()
    ).concern

    assert concern.reporter is None
    assert all(entry.actor is None for entry in history(concern))


def test_a_concern_is_kept_from_everybody_who_belongs_to_the_body():
    body = BodyFactory()
    outside, inside, former = desk_member(), desk_member(), desk_member()
    OfficeFactory(person=inside, body=body)
    OfficeFactory(person=former, body=body, starts_on="2024-01-01", ends_on="2024-02-01")
    head = OfficeFactory(role=Role.BODY_HEAD, body=body).person
    concern = ConcernFactory(about_body=body)

    assert list(queries.concerns_handled_by(outside)) == [concern]
    for person in (inside, former, head):
        assert not queries.concerns_handled_by(person).exists()
        with pytest.raises(NotAllowed):
            commands.answer_concern(concern=concern, answer="fine", by=person, at=now())
    concern.refresh_from_db()
    assert concern.status == ConcernStatus.OPEN


def test_what_is_about_the_desk_goes_to_the_auditors():
    member = desk_member()
    auditor = OfficeFactory(role=Role.AUDITOR, body=queries.desk_body()).person
    concern = ConcernFactory(about_body=queries.desk_body())
    elsewhere = ConcernFactory(about_body=BodyFactory())

    assert list(queries.concerns_handled_by(auditor)) == [concern]
    assert list(queries.concerns_handled_by(member)) == [elsewhere]


def test_a_concern_is_taken_answered_reopened_and_closed():
    member, concern = desk_member(), ConcernFactory(contact="r@example.com")

    commands.take_concern(concern=concern, by=member, at=now())
    with pytest.raises(commands.CannotAnswer):
        commands.answer_concern(concern=concern, answer=" ", by=member, at=now())
    commands.answer_concern(concern=concern, answer="We looked.", by=member, at=now())
    commands.reopen_concern(concern=concern, by=member, at=now())
    commands.answer_concern(concern=concern, answer="We mended.", by=member, at=now())
    commands.close_concern(concern=concern, by=member, at=now())

    assert concern.status == ConcernStatus.CLOSED
    assert Message.objects.filter(template="registry.concern_answered").count() == 2


# ---------------------------------------------------------------- invariants
def faults():
    names = ("verified bodies have a head who was appointed",
             "the region has one desk, and regional offices are in it",
             "team leaders and members are in teams of their body",
             "registry roll-ups are possible figures", "concerns keep their clock")  # fmt: skip
    return [line for name in names for line in invariants[name]()]


def test_a_sound_registry_has_no_faults():
    OfficeFactory(role=Role.BODY_HEAD)
    desk_member()
    VolunteerFactory(total_minutes=60, recent_minutes=30)

    assert faults() == []


@pytest.mark.parametrize("damage", ["headless", "astray", "foreign team", "minutes", "clock"])
def test_seeded_damage_is_found(damage):
    if damage == "headless":
        BodyFactory()
    elif damage == "astray":
        OfficeFactory(role=Role.BODY_HEAD, body=OfficeFactory(role=Role.DESK).body)
    elif damage == "foreign team":
        office = OfficeFactory(role=Role.BODY_HEAD)
        OfficeFactory(role=Role.TEAM_LEADER, body=office.body,
                      team=TeamFactory(body=BodyFactory(desk=True)))  # fmt: skip
    elif damage == "minutes":
        VolunteerFactory(total_minutes=10, recent_minutes=20)
    else:
        ConcernFactory(due_at=now() - timedelta(days=1))

    assert len(faults()) == 1
