"""A round's job: progress, cancelling, dying in the middle, and a plan that can be checked."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.kernel.transitions import history
from takatuf.opportunities.enums import Way
from takatuf.placement import commands, queries
from takatuf.placement.commands import solving
from takatuf.placement.models import Proposal, Round, RoundPlace, RoundPlan
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.rounds.explaining import PlanReader
from takatuf.placement.rounds.storing import packed, unpacked
from takatuf.placement.rounds.words import why_not
from takatuf.placement.tests.factories import volunteer
from takatuf.placement.tests.rounds import (
    agreed,
    asks,
    opened,
    place,
    proposed,
    solved,
    worked_out,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


def test_a_round_fills_the_seats_and_keeps_its_proof():
    role, other = place(seats=2), place(15, seats=1)
    people = [agreed() for _ in range(4)]

    row = solved()

    assert row.status == "proposed"
    assert (row.people, row.seats_asked, row.seats_filled) == (4, 3, 3)
    assert 0 <= row.gap <= 0.005
    assert row.objective <= row.bound + 1
    assert {person for person, _role in proposed(row)} <= {person.pk for person in people}
    assert sorted(r for _p, r in proposed(row)) == sorted([role.pk, role.pk, other.pk])
    assert faults_of(row) == []
    assert row.plan.digest == unpacked_digest(row)
    assert [entry.action for entry in history(row)] == ["opened", "started", "solved"]


def unpacked_digest(row):
    stored = unpacked(row.plan.arrays)
    return solving.digest_of(stored, options=row.plan.options, seed=row.plan.seed)


def test_who_asked_comes_before_who_only_agreed():
    role = place(seats=1)
    for _ in range(5):
        agreed()
    wants = volunteer()
    asks(wants, role)

    row = solved()

    assert proposed(row) == {(wants.pk, role.pk)}
    proposal = Proposal.objects.get()
    assert proposal.asked
    assert proposal.parts["applied"] == 1000
    assert proposal.score > 0


def test_nothing_but_keys_of_people_is_stored():
    place()
    agreed(full_name="نورة سالم", gender="female")
    stored = unpacked(solved().plan.arrays)

    names = set(stored.arrays())
    assert not names & {"people", "born", "gender", "x", "y", "free", "grants"}
    assert set(stored.arrays()["person_key"]) == {Proposal.objects.get().person_id}


def test_the_same_round_twice_gives_the_same_plan():
    for hours in (8, 12, 17):
        place(hours, seats=2)
    for _ in range(8):
        agreed()
    one, other = solved(), None
    first = proposed(one)
    other = worked_out(one)
    assert proposed(other) == first
    assert other.attempt == 2


def test_another_try_shows_what_it_changes():
    """The plan before stands until the new one is there, and stability compares with it."""
    role = place(seats=2)
    for _ in range(4):
        agreed()
    row = solved()
    gone = Proposal.objects.first()
    gone.person.volunteer.__class__.objects.filter(person=gone.person).update(
        proposals_agreed_at=None
    )

    again = worked_out(row, stay=2000)

    summary = queries.summary_of(again)
    assert (summary.kept, summary.new, summary.dropped) == (1, 1, 1)
    assert gone.person_id not in {person for person, _role in proposed(again)}
    assert summary.seats == summary.filled == 2
    assert role.pk in {r for _p, r in proposed(again)}


def test_places_at_risk_and_scarce_skills_are_named_in_few_questions(
    django_assert_num_queries,
):
    place(seats=3, minimum=3)
    agreed()
    row = solved()
    with django_assert_num_queries(5):
        summary = queries.summary_of(row)
    [risk] = summary.at_risk
    assert (risk.short, risk.filled) == (2, 1)
    assert summary.empty == 2
    assert summary.decided.by_status == {"proposed": 1}
    assert not summary.decided


# ---------------------------------------------------------------- refusals, progress, ends
def test_a_scope_without_seats_or_people_says_so_and_can_be_tried_again():
    row = solved()
    assert row.status == "failed"
    assert "No seat" in row.why_failed
    place()
    assert "Nobody takes part" in worked_out(row).why_failed
    agreed()
    assert worked_out(row).status == "proposed"


def test_nobody_fits_and_the_plan_is_empty_but_proven():
    place(min_age=90, max_age=95)
    agreed()
    row = solved()
    assert (row.status, row.seats_filled) == ("proposed", 0)
    assert faults_of(row) == []


@pytest.mark.parametrize(("pause", "places"), [(0, 2), (8 * 60, 2), (8 * 60 + 1, 1)])
def test_nobody_is_proposed_for_a_morning_after_too_short_a_night(pause, places):
    evening, morning = place(19), place(6, days=4)
    agreed()

    row = solved(options={"pause": pause})

    assert row.seats_filled == places
    assert (row.plan.options["pause"], faults_of(row)) == (pause, [])
    shown = {key for _person, key in proposed(row)}
    assert shown <= {evening.pk, morning.pk}


def test_the_night_after_what_somebody_holds_is_kept_too_and_the_reason_says_so():
    evening, morning = place(19, way=Way.OPEN), place(6, days=4)
    person = agreed()
    asks(person, evening)
    row = solved(options={"pause": 12 * 60})

    assert proposed(row) == set()
    answer = PlanReader(row).explain(person.pk, morning.pk, at=NOW())
    assert "rest" in str(why_not(answer)[0])
    assert proposed(worked_out(row, pause=0)) == {(person.pk, morning.pk)}


def test_progress_is_written_and_a_cancelled_round_stops_and_stores_nothing(monkeypatch):
    place(seats=2)
    agreed()
    monkeypatch.setattr(solving, "TELL_EVERY", 0.0)
    row, seen = opened(), []
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())

    def stop(found):
        seen.append((found.people, found.seats_asked, found.bound))
        commands.cancel_round(matching_round=found, by=found.opened_by, at=NOW())

    solving.work_out(row.pk, 1, stop)

    row.refresh_from_db()
    assert row.status == "cancelled"
    assert seen == [(1, 2, None)]
    assert not Proposal.objects.exists()
    assert not RoundPlan.objects.exists()


def test_the_bound_and_the_gap_so_far_are_told(monkeypatch):
    for hours in (8, 12, 16):
        place(hours, seats=2)
    for _ in range(6):
        agreed()
    monkeypatch.setattr(solving, "TELL_EVERY", 0.0)
    row, seen = opened(options={"gap": 0}), []
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())

    solving.work_out(row.pk, 1, lambda found: seen.append((found.objective, found.bound)))

    assert seen[0] == (None, None)
    assert all(bound >= objective for objective, bound in seen[1:])


def test_a_worker_that_died_in_the_middle_leaves_nothing_and_the_next_does_it(monkeypatch):
    place(seats=1)
    person = agreed()
    row = opened()
    commands.start_round(matching_round=row, by=row.opened_by, at=NOW())

    class Killed(BaseException):
        pass

    def die(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(RoundPlan.objects, "create", die)
        with pytest.raises(Killed):
            solving.work_out(row.pk, 1)
    assert not Proposal.objects.exists()
    assert not RoundPlace.objects.exists()

    run_jobs()
    solving.work_out(row.pk, 1)  # at least once: the second time finds it done

    row.refresh_from_db()
    assert row.status == "proposed"
    assert Proposal.objects.get().person == person
    assert len(history(row)) == 3


def test_a_job_of_an_earlier_attempt_changes_nothing():
    place()
    agreed()
    row = worked_out(solved())
    before = list(Proposal.objects.values())
    solving.work_out(row.pk, 1)
    assert list(Proposal.objects.values()) == before


# ---------------------------------------------------------------- checking it again
def verified(row):
    out = StringIO()
    call_command("verify_round", str(row.pk), stdout=out)
    return out.getvalue()


def refused(row):
    with pytest.raises(CommandError) as refusal:
        call_command("verify_round", str(row.pk), stdout=StringIO())
    assert refusal.value.returncode == 1
    return str(refusal.value)


def three_of_four():
    for hours in (8, 12, 17):
        place(hours, seats=1)
    for _ in range(4):
        agreed()
    return solved()


def test_verifying_says_in_one_line_that_a_round_holds():
    words = verified(three_of_four())
    assert words.count("\n") == 1
    assert "holds" in words
    assert "3 proposals equal to the plan" in words


def _worse(stored):
    assigned = stored.plan.assigned.copy()
    assigned[np.flatnonzero(assigned)[0]] = False
    return {"assigned": assigned}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda s: {"objective": np.int64(s.plan.objective + 1)}, "claims"),
        (lambda s: {"bound": np.float64(s.plan.bound - 5000)}, "prove only"),
        (lambda s: {"price": s.plan.price * 0 - 5000}, "other prices"),
        (_worse, "not in the plan"),
        (lambda s: {"pair_score": s.instance.pair_score * 2}, "not those that were digested"),
        (lambda s: {"person_key": s.person_key[::-1].copy()}, "another person"),
    ],
)
def test_arrays_somebody_changed_are_found_out(damage, words):
    row = three_of_four()
    stored = unpacked(row.plan.arrays)
    changed = stored.arrays() | damage(stored)

    class Changed:
        @staticmethod
        def arrays():
            return changed

    RoundPlan.objects.filter(round=row).update(arrays=packed(Changed))
    assert words in refused(row)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: Proposal.objects.first().delete(), "are no proposals"),
        (lambda: Proposal.objects.update(score=1), "another person or score"),
        (lambda: Proposal.objects.filter(pk=first()).update(person=agreed()), "another person"),
        (lambda: RoundPlace.objects.update(price=7), "other prices"),
        (lambda: RoundPlan.objects.update(objective=5), "says objective 5"),
        (lambda: Round.objects.update(gap=0.5), "says gap 0.5"),
        (lambda: RoundPlan.objects.update(arrays=b"nothing"), "damaged"),
        (lambda: RoundPlan.objects.update(arrays=with_a_broken_stream()), "damaged"),
        (lambda: RoundPlan.objects.update(seed=7), "not those that were digested"),
    ],
)
def test_rows_somebody_changed_are_found_out(change, words):
    row = three_of_four()
    change()
    assert words in refused(row)


def with_a_broken_stream():
    archive = bytearray(RoundPlan.objects.get().arrays)
    begin = 30 + archive[26] + archive[28]  # behind the first member's name and extra field
    archive[begin] = 0xFF  # a block of no kind zlib knows
    return bytes(archive)


def first():
    return Proposal.objects.order_by("pk").first().pk


def test_a_round_that_is_not_worked_out_cannot_be_verified():
    assert "not worked out" in refused(opened())
    with pytest.raises(CommandError, match="no round 9"):
        call_command("verify_round", "9", stdout=StringIO())


def test_a_round_is_opened_and_worked_out_from_the_shell():
    place(seats=1)
    agreed()
    by = opened().opened_by
    out = StringIO()
    call_command("open_round", "--by", by.email, "--days", "7", "--run", stdout=out)
    last = out.getvalue().splitlines()[-1]
    assert "proposed, 1 people, 1/1 seats, gap 0.000%" in last
    with pytest.raises(CommandError, match="four weeks"):
        call_command("open_round", "--by", by.email, "--days", "70", "--run", stdout=out)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("open_round", "--by", "x@example.org", stdout=out)
