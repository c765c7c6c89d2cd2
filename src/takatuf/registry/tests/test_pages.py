"""Every address of the registry: who may see it, who may act, and that nobody else changes a thing."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from takatuf.kernel import evidence
from takatuf.registry import commands, links
from takatuf.registry.enums import Basis, BodyStatus, Role
from takatuf.registry.models import Concern, Invitation, PersonMerge, TeamRequest
from takatuf.registry.tests.factories import (
    BodyFactory,
    ConcernFactory,
    FieldFactory,
    GovernorateFactory,
    InvitationFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
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
    "concern_new": EVERYBODY, "concern_follow": EVERYBODY,
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
        assert response.status_code in (200, 302)
        if response.status_code == 302:
            ways_on = {reverse("registry:welcome"), reverse("registry:profile")}
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

    assert form["role"].initial == Role.TEAM_LEADER
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["team"]


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


# ---------------------------------------------------------------- lists
@pytest.mark.parametrize("rows", [2, 40])
@pytest.mark.parametrize("page", ["bodies", "teams"])
def test_directory_pages_take_few_queries_at_any_size(
    client, django_assert_max_num_queries, page, rows
):
    if page == "bodies":
        BodyFactory.create_batch(rows)
    else:
        TeamFactory.create_batch(rows, field=FieldFactory(code="health"))

    with django_assert_max_num_queries(4):
        assert client.get(reverse(f"registry:{page}")).status_code == 200


def test_the_directory_finds_filters_counts_and_pages(client):
    umluj = GovernorateFactory(code="umluj", name_ar="أملج", name_en="Umluj")
    for n in range(30):
        BodyFactory(name_ar=f"جمعية الإحسان {n}", name_sort_key=f"جمعيه احسان {n:06}")
    BodyFactory(name_ar="مدرسة", name_sort_key="مدرسه", sector="educational", governorate=umluj)
    BodyFactory(waiting=True, name_ar="سر", name_sort_key="سر")
    address = reverse("registry:bodies")

    assert len(client.get(address, {"q": "الاحسان"}).context["page"].rows) == 24
    first = client.get(address)
    counts = {f.value: f.count for f, _href in first.context["facets"]["sector"]}
    assert counts["non_profit"], counts["educational"] == (30, 1)
    second = client.get(f"{address}{first.context['older']}")
    names = [b.pk for page in (first, second) for b in page.context["page"].rows]
    assert len(names) == len(set(names)) == 31
    chosen = client.get(address, {"governorate": "umluj"})
    assert [b.name_ar for b in chosen.context["page"].rows] == ["مدرسة"]
    assert client.get(address, {"q": "لا أحد هنا"}).status_code == 200


@pytest.mark.parametrize("bad", ["after=%00", "after=x|y", "q=%00", "sector=%00", "after=|9"])
def test_nonsense_in_the_address_is_no_error(client, bad):
    for page in ("bodies", "teams"):
        assert client.get(f"{reverse(f'registry:{page}')}?{bad}").status_code == 200


# ---------------------------------------------------------------- forms through the pages
def body_data(**changes):
    return {
        "name_ar": "جمعية جديدة", "sector": "non_profit", "licence_number": "٥٥٥",
        "governorate": GovernorateFactory().pk, "contact_email": "a@example.com",
    } | changes  # fmt: skip


def test_a_body_registers_itself_and_waits(client):
    person = PersonFactory()
    enter(client, person)

    response = client.post(reverse("registry:body_new"), body_data())

    body = apps.get_model("registry.Body").objects.get(name_ar="جمعية جديدة")
    assert response.url == reverse("registry:body", args=[body.code])
    assert (body.status, body.licence_number) == (BodyStatus.REGISTERED, "555")
    assert body.offices.get().person == person


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_ar": ""}, "name_ar"),
        ({"licence_number": ""}, "licence_number"),
        ({"contact_email": "x"}, "contact_email"),
        ({"sector": "magic"}, "sector"),
    ],
)
def test_a_bad_registration_keeps_what_was_typed_and_saves_nothing(client, changes, field):
    enter(client, PersonFactory())

    response = client.post(reverse("registry:body_new"), body_data(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "a@example.com" in response.content.decode() or field == "contact_email"
    assert not apps.get_model("registry.Body").objects.exists()


def test_the_last_step_of_joining_makes_a_profile_and_accepts_the_charter(client):
    from takatuf.accounts.commands import load_charter  # noqa: PLC0415

    load_charter(at=timezone.now() - timedelta(days=1))
    person, place = PersonFactory(), GovernorateFactory()
    interests = [FieldFactory().pk for _ in range(3)]
    enter(client, person)

    too_few = client.post(
        reverse("registry:welcome"), {"governorate": place.pk, "interests": interests[:2]}
    )
    done = client.post(
        reverse("registry:welcome"),
        {"governorate": place.pk, "interests": interests, "charter": "on"},
    )

    assert too_few.status_code == 422
    assert set(too_few.context["form"].errors) == {"interests", "charter"}
    assert done.status_code == 302
    assert person.volunteer.interests.count() == 3
    assert person.charter_acceptances.count() == 1


def test_the_home_point_is_rounded_and_skills_are_declared(client):
    profile = VolunteerFactory()
    skill = SkillFactory()
    enter(client, profile.person)

    client.post(reverse("registry:profile_edit"), {
        "governorate": profile.governorate.pk, "reach_km": "٢٥", "weekly_hours": "٦",
        "latitude": "28.41567", "longitude": "٣٦٫٥٣٤٩", "suggestions_a_week": "٣",
    })  # fmt: skip
    client.post(
        reverse("registry:profile_skills"), {f"skill_{skill.pk}": "2", "languages": ["ar"]}
    )
    client.post(reverse("registry:profile_availability"), {"free": ["0-morning", "5-evening"]})

    profile.refresh_from_db()
    assert (str(profile.home_latitude), str(profile.home_longitude)) == ("28.42", "36.53")
    assert (profile.reach_km, profile.weekly_minutes) == (25, 360)
    assert profile.suggestions_a_week == 3
    assert [(g.level, g.basis) for g in profile.person.skill_grants.all()] == [(2, "declared")]
    assert profile.availability.count() == 2
    page = client.get(reverse("registry:profile"))
    assert page.status_code == 200


def test_a_search_opens_the_fields_with_such_a_skill_and_puts_them_first(client):
    profile = VolunteerFactory()
    other, wanted = (
        SkillFactory(name_ar=name, field=FieldFactory(name_ar=field))
        for name, field in (("تصميم", "الإعلام"), ("إسعافات أولية", "الصحة"))
    )
    enter(client, profile.person)
    address = reverse("registry:profile_skills")

    page = client.get(address, {"q": "اسعافات"})

    names = [(name, named) for name, _rows, _chosen, named in page.context["groups"]]
    assert names == [(wanted.field.name, True), (other.field.name, False)]
    assert client.get(address, {"q": "طيران"}).context["nothing"]
    assert not client.get(address).context["nothing"]


# ---------------------------------------------------------------- concerns through the pages
def test_anybody_reports_and_follows_with_number_and_code(client):
    response = client.post(
        reverse("registry:concern_new"), {"kind": "conduct", "text": "something", "page": "/x/"}
    )
    reported = response.context["reported"]
    address = reverse("registry:concern_follow")

    found = client.post(address, {"number": reported.concern.number, "code": reported.code})
    wrong = client.post(address, {"number": reported.concern.number, "code": "ABCDEFGHJK"})

    assert response.status_code == 200
    assert "something" in found.content.decode()
    assert wrong.status_code == 422
    assert "something" not in wrong.content.decode()


def test_reports_from_one_address_are_limited(client):
    for _ in range(10):
        client.post(reverse("registry:concern_new"), {"kind": "conduct", "text": "x"})

    response = client.post(reverse("registry:concern_new"), {"kind": "conduct", "text": "x"})

    assert response.status_code in (409, 429)
    assert Concern.objects.count() == 10


def test_an_invitation_is_accepted_by_the_owner_of_the_contact_only(client, world):
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    address = reverse("registry:invitation", args=world.args("invitation"))
    enter(client, world.people["stranger"])
    assert client.post(address).status_code == 409
    assert Invitation.objects.get(pk=world.invitation.pk).accepted_at is None
    owner = PersonFactory(email=world.invitation.contact)
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
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


def test_a_unit_without_a_name_is_refused_beside_its_field(client, world):
    enter(client, world.people["head"])
    before = world.body.units.count()

    response = client.post(reverse("registry:unit_add", args=[world.body.code]), {"name": " "})

    assert response.status_code == 422
    assert response.context["unit_form"].errors["name"]
    assert world.body.units.count() == before
