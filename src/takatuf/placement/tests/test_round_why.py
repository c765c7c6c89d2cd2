"""Why this one, why not that one: on pages, and what is said would change it does."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.tests.factories import sign_in
from takatuf.engine.matching import single
from takatuf.engine.matching.explaining import Kind
from takatuf.engine.matching.region import Weights
from takatuf.kernel import typography
from takatuf.placement import commands
from takatuf.placement.models import Application, Proposal
from takatuf.placement.rounds import words
from takatuf.placement.rounds.explaining import Apart, PlanReader
from takatuf.placement.tests.factories import desk_person, manager_of, volunteer
from takatuf.placement.tests.rounds import (
    agreed,
    approved,
    asks,
    leaves,
    place,
    solved,
    worked_out,
)
from takatuf.registry.enums import Basis
from takatuf.registry.models import SkillGrant, VolunteerProfile
from takatuf.registry.tests.factories import SkillFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


@pytest.fixture
def desk(client):
    person = desk_person()
    sign_in(client, person)
    return person


def why(client, row, role, person, status=200):
    address = reverse("placement:round_why", args=[row.pk, role.pk, person.ref])
    answer = client.get(address)
    assert answer.status_code == status
    plain = answer.content.decode().replace('<bdi dir="ltr">', "").replace("</bdi>", "")
    assert "#" not in plain or "{%" not in plain
    return plain


def answered(row, role, person):
    return PlanReader(row).explain(person.pk, role.pk, at=NOW())


# ---------------------------------------------------------------- chosen
def test_the_one_chosen_has_every_part_of_the_points_and_the_next_behind(client, desk):
    role = place(seats=1)
    first, second = agreed(), agreed()
    asks(first, role)
    row = solved(by=desk)

    shown = why(client, row, role, first)

    parts = Proposal.objects.get(round=row).parts
    base = Weights._field_defaults["base"]
    together = typography.number_text((sum(parts.values()) + base) / 10)
    assert "Asked for it" in shown
    assert f'<dd class="strong">{together}</dd>' in shown
    assert "The next one who fits has" in shown
    assert answered(row, role, first).kind == Kind.CHOSEN
    assert second.full_name.partition(" ")[0] in page_of(client, row, role)


def page_of(client, row, role):
    return client.get(reverse("placement:round_place", args=[row.pk, role.pk])).content.decode()


def test_whoever_asked_in_vain_stands_on_the_place(client, desk):
    role = place(seats=1)
    lucky, other = agreed(full_name="Huda Salem"), agreed(full_name="Noura Harbi")
    for person in (lucky, other):
        asks(person, role)
    row = solved(by=desk)
    proposed = Proposal.objects.get(round=row).person
    left = other if proposed == lucky else lucky
    shown = page_of(client, row, role)
    assert "Asked for it, not proposed" in shown
    assert left.full_name in shown
    assert "Waiting for approval" in shown, "to the desk, which does not decide here"

    Proposal.objects.filter(round=row).update(
        status="rejected", reason="Somebody who knows the site.", decided_at=NOW()
    )
    shown = page_of(client, row, role)
    assert "Why not?" in shown
    assert shown.count(f'<strong dir="auto">{proposed.full_name}</strong>') == 1


# ---------------------------------------------------------------- not chosen
def test_who_is_outbid_reads_price_points_and_how_many_are_missing(client, desk):
    role = place(seats=1)
    rested, busy = agreed(), agreed()
    VolunteerProfile.objects.filter(person=busy).update(recent_minutes=2000)
    row = solved(by=desk)
    assert Proposal.objects.get(round=row).person == rested

    answer = answered(row, role, busy)

    assert (answer.kind, answer.short > 0) == (Kind.OUTBID, True)
    assert answer.price == Proposal.objects.get(round=row).score
    shown = why(client, row, role, busy)
    assert f"takes {answer.price / 1000:,.1f} points" in shown
    assert "too few" in shown


def test_a_missing_level_is_named_and_having_it_turns_the_answer(client, desk):
    skill = SkillFactory()
    role = place(seats=1, role={"skill": skill, "level": 2, "least_basis": "declared"})
    person = agreed()
    grant = SkillGrant.objects.create(
        person=person, skill=skill, level=1, basis=Basis.DECLARED, granted_at=NOW()
    )
    asks_only(person, role)
    row = solved(by=desk)

    answer = answered(row, role, person)

    assert (answer.kind, answer.rule) == (Kind.RULE, "level")
    assert (answer.change.field, answer.change.value) == ("level", 2)
    shown = why(client, row, role, person)
    assert "at a lower level" in shown
    assert "Medium" in shown
    SkillGrant.objects.filter(pk=grant.pk).update(level=2)
    assert answered(worked_out(row), role, person).kind == Kind.CHOSEN


def asks_only(person, role):
    """Whom the rules would turn away when asking: the row alone."""
    return Application.objects.create(
        person=person, opportunity=role.shift.opportunity, shift=role.shift, shift_role=role,
        batch=uuid.uuid4(), status="applied", applied_at=NOW(),
    )  # fmt: skip


def test_too_far_is_told_with_the_reach_it_takes(desk):
    role = place(seats=1)
    person = agreed()
    opportunity = role.shift.opportunity
    VolunteerProfile.objects.filter(person=person).update(
        reach_km=5, home_latitude=opportunity.governorate.latitude + 1,
        home_longitude=opportunity.governorate.longitude,
    )  # fmt: skip
    other = agreed()
    row = solved(by=desk)
    assert Proposal.objects.get(round=row).person == other

    answer = answered(row, role, person)

    assert (answer.kind, answer.rule, answer.change.field) == (Kind.RULE, "reach", "reach")
    assert "112" in str(words.change_in_words(answer)) or "111" in str(
        words.change_in_words(answer)
    )
    VolunteerProfile.objects.filter(person=person).update(
        reach_km=-(-answer.change.value // 10)
    )
    assert answered(row, role, person).kind != Kind.RULE


def test_somebody_with_another_place_then_is_told_so(desk):
    first, second = place(seats=1, minimum=1), place(seats=1, minimum=0)
    person = agreed()
    row = solved(by=desk)
    held = Proposal.objects.get(round=row, person=person).shift_role_id
    free = second if held == first.pk else first
    answer = answered(row, free, person)
    assert (answer.kind, PlanReader(row).role_key(answer.instead[0])) == (Kind.ENGAGED, held)


def test_who_neither_asked_nor_agreed_takes_no_part(desk):
    role = place()
    agreed()
    row = solved(by=desk)
    answer = answered(row, role, volunteer())
    assert answer == Apart.THEN
    sentence, change = words.why_not(answer)
    assert "had neither asked nor agreed" in sentence
    assert "agreeing" in change


@pytest.mark.parametrize("then", ["left", "declined"])
def test_whoever_asked_and_took_part_is_never_told_they_did_not(client, desk, then):
    """Who has left the place given, and who was declined since."""
    role = place(seats=1, minimum=0)
    people = [volunteer(), volunteer()]
    rows = [asks(person, role) for person in people]
    row = solved(by=desk)
    [made] = approved(row)
    [other] = [each for each in rows if each.pk != made.pk]
    if then == "left":
        leaves(made)
    else:
        commands.decline_application(
            application_id=other.pk, template="full", by=manager_of(other.opportunity.body),
            at=NOW(),
        )  # fmt: skip
    gone = made if then == "left" else other

    shown = why(client, row, role, gone.person)

    assert {
        "left": "The plan had them here, but nothing came of it.",
        "declined": "Said no to this place, or was not approved for it.",
    }[then] in shown


def test_who_holds_a_place_and_asked_for_no_other_is_not_proposed_unasked(client, desk):
    wanted, other = place(10, seats=1), place(15, seats=1)
    person = volunteer()
    asks(person, wanted)
    agreed()
    row = solved(by=desk)
    approved(row)

    answer = answered(row, other, person)

    assert answer == Apart.UNASKED
    assert "is not proposed unasked" in words.why_not(answer)[0]


def test_who_cannot_be_placed_any_more_is_said_to_be_so(desk):
    role, person = place(seats=1), agreed()
    row = solved(by=desk)
    person.charter_acceptances.all().delete()
    answer = answered(row, role, person)
    assert answer == Apart.NOW
    assert "charter" in words.why_not(answer)[0]


def test_every_rule_and_kind_has_its_words():
    assert set(words.RULES) == set(single.RULES)
    assert set(words.OTHERWISE) | {Kind.RULE, Kind.OUTBID} == set(Kind)
    assert set(words.APART) == set(Apart)


def test_the_parts_of_the_points_have_the_names_of_their_settings():
    parts = {"cause": 200, "away": -18, "rest": 0}
    named = [(str(title), tenths) for title, tenths in words.part_names(parts)]
    assert named == [("Cares for the field", 200), ("The way", -18)]


# ---------------------------------------------------------------- who may ask
def test_a_manager_asks_about_the_own_places_and_whom_they_concern(client):
    ours, theirs = place(seats=1), place(hours=15, seats=1)
    people = [agreed(), agreed(), agreed()]
    row = solved()
    sign_in(client, manager_of(ours.shift.opportunity.body))
    why(client, row, ours, people[0])
    why(client, row, theirs, people[0], status=404)
    why(client, row, ours, volunteer(), status=404)
    assert client.get(
        reverse("placement:round_place", args=[row.pk, theirs.pk])
    ).status_code == 404  # fmt: skip


def test_by_htmx_only_the_answer_is_given(client, desk):
    role = place(seats=1)
    person = agreed()
    row = solved(by=desk)
    address = reverse("placement:round_why", args=[row.pk, role.pk, person.ref])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Together" in part


def test_questions_do_not_grow_with_people(client, desk, django_assert_num_queries):
    role = place(seats=2)
    person = agreed()
    VolunteerProfile.objects.filter(person=person).update(recent_minutes=2300)
    for _ in range(12):
        agreed()
    row = solved(by=desk)
    address = reverse("placement:round_why", args=[row.pk, role.pk, person.ref])
    client.get(address)
    with django_assert_num_queries(19):
        assert "too few" in client.get(address).content.decode()
