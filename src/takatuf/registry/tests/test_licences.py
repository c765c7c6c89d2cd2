"""Licences the desk has read, and skills that run out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.transitions import history
from takatuf.registry import commands
from takatuf.registry.enums import Basis, GrantStatus, Role, least_basis
from takatuf.registry.models import SkillGrant
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    SkillFactory,
    SkillGrantFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return OfficeFactory(role=Role.DESK, body=BodyFactory(is_desk=True)).person


def record(client, person, **fields):
    until = timezone.localdate() + timedelta(days=300)
    given = {"contact": person.email, "skill": SkillFactory().pk, "level": 3,
             "words": "هيئة التخصصات الصحية 4411", "valid_until": f"{until:%d/%m/%Y}"}  # fmt: skip
    return client.post(reverse("registry:licences"), given | fields)


def test_the_desk_records_a_licence_and_takes_it_back(client, clerk):
    person = PersonFactory(email="nurse@example.com", email_verified=True)
    sign_in(client, clerk)

    assert record(client, person).status_code == 302
    grant = SkillGrant.objects.get()
    assert (grant.person, grant.basis, grant.level) == (person, Basis.LICENCE, 3)
    assert client.post(
        reverse("registry:licence_end", args=[grant.pk]), {"reason": "انتهت"}
    ).status_code == 302  # fmt: skip

    grant.refresh_from_db()
    assert grant.status == GrantStatus.REVOKED


def test_the_heading_keeps_the_pages_order_whatever_script_the_names_are_in(client, clerk):
    """The heading is the page's own; only the name and the skill turn with their script."""
    person = PersonFactory(
        full_name="منى العطوي", email="nurse@example.com", email_verified=True
    )
    sign_in(client, clerk)
    record(client, person)
    grant = SkillGrant.objects.get()

    page = client.get(reverse("registry:licence_end", args=[grant.pk])).content.decode()

    person_part = '<span dir="auto">منى العطوي</span>'
    assert f'<h1>{person_part}: <span dir="auto">{grant.skill.name}</span></h1>' in page


@pytest.mark.parametrize(
    "wrong", [{"contact": "nobody@example.com"}, {"valid_until": ""}, {"words": ""}]
)
def test_a_bad_licence_is_not_recorded(client, clerk, wrong):
    sign_in(client, clerk)

    person = PersonFactory(email="n@example.com", email_verified=True)

    assert record(client, person, **wrong).status_code == 422
    assert not SkillGrant.objects.exists()


def test_who_is_only_on_a_list_gets_no_licence(client, clerk):
    """Whoever wrote the list could come in with another contact of the same row."""
    sign_in(client, clerk)

    assert record(client, PersonFactory(email="n@example.com")).status_code == 422
    assert not SkillGrant.objects.exists()


def test_the_desk_records_no_licence_of_its_own_clerk(client, clerk):
    with pytest.raises(NotAllowed):
        commands.record_licence(
            volunteer=clerk, skill=SkillFactory(), level=1, words="1", by=clerk,
            valid_until=timezone.localdate(), at=timezone.now(),
        )  # fmt: skip
    assert not SkillGrant.objects.exists()


def test_a_manager_is_no_desk(client):
    sign_in(client, OfficeFactory().person)

    assert record(client, PersonFactory(email="n@example.com")).status_code == 403
    assert not SkillGrant.objects.exists()


def test_what_ran_out_becomes_expired_once():
    today = timezone.localdate()
    over = SkillGrantFactory(basis=Basis.LICENCE, valid_until=today - timedelta(days=1))
    last_day = SkillGrantFactory(basis=Basis.LICENCE, valid_until=today)

    assert commands.expire_grants(at=timezone.now()) == 1
    assert commands.expire_grants(at=timezone.now()) == 0

    over.refresh_from_db()
    last_day.refresh_from_db()
    assert (over.status, last_day.status) == (GrantStatus.EXPIRED, GrantStatus.ACTIVE)
    assert [entry.action for entry in history(over)] == ["expired"]


def test_licensed_work_asks_for_the_licence_whatever_was_chosen():
    assert least_basis(Basis.DECLARED, needs_licence=True) == Basis.LICENCE
    assert least_basis(Basis.EVIDENCED, needs_licence=False) == Basis.EVIDENCED


# ---------------------------------------------------------------- told ahead
def told_of_ends():
    return Message.objects.filter(template="registry.skill_ends")


def ending(days, **fields):
    at = timezone.now()
    return SkillGrantFactory(
        basis=fields.pop("basis", Basis.LICENCE), source="x",
        granted_at=at - timedelta(days=fields.pop("since", 200)),
        valid_until=timezone.localdate(at) + timedelta(days=days), **fields,
    )  # fmt: skip


def test_a_skill_that_runs_out_is_told_once_a_month_ahead():
    soon, last_day = ending(30), ending(0)

    first = commands.remind_of_ends(at=timezone.now())
    second = commands.remind_of_ends(at=timezone.now() + timedelta(hours=6))

    assert (first, second) == (2, 0)
    assert set(told_of_ends().values_list("person", flat=True)) == {
        soon.person_id, last_day.person_id
    }  # fmt: skip
    with translation.override("ar"):
        day = date_format(soon.valid_until, "l j F Y")
    assert told_of_ends().get(person=soon.person).context["until"] == day


def test_nobody_is_told_of_what_is_far_over_short_or_taken_back():
    ending(31)
    ending(-1)
    ending(20, since=5)  # said its last day when it was granted
    ending(20, status=GrantStatus.REVOKED)
    ending(20, basis=Basis.DECLARED)
    ending(20).person.__class__.objects.filter(skill_grants__valid_until__isnull=False).update(
        is_active=False
    )

    assert commands.remind_of_ends(at=timezone.now()) == 0
    assert not told_of_ends().exists()
