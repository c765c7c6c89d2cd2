"""Whatever the desk and the floors above do in whatever order: the rows make sense."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import SearchDocument
from takatuf.kernel.transitions import history
from takatuf.needs import commands, contributions
from takatuf.needs.enums import JOINED_STEPS, NEED_STEPS, OPEN_NEEDS
from takatuf.needs.models import Need
from takatuf.needs.tests.factories import NOW, NeedFactory, PersonFactory, desk_person

STEPS = NEED_STEPS | JOINED_STEPS


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.desk, self.other = desk_person(), PersonFactory()
        self.needs = [
            NeedFactory(reporter=PersonFactory(), due_at=NOW + timedelta(days=10 - n))
            for n in range(3)
        ]
        self.clock = NOW

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def _try(self, act, number, **given):
        need = self.needs[number]
        self.clock += timedelta(hours=1)
        before = list(Need.objects.order_by("pk").values())
        try:
            with transaction.atomic():
                act(need_id=need.pk, at=self.clock, **given)
        except DomainError as refusal:
            assert str(refusal)  # noqa: PT017 - a refusal is an answer here
            assert list(Need.objects.order_by("pk").values()) == before

    @rule(number=st.integers(0, 2), desk=st.booleans(), people=st.sampled_from([None, 1, 90]))
    def validate(self, number, desk, people):
        self._try(
            commands.validate_need, number, by=self.desk if desk else self.other,
            people_estimate=people, estimate_basis="قائمة" if people == 90 else "",
        )  # fmt: skip

    @rule(
        number=st.integers(0, 2),
        act=st.sampled_from([commands.reject_need, commands.close_need]),
        answer=st.sampled_from(["", "سبب"]),
    )
    def end(self, number, act, answer):
        self._try(act, number, by=self.desk, answer=answer)

    @rule(number=st.integers(0, 2), into=st.integers(0, 2))
    def merge(self, number, into):
        self._try(commands.merge_need, number, by=self.desk, into_id=self.needs[into].pk)

    @rule(number=st.integers(0, 2))
    def plan(self, number):
        self._try(commands.put_in_plan, number, by=self.other)

    @rule(number=st.integers(0, 2), count=st.integers(1, 500))
    def serve(self, number, count):
        self._try(commands.add_people_served, number, by=self.other, count=count)

    @invariant()
    def rows_make_sense(self):
        assert list(contributions.merged_needs_lead_somewhere()) == []
        waiting = Need.objects.filter(status="reported")
        for need in Need.objects.select_related("merged_into"):
            in_search = SearchDocument.objects.filter(
                reference=f"needs.need:{need.pk}"
            ).exists()
            assert in_search is (need.status in OPEN_NEEDS)
            steps = [e for e in history(need) if e.from_state]
            assert all(e.to_state in STEPS[e.from_state] for e in steps)
            assert need.waits is (need in waiting or need.merged_into in waiting)
            if need.merged_into in waiting:
                assert need.due_at >= need.merged_into.due_at
            assert need.coverage is None or 0 <= need.coverage <= 100


@pytest.mark.django_db
def test_a_life_in_any_order_keeps_its_rules():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
