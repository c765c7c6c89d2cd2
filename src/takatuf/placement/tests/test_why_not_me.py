"""Why a closed round gave me no place: to each their own reason, and nobody else's."""

import pytest
from django.urls import reverse

from takatuf.accounts.tests.factories import sign_in
from takatuf.engine.matching.explaining import Answer, Kind
from takatuf.engine.matching.single import RULES as engine_rules  # noqa: N811
from takatuf.opportunities.models import Opportunity
from takatuf.placement import commands
from takatuf.placement.models import Application, Proposal
from takatuf.placement.rounds import settings
from takatuf.placement.rounds.explaining import Apart
from takatuf.placement.rounds.words_to_person import (
    APART,
    OTHERWISE,
    RULES,
    why_not_you,
)
from takatuf.placement.tests.factories import manager_of, volunteer
from takatuf.placement.tests.rounds import FAR, NOW, agreed, asks, place, solved
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.tests.factories import SkillFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MINE, FOR_YOU = "/en/me/places/", "/en/me/for-you/"
ASKED = "Why no place so far?"


def why(client, person, role):
    sign_in(client, person)
    return client.get(reverse("placement:why_not_me", args=[role.pk]))


def said(client, person, role) -> str:
    return why(client, person, role).content.decode()


def closed(*, approves=True, **scope):
    """A round solved and closed, what it proposes approved."""
    row = solved(**scope)
    for proposal in row.proposals.filter(status="proposed") if approves else ():
        manager = Opportunity.objects.get(pk=proposal.opportunity_id).body
        commands.approve_proposal(proposal_id=proposal.pk, by=manager_of(manager), at=NOW())
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    return row


def lives_a_degree_from(role, person, *, reach_km):
    """111 km."""
    there = role.shift.opportunity.governorate
    VolunteerProfile.objects.filter(person=person).update(
        reach_km=reach_km, home_latitude=there.latitude + 1, home_longitude=there.longitude
    )


def outbid(**fields):
    """A place of one seat that two asked for; who has it, and who has not."""
    role = place(seats=1, **fields)
    one, other = agreed(), agreed()
    for person in (one, other):
        asks(person, role)
    closed()
    placed = Proposal.objects.get().person
    return role, placed, other if placed == one else one


def test_whoever_was_outbid_reads_by_how_much_and_what_counts(client):
    role, placed, left = outbid()
    shown = said(client, left, role)
    assert "took more points than you have here" in shown
    assert "What would change it" in shown
    assert placed.full_name not in shown
    sign_in(client, left)
    mine = client.get(MINE).content.decode()
    assert ASKED in mine
    assert reverse("placement:why_not_me", args=[role.pk]) in mine
    assert why(client, placed, role).status_code == 302
    assert ASKED not in client.get(MINE).content.decode()


@pytest.mark.parametrize(
    ("parts", "short", "sentence"),
    [
        ({}, 1, "What would change it: asking"),
        ({}, 10**9, "counts for you in the next round"),
        ({"applied": 1}, 1, "What would change it: the opportunity's field"),
        ({"applied": 1}, 10**9, "though not enough"),
        ({"applied": 1, "cause": 1}, 1, "a later round"),
    ],
)
def test_what_is_named_as_the_way_would_be_enough(parts, short, sentence):
    answer = Answer(kind=Kind.OUTBID, points=0, price=short - 1)
    _why, change = why_not_you(answer, parts, settings.defaults())
    assert sentence in change


def test_every_rule_and_kind_has_its_words():
    assert set(RULES) == set(engine_rules)
    assert set(OTHERWISE) | {Kind.RULE, Kind.OUTBID} == set(Kind)
    assert set(APART) == set(Apart)


def test_the_first_rule_that_stands_against_it_with_what_would_change_it(client):
    role = place(role={"skill": SkillFactory(), "level": 1, "least_basis": "declared"})
    far = place(hours=15)
    person = agreed()
    lives_a_degree_from(far, person, reach_km=1)
    closed()
    assert "skill that is not in your profile" in said(client, person, role)
    shown = said(client, person, far)
    assert "farther away than you go" in shown
    assert "a reach of" in shown
    lives_a_degree_from(far, person, reach_km=FAR)
    assert "farther away" not in said(client, person, far)


def test_who_took_no_part_reads_so(client):
    role = place()
    agreed()
    closed()
    shown = said(client, volunteer(), role)
    assert "You took no part in this round" in shown
    assert "What would change it" in shown


def test_whose_request_was_declined_reads_that_the_body_decided(client):
    role = place(seats=1)
    rows = [asks(volunteer(), role) for _ in range(2)]
    closed()
    placed = Proposal.objects.get().person
    [left] = [each for each in rows if each.person != placed]
    commands.decline_application(
        application_id=left.pk, template="full", by=manager_of(left.opportunity.body), at=NOW()
    )
    shown = said(client, left.person, role)
    assert "You said no to this place before, or the body decided otherwise." in shown
    assert "took no part" not in shown


def test_the_body_s_own_reason_is_not_told(client):
    role, person = place(), agreed()
    row = solved()
    proposal = row.proposals.get()
    commands.reject_proposal(
        proposal_id=proposal.pk, reason="سبب داخلي", by=manager_of(proposal.body), at=NOW()
    )
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    shown = said(client, person, role)
    assert "the body decided otherwise" in shown
    assert "سبب داخلي" not in shown


def test_as_long_as_a_round_runs_nothing_is_told(client):
    role, person = place(seats=1), agreed()
    asks(person, role)
    assert why(client, person, role).status_code == 404
    row = solved()
    assert why(client, person, role).status_code == 404
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    assert why(client, person, role).status_code == 200
    again = solved()
    assert again.places.filter(shift_role=role).exists()
    assert why(client, person, role).status_code == 404


def test_a_shift_changed_since_is_said_and_a_hidden_one_is_not_there(client):
    role, _placed, left = outbid()
    Opportunity.objects.filter(pk=role.shift.opportunity_id).update(status="draft")
    assert why(client, left, role).status_code == 404
    client.logout()
    address = reverse("placement:why_not_me", args=[role.pk])
    assert client.get(address).status_code == 302
    assert client.get(reverse("placement:why_not_me", args=[0])).status_code == 302


def test_for_you_leads_there_from_what_is_free_all_the_same(client):
    role, person = place(seats=2), agreed()
    lives_a_degree_from(role, person, reach_km=1)
    closed()
    lives_a_degree_from(role, person, reach_km=FAR)
    sign_in(client, person)
    shown = client.get(FOR_YOU).content.decode()
    assert "Why did the round not propose me?" in shown
    assert reverse("placement:why_not_me", args=[role.pk]) in shown
    assert "You suit this place too" in said(client, person, role)


def test_questions_do_not_grow_with_places(client, django_assert_num_queries):
    role, _placed, left = outbid()
    for _ in range(2):
        sign_in(client, left)
        address = reverse("placement:why_not_me", args=[role.pk])
        client.get(address)
        with django_assert_num_queries(15):
            client.get(address)
        for hours in (9, 12, 15):
            place(hours=hours, days=5)
        closed(approves=False)
        assert Application.objects.exists()
