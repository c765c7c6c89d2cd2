"""Whatever happens in whatever order, seats and places keep adding up."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import DomainError
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import Way
from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement import commands
from takatuf.placement.enums import APPLICATION_STEPS, HOLDING, LIVE
from takatuf.placement.models import Application
from takatuf.placement.tests.factories import (
    OpportunityFactory,
    ShiftFactory,
    manager_of,
    shift_role,
    volunteer,
)

PEOPLE, SHIFTS = 4, 2
who, which = st.integers(0, PEOPLE - 1), st.integers(0, SHIFTS - 1)
LAST_HOURS = timedelta(hours=2)


class Places(RuleBasedStateMachine):
    """Four people, a shift of an open opportunity and one by request, and a clock."""

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now = timezone.now()
        self.people = [volunteer() for _ in range(PEOPLE)]
        self.roles = []
        for n, way in enumerate((Way.OPEN, Way.BY_REQUEST)):
            opportunity = OpportunityFactory(way=way)
            start = self.now + timedelta(days=2, hours=8 * n)
            shift = ShiftFactory(
                opportunity=opportunity, starts_at=start, ends_at=start + timedelta(hours=3)
            )
            self.roles.append(shift_role(seats=1, shift=shift))
        self.managers = [manager_of(role.shift.opportunity.body) for role in self.roles]

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # ------------------------------------------------------------ what people do
    def attempt(self, command, **arguments):
        """A refusal is an answer, and must leave everything as it was."""
        before = list(Application.objects.order_by("pk").values())
        try:
            with transaction.atomic():
                return command(**arguments, at=self.now)
        except DomainError:
            assert list(Application.objects.order_by("pk").values()) == before
            return None

    def latest(self, person, role):
        rows = Application.objects.filter(person=person, shift_role=role)
        return rows.order_by("-pk").first()

    def ask(self, person, shift):
        someone, role = self.people[person], self.roles[shift]
        self.attempt(commands.apply, person=someone, shift_role_ids=[role.pk], by=someone)

    @rule(person=who, shift=which)
    def asks(self, person, shift):
        self.ask(person, shift)

    @rule(order=st.permutations(range(PEOPLE)), shift=which)
    def all_ask(self, order, shift):
        for person in order:
            self.ask(person, shift)

    @rule(shift=which)
    def whoever_has_a_seat_leaves(self, shift):
        row = Application.objects.filter(
            shift_role=self.roles[shift], status__in=["offered", "confirmed"]
        ).first()
        if row:
            self.attempt(commands.withdraw, application_id=row.pk, by=row.person)

    @rule(person=who, shift=which, act=st.sampled_from(["confirm", "leave", "again"]))
    def answers(self, person, shift, act):
        row = self.latest(self.people[person], self.roles[shift])
        if row:
            command = {
                "confirm": commands.confirm_place,
                "leave": commands.withdraw,
                "again": commands.reconfirm_place,
            }[act]
            self.attempt(command, application_id=row.pk, by=self.people[person])

    @rule(person=who, shift=which, yes=st.booleans())
    def body_decides(self, person, shift, yes):
        row = self.latest(self.people[person], self.roles[shift])
        by = self.managers[shift]
        if row and yes:
            self.attempt(commands.accept_application, application_id=row.pk, by=by)
        elif row:
            self.attempt(
                commands.decline_application, application_id=row.pk, template="full", by=by
            )

    @rule(person=who, shift=which)
    def body_invites(self, person, shift):
        role = self.roles[shift]
        self.attempt(
            commands.invite, person=self.people[person], shift_role_id=role.pk,
            by=self.managers[shift],
        )  # fmt: skip

    # ------------------------------------------------------------ what happens by itself
    @rule(hours=st.integers(1, 20))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        commands.expire_offers(at=self.now)
        commands.close_overtaken(at=self.now)

    @rule(shift=which, person=who, event=st.sampled_from(["seats", "cancelled", "consent"]))
    def something_else_happens(self, shift, person, event):
        role = self.roles[shift]
        if event == "seats":
            ShiftRole.objects.filter(pk=role.pk).update(seats=F("seats") + 1)
            commands.fill_seats(shift_role_id=role.pk, at=self.now)
        elif event == "cancelled":
            Shift.objects.filter(pk=role.shift_id).update(status="cancelled", reason="عاصفة")
            commands.release_cancelled_shift(
                shift_id=role.shift_id, reason="عاصفة", at=self.now
            )
        else:
            commands.free_places_of(
                person_id=self.people[person].pk, reason="سحب الموافقة", at=self.now
            )

    @rule(shift=which, takes=st.booleans())
    def body_pauses_or_takes_people_again(self, shift, takes):
        opportunity = self.roles[shift].shift.opportunity
        command = opportunities.resume if takes else opportunities.pause
        by = self.managers[shift]
        if self.attempt(command, opportunity_id=opportunity.pk, by=by) and takes:
            commands.fill_opportunity(opportunity_id=opportunity.pk, at=self.now)

    # ------------------------------------------------------------ what always holds
    @invariant()
    def seats_taken_are_places_held(self):
        for role in ShiftRole.objects.filter(pk__in=[r.pk for r in self.roles]):
            held = Application.objects.filter(shift_role=role, status__in=HOLDING).count()
            assert role.taken == held <= role.seats

    @invariant()
    def one_standing_place_per_person_and_shift(self):
        rows = Application.objects.filter(status__in={*LIVE, *HOLDING})
        keys = list(rows.values_list("person_id", "shift_id"))
        assert len(keys) == len(set(keys))

    @invariant()
    def nobody_waits_while_a_seat_is_free(self):
        open_ones = ShiftRole.objects.exclude(shift__opportunity__status="paused")
        for role in open_ones.filter(pk__in=[r.pk for r in self.roles]):
            if role.shift.starts_at - LAST_HOURS > self.now and role.shift.status == "planned":
                waits = Application.objects.filter(shift_role=role, status="waiting").exists()
                assert not waits or role.taken == role.seats

    @invariant()
    def nothing_stands_on_a_cancelled_shift(self):
        assert not Application.objects.filter(
            shift__status="cancelled", status__in=LIVE
        ).exists()

    @invariant()
    def offers_end_before_the_shift_begins(self):
        late = Application.objects.filter(
            status="offered", offer_expires_at__gt=F("shift__starts_at")
        )
        assert not late.exists()

    @invariant()
    def every_step_was_allowed_and_is_remembered(self):
        for row in Application.objects.all():
            entries = [e for e in history(row) if e.to_state]
            assert entries[-1].to_state == row.status
            for entry in entries[1:]:
                assert entry.to_state in APPLICATION_STEPS[entry.from_state]


@pytest.mark.django_db
def test_seats_and_places_add_up_whatever_happens():
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_invariants_find_a_seat_nobody_holds_and_a_place_of_another_shift():
    role, other = shift_role(), shift_role()
    person = volunteer()
    [row] = commands.apply(
        person=person, shift_role_ids=[role.pk], by=person, at=timezone.now()
    )
    adds_up = invariants["seats taken are the places held"]
    fits = invariants["places belong to the opportunity of their shift"]
    assert list(adds_up()) == list(fits()) == []

    ShiftRole.objects.filter(pk=role.pk).update(taken=2)
    Application.objects.filter(pk=row.pk).update(shift_role=other)

    assert len(list(adds_up())) == 2
    assert len(list(fits())) == 1
