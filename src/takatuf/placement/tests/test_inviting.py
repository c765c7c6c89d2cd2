"""Whom the unit may invite, whom it finds by name, and that names stay closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.kernel.models import Message
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands, queries
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    application,
    asked,
    at_opportunity,
    shift_role,
    status_of,
    volunteer,
    who_cares,
)
from takatuf.registry.tests.factories import GovernorateFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_people_who_fit_and_care_are_suggested_nearest_first(role):
    opportunity = role.shift.opportunity
    far = who_cares(role)
    near = who_cares(role)
    nowhere = who_cares(role)
    for person, north in ((far, "28.80"), (near, "28.42")):
        person.volunteer.home_latitude = north
        person.volunteer.home_longitude = "36.53"
        person.volunteer.save()
    volunteer()  # does not care for the field
    too_young = who_cares(role, birth_date=timezone.localdate() - timedelta(days=3000))
    already = who_cares(role)
    application(person=already, role=role, status="withdrawn")

    found = queries.suggestions(
        opportunity, queries.place_to_fill(opportunity, role.pk, at=timezone.now()),
        at=timezone.now(),
    )  # fmt: skip

    assert [each.person for each in found] == [near, far, nowhere]
    assert too_young not in [each.person for each in found]


def test_who_never_applied_here_is_a_first_name(client, role, manager):
    who_cares(role, full_name="منيرة سالم الحويطي")
    sign_in(client, manager)
    page = client.get(at_opportunity("invite", role, role.pk)).content.decode()
    assert "منيرة" in page
    assert "الحويطي" not in page


def test_people_met_before_are_found_by_name_in_any_spelling(client, role, manager):
    before = application(
        role=shift_role(body=role.shift.opportunity.body),
        person=volunteer(full_name="أحمد الشهري", name_sort_key="احمد شهري"),
        status="withdrawn",
    )
    volunteer(full_name="أحمد الشهري", name_sort_key="احمد شهري")  # of nobody's acquaintance
    sign_in(client, manager)

    found = queries.people_met(
        role.shift.opportunity,
        queries.place_to_fill(role.shift.opportunity, role.pk, at=timezone.now()),
        "احمد", at=timezone.now(),
    )  # fmt: skip

    assert [each.person for each in found] == [before.person]
    assert client.get(at_opportunity("invite", role, role.pk) + "?name=x").status_code == 200


@pytest.mark.parametrize("count", [2, 30])
def test_suggesting_takes_the_same_queries_at_any_size(role, count, django_assert_num_queries):
    for _ in range(count):
        who_cares(role)
    opportunity = Opportunity.objects.select_related("governorate").get(
        pk=role.shift.opportunity_id
    )
    place = queries.place_to_fill(opportunity, role.pk, at=timezone.now())
    with django_assert_num_queries(6):
        queries.suggestions(opportunity, place, at=timezone.now())


def test_one_tap_invites_and_holds_the_seat(client, role, manager):
    person = who_cares(role)
    sign_in(client, manager)

    response = client.post(at_opportunity("invite", role, role.pk), {"person": str(person.ref)})

    assert response.status_code == 302
    row = Application.objects.get()
    assert (row.status, row.origin, row.person) == ("offered", "invited", person)
    assert Message.objects.get().template == "placement.invited"


def test_an_invitation_alone_opens_nobodys_name(client, role, manager):
    person = who_cares(role, full_name="منى العنزي")
    sign_in(client, manager)
    invite = at_opportunity("invite", role, role.pk)
    pages = [client.post(invite, {"person": str(person.ref)}, follow=True)]
    row = Application.objects.get()
    pages += [
        client.get(at_opportunity("applicants", role)),
        client.post(at_opportunity("accept", role, row.pk), follow=True),
        client.get(invite, {"name": "منى"}),
    ]
    assert "منى" in pages[1].content.decode()
    for page in pages:
        assert "العنزي" not in page.content.decode()

    commands.confirm_place(application_id=row.pk, by=person, at=timezone.now())

    assert person.full_name in client.get(at_opportunity("applicants", role)).content.decode()


def test_inviting_whoever_has_asked_accepts_them(role, manager):
    row = asked(role)
    commands.invite(person=row.person, shift_role_id=role.pk, by=manager, at=timezone.now())
    assert status_of(row) == "offered"


def test_nobody_outside_the_region_s_suggestions_is_invited_by_guessing(client, role, manager):
    stranger = volunteer()
    elsewhere = who_cares(role)
    elsewhere.volunteer.governorate = GovernorateFactory(code="umluj")
    elsewhere.volunteer.save()
    sign_in(client, manager)
    for ref in (stranger.ref, elsewhere.ref, "x", ""):
        response = client.post(at_opportunity("invite", role, role.pk), {"person": str(ref)})
        assert response.status_code == 404
    assert not Application.objects.exists()
