"""Every address of the registry: who may see it, who may act, and that nobody else changes a thing."""

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel import evidence
from takatuf.registry import commands, links
from takatuf.registry.enums import Basis, Role
from takatuf.registry.models import Invitation, PersonMerge, TeamRequest
from takatuf.registry.tests.factories import (
    BodyFactory,
    ConcernFactory,
    InvitationFactory,
    OfficeFactory,
    PersonFactory,
    SkillGrantFactory,
    TeamFactory,
    TeamMemberFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
CAST = ("visitor", "stranger", "volunteer", "member", "leader", "manager", "head", "other_head",
        "desk", "auditor")  # fmt: skip
INSIDE = {"manager", "head"}


class World:
    """One body with its people, its team and what waits in it."""

    def __init__(self):
        self.desk_body = BodyFactory(desk=True)
        self.body = BodyFactory()
        self.waiting = BodyFactory(waiting=True, registered_by=PersonFactory())
        self.team = TeamFactory(body=self.body)
        self.people = {
            "visitor": None,
            "stranger": PersonFactory(),
            "volunteer": VolunteerFactory(import_note="words").person,
            "member": TeamMemberFactory(team=self.team).person,
            "leader": self.holder(Role.TEAM_LEADER, self.body, self.team),
            "manager": self.holder(Role.UNIT_MANAGER, self.body),
            "head": self.holder(Role.BODY_HEAD, self.body),
            "other_head": self.holder(Role.BODY_HEAD, BodyFactory()),
            "desk": self.holder(Role.DESK, self.desk_body),
            "auditor": self.holder(Role.AUDITOR, self.desk_body),
        }
        self.office = OfficeFactory(role=Role.REVIEWER, body=self.body)
        self.invitation = InvitationFactory(body=self.body, role=Role.REVIEWER)
        self.asked = TeamRequest.objects.create(
            team=self.team, person=PersonFactory(), asked_at=timezone.now()
        )
        self.other_member = TeamMemberFactory(team=self.team)
        self.concern = ConcernFactory(about_body=self.body, reporter=self.people["volunteer"])
        self.licence = evidence.keep(
            subject=self.body, title="Licence", by=None, at=timezone.now(),
            file=SimpleUploadedFile("licence.pdf", b"%PDF-1.7"),
        )  # fmt: skip
        self.grant = SkillGrantFactory(basis=Basis.LICENCE, source="x")
        self.merge = PersonMerge.objects.create(
            keep=PersonFactory(), drop=PersonFactory(), reason="same",
            proposed_by=PersonFactory(), proposed_at=timezone.now(),
        )  # fmt: skip

    @staticmethod
    def holder(role, body, team=None):
        return OfficeFactory(role=role, body=body, team=team).person

    def args(self, name):
        return {
            "body": [self.body.code], "body_edit": [self.body.code],
            "body_licence": [self.body.code],
            "body_staff": [self.body.code], "team_new": [self.body.code],
            "unit_add": [self.body.code], "body_decide": [self.body.code],
            "office_end": [self.body.code, self.office.pk],
            "invitation_revoke": [self.body.code, self.invitation.pk],
            "invitation": [links.invitation_link(self.invitation, at=timezone.now())
                           .rstrip("/").rpartition("/")[2]],
            "team_join": [links.team_link(self.team, at=timezone.now())
                          .rstrip("/").rpartition("/")[2]],
            "team": [self.team.code], "team_edit": [self.team.code],
            "team_roster": [self.team.code], "team_ask": [self.team.code],
            "team_leave": [self.team.code], "team_name": [self.team.code],
            "team_decide": [self.team.code],
            "member_remove": [self.team.code, self.other_member.pk],
            "request_answer": [self.team.code, self.asked.pk],
            "concern_own": [self.concern.number], "concern": [self.concern.pk],
            "merge_decide": [self.merge.pk], "licence_end": [self.grant.pk],
            "body_evidence": [self.body.code, self.licence.pk],
        }.get(name, [])  # fmt: skip


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    # Second factors are accounts' business and tested there.
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "takatuf.accounts" not in m]
    return World()


def everything():
    """How many rows each of our tables has, and what they say: to see that nothing changed."""
    models = [*apps.get_app_config("registry").get_models(), apps.get_model("accounts.Person")]
    return {
        m._meta.label: list(m._base_manager.order_by("pk").values(
            *[f.attname for f in m._meta.concrete_fields if f.name != "last_login"]))
        for m in models
    }  # fmt: skip


def enter(client, person):
    if person is not None:
        client.force_login(person)


