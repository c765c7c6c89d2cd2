"""What opportunities do about news, their own included: slow work leaves the command."""

from django.utils import timezone

from takatuf.kernel.notices import receives
from takatuf.opportunities import commands
from takatuf.opportunities.notices import OpportunityPublished


@receives(OpportunityPublished)
def tell_wishers(notice: OpportunityPublished) -> None:
    commands.tell_wishers(opportunity_id=notice.opportunity_id, at=timezone.now())
