"""Matching rounds of the region that permissions and query counts are asked about."""

from datetime import timedelta

from django.utils import timezone

from takatuf.placement import commands as placement
from takatuf.placement.commands.solving import work_out
from takatuf.placement.commands.trying import try_out
from takatuf.placement.models import RoundPlace
from takatuf.registry.models import VolunteerProfile


def round_of(region, at, **more):
    """One being prepared, of the region's body."""
    day = timezone.localdate(at)
    scope = placement.Scope(first_day=day, last_day=day + timedelta(days=13), **more)
    return placement.open_round(body=region.body, scope=scope, by=region.manager, at=at)


def planned_by(region, at) -> dict[str, object]:
    """The names of one that is worked out, and of a proposal in it."""
    agreed = VolunteerProfile.objects.filter(person=region.place.person)
    agreed.update(proposals_agreed_at=at)
    planned = placement.start_round(
        matching_round=round_of(region, at, all_ways=True), by=region.manager, at=at,
        enqueue=False,
    )  # fmt: skip
    work_out(planned.pk, planned.attempt)
    trial = placement.try_settings(
        matching_round=planned, options={"spread": 1000}, by=region.manager, at=at
    )
    try_out(trial.pk)
    proposal = planned.proposals.select_related("person")[0]
    return {
        "planned_round": planned.pk,
        "planned_role": proposal.shift_role_id,
        "planned_person": proposal.person.ref,
        "proposal": proposal.pk,
        "trial": trial.pk,
        "closed_role": RoundPlace.objects.filter(round__status="closed")[0].shift_role_id,
    }
