"""Whoever asks, is asked, says yes or no, and when: of a place looked after by several, one has
it, nobody is asked twice or more than they wish, and what was said stays said.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.models import Message
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history
from takatuf.placement import commands
from takatuf.placement.enums import ASK_STEPS, COVER_STEPS
from takatuf.placement.models import Application, Cover, CoverAsk
from takatuf.placement.queries.asks import WEEK
from takatuf.placement.tests.factories import ShiftFactory, application, shift_role, volunteer
from takatuf.placement.tests.life_cycle import LifeCycle
from takatuf.placement.tests.rounds import FAR
from takatuf.registry.models import VolunteerProfile

WISHES = (0, 1, 2, 5, 5)  # messages a week, of each of the people
DAYS = (1, 2, 8)  # from now, the three shifts of the opportunity
which = st.integers(0, 7)
HOLD = (
    "seats taken are the places held",
    "places belong to the opportunity of their shift",
    "places to be covered are somebody's",
)
STANDING = ("waiting", "offered", "confirmed")


class Covers(LifeCycle):
    """Five people, three shifts of one opportunity with a seat or two, and a clock."""

    models = (Application, Cover, CoverAsk, Message)

    def __init__(self):
        super().__init__()
        first = shift_role(seats=1, shift=ShiftFactory(starts_at=self.now + timedelta(days=1)))
        self.roles = [first] + [
            shift_role(
                seats=2, role=first.role,
                shift=ShiftFactory(
                    opportunity=first.shift.opportunity, starts_at=self.now + timedelta(days=days)
                ),
            )
            for days in DAYS[1:]
        ]  # fmt: skip
        self.people = [volunteer() for _ in WISHES]
        for person, wish in zip(self.people, WISHES, strict=True):
            VolunteerProfile.objects.filter(person=person).update(
                reach_km=FAR, suggestions_a_week=wish
            )
        for person, role in zip(self.people, (*self.roles, self.roles[1]), strict=False):
            application(person=person, role=role)
        first, second, third = Application.objects.order_by("pk")[:3]
        for row, accepts in ((second, [first.shift_id]), (third, [])):
            commands.ask_for_cover(
                application_id=row.pk, accepts=accepts, by=row.person, at=self.now
            )

    # ------------------------------------------------------------ whoever has a place
    @rule(number=which, shifts=st.sets(st.sampled_from(range(len(DAYS)))))
    def asks_to_be_covered_or_to_swap(self, number, shifts):
        row = self.one_of(Application.objects, number)
        accepts = [self.roles[each].shift_id for each in shifts]
        self.attempt(
            commands.ask_for_cover, application_id=row.pk, accepts=accepts, by=row.person
        )

    @rule(number=which, strange=st.booleans())
    def calls_it_back(self, number, strange):
        cover = self.one_of(Cover.objects, number)
        if cover is None:
            return
        by = self.people[number % len(self.people)] if strange else cover.application.person
        self.attempt(commands.call_back_cover, cover_id=cover.pk, by=by)

    @rule(number=which)
    def leaves(self, number):
        row = self.one_of(Application.objects, number)
        self.attempt(commands.withdraw, application_id=row.pk, by=row.person)

    @rule(number=which, role=st.sampled_from(range(len(DAYS))))
    def joins(self, number, role):
        person = self.people[number % len(self.people)]
        self.attempt(
            commands.apply, person=person, shift_role_ids=[self.roles[role].pk], by=person
        )

    # ------------------------------------------------------------ whoever is asked
    @rule(number=which, yes=st.booleans())
    def answers(self, number, yes):
        """Twice, as from a link opened twice: the second time nothing more comes of it."""
        ask = self.one_of(CoverAsk.objects, number)
        if ask is None:
            return
        command = commands.accept_ask if yes else commands.decline_ask
        first = self.attempt(command, ask_id=ask.pk, by=ask.person)
        before = self.rows()
        again = self.attempt(command, ask_id=ask.pk, by=ask.person)
        assert self.rows() == before
        assert again == first

    @rule(number=which, other=which, yes=st.booleans())
    def somebody_else_answers(self, number, other, yes):
        ask, by = self.one_of(CoverAsk.objects, number), self.people[other % len(self.people)]
        if ask is None or ask.person == by:
            return
        before = self.rows()
        command = commands.accept_ask if yes else commands.decline_ask
        with pytest.raises(NotAllowed), transaction.atomic():
            command(ask_id=ask.pk, by=by, at=self.now)
        assert self.rows() == before

    @rule(number=which, other=which)
    def comes_instead_unasked(self, number, other):
        if cover := self.one_of(Cover.objects, number):
            by = self.people[other % len(self.people)]
            self.attempt(commands.take_cover, cover_id=cover.pk, by=by)

    # ------------------------------------------------------------ what happens by itself
    @rule(number=which)
    def the_job_asks_around(self, number):
        if cover := self.one_of(Cover.objects, number):
            asked = commands.ask_around(cover_id=cover.pk, at=self.now)
            assert not asked or cover.status == "open"

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        commands.expire_offers(at=self.now)
        commands.close_overtaken(at=self.now)
        commands.close_covers_over(at=self.now)
        commands.ask_next(at=self.now)

    # ------------------------------------------------------------ what always holds
    @invariant()
    def everything_tells_the_same(self):
        assert [words for name in HOLD for words in invariants[name]()] == []

    @invariant()
    def of_a_place_given_over_one_has_it(self):
        for cover in Cover.objects.filter(status="taken").select_related(
            "application", "taken"
        ):
            given, taken = cover.application, cover.taken
            assert given.status == "withdrawn"
            assert (taken.shift_role_id, taken.person_id != given.person_id) == (
                given.shift_role_id, True,
            )  # fmt: skip
        standing = Application.objects.filter(status__in=STANDING)
        once = Counter(standing.values_list("person_id", "shift_id"))
        assert set(once.values()) <= {1}

    @invariant()
    def nobody_is_asked_for_their_own_place_or_without_giving_one_in_a_swap(self):
        for ask in CoverAsk.objects.select_related("cover__application", "place"):
            assert ask.person_id != ask.cover.application.person_id
            accepts = set(ask.cover.accepts.values_list("pk", flat=True))
            assert bool(accepts) == bool(ask.place)
            if ask.place:
                assert (ask.place.shift_id in accepts, ask.place.person_id) == (
                    True, ask.person_id,
                )  # fmt: skip

    @invariant()
    def nobody_is_told_of_more_in_a_week_than_they_wish(self):
        for person, wish in zip(self.people, WISHES, strict=True):
            told = CoverAsk.objects.filter(person=person, told_at__isnull=False)
            times = list(told.order_by("told_at").values_list("told_at", flat=True))
            assert all(
                sum(first <= each < first + WEEK for each in times) <= wish for first in times
            )
            wanted = Message.objects.filter(person=person, template__endswith="_wanted")
            assert wanted.count() == len(times)

    @invariant()
    def every_step_was_allowed_and_is_remembered(self):
        for table, model in ((COVER_STEPS, Cover), (ASK_STEPS, CoverAsk)):
            for row in model.objects.all():
                entries = [e for e in history(row) if e.to_state]
                assert entries[-1].to_state == row.status
                for entry in entries:
                    if entry.from_state and entry.from_state != entry.to_state:
                        assert entry.to_state in table[entry.from_state]
        declined = CoverAsk.objects.filter(status="declined")
        assert not declined.filter(answered_at__isnull=True).exists()


@pytest.mark.django_db
def test_places_to_cover_and_whoever_is_asked_tell_the_same_whatever_happens():
    run_state_machine_as_test(
        Covers,
        settings=settings(
            max_examples=6,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
