"""A chain that comes back to the role it began with: one takes the place over, others just come."""

import random
from decimal import Decimal

import pytest

from takatuf.kernel.jobs.testing import run_jobs
from takatuf.placement import commands
from takatuf.placement.models import Proposal
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.tests.factories import manager_of
from takatuf.placement.tests.rounds import NOW, agreed, leaves, place, solved
from takatuf.registry.models import VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ROLES, PEOPLE = 4, 14


def scattered(seed: int):
    """Places and homes up to 100 km apart; at one time of one day, so that each has one."""
    draw = random.Random(seed)  # noqa: S311 - to scatter, not to hide

    def spot():
        return Decimal(draw.randrange(2800, 2900)) / 100, Decimal(
            draw.randrange(3600, 3700)
        ) / 100

    roles = []
    for _ in range(ROLES):
        north, east = spot()
        roles.append(place(seats=2, mode="field", latitude=north, longitude=east))
    for _ in range(PEOPLE):
        north, east = spot()
        VolunteerProfile.objects.filter(person=agreed()).update(
            home_latitude=north, home_longitude=east
        )
    return roles


@pytest.mark.parametrize("seed", [9, 12, 20, 22, 25, 36, 77])
def test_one_of_those_who_come_into_the_role_takes_the_place_over(seed):
    scattered(seed)
    row = solved()
    for _ in range(3):
        proposal = Proposal.objects.filter(round=row, status="proposed").earliest("pk")
        offered = commands.approve_proposal(
            proposal_id=proposal.pk, by=manager_of(proposal.body), at=NOW()
        )
        leaves(offered)
        run_jobs()

        [heir] = Proposal.objects.filter(takes_over=offered)
        assert heir.shift_role == offered.shift_role
    assert faults_of(row) == []
