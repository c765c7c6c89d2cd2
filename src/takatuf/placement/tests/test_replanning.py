"""A place given up goes to the next by the round's order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.engine.matching.region import FINE, Weights
from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Message
from takatuf.kernel.transitions import history
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement import commands
from takatuf.placement.commands import replanning
from takatuf.placement.models import Application, Proposal, RoundPlace
from takatuf.placement.queries import with_position
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.factories import application, manager_of, volunteer
from takatuf.placement.tests.rounds import (
    agreed,
    approved,
    asks,
    leaves,
    one_of_three,
    place,
    solved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


# ---------------------------------------------------------------- who is next
def test_who_is_next_is_offered_the_place_at_once():
    row, role, first = one_of_three()
    leaves(first)
    assert Application.objects.count() == 1  # by a job, never while the page waits
    run_jobs()

    ended, following = Proposal.objects.order_by("pk")
    second = Application.objects.get(status="offered")
    role.refresh_from_db()
    row.refresh_from_db()
    assert (ended.status, following.status) == ("ended", "approved")
    assert (following.application, following.takes_over) == (second, first)
    base = Weights._field_defaults["base"]
    assert following.parts
    assert following.score // FINE == base + sum(following.parts.values())
    assert following.person_id != first.person_id
    assert (following.in_plan, following.decided_by) == (False, None)
    assert (role.taken, row.status) == (1, "approved")
    assert Message.objects.filter(template="placement.proposed", person=second.person).exists()
    assert [e.action for e in history(following)] == ["next by the round's order", "approved"]
    assert faults_of(row) == []


def test_silence_passes_the_place_on_until_nobody_is_left():
    _row, role, first = one_of_three()
    for _ in range(4):
        Application.objects.filter(status="offered").update(
            offer_expires_at=NOW() - timedelta(minutes=1)
        )
        commands.expire_offers(at=NOW())
        run_jobs()

    role.refresh_from_db()
    assert role.taken == 0
    assert set(Application.objects.values_list("status", flat=True)) == {"expired"}
    assert Application.objects.count() == 3  # nobody is asked twice
    assert first.pk


def test_the_round_that_gave_the_place_passes_it_on_whatever_another_proposes_there():
    role = place(seats=1)
    for _ in range(3):
        agreed()
    row, _other = solved(), solved()
    [first] = approved(row)
    leaves(first)
    run_jobs()

    second = Application.objects.get(status="offered")
    role.refresh_from_db()
    assert (second.proposal.round, second.proposal.takes_over) == (row, first)
    assert second.person_id != first.person_id
    assert role.taken == 1


def test_where_each_is_to_be_approved_the_next_is_proposed():
    row, _role, first = one_of_three(passes_on=False)
    leaves(first)
    run_jobs()

    row.refresh_from_db()
    [following] = Proposal.objects.filter(status="proposed")
    assert following.takes_over == first
    assert row.status == "partly"
    assert Application.objects.count() == 1
    approved(row)
    assert row.status == "approved"


def test_a_rejected_proposal_is_followed_by_another_to_approve():
    role = place(seats=1)
    agreed()
    agreed()
    row = solved()
    [first] = Proposal.objects.all()
    commands.reject_proposal(
        proposal_id=first.pk, reason="لا", by=manager_of(role.shift.opportunity.body), at=NOW()
    )
    run_jobs()

    [following] = Proposal.objects.filter(status="proposed")
    row.refresh_from_db()
    assert following.person_id != first.person_id
    assert row.status == "proposed"
    assert not Application.objects.exists()


def test_seats_added_are_proposed_for_and_nobody_jumps_the_queue():
    _row, role, _first = one_of_three()
    ShiftRole.objects.filter(pk=role.pk).update(seats=3)
    commands.fill_seats(shift_role_id=role.pk, at=NOW())
    run_jobs()

    assert Proposal.objects.filter(status="proposed").count() == 2
    assert RoundPlace.objects.get().seats == 3
    assert Application.objects.count() == 1


# ---------------------------------------------------------------- chains
def women_and_all():
    """At one hour a place for women and one for all; two women, a man."""
    women = place(10, seats=1, gender_rule="women", gender_reason="قسم النساء")
    for_all = place(10, seats=1)
    for gender in ("female", "female", "male"):
        agreed(gender=gender)
    row = solved()
    return row, women, for_all


def test_a_chain_moves_who_is_undecided_and_fills_what_they_leave():
    row, women, for_all = women_and_all()
    spare = agreed(gender="male")
    holder = Proposal.objects.get(shift_role=women)
    second = _other_woman(row, holder)
    _let_stand(row, for_all, second)
    made = commands.approve_proposal(
        proposal_id=holder.pk, by=manager_of(women.shift.opportunity.body), at=NOW()
    )
    leaves(made)
    run_jobs()

    assert Application.objects.get(status="offered").person == second
    [undecided] = Proposal.objects.filter(status="proposed")
    assert undecided.shift_role == for_all
    assert undecided.person.gender == "male"
    assert undecided.person != spare  # who came after the round is not in its plan
    assert Proposal.objects.get(status="lapsed").person == second


def _other_woman(row, holder):
    stored = replanning.standing_of(row, at=NOW()).stored
    rows = Person.objects.filter(pk__in=stored.person_key.tolist(), gender="female")
    return rows.exclude(pk=holder.person_id).get()


def _let_stand(row, role, person):
    """The plan's undecided pair of the role is this person's, as it well might be."""
    stored = replanning.standing_of(row, at=NOW()).stored
    [volunteer_number] = (stored.person_key == person.pk).nonzero()[0]
    old = Proposal.objects.get(shift_role=role)
    week = old.agent % stored.weeks
    Proposal.objects.filter(pk=old.pk).update(
        person=person, agent=int(volunteer_number) * stored.weeks + week
    )


def test_what_is_approved_is_never_moved():
    row, women, for_all = women_and_all()
    holder = Proposal.objects.get(shift_role=women)
    second = _other_woman(row, holder)
    _let_stand(row, for_all, second)
    made = {a.shift_role_id: a for a in approved(row)}
    leaves(made[women.pk])
    run_jobs()

    assert Application.objects.get(status="offered").person == second
    assert Application.objects.get(status="offered").shift_role == for_all
    assert not Proposal.objects.filter(status="lapsed").exists()


def test_who_no_longer_fits_is_passed_over():
    row, _role, first = one_of_three()
    leaves(first)
    stored = replanning.standing_of(row, at=NOW()).stored
    others = [pk for pk in stored.person_key.tolist() if pk != first.person_id]
    first.person.__class__.objects.filter(pk=others[0]).update(birth_date=None)
    run_jobs()
    assert Application.objects.get(status="offered").person_id == others[1]


def test_where_the_round_has_nobody_whoever_waits_is_offered_it():
    role = place(seats=1)
    agreed()
    row = solved()
    [made] = approved(row)
    waits = application(role=role, status="waiting")
    leaves(made)
    run_jobs()
    waits.refresh_from_db()
    assert waits.status == "offered"


def closed_round_of_three():
    """One seat, three who ask: the plan puts the first before the third before the second."""
    role = place(seats=1)
    people = [volunteer() for _ in range(3)]
    for person, hours in zip(people, (0, 30, 10), strict=True):
        asks(person, role)
        person.volunteer.__class__.objects.filter(person=person).update(
            recent_minutes=hours * 60
        )
    row = solved()
    [made] = approved(row)
    commands.close_round(matching_round=row, by=row.opened_by, at=NOW())
    return role, people, row, made


def test_after_the_round_is_closed_those_who_wait_are_offered_it_in_its_order():
    role, people, _row, made = closed_round_of_three()
    assert made.person == people[0]
    rows = with_position(Application.objects.filter(status="waiting"))
    assert {row.person_id: row.ahead for row in rows} == {people[2].pk: 0, people[1].pk: 1}
    late = application(role=role, status="waiting")  # not weighed: behind who was
    assert with_position(Application.objects.filter(pk=late.pk)).get().ahead == 2
    for following in (people[2], people[1]):  # not as they asked: as the plan weighs them
        leaves(Application.objects.get(status="offered"))
        run_jobs()
        assert Application.objects.get(status="offered").person == following


def test_a_seat_freed_in_a_pause_goes_by_the_plan_of_a_round_that_is_over():
    role, people, row, made = closed_round_of_three()
    paused = {"opportunity_id": role.shift.opportunity_id, "by": row.opened_by}
    opportunities.pause(**paused, at=NOW())
    leaves(made)
    run_jobs()
    assert not Application.objects.filter(status="offered").exists()

    opportunities.resume(**paused, at=NOW())
    run_jobs()

    assert Application.objects.get(status="offered").person == people[2]


def test_a_seat_freed_in_a_pause_is_proposed_for_while_the_round_runs():
    row, role, first = one_of_three()
    paused = {"opportunity_id": role.shift.opportunity_id, "by": row.opened_by}
    opportunities.pause(**paused, at=NOW())
    leaves(first)
    run_jobs()
    assert not Proposal.objects.filter(status="proposed").exists()

    opportunities.resume(**paused, at=NOW())
    run_jobs()

    assert Proposal.objects.get(status="proposed").person != first.person
    assert Application.objects.count() == 1


# ---------------------------------------------------------------- what else happens to it
def test_shifts_called_off_let_what_is_undecided_lapse():
    role = place(seats=1)
    agreed()
    row = solved()
    Shift.objects.filter(pk=role.shift_id).update(status="cancelled", reason="عاصفة")
    commands.release_cancelled_shift(shift_id=role.shift_id, reason="عاصفة", at=NOW())
    assert Proposal.objects.get().status == "lapsed"
    row.refresh_from_db()
    assert row.status == "proposed"


def test_a_place_made_by_a_round_is_asked_about_again_two_days_ahead():
    role = place(days=6, seats=1)
    agreed()
    row = solved()
    [made] = approved(row)
    commands.confirm_place(application_id=made.pk, by=made.person, at=NOW())
    assert commands.remind_of_shifts(at=role.shift.starts_at - timedelta(hours=47)) == 1
    made.refresh_from_db()
    assert made.reminded_at
