"""Whatever happens to a round's proposals in whatever order, they, the places and the round
keep telling the same.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import Job
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history
from takatuf.opportunities.models import Shift
from takatuf.placement import commands
from takatuf.placement.commands import repairing
from takatuf.placement.enums import PROPOSAL_STEPS, ROUND_STEPS
from takatuf.placement.models import Application, Cover, Proposal, Round
from takatuf.placement.tests.factories import manager_of
from takatuf.placement.tests.life_cycle import LifeCycle
from takatuf.placement.tests.rounds import agreed, asks, place, solved

PEOPLE = 5
HOURS = (9, 10, 16)  # the first two are at one time
which = st.integers(0, 7)
HOLD = (
    "seats taken are the places held",
    "places belong to the opportunity of their shift",
    "rounds are what their plans say",
    "approved proposals are places of the same person and role",
    "approved proposals hold a place, and ended ones none",
    "no round approves somebody for two places at one time",
    "rounds propose no more people than seats",
    "rounds stand as their proposals do",
    "places to be covered are somebody's",
)
JOBS = {
    job.module_path: job for job in (
        repairing.pass_seat_on, repairing.propose_more, repairing.rethink,
    )
}  # fmt: skip


class Proposals(LifeCycle):
    """A round worked out for three shifts of three bodies, five people, and a clock."""

    models = (Application, Proposal, Cover, Round)

    def __init__(self):
        super().__init__()
        self.roles = [place(hours, days=4, seats=n % 2 + 1) for n, hours in enumerate(HOURS)]
        self.managers = {r.shift.opportunity.body_id: None for r in self.roles}
        for role in self.roles:
            self.managers[role.shift.opportunity.body_id] = manager_of(
                role.shift.opportunity.body
            )
        self.people = [agreed() for _ in range(PEOPLE)]
        asks(self.people[0], self.roles[0])
        self.round = solved()

    # ------------------------------------------------------------ what bodies do
    @rule(number=which, yes=st.booleans(), strange=st.booleans())
    def decides_on_one(self, number, yes, strange):
        row = self.one_of(Proposal.objects.all(), number)
        by = self.people[number % PEOPLE] if strange else self.managers[row.body_id]
        if yes:
            self.attempt(commands.approve_proposal, proposal_id=row.pk, by=by)
        else:
            self.attempt(commands.reject_proposal, proposal_id=row.pk, by=by, reason="لا")

    @rule(body=st.sampled_from(range(len(HOURS))))
    def approves_all_of_a_body(self, body):
        pk, by = list(self.managers.items())[body]
        try:
            commands.approve_all(matching_round=self.round, bodies=[pk], by=by, at=self.now)
        except DomainError:
            return
        finally:
            self.round.refresh_from_db()

    @rule(number=which)
    def calls_a_shift_off(self, number):
        role = self.roles[number % len(HOURS)]
        if number == 7:
            Shift.objects.filter(pk=role.shift_id).update(status="cancelled", reason="عاصفة")
            commands.release_cancelled_shift(
                shift_id=role.shift_id, reason="عاصفة", at=self.now
            )

    @rule(number=which)
    def the_round_is_closed(self, number):
        if number == 7:
            self.attempt(
                commands.close_round, matching_round=self.round, by=self.round.opened_by
            )
            self.round.refresh_from_db()

    # ------------------------------------------------------------ what people do
    @rule(number=which, act=st.sampled_from(["yes", "no", "cover"]))
    def answers(self, number, act):
        row = self.one_of(Application.objects.all(), number)
        if row is None:
            return
        command = {
            "yes": commands.confirm_place, "no": commands.withdraw,
            "cover": commands.ask_for_cover,
        }[act]  # fmt: skip
        self.attempt(command, application_id=row.pk, by=row.person)

    @rule(number=which, person=which)
    def comes_instead(self, number, person):
        cover = self.one_of(Cover.objects.all(), number)
        if cover:
            by = self.people[person % PEOPLE]
            self.attempt(commands.take_cover, cover_id=cover.pk, by=by)

    # ------------------------------------------------------------ what happens by itself
    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        commands.expire_offers(at=self.now)
        commands.close_overtaken(at=self.now)
        commands.close_covers_over(at=self.now)

    @rule(twice=st.booleans())
    def the_worker_works(self, twice):
        """At least once: whatever it does a second time changes nothing."""
        for job in Job.objects.filter(task__in=JOBS, status="waiting").order_by("pk"):
            JOBS[job.task].func(*job.args)
            if twice and job.task == repairing.pass_seat_on.module_path:
                before = self.rows()
                JOBS[job.task].func(*job.args)
                assert self.rows() == before
            job.delete()
        self.round.refresh_from_db()

    # ------------------------------------------------------------ what always holds
    @invariant()
    def everything_tells_the_same(self):
        assert [words for name in HOLD for words in invariants[name]()] == []

    @invariant()
    def nobody_approved_is_ever_moved(self):
        assert not Proposal.objects.filter(status="lapsed", application__isnull=False).exists()

    @invariant()
    def every_step_was_allowed_and_is_remembered(self):
        for table, rows in (
            (PROPOSAL_STEPS, Proposal.objects.all()), (ROUND_STEPS, Round.objects.all()),
        ):  # fmt: skip
            for row in rows:
                entries = [e for e in history(row) if e.to_state]
                assert not entries or entries[-1].to_state == row.status
                for entry in entries:
                    if entry.from_state and entry.from_state != entry.to_state:
                        assert entry.to_state in table[entry.from_state]


@pytest.mark.django_db
def test_proposals_places_and_rounds_tell_the_same_whatever_happens():
    run_state_machine_as_test(
        Proposals,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
