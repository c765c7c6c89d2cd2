"""Places, rounds and what was approved of them."""

from django.utils import timezone

from takatuf.opportunities.models import Shift, ShiftRole
from takatuf.placement import commands as placement_commands
from takatuf.placement.models import Application, Proposal, Round
from takatuf.placement.tests import factories as placement
from takatuf.placement.tests import rounds
from tests.invariants import case, spoil


@case("seats taken are the places held")
def _held():
    role = placement.application().shift_role
    yield
    ShiftRole.objects.filter(pk=role.pk).update(taken=2)


@case("places belong to the opportunity of their shift")
def _misplaced():
    place, other = placement.application(), placement.shift_role()
    yield
    Application.objects.filter(pk=place.pk).update(shift_role=other)


@case("rounds are what their plans say")
def _round():
    made = worked_out_round()
    yield
    Proposal.objects.filter(round=made).first().delete()


@case("approved proposals are places of the same person and role")
def _approved():
    made = worked_out_round()
    yield
    Proposal.objects.filter(round=made).update(
        status="approved", application=placement.application(), decided_at=timezone.now()
    )


def approved_round() -> Round:
    made = worked_out_round()
    for row in Proposal.objects.filter(round=made):
        manager = placement.manager_of(row.body)
        placement_commands.approve_proposal(proposal_id=row.pk, by=manager, at=timezone.now())
    return made


@case("approved proposals hold a place, and ended ones none")
def _approved_holds():
    made = approved_round()
    yield
    at = timezone.now()
    Application.objects.filter(proposal__round=made).update(status="withdrawn", ended_at=at)


@case("no round approves somebody for two places at one time")
def _in_two_places():
    rounds.place(9, seats=1)
    rounds.place(15, seats=1)
    rounds.agreed()
    made = rounds.solved()
    first, second = Proposal.objects.filter(round=made)
    for row in (first, second):
        manager = placement.manager_of(row.body)
        placement_commands.approve_proposal(proposal_id=row.pk, by=manager, at=timezone.now())
    yield
    Shift.objects.filter(pk=second.shift_id).update(
        starts_at=first.shift.starts_at, ends_at=first.shift.ends_at
    )


@case("rounds propose no more people than seats")
def _overproposed():
    made = approved_round()
    yield
    spoil(
        f"UPDATE placement_roundplace SET seats = 0 WHERE round_id = {made.pk}",  # noqa: S608
        table="placement_roundplace", check="round_place_is_not_overfilled",
    )  # fmt: skip


@case("rounds stand as their proposals do")
def _decided():
    made = approved_round()
    yield
    Round.objects.filter(pk=made.pk).update(status="proposed")


@case("places to be covered are somebody's")
def _cover():
    place = placement.application()
    placement_commands.ask_for_cover(
        application_id=place.pk, by=place.person, at=timezone.now()
    )
    yield
    Application.objects.filter(pk=place.pk).update(status="withdrawn", ended_at=timezone.now())


def worked_out_round() -> Round:
    rounds.place(seats=1)
    rounds.agreed()
    return rounds.solved()
