"""Who gets in where, and what each page costs."""

from datetime import timedelta

import pytest
from django.test import Client

from takatuf.attendance import commands, queries
from takatuf.attendance.tests.days import (
    LATER,
    START,
    a_day,
    claims,
    closed_day,
    head_of,
    ledger,
    marks,
)
from takatuf.attendance.tests.pages import browser, sheet_url, url
from takatuf.credentials import commands as credentials
from takatuf.credentials.models import Certificate
from takatuf.placement.tests.factories import application, manager_of, volunteer
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# ---------------------------------------------------------------- who may: every address
GETS = ["sheets", "day_sheet", "row", "approvals", "mine", "approved", "reject", "reverse",
        "certificate_anew"]  # fmt: skip
POSTS = ["mark", "times", "note", "close", "served", "approve", "confirm_served", "confirm",
         "reject", "reverse", "certificate", "certificate_anew", "approve_rest"]  # fmt: skip


@pytest.fixture
def world():
    """A closed day with hours in every state, a running one, a figure to confirm."""
    day, running = closed_day(2), a_day(1)
    commands.enter_people_served(
        shift_id=day.shift.pk, count=40, basis="عدّ", by=day.manager, at=LATER
    )
    commands.approve_hours(claim_ids=[claims(day)[0].pk], by=day.colleague, at=LATER)
    certificate = commands.request_certificate(
        person=day.places[0].person, opportunity=day.opportunity, by=day.manager, at=LATER
    )
    head = OfficeFactory(role="body_head", body=day.opportunity.body).person
    credentials.revoke_certificate(
        certificate_id=certificate.pk, reason="خطأ", by=head, at=LATER
    )
    return day, running


def addresses(day, running) -> dict[str, str]:
    done, waiting = claims(day)
    place = running.places[0].pk
    shift = running.shift.pk
    return {
        "sheets": url("sheets"), "approvals": url("approvals"), "mine": url("mine"),
        "approved": url("approved"), "approve": url("approve"),
        "day_sheet": url("day_sheet", shift), "mark": url("mark", shift),
        "row": url("row", shift, place), "times": url("times", shift, place),
        "note": url("note", shift, place), "close": url("close", shift),
        "served": url("served", shift), "confirm_served": url("confirm_served", day.shift.pk),
        "confirm": url("confirm", waiting.pk), "reject": url("reject", waiting.pk),
        "reverse": url("reverse", done.pk), "approve_rest": url("approve_rest", waiting.pk),
        "certificate": url("certificate", day.opportunity.code),
        "certificate_anew": url("certificate_anew", Certificate.objects.get().serial),
    }  # fmt: skip


def everything(day) -> list:
    served = queries.people_served_at(day.shift)
    return [ledger(), marks(), served.confirmed_at, served.count, Certificate.objects.count()]


DATA = {"reason": "سبب", "came_at": "09:00", "left_at": "10:00", "note": "كلمة", "count": "3",
        "basis": "عدّ"}  # fmt: skip


def post(client, name, day, running):
    data = DATA | {"came": running.places[0].pk, "claim": claims(day)[1].pk}
    return client.post(addresses(day, running)[name], data)


@pytest.mark.parametrize("name", GETS)
def test_visitors_are_asked_to_sign_in(world, name):
    answer = Client().get(addresses(*world)[name])

    assert answer.status_code == 302
    assert "/accounts/" in answer["Location"] or "login" in answer["Location"]


@pytest.mark.parametrize("name", POSTS)
def test_visitors_change_nothing(world, name):
    before = everything(world[0])

    assert post(Client(), name, *world).status_code == 302
    assert everything(world[0]) == before


OUTSIDERS = {
    "a volunteer": volunteer,
    "another body's manager": lambda: manager_of(BodyFactory()),
    "another body's head": lambda: head_of(BodyFactory()),
}


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_change_nothing(world, who, name):
    before = everything(world[0])

    assert post(browser(OUTSIDERS[who]()), name, *world).status_code in (403, 404)
    assert everything(world[0]) == before


@pytest.mark.parametrize("name", ["day_sheet", "row", "reject", "reverse"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_see_nothing(world, who, name):
    assert browser(OUTSIDERS[who]()).get(addresses(*world)[name]).status_code == 404


def test_volunteers_have_no_approvals_page():
    client = browser(volunteer())

    assert client.get(url("approvals")).status_code == 403
    assert client.get(url("approved")).status_code == 403


def test_what_an_auditor_reads_is_not_called_approved(world):
    auditor = browser(OfficeFactory(role="auditor", body=BodyFactory(desk=True)).person)

    page = auditor.get(f"/en{url('approved')}").text
    assert "Confirmed by the leader" in page  # it waits for approval
    assert "Hours ledger" in page
    assert "What was approved" not in page


@pytest.mark.parametrize(
    "name", ["mark", "close", "approve", "confirm", "served", "certificate"]
)
def test_a_visit_changes_nothing(world, name):
    before = everything(world[0])

    assert browser(world[0].manager).get(addresses(*world)[name]).status_code == 405
    assert everything(world[0]) == before


def test_managers_do_not_take_back(world):
    before = everything(world[0])

    assert post(browser(world[0].colleague), "reverse", *world).status_code == 404
    assert everything(world[0]) == before


def test_every_address_stands_in_the_tables_above():
    from takatuf.attendance.urls import urlpatterns  # noqa: PLC0415 - only counted here

    assert {pattern.name for pattern in urlpatterns} == {*GETS, *POSTS}


# ---------------------------------------------------------------- how many queries
@pytest.mark.parametrize("people", [5, 200])
def test_a_sheet_costs_the_same_for_five_and_for_two_hundred(people, django_assert_num_queries):
    day = a_day(0)
    for number in range(people):
        day.places.append(application(role=day.role, person=volunteer()))
        if number < 3:
            day.come(number)
    client = browser(day.manager)
    client.get(sheet_url(day))

    with django_assert_num_queries(SHEET):
        client.get(sheet_url(day))


SHEET = 9
APPROVALS = 11
LISTS = {"sheets": 6, "mine": 9, "approved": 5}


@pytest.mark.parametrize("people", [3, 40])
def test_approvals_cost_the_same_for_few_and_many(people, django_assert_num_queries):
    day = closed_day(people)
    client = browser(day.colleague)
    client.get(url("approvals"))

    with django_assert_num_queries(APPROVALS):
        client.get(url("approvals"))


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize("name", ["sheets", "mine", "approved"])
def test_lists_cost_the_same_for_few_and_many(name, size, django_assert_num_queries):
    person, head = volunteer(), None
    body = BodyFactory()
    head = head_of(body)
    for number in range(size):
        came = START + timedelta(minutes=15 * number)  # a minute counts once
        day = a_day(0, body=body)
        day.places.append(application(role=day.role, person=person))
        commands.record_times(
            application_id=day.places[0].pk, came_at=came,
            left_at=came + timedelta(minutes=15), by=day.manager, at=LATER,
        )  # fmt: skip
        if name != "sheets":
            day.close()
            commands.approve_hours(
                claim_ids=[c.pk for c in claims(day)], by=day.colleague, at=LATER
            )
    client = browser(person if name == "mine" else head)
    client.get(url(name))

    with django_assert_num_queries(LISTS[name]):
        assert client.get(url(name)).status_code == 200


def test_totals_shown_are_totals_kept():
    day = closed_day(1)
    commands.approve_hours(claim_ids=[c.pk for c in claims(day)], by=day.colleague, at=LATER)
    person = day.places[0].person

    page = browser(person).get(url("mine"))

    assert page.context["total"] == VolunteerProfile.objects.get(person=person).total_minutes
