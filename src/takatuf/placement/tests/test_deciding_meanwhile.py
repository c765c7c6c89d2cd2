"""Nothing of an earlier plan is decided while the round is worked out anew, and that is said."""

import pytest
from django.utils import timezone, translation

from takatuf.kernel.transitions import WrongState
from takatuf.placement import commands
from takatuf.placement.tests.test_approving import everything, one_proposal, proposals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = timezone.now
ANEW = {
    "en": "This round is being worked out anew, so nothing of its earlier plan is decided "
    "meanwhile. Wait for the new plan, or cancel the round.",
    "ar": "يُعاد الآن حساب هذه الجولة، فلا بتّ في خطتها السابقة حتى ينتهي. يمكن انتظار الخطة "
    "الجديدة، أو إلغاء الجولة.",
}


@pytest.mark.parametrize("language", ANEW)
def test_while_it_is_worked_out_anew_that_is_said_and_nothing_is_decided(language):
    proposal, manager = one_proposal()
    row = proposal.round
    row = commands.start_round(matching_round=row, by=row.opened_by, at=NOW())
    assert proposals(row, status="proposed") == [proposal]
    before = everything()

    for decide in (
        lambda: commands.approve_proposal(proposal_id=proposal.pk, by=manager, at=NOW()),
        lambda: commands.approve_all(matching_round=row, by=manager, at=NOW()),
        lambda: commands.reject_proposal(
            proposal_id=proposal.pk, reason="آخر", by=manager, at=NOW()
        ),
    ):
        with translation.override(language), pytest.raises(WrongState) as refused:
            decide()
        assert str(refused.value) == ANEW[language]
    several = commands.approve_proposals(
        matching_round=row, proposal_ids=[proposal.pk], by=manager, at=NOW()
    )
    assert (several.approved, [why for _row, why in several.left]) == ([], [ANEW["en"]])
    assert everything() == before


def test_without_a_plan_and_when_it_is_over_that_is_said():
    proposal, manager = one_proposal()
    for status, why in (("draft", "has no plan yet"), ("closed", "is over")):
        proposal.round.status = status
        with pytest.raises(WrongState, match=why):
            commands.approve_all(matching_round=proposal.round, by=manager, at=NOW())