SIGNED_IN = set(CAST) - {"visitor"}
EVERYBODY = set(CAST)
PAGES = {
    "bodies": EVERYBODY, "teams": EVERYBODY, "body": EVERYBODY, "team": EVERYBODY,
    "concern_new": EVERYBODY, "concern_received": EVERYBODY,
    "concern_follow": EVERYBODY,
    "body_new": SIGNED_IN, "welcome": SIGNED_IN, "invitation": SIGNED_IN, "team_join": SIGNED_IN,
    "body_edit": {"head", "desk"},
    "body_licence": {"head"},
    "body_staff": {"manager", "head", "desk"},
    "body_decide": {"desk"}, "body_evidence": {"desk"},
    "team_new": INSIDE, "team_edit": {"leader", *INSIDE}, "team_roster": {"leader", *INSIDE},
    "team_decide": {"desk", *INSIDE},
    "bodies_waiting": {"desk"}, "duplicates": {"desk", "auditor"},
    "concerns": {"desk", "auditor"}, "licences": {"desk"}, "licence_end": {"desk"},
    "concern": {"desk"}, "concern_own": {"volunteer"},
    "profile": SIGNED_IN, "profile_edit": SIGNED_IN, "profile_skills": SIGNED_IN,
    "profile_availability": SIGNED_IN,
}  # fmt: skip
ACTS = {
    "unit_add": ({"name": "وحدة"}, {"head"}),
    "office_end": ({}, {"head", "desk"}),
    "invitation_revoke": ({}, {"head", "desk"}),
    "team_decide": ({"act": "end", "reason": "done"}, {"desk", *INSIDE}),
    "member_remove": ({}, {"leader", *INSIDE}),
    "request_answer": ({"answer": "decline"}, {"leader", *INSIDE}),
    "team_leave": ({}, {"member"}),
    "team_name": ({"shows": "yes"}, {"member"}),
    "team_ask": ({}, SIGNED_IN - {"member"}),
    "merge_propose": ({"keep": "1", "drop": "1"}, set()),
    "merge_decide": ({"answer": "refuse"}, {"desk"}),
    "licence_end": ({"reason": "x"}, {"desk"}),
    "profile_proposals": ({"agreed": "yes"}, {"volunteer"}),
    "import_note_clear": ({}, {"volunteer"}),
    "body_decide": ({"act": "suspend", "reason": "x"}, {"desk"}),
    "concern": ({"act": "take"}, {"desk"}),
}


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_those_they_are_for(client, world, page, who):
    enter(client, world.people[who])

    response = client.get(reverse(f"registry:{page}", args=world.args(page)))

    if who in PAGES[page]:
        # An invitation says in place whose contact it went to.
        assert response.status_code in ((409,) if page == "invitation" else (200, 302))
        if response.status_code == 302:
            ways_on = {reverse("registry:welcome"), reverse("site:me"),
                       reverse("registry:concern_follow")}  # fmt: skip
            assert response.url in ways_on
    elif who == "visitor":
        assert response.status_code == 302
        assert reverse("account_login") in response.url
    else:
        assert response.status_code in (403, 404)


def test_who_may_name_one_office_only_has_it_chosen_and_names_its_team(client, world):
    enter(client, world.people["manager"])
    address = reverse("registry:body_staff", args=[world.body.code])

    form = client.get(address).context["form"]
    refused = client.post(address, {"role": Role.TEAM_LEADER, "contact": "a@example.org"})

    assert not list(refused.context["messages"])
    assert form["role"].initial == Role.TEAM_LEADER
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["team"]


def test_only_who_may_use_them_sees_the_buttons_of_an_office(client, world):
    own = world.people["manager"].offices.get()
    leader = world.people["leader"].offices.get()
    heads = world.people["head"].offices.get()
    team_invitation = InvitationFactory(
        body=world.body, role=Role.TEAM_LEADER, team=world.team, contact="b@example.org"
    )
    address = reverse("registry:body_staff", args=[world.body.code])
    acts = {
        row: reverse(f"registry:{name}", args=[world.body.code, row.pk])
        for name, rows in {
            "office_end": (own, leader, heads, world.office),
            "invitation_revoke": (world.invitation, team_invitation),
        }.items()
        for row in rows
    }

    def offered_to(who):
        enter(client, world.people[who])
        page = client.get(address).content.decode()
        return {row for row, act in acts.items() if f'action="{act}"' in page}

    assert offered_to("manager") == {own, leader, team_invitation}
    assert offered_to("head") == set(acts)


@pytest.mark.parametrize(
    ("who", "page", "marked"),
    [("desk", "concerns", "site:desk"), ("desk", "concern", "site:desk"),
     ("desk", "concern_new", None), ("volunteer", "concern_own", "site:me"),
     ("head", "body_staff", "registry:bodies")],
)  # fmt: skip
def test_the_bar_marks_where_one_is(client, world, who, page, marked):
    enter(client, world.people[who])

    nav = client.get(reverse(f"registry:{page}", args=world.args(page))).context["nav"]

    assert [way.name for way in nav if way.current] == ([marked] if marked else [])


