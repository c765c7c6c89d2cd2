"""Who may: one table, every hat against every question."""

import pytest
from django.contrib.auth.models import AnonymousUser

from takatuf.attendance import policies, queries
from takatuf.attendance.tests.days import claims, closed_day, head_of
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.registry import queries as registry
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, TeamFactory

pytestmark = pytest.mark.django_db
QUESTIONS = ("run", "confirm", "approve", "reverse", "ledger")
TABLE = {
    "visitor": "",
    "volunteer": "",
    "the person whose hours they are": "",
    "the person, heading the body": "run ledger",
    "supervisor": "run confirm",
    "leader of the team": "run confirm",
    "leader of another team": "",
    "manager of the team's sponsor": "run confirm",
    "manager who entered them": "run confirm",
    "another manager": "run confirm approve",
    "head of the body": "run confirm approve reverse ledger",
    "manager of another body": "",
    "head of another body": "ledger",
    "reviewer of the body": "",
    "desk": "reverse ledger",
    "auditor": "ledger",
    "former manager": "",
}


@pytest.fixture
def day():
    team = TeamFactory()
    return closed_day(1, team=team, supervisor=volunteer())


def office(body, role, **more):
    return OfficeFactory(body=body, role=role, **more).person


def who(name, day):
    team, person = day.opportunity.team, day.places[0].person
    make = {
        "visitor": AnonymousUser,
        "volunteer": volunteer,
        "the person whose hours they are": lambda: person,
        "the person, heading the body": lambda: office(day.body, "body_head", person=person),
        "supervisor": lambda: day.opportunity.supervisor,
        "leader of the team": lambda: office(team.body, "team_leader", team=team),
        "leader of another team": lambda: office(
            team.body, "team_leader", team=TeamFactory(body=team.body)
        ),
        "manager of the team's sponsor": lambda: manager_of(team.body),
        "manager who entered them": lambda: day.manager,
        "another manager": lambda: day.colleague,
        "head of the body": lambda: head_of(day.body),
        "manager of another body": lambda: manager_of(BodyFactory()),
        "head of another body": lambda: head_of(BodyFactory()),
        "reviewer of the body": lambda: office(day.body, "reviewer"),
        "desk": lambda: office(BodyFactory(desk=True), "desk"),
        "auditor": lambda: office(BodyFactory(desk=True), "auditor"),
        "former manager": lambda: office(
            day.body, "unit_manager", starts_on="2024-01-01", ends_on="2025-01-01"
        ),
    }
    return make[name]()


@pytest.mark.parametrize("name", TABLE)
def test_who_may_what(day, name):
    person, [claim] = who(name, day), claims(day)
    asked = {
        "run": policies.may_run_day_sheet(person, day.opportunity),
        "ledger": policies.may_see_ledger(person),
        "reverse": policies.may_reverse(person, claim),
        "confirm": policies.may_confirm(person, claim),
        "approve": policies.may_approve(
            person, claim, entered_by=queries.entered_by([claim])[claim.pk]
        )
        if person.is_authenticated
        else False,
    }

    assert {question for question in QUESTIONS if asked[question]} == set(TABLE[name].split())


def test_the_answer_is_the_same_where_offices_were_asked_before(day):
    [claim] = claims(day)
    for name in ("volunteer", "supervisor", "leader of the team", "head of the body", "desk"):
        person = who(name, day)
        reach = queries.reach_of(person, registry.offices_of(person))
        assert policies.may_run_day_sheet(
            person, day.opportunity, reach=reach
        ) == policies.may_run_day_sheet(person, day.opportunity)
        assert policies.may_reverse(person, claim, reach=reach) == policies.may_reverse(
            person, claim
        )
