"""What is undecided is thought over; nothing is done twice, whatever happens meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.models import Job, Message
from takatuf.opportunities.models import ShiftRole
from takatuf.placement.commands import proposals as steps
from takatuf.placement.commands import repairing, replanning
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.placement.tests.factories import volunteer
from takatuf.placement.tests.rounds import asks, leaves, one_of_three, place, proposed, solved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Proposal, ShiftRole, RoundPlace, Message)
    ]


# ---------------------------------------------------------------- once, whatever happens
def test_running_it_again_changes_nothing():
    row, role, first = one_of_three()
    leaves(first)
    run_jobs()
    before = everything()
    replanning.pass_seat_on(first.pk)
    replanning.propose_more(row.pk, role.pk)
    replanning.rethink(row.pk)
    assert everything() == before


def test_killed_in_the_middle_nothing_is_there_and_the_next_worker_does_it(monkeypatch):
    _row, _role, first = one_of_three()
    leaves(first)
    before = everything()

    class Killed(BaseException):
        pass

    def die(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(steps, "settle_state", die)
        with pytest.raises(Killed):
            replanning.pass_seat_on(first.pk)
    assert everything() == before
    run_jobs()
    assert Application.objects.filter(status="offered").count() == 1


def test_a_round_that_moved_on_meanwhile_is_read_again(monkeypatch):
    """Another worker passes the seat on between this one's plan and its locks."""
    _row, role, first = one_of_three()
    leaves(first)
    take, raced = replanning._take, []

    def late(standing, change, *, at):
        if not raced:
            raced.append(1)
            replanning.pass_seat_on(first.pk)
        take(standing, change, at=at)

    monkeypatch.setattr(replanning, "_take", late)
    replanning.pass_seat_on(first.pk)

    role.refresh_from_db()
    assert role.taken == Application.objects.filter(status="offered").count() == 1
    assert Proposal.objects.filter(takes_over=first).count() == 1


# ---------------------------------------------------------------- thinking again
def worse_than_could_be():
    """Who asked for each place stands in the other's."""
    first, second = place(10, seats=1), place(10, seats=1)
    people = [volunteer(), volunteer()]
    for person, role in zip(people, (first, second), strict=True):
        asks(person, role)
        person.volunteer.__class__.objects.filter(person=person).update(
            proposals_agreed_at=NOW(), reach_km=900
        )
    row = solved()
    one, other = Proposal.objects.order_by("pk")
    person, agent = one.person, one.agent
    Proposal.objects.filter(pk=one.pk).update(person=other.person, agent=other.agent)
    Proposal.objects.filter(pk=other.pk).update(person=person, agent=agent)
    return row, {(p.pk, r.pk) for p, r in zip(people, (first, second), strict=True)}


def test_thinking_again_takes_a_plan_that_gains_much():
    row, best = worse_than_could_be()
    assert proposed(row) != best
    replanning.rethink(row.pk)
    assert proposed(row) == best
    assert Proposal.objects.filter(status="lapsed").count() == 2
    before = everything()
    replanning.rethink(row.pk)
    assert everything() == before


def test_and_leaves_everything_where_little_is_gained():
    row, best = worse_than_could_be()
    Round.objects.filter(pk=row.pk).update(options=row.options | {"gain": 9000})
    before = everything()
    replanning.rethink(row.pk)
    assert everything() == before
    assert proposed(row) != best


def test_it_runs_a_while_after_a_cancellation_and_once():
    row, _role, first = one_of_three()
    leaves(first)
    run_jobs()
    leaves(Application.objects.get(status="offered"))
    run_jobs()
    later = Job.objects.filter(task=repairing.rethink.module_path, status="waiting")
    assert later.count() == 1
    assert run_jobs(at=NOW() + timedelta(hours=1)) >= 1
    assert not later.exists()
    assert row.pk