def test_who_invites_reads_that_it_was_sent(client, world):
    enter(client, world.people["head"])
    address = "/en" + reverse("registry:body_staff", args=[world.body.code])

    sent = client.post(
        address, {"role": Role.UNIT_MANAGER, "contact": "a@example.org"}, follow=True
    )

    assert [str(said) for said in sent.context["messages"]] == ["The invitation has been sent."]
    assert "a@example.org" in sent.content.decode()


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_changes_a_thing(client, world, act, who):
    data, allowed = ACTS[act]
    enter(client, world.people[who])
    before = everything()

    response = client.post(reverse(f"registry:{act}", args=world.args(act)), data)

    if who in allowed:
        assert response.status_code == 302
        assert everything() != before
    else:
        assert response.status_code in (302, 403, 404)
        assert everything() == before


def test_every_address_is_in_the_tables():
    names = {pattern.name for pattern in __import__(
        "takatuf.registry.urls", fromlist=["urlpatterns"]).urlpatterns}  # fmt: skip

    assert names == {*PAGES, *ACTS}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_waiting_body_is_seen_by_its_registrar_and_the_desk_only(client, world, language):
    prefix = "" if language == "ar" else "/en"
    address = f"{prefix}/bodies/{world.waiting.code}/"
    OfficeFactory(role=Role.BODY_HEAD, body=world.waiting, person=world.waiting.registered_by)

    assert client.get(address).status_code == 404
    enter(client, world.people["other_head"])
    assert client.get(address).status_code == 404
    enter(client, world.waiting.registered_by)
    assert client.get(address).status_code == 200
    enter(client, world.people["desk"])
    assert client.get(address).status_code == 200


def test_names_of_members_stay_away_from_the_public_page(client, world):
    shy, open_one = world.people["member"], world.other_member
    open_one.shows_name = True
    open_one.save()

    page = client.get(reverse("registry:team", args=[world.team.code])).content.decode()

    assert open_one.person.full_name in page
    assert shy.full_name not in page


def test_an_invitation_is_accepted_by_the_owner_of_the_contact_only(client, world):
    address = reverse("registry:invitation", args=world.args("invitation"))
    enter(client, world.people["stranger"])
    assert client.post(address).status_code == 409
    assert Invitation.objects.get(pk=world.invitation.pk).accepted_at is None
    owner = PersonFactory(email=world.invitation.contact, email_verified=True)
    enter(client, owner)

    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 200
    assert client.post(address).status_code == 200

    again = client.get(address)
    assert again.status_code == 409
    assert reverse("site:desk") in again.content.decode()
    assert [o.role for o in owner.offices.all()] == [Role.REVIEWER]
    assert (
        commands.appoint(
            person=owner, role=Role.REVIEWER, body=world.body, by=None, at=timezone.now()
        )
        == owner.offices.get()
    )


@pytest.mark.parametrize(
    ("contact", "shown"), [("+966551234551", "…551"), ("invited@example.com", "i…@example.com")]
)
def test_an_invitation_opened_by_another_account_says_whose_it_is_and_what_to_do(
    client, world, contact, shown
):
    Invitation.objects.filter(pk=world.invitation.pk).update(contact=contact)
    address = reverse("registry:invitation", args=world.args("invitation"))
    enter(client, world.people["stranger"])

    for answer in (client.get(address), client.post(address)):
        page = answer.content.decode()
        assert answer.status_code == 409
        assert shown in page
        assert contact not in page
        assert f'action="{reverse("account_logout")}"' in page
        assert f'name="next" value="{address}"' in page
        assert f'href="{reverse("contact_change")}"' in page
    assert Invitation.objects.get(pk=world.invitation.pk).accepted_at is None


@pytest.mark.parametrize(
    ("end", "words"), [("revoked", "has been taken back"), ("accepted", "answered already")]
)
def test_an_invitation_taken_back_is_not_called_answered(client, world, end, words):
    invitation = world.invitation
    if end == "accepted":
        invitation.accepted_by = PersonFactory()
    setattr(invitation, f"{end}_at", timezone.now())
    invitation.save()
    address = "/en" + reverse("registry:invitation", args=world.args("invitation"))
    enter(client, world.people["stranger"])

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 409
        assert words in answer.content.decode()


def test_a_unit_without_a_name_is_refused_beside_its_field(client, world):
    enter(client, world.people["head"])
    before = world.body.units.count()

    response = client.post(reverse("registry:unit_add", args=[world.body.code]), {"name": " "})

    assert response.status_code == 422
    assert response.context["unit_form"].errors["name"]
    assert world.body.units.count() == before
