"""``verify_round`` judges who may do what again, as long as people and places say what they said."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from takatuf.placement.models import Proposal, Round, RoundPlan
from takatuf.placement.rounds import judging
from takatuf.placement.rounds.gathering import gather
from takatuf.placement.rounds.judging import judged_anew
from takatuf.placement.rounds.storing import digest_of, packed, unpacked
from takatuf.placement.tests.rounds import agreed, asks, place, solved, worked_out
from takatuf.registry.models import VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def verified(row) -> str:
    out = StringIO()
    call_command("verify_round", str(row.pk), stdout=out)
    return out.getvalue()


def two_of_three():
    places = [place(8, seats=1), place(12, seats=1)]
    people = [agreed() for _ in range(3)]
    asks(people[0], places[0])
    return solved()


def test_a_plan_of_today_is_judged_anew_pair_by_pair():
    row = two_of_three()

    anew = judged_anew(Round.objects.get(pk=row.pk))

    assert (anew.fitting, anew.left_out, anew.faults) == (6, 0, [])
    assert "judged anew, 6 pairs fit and 0 are rightly left out." in verified(row)


def test_once_people_say_other_things_it_says_so_and_judges_nobody():
    row = two_of_three()
    VolunteerProfile.objects.filter(person=Proposal.objects.first().person).update(reach_km=3)

    assert judged_anew(Round.objects.get(pk=row.pk)) is None
    assert "has changed since, so who fits was not judged anew" in verified(row)


def test_a_plan_worked_out_again_is_judged_anew_with_what_stood_before():
    """Two of four stay although they are worth less without the points for staying."""
    place(8, seats=2)
    for _ in range(4):
        agreed()
    row = worked_out(solved())
    assert row.attempt == 2
    assert Proposal.objects.filter(kept=True).count() == 2

    anew = judged_anew(Round.objects.get(pk=row.pk))

    assert (anew.fitting, anew.left_out, anew.faults) == (4, 0, [])
    assert "judged anew, 4 pairs fit" in verified(row)
    assert judged_anew(worked_out(row)).faults == []


def keep(row, change):
    """Store the plan changed, with a digest that says all is well."""
    stored = change(unpacked(row.plan.arrays))
    RoundPlan.objects.filter(round=row).update(
        arrays=packed(stored), pairs=stored.instance.pairs,
        digest=digest_of(stored, options=row.plan.options, seed=row.plan.seed),
    )  # fmt: skip


def without_somebody(stored):
    """One pair that is not assigned left out, its role's price lowered to nothing."""
    gone = np.flatnonzero(~stored.plan.assigned)[0]
    stay = np.arange(stored.instance.pairs) != gone
    names = ("pair_agent", "pair_role", "pair_score", "pair_locked")
    instance = replace(
        stored.instance, **{name: getattr(stored.instance, name)[stay] for name in names}
    )
    price = np.zeros_like(stored.plan.price)
    plan = replace(stored.plan, assigned=stored.plan.assigned[stay], price=price)
    return replace(stored, instance=instance, plan=plan)


def with_more_points(stored):
    score = stored.instance.pair_score + 1
    return replace(stored, instance=replace(stored.instance, pair_score=score))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            without_somebody,
            "1 pairs that are worth more than their place's price are not in the plan",
        ),
        (with_more_points, "6 pairs of the plan have other points than they are worth"),
    ],
)
def test_a_plan_on_other_pairs_is_found_out(change, words):
    row = two_of_three()
    keep(row, change)

    assert judged_anew(Round.objects.get(pk=row.pk)).faults == [words]


def test_who_may_not_come_is_found_in_the_plan(monkeypatch):
    """As if the engine had let somebody in whom a rule refuses, from the very same rows."""
    row = two_of_three()
    gathered = gather(row, at=row.plan.solved_at, own=unpacked(row.plan.arrays).own)
    gathered.region.people["cap"][0] = 60
    monkeypatch.setattr(judging, "gather", lambda *_args, **_more: gathered)
    keep(row, lambda stored: replace(stored, gathered=gathered.digest()))

    assert judged_anew(row).faults == ["2 pairs of the plan are against a rule"]


def test_the_shell_refuses_a_plan_on_other_points():
    row = two_of_three()
    keep(row, with_more_points)

    with pytest.raises(CommandError, match="does not hold"):
        verified(row)
