"""Who may do what, as a table."""

import pytest
from django.contrib.auth.models import AnonymousUser

from takatuf.needs import policies, queries
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, desk_body
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    body, desk = BodyFactory(), desk_body()
    team = TeamFactory(body=body)
    people = {
        role: OfficeFactory(role=role, body=body, team=team if role == "team_leader" else None).person
        for role in (Role.UNIT_MANAGER, Role.BODY_HEAD, Role.TEAM_LEADER)
    }  # fmt: skip
    people |= {
        role: OfficeFactory(role=role, body=desk).person
        for role in (Role.DESK, Role.REVIEWER, Role.AUDITOR)
    }
    people |= {"visitor": AnonymousUser(), "volunteer": PersonFactory()}
    return people, body


def test_who_decides_on_needs(cast):
    people, _body = cast
    assert {name for name, who in people.items() if policies.may_decide(who)} == {"desk"}


def test_who_reports_for_a_body_and_who_designs(cast):
    people, body = cast
    runs = {"unit_manager", "body_head"}
    for name, who in people.items():
        assert policies.may_report_for(who, body) is (name in runs), name
        assert policies.may_report_for(who, BodyFactory()) is False, name
        assert policies.may_design(who) is (name in runs), name


@pytest.mark.parametrize(
    ("status", "seen_by"),
    [
        ("reported", {"desk", "auditor", "reporter"}),
        ("rejected", {"desk", "auditor", "reporter"}),
        ("validated", None),
        ("in_plan", None),
        ("closed", None),
        ("merged", {"desk", "auditor", "reporter"}),
    ],
)
def test_who_sees_a_need(cast, status, seen_by):
    people, _body = cast
    people["reporter"] = PersonFactory()
    extra = {"decided_at": NOW, "answer": "سبب"} if status != "reported" else {}
    if status == "merged":
        extra["merged_into"] = NeedFactory(validated=True)
    need = NeedFactory(status=status, reporter=people["reporter"], **extra)
    seen = set()
    for name, who in people.items():
        listed = queries.needs_visible_to(who).filter(pk=need.pk).exists()
        try:
            queries.need_visible_to(who, need.code)
            one = True
        except Need.DoesNotExist:
            one = False
        assert one is listed, name
        seen |= {name} if one else set()
    assert seen == (set(people) if seen_by is None else seen_by)
