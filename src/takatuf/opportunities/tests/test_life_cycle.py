"""Whatever people do in whatever order: the rows make sense and refusals change nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import DomainError
from takatuf.opportunities import commands, contributions
from takatuf.opportunities.enums import OPPORTUNITY_STEPS
from takatuf.opportunities.models import Opportunity, ShiftRole
from takatuf.opportunities.tests.factories import NOW, opportunity
from takatuf.registry.tests.factories import PersonFactory

ACTS = [
    commands.submit, commands.publish, commands.pause, commands.resume, commands.reconfirm,
    commands.close_opportunity, commands.close_if_done,
]  # fmt: skip
WITH_REASON = [commands.cancel_opportunity, commands.return_with_reasons]


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.made = opportunity(title="تعبئة السلال")
        self.maker, self.reviewer = self.made.created_by, PersonFactory()
        self.clock = NOW

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def _try(self, act, **given):
        before = self._stored()
        refused = ""
        try:
            with transaction.atomic():
                act(at=self.clock, **given)
        except DomainError as refusal:
            refused = str(refusal) or "without a word"
        if refused:
            assert refused != "without a word"
            assert self._stored() == before
            return
        was, now = before["status"], self._stored()["status"]
        assert was == now or now in _reachable(was)

    def _stored(self) -> dict:
        return Opportunity.objects.values().get(pk=self.made.pk)

    @rule(minutes=st.integers(1, 3_000))
    def time_passes(self, minutes):
        self.clock += timedelta(minutes=minutes)
        commands.refresh_passed(at=self.clock)

    @rule(act=st.sampled_from(ACTS), reviewer=st.booleans())
    def act(self, act, reviewer):
        self._try(
            act, opportunity_id=self.made.pk, by=self.reviewer if reviewer else self.maker
        )

    @rule(
        act=st.sampled_from(WITH_REASON),
        reason=st.sampled_from(["", "سبب"]),
        reviewer=st.booleans(),
    )
    def act_with_a_reason(self, act, reason, reviewer):
        by = self.reviewer if reviewer else self.maker
        self._try(act, opportunity_id=self.made.pk, reason=reason, by=by)

    @rule(spoil=st.booleans(), version=st.integers(0, 3))
    def edit(self, spoil, version):
        changes = {
            "safety": "" if spoil else "قفازات ومسعف في الموقع",
            "title": "متطوعين" if spoil else "تعبئة السلال",
        }
        now = self._stored()["version"]
        self._try(
            commands.save_step, opportunity_id=self.made.pk, version=now - version // 3, changes=changes,
            by=self.maker,
        )  # fmt: skip

    @rule(index=st.integers(0, 5), start=st.booleans())
    def run_a_shift(self, index, start):
        shifts = list(self.made.shifts.order_by("pk"))
        shift = shifts[index % len(shifts)]
        act = commands.start_shift if start else commands.close_shift
        if Opportunity.objects.get(pk=self.made.pk).status in {
            "published",
            "running",
            "paused",
        }:
            self._try(act, shift_id=shift.pk, by=self.maker)

    @rule(index=st.integers(0, 5), days=st.integers(-2, 30), move=st.booleans())
    def move_or_cancel_a_shift(self, index, days, move):
        shifts = list(self.made.shifts.order_by("pk"))
        shift = shifts[index % len(shifts)]
        if move:
            start = self.clock + timedelta(days=days, hours=1)
            self._try(
                commands.move_shift, shift_id=shift.pk, starts_at=start, ends_at=start + timedelta(hours=3),
                reason="سبب", by=self.maker,
            )  # fmt: skip
        else:
            self._try(commands.cancel_shift, shift_id=shift.pk, reason="سبب", by=self.maker)

    @rule(index=st.integers(0, 5), take=st.booleans())
    def seats(self, index, take):
        roles = list(ShiftRole.objects.filter(shift__opportunity=self.made).order_by("pk"))
        role = roles[index % len(roles)]
        if take:
            assert commands.take_role_seat(role.pk) is (role.taken < role.seats)
        elif role.taken:
            commands.release_role_seat(role.pk)

    @invariant()
    def rows_make_sense(self):
        assert list(contributions.seats_are_counted()) == []
        assert list(contributions.over_means_over()) == []
        row = Opportunity.objects.get(pk=self.made.pk)
        if row.status in (
            "draft",
            "returned",
            "in_review",
        ):  # in no list; the clock is not followed
            assert not row.listed
            return
        right = commands.derive(row, at=self.clock)
        assert {name: getattr(row, name) for name in right} == right


def _reachable(start: str) -> set[str]:
    """Every state one command may lead to: some take two or three steps at once."""
    seen, frontier = set(), {start}
    while frontier:
        frontier = {to for state in frontier for to in OPPORTUNITY_STEPS.get(state, ())} - seen
        seen |= frontier
    return seen


@pytest.mark.django_db
def test_a_life_in_any_order_keeps_its_rules():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
