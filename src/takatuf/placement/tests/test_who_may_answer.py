"""Who may answer for a body or take a place, and that nobody else changes anything."""

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message, Transition
from takatuf.placement import commands, policies
from takatuf.placement.models import Application, Covenant
from takatuf.placement.tests.factories import (
    application,
    asked,
    at_opportunity,
    charter,
    status_of,
    team_leader_of,
    volunteer,
    who_cares,
)
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import OfficeFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def cast(role):
    """Everybody who must not answer for the body."""
    body = role.shift.opportunity.body
    return {
        "nobody": None,
        "a volunteer": volunteer(),
        "another body's manager": OfficeFactory().person,
        "the body's team leader": team_leader_of(body),
        "a manager whose office ended": OfficeFactory(
            body=body, ends_on=timezone.localdate()
        ).person,
    }


def test_strangers_find_no_such_page_and_change_nothing(client, role):
    row = asked(role)
    person = who_cares(role)
    pages = [
        ("get", "applicants", []),
        ("post", "accept", [row.pk]),
        ("post", "decline", [row.pk]),
        ("post", "accept_several", []),
        ("get", "invite", [role.pk]),
        ("post", "invite", [role.pk]),
    ]
    data = {"template": "full", "application": [row.pk], "person": str(person.ref)}
    everybody = cast(role)
    before = (Transition.objects.count(), Message.objects.count())

    for name, someone in everybody.items():
        client.logout()
        if someone:
            sign_in(client, someone)
        for method, page, more in pages:
            response = getattr(client, method)(at_opportunity(page, role, *more), data)
            expected = 302 if someone is None else 404
            assert response.status_code == expected, (name, page)
    assert status_of(row) == "applied"
    assert Application.objects.count() == 1
    assert (Transition.objects.count(), Message.objects.count()) == before
    role.refresh_from_db()
    assert role.taken == 0


def test_nobody_opens_takes_or_leaves_somebody_else_s_place(client, role, manager):
    row = application(role=role, status="offered")
    for someone in (volunteer(), manager):
        sign_in(client, someone)
        for method, page in (
            ("post", "confirm"), ("get", "leave"), ("post", "leave"), ("get", "calendar"),
        ):  # fmt: skip
            response = getattr(client, method)(reverse(f"placement:{page}", args=[row.pk]))
            assert response.status_code == 404, page
    assert status_of(row) == "offered"


@pytest.mark.parametrize("page", ["mine", "calendar_all"])
def test_one_s_own_pages_ask_a_visitor_to_sign_in(client, page):
    response = client.get(reverse(f"placement:{page}"))
    assert response.status_code == 302
    assert "next=" in response.url


@pytest.mark.parametrize("page", ["confirm", "accept", "decline", "accept_several"])
def test_acts_answer_to_post_only(client, role, manager, page):
    row = application(person=manager, role=role, status="offered")
    sign_in(client, manager)
    more = [] if page == "accept_several" else [row.pk]
    args = more if page == "confirm" else [role.shift.opportunity.code, *more]
    assert client.get(reverse(f"placement:{page}", args=args)).status_code == 405
    assert status_of(row) == "offered"


def test_nobody_applies_or_signs_for_somebody_else(role):
    person, other = volunteer(), volunteer()
    with pytest.raises(NotAllowed):
        commands.apply(person=person, shift_role_ids=[role.pk], by=other, at=timezone.now())
    with pytest.raises(NotAllowed):
        commands.sign_covenant(
            person=person, opportunity=role.shift.opportunity, signed_name="x",
            text_version="1", by=other, at=timezone.now(),
        )  # fmt: skip
    assert not Application.objects.exists()
    assert not Covenant.objects.exists()


# who: what they may do with an application to their body, and with the applicant's own
MAY = {
    "manager": (True, True, True, False, False),
    "head": (True, True, True, False, False),
    "applicant": (False, False, False, True, True),
    "stranger": (False, False, False, False, False),
    "other manager": (False, False, False, False, False),
    "leader": (False, False, False, False, False),
}


@pytest.mark.parametrize("who", MAY)
def test_the_policies_answer_as_the_table_says(role, manager, who):
    row = asked(role)
    body = role.shift.opportunity.body
    person = {
        "manager": lambda: manager,
        "head": lambda: OfficeFactory(body=body, role=Role.BODY_HEAD).person,
        "applicant": lambda: row.person,
        "stranger": PersonFactory,
        "other manager": lambda: OfficeFactory().person,
        "leader": lambda: team_leader_of(body),
    }[who]()

    assert MAY[who] == (
        policies.may_decide(person, row),
        policies.may_invite(person, row.opportunity),
        policies.may_see_applicants(person, row.opportunity),
        policies.may_answer(person, row),
        policies.may_apply_for(person, row.person),
    )


def test_a_manager_never_decides_on_their_own_application(role, manager):
    charter()
    row = application(person=manager, role=role, status="applied")
    assert not policies.may_decide(manager, row)
