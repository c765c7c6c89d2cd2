"""What a person has yet to do on a page of theirs holds an approval up and ends nothing."""

import pytest
from django.utils import timezone

from takatuf.accounts.models import CharterAcceptance
from takatuf.kernel.transitions import history
from takatuf.placement import commands
from takatuf.placement.models import Application, Proposal
from takatuf.placement.tests.factories import manager_of
from takatuf.placement.tests.rounds import agreed, place, solved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now


@pytest.fixture
def proposal():
    place(seats=1)
    agreed()
    return Proposal.objects.get(round=solved())


def test_a_charter_to_be_read_is_waited_for(proposal):
    manager = manager_of(proposal.body)
    [acceptance] = CharterAcceptance.objects.filter(person=proposal.person)
    acceptance.delete()

    outcome = commands.approve_all(matching_round=proposal.round, by=manager, at=NOW())

    assert [row for row, _words in outcome.left] == [proposal]
    proposal.refresh_from_db()
    assert (proposal.status, list(history(proposal))) == ("proposed", [])
    assert "charter" in proposal.why
    assert not Application.objects.exists()

    acceptance.save(force_insert=True)
    again = commands.approve_all(matching_round=proposal.round, by=manager, at=NOW())
    assert [row.person for row in again.approved] == [proposal.person]
