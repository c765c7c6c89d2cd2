"""Any order of ticks, closings and answers keeps sheet, places and ledger in step."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.attendance import commands, contributions
from takatuf.attendance.enums import HOUR_STEPS
from takatuf.attendance.models import HourClaim, HourEntry
from takatuf.attendance.tests.days import LATER, START, a_day, claims, head_of
from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands as opportunities

PEOPLE = 3
REACHED: set[str] = set()  # states of the ledger the stories came to
WHO = st.integers(0, PEOPLE - 1)
BACK = st.integers(0, 240).map(lambda minutes: timedelta(minutes=minutes))
WAIT = st.sampled_from([20, 60, 150]).map(lambda minutes: timedelta(minutes=minutes))
# Most acts are those of who runs the day: other hands are refused, and stories stand still.
BY = st.sampled_from(["manager", "manager", "colleague", "colleague", "head", "volunteer"])


ANSWERS = {
    "confirm": lambda key, **given: commands.confirm_hours(claim_id=key, **given),
    "approve": lambda key, **given: commands.approve_hours(claim_ids=[key], **given),
    "reject": lambda key, **given: commands.reject_hours(claim_id=key, reason="سبب", **given),
    "reverse": lambda key, **given: commands.reverse_hours(claim_id=key, reason="سبب", **given),
}


class Days(RuleBasedStateMachine):
    """One shift with three people, and everybody who may lay hands on it."""

    @initialize(so_far=st.sampled_from(["before", "waiting", "approved", "taken back"]))
    def begin(self, so_far):
        """Each story in a transaction of its own, undone at its end."""
        self.story = transaction.atomic()
        self.story.__enter__()
        self.day = a_day(PEOPLE)
        self.people = {
            "manager": self.day.manager, "colleague": self.day.colleague,
            "head": head_of(self.day.body), "volunteer": self.day.places[0].person,
        }  # fmt: skip
        self.longest: dict = {}
        self.now = START - timedelta(minutes=30)
        if so_far != "before":  # the ledger's last states are far from an empty sheet
            self.now = LATER
            self.day.come(0)
            self.day.leave(0)
            self.day.come(1)
            self.day.close()
        if so_far in ("approved", "taken back"):
            [first, *_others] = claims(self.day)
            ANSWERS["approve"](first.pk, by=self.day.colleague, at=self.now)
        if so_far == "taken back":
            ANSWERS["reverse"](first.pk, by=self.people["head"], at=self.now)

    def teardown(self):
        if hasattr(self, "story"):
            REACHED.update(HourEntry.objects.values_list("state", flat=True))
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def attempt(self, command, **given):
        """A refusal changes nothing; whatever is not a refusal is a bug."""
        try:
            with transaction.atomic():
                command(**given)
        except DomainError:
            return

    def mark(self, command, who, by, **given):
        place = self.day.places[who].pk
        self.attempt(command, application_id=place, by=self.people[by], at=self.now, **given)

    @rule(wait=WAIT)
    def time_passes(self, wait):
        self.now += wait

    @rule(who=WHO, by=BY)
    def come(self, who, by):
        self.mark(commands.check_in, who, by)

    @rule(who=WHO, by=BY)
    def leave(self, who, by):
        self.mark(commands.check_out, who, by)

    @rule(who=WHO, came=BACK, left=st.none() | BACK, by=BY)
    def times(self, who, came, left, by):
        left_at = None if left is None else self.now - left
        self.mark(commands.record_times, who, by, came_at=self.now - came, left_at=left_at)

    @rule(who=WHO, excused=st.booleans(), by=BY)
    def stay_away(self, who, excused, by):
        self.mark(commands.mark_absent, who, by, excused=excused)

    @rule(who=WHO, by=BY)
    def undo(self, who, by):
        self.mark(commands.undo_mark, who, by)

    @rule()
    def call_off(self):
        self.attempt(
            opportunities.cancel_shift, shift_id=self.day.shift.pk, reason="سبب",
            by=self.day.manager, at=self.now,
        )  # fmt: skip

    @rule()
    def forget(self):
        commands.start_begun_shifts(at=self.now)
        commands.assume_forgotten_checkouts(at=self.now)

    @rule(by=BY)
    def close(self, by):
        self.attempt(
            commands.close_day_sheet, shift_id=self.day.shift.pk, by=self.people[by],
            at=self.now,
        )  # fmt: skip

    @rule(acts=st.lists(st.tuples(WHO, BY, st.sampled_from(sorted(ANSWERS))), max_size=6))
    def answer(self, acts):
        for number, by, act in acts:
            found = claims(self.day)
            if number < len(found):
                self.attempt(
                    ANSWERS[act], key=found[number].pk, by=self.people[by], at=self.now
                )

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "day"):
            return
        for check in (
            contributions.claims_mirror_the_ledger,
            contributions.broken_ledger,
            contributions.self_approved,
            contributions.counted_once,
            contributions.totals_add_up,
            contributions.sheets_agree_with_places,
            contributions.closed_sheets_are_complete,
        ):
            assert list(check()) == [], check.__name__

    @invariant()
    def the_ledger_only_grows_along_its_steps(self):
        for claim in HourClaim.objects.all():
            lines = list(HourEntry.objects.filter(claim=claim).order_by("position"))
            states = ["", *(line.state for line in lines)]
            for was, now in pairwise(states):
                assert now in HOUR_STEPS[was], states
            assert len(lines) >= self.longest.get(claim.pk, 0)
            self.longest[claim.pk] = len(lines)

    @invariant()
    def hours_arise_from_closed_sheets_alone(self):
        if hasattr(self, "day") and self.day.shift.status != "closed":
            assert not HourClaim.objects.exists()


@pytest.mark.django_db
def test_whatever_is_done_everything_agrees():
    REACHED.clear()

    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )  # fmt: skip

    # The stories got as far as the ledger's last states.
    assert {"confirmed", "claimed", "approved", "rejected", "reversed"} <= REACHED
