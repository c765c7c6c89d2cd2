"""A skill, asked for by a volunteer and confirmed by a body that has met them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message
from takatuf.opportunities.models import OpportunityRole
from takatuf.placement import commands, queries
from takatuf.placement.tests.factories import (
    application,
    manager_of,
    shift_role,
    volunteer,
)
from takatuf.registry import commands as registry
from takatuf.registry.enums import Basis, GrantStatus, SkillRequestStatus
from takatuf.registry.models import SkillGrant, SkillRequest
from takatuf.registry.tests.factories import SkillFactory, SkillGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return application(status="attended")


@pytest.fixture
def body(place):
    return place.opportunity.body


@pytest.fixture
def manager(body):
    return manager_of(body)


def page(body, person):
    return reverse("placement:person_skills", args=[body.code, person.ref])


def confirm(client, place, skill, fields=None):
    given = {"act": "confirm", "skill": skill.pk, "level": 2, "basis": "evidenced",
             "words": "حملتا تبرع بالدم", "valid_until": ""}  # fmt: skip
    return client.post(page(place.opportunity.body, place.person), given | (fields or {}))


def test_a_manager_confirms_a_skill_of_who_was_with_the_body(client, place, body, manager):
    skill = SkillFactory()
    sign_in(client, manager)

    assert client.get(page(body, place.person)).status_code == 200
    assert confirm(client, place, skill).status_code == 302

    grant = SkillGrant.objects.get(person=place.person)
    assert (grant.skill, grant.basis, grant.level, grant.body, grant.source) == (
        skill, Basis.EVIDENCED, 2, body, "حملتا تبرع بالدم",
    )  # fmt: skip
    told = Message.objects.filter(person=place.person, template="registry.skill_confirmed")
    assert told.exists()


def test_the_volunteer_sees_who_confirmed_what_and_until_when(client, place, body, manager):
    until = timezone.localdate() + timedelta(days=400)
    commands.confirm_skill(
        person=place.person, skill=SkillFactory(), level=3, body=body, words="رقم 778",
        basis=Basis.LICENCE, valid_until=until, by=manager, at=timezone.now(),
    )  # fmt: skip
    sign_in(client, place.person)

    shown = client.get(reverse("registry:profile")).content.decode()

    assert body.name in shown
    assert "رقم 778" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"level": "9"},
        {"skill": "0"},
        {"skill": "١٢x"},
        {"basis": "course"},
        {"basis": "licence", "valid_until": ""},
        {"valid_until": "31/02/2027"},
        {"valid_until": "01/01/2020"},
    ],
)
def test_a_bad_form_gets_a_sentence_and_saves_nothing(client, place, manager, wrong):
    sign_in(client, manager)

    answer = confirm(client, place, SkillFactory(), wrong)

    assert answer.status_code in (409, 422)
    assert not SkillGrant.objects.exists()
    assert not Message.objects.exists()


def test_strangers_to_the_body_are_not_its_to_confirm(client, body, manager):
    stranger = volunteer()
    sign_in(client, manager)

    assert client.get(page(body, stranger)).status_code == 404
    with pytest.raises(NotAllowed):
        commands.confirm_skill(
            person=stranger, skill=SkillFactory(), level=1, body=body, words="رأيناه",
            by=manager, at=timezone.now(),
        )  # fmt: skip
    assert not SkillGrant.objects.exists()


def test_who_was_only_invited_is_a_stranger(client, body, manager):
    invited = application(role=shift_role(body=body), status="offered", origin="invited").person
    sign_in(client, manager)

    assert client.get(page(body, invited)).status_code == 404


def test_nobody_confirms_their_own_skill(client, place, body):
    own = application(person=manager_of(body), role=shift_role(body=body))
    sign_in(client, own.person)

    assert client.post(page(body, own.person), {"act": "confirm"}).status_code == 404
    with pytest.raises(NotAllowed):
        commands.confirm_skill(
            person=own.person, skill=SkillFactory(), level=1, body=body, words="رأيتني",
            by=own.person, at=timezone.now(),
        )  # fmt: skip
    assert not SkillGrant.objects.exists()


def test_a_manager_of_another_body_confirms_nothing(client, place, body):
    sign_in(client, manager_of(shift_role().shift.opportunity.body))

    assert client.get(page(body, place.person)).status_code == 404
    assert confirm(client, place, SkillFactory()).status_code == 404
    assert not SkillGrant.objects.exists()


# ---------------------------------------------------------------- asking
def wanting(skill, **fields):
    """A role of an open opportunity that wants the skill seen."""
    role = shift_role(**fields)
    OpportunityRole.objects.filter(pk=role.role_id).update(
        skill=skill, level=1, least_basis="evidenced"
    )
    return role.shift.opportunity


def test_a_licence_asked_for_as_a_second_skill_is_asked_about_too():
    first, plain = SkillFactory(), SkillFactory()
    licensed = SkillFactory(needs_licence=True)
    for second in (plain, licensed):
        opportunity = wanting(first)
        opportunity.roles.update(credential=second)
        asked = {first, licensed} if second == licensed else {first}
        assert set(queries.skills_asked(opportunity)) == asked


def ask(client, skill, body, opportunity=None):
    given = {"skill": skill.pk, "body": body.code}
    if opportunity:
        given["opportunity"] = opportunity.code
    return client.post(reverse("placement:ask_skill"), given)


def test_a_volunteer_asks_from_an_opportunity_and_twice_is_once(client):
    skill, person = SkillFactory(), volunteer()
    opportunity = wanting(skill)
    sign_in(client, person)

    panel = client.get(reverse("site:opportunity", args=[opportunity.code])).content.decode()
    assert f"{reverse('placement:ask_skill')}?opportunity={opportunity.code}" in panel
    assert ask(client, skill, opportunity.body, opportunity).status_code == 302
    assert ask(client, skill, opportunity.body, opportunity).status_code == 302

    asked = SkillRequest.objects.get()
    assert (asked.person, asked.skill, asked.body) == (person, skill, opportunity.body)
    assert asked.status == SkillRequestStatus.ASKED


def test_a_body_one_was_never_with_is_not_asked(client, place):
    skill = SkillFactory()
    SkillGrantFactory(person=place.person, skill=skill)
    other = wanting(SkillFactory())
    sign_in(client, place.person)

    assert ask(client, skill, other.body).status_code == 409
    assert ask(client, skill, other.body, other).status_code == 409  # wants another skill
    with pytest.raises(NotAllowed):
        commands.ask_to_confirm(
            person=place.person, skill=skill, body=other.body, by=place.person,
            at=timezone.now(),
        )  # fmt: skip
    assert not SkillRequest.objects.exists()


def test_from_the_profile_the_bodies_one_was_with_are_offered(client, place, body):
    skill = SkillFactory()
    SkillGrantFactory(person=place.person, skill=skill)

    [wanted] = queries.to_prove(place.person)
    assert wanted.skill == skill
    assert [line.body for line in wanted.lines] == [body]
    sign_in(client, place.person)
    assert ask(client, skill, body).status_code == 302
    assert SkillRequest.objects.count() == 1


def test_the_request_is_a_desk_item_and_confirming_answers_it(client, body, manager):
    skill, person = SkillFactory(), volunteer()
    opportunity = wanting(skill, body=body)
    commands.ask_to_confirm(
        person=person, skill=skill, body=body, opportunity=opportunity, by=person,
        at=timezone.now(),
    )  # fmt: skip
    sign_in(client, manager)
    assert page(body, person) in client.get(reverse("site:desk")).content.decode()

    client.post(page(body, person), {
        "act": "confirm", "skill": skill.pk, "level": 1, "basis": "evidenced", "words": "رأيناه",
    })  # fmt: skip

    assert SkillRequest.objects.get().status == SkillRequestStatus.CONFIRMED
    assert SkillGrant.objects.get().basis == Basis.EVIDENCED


def test_of_who_only_asked_no_other_skill_is_confirmed(client, body, manager):
    skill, person = SkillFactory(), volunteer()
    commands.ask_to_confirm(
        person=person, skill=skill, body=body, opportunity=wanting(skill, body=body), by=person,
        at=timezone.now(),
    )  # fmt: skip
    sign_in(client, manager)

    other = {"act": "confirm", "skill": SkillFactory().pk, "level": 1, "basis": "evidenced",
             "words": "رأيناه"}  # fmt: skip
    assert client.post(page(body, person), other).status_code == 422
    assert not SkillGrant.objects.exists()


def test_what_is_not_shown_is_not_said_to_be_missing(client, body, manager):
    skill, person = SkillFactory(), volunteer()
    SkillGrantFactory(person=person)
    commands.ask_to_confirm(
        person=person, skill=skill, body=body, opportunity=wanting(skill, body=body), by=person,
        at=timezone.now(),
    )  # fmt: skip
    sign_in(client, manager)

    shown = client.get(page(body, person)).content.decode()

    assert "المهارة المطلوب تأكيدها ليست في الملف بعد" in shown
    assert "لا توجد مهارة سارية" not in shown


def test_a_refusal_says_why_and_asking_again_waits_a_month(client, place, body, manager):
    skill, at = SkillFactory(), timezone.now()
    asked = registry.ask_confirmation(
        person=place.person, skill=skill, body=body, by=place.person, at=at
    )
    sign_in(client, manager)
    refuse = {"act": "refuse", "row": asked.pk}

    assert client.post(page(body, place.person), refuse | {"reason": " "}).status_code == 409
    asked.refresh_from_db()
    assert asked.status == SkillRequestStatus.ASKED
    client.post(page(body, place.person), refuse | {"reason": "لم نشهده بعد"})

    asked.refresh_from_db()
    assert (asked.status, asked.reason) == (SkillRequestStatus.REFUSED, "لم نشهده بعد")
    assert Message.objects.filter(template="registry.skill_refused").count() == 1
    with pytest.raises(registry.CannotAsk):
        registry.ask_confirmation(
            person=place.person, skill=skill, body=body, by=place.person, at=at
        )
    later = at + timedelta(days=31)
    assert registry.ask_confirmation(
        person=place.person, skill=skill, body=body, by=place.person, at=later
    )


# ---------------------------------------------------------------- taken back
def test_only_who_stood_for_it_takes_it_back_and_with_a_reason(client, place, body, manager):
    grant = SkillGrantFactory(
        person=place.person, basis=Basis.EVIDENCED, source="رأيناه", body=body
    )
    foreign = SkillGrantFactory(person=place.person, basis=Basis.EVIDENCED, source="x")
    sign_in(client, manager)
    act = {"act": "take_back", "reason": "لم يعد يمارسها"}

    assert client.post(page(body, place.person), act | {"row": foreign.pk}).status_code == 403
    assert (
        client.post(page(body, place.person), act | {"row": grant.pk, "reason": ""}).status_code
        == 409
    )
    assert SkillGrant.objects.filter(status=GrantStatus.ACTIVE).count() == 2
    client.post(page(body, place.person), act | {"row": grant.pk})

    grant.refresh_from_db()
    assert grant.status == GrantStatus.REVOKED
    assert Message.objects.filter(template="registry.skill_taken_back").count() == 1
