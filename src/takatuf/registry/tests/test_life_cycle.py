"""Whatever desk, heads and leaders do with a body and its team, in any order."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import SearchDocument
from takatuf.kernel.registries import invariants
from takatuf.kernel.transitions import history
from takatuf.registry import commands, policies, queries
from takatuf.registry.enums import BODY_STEPS, TEAM_STEPS, BodyStatus, Role, TeamStatus
from takatuf.registry.models import Body, Invitation, Office, Team, TeamMember, TeamRequest
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, PersonFactory

TABLES = (Body, Team, Office, TeamMember, TeamRequest, Invitation)
REACHED: set[str] = set()  # states the stories came to
REASON = st.sampled_from(["", "سبب", "سبب", "سبب"])
# Most acts are those of who may: other hands are refused, and stories stand still.
BY = st.sampled_from(["desk", "desk", "head", "head", "leader", "stranger"])


class Life(RuleBasedStateMachine):
    @initialize(under_way=st.booleans())
    def begin(self, under_way):
        """Each story in a transaction of its own, undone at its end."""
        self.story = transaction.atomic()
        self.story.__enter__()
        self.clock = timezone.now()
        desk = OfficeFactory(role=Role.DESK, body=BodyFactory(desk=True)).person
        self.people = {"desk": desk} | {
            name: PersonFactory() for name in ("head", "leader", "stranger")
        }
        place = queries.desk_body().governorate
        details = commands.BodyDetails(name_ar="جمعية", sector="non_profit", governorate=place)
        self.body = commands.register_body(
            details=details, by=self.people["head"], at=self.clock
        )
        if under_way:  # every other story begins with a team at work
            self._try(commands.verify_body, body=self.body, by=desk)
            self.found("head", 0)
            self.lead()

    def teardown(self):
        if hasattr(self, "story"):
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def _try(self, act, **given):
        self.clock += timedelta(minutes=1)
        before = [list(model.objects.order_by("pk").values()) for model in TABLES]
        self.body.refresh_from_db()
        try:
            with transaction.atomic():
                act(at=self.clock, **given)
        except DomainError as refusal:
            assert str(refusal)  # noqa: PT017 - a refusal is an answer here
            after = [list(model.objects.order_by("pk").values()) for model in TABLES]
            assert after == before

    @rule(act=st.sampled_from([commands.verify_body, commands.resume_body]), by=BY)
    def decide(self, act, by):
        self._try(act, body=self.body, by=self.people[by])

    @rule(
        act=st.sampled_from(
            [commands.refuse_body, *[commands.suspend_body] * 3, commands.close_body]
        ),
        by=BY, reason=REASON,
    )  # fmt: skip
    def decide_with_a_reason(self, act, by, reason):
        self._try(act, body=self.body, reason=reason, by=self.people[by])

    @rule(by=BY, number=st.integers(0, 1))
    def found(self, by, number):
        self._try(
            commands.found_team, body=self.body, name=f"فريق {number}", by=self.people[by],
            governorate=self.body.governorate,
        )  # fmt: skip

    def _team(self):
        return Team.objects.filter(body=self.body).order_by("-pk").first()

    @rule(by=BY)
    def resume_team(self, by):
        if team := self._team():
            self._try(commands.resume_team, team=team, by=self.people[by])

    @rule(act=st.sampled_from([commands.suspend_team, commands.end_team]), by=BY, reason=REASON)
    def end_team(self, act, by, reason):
        if team := self._team():
            self._try(act, team=team, reason=reason, by=self.people[by])

    @rule(name=st.sampled_from(["leader", "stranger"]), asks=st.booleans())
    def join(self, name, asks):
        person, team = self.people[name], self._team()
        if team:
            act = commands.ask_to_join if asks else commands.join_by_link
            self._try(act, team=team, person=person, by=person)

    @rule()
    def lead(self):
        team = self._team()
        if team and team.status == TeamStatus.ACTIVE:
            commands.appoint(
                person=self.people["leader"], role=Role.TEAM_LEADER, body=self.body, team=team,
                by=self.people["head"], at=self.clock,
            )  # fmt: skip

    @invariant()
    def rows_make_sense(self):
        for name, check in invariants:
            if name in ("verified bodies have a head who was appointed",
                        "team leaders and members are in teams of their body"):  # fmt: skip
                assert list(check()) == []
        body = Body.objects.get(pk=self.body.pk)
        REACHED.add(f"body {body.status}")
        teams = list(Team.objects.filter(body=body))
        for row, steps in [(body, BODY_STEPS), *((team, TEAM_STEPS) for team in teams)]:
            taken = [e for e in history(row) if e.from_state]
            assert all(e.to_state in steps[e.from_state] for e in taken)
        for team in teams:
            REACHED.add(f"team {team.status}")
            if team.status == TeamStatus.ENDED:
                assert not TeamMember.objects.filter(team=team, left_on=None).exists()
                assert not Office.objects.filter(team=team, ends_on=None).exists()
                assert not queries.open_requests(team).exists()
        if body.status == BodyStatus.CLOSED:
            assert all(team.status == TeamStatus.ENDED for team in teams)
            assert not Office.objects.filter(body=body, ends_on=None).exists()
        listed = SearchDocument.objects.filter(reference=f"registry.body:{body.pk}").exists()
        assert listed is (body.status in policies.ABLE_BODIES)


@pytest.mark.django_db
def test_a_life_in_any_order_keeps_its_rules():
    REACHED.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert {
        "body registered", "body active", "body suspended", "body closed", "team active",
        "team suspended", "team ended",
    } <= REACHED  # fmt: skip
