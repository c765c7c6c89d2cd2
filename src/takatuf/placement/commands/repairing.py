"""A seat is free again in a round that is running: jobs find who is next by its order.

The chain through the stored plan needs the engine, which web processes never load. So the
command that frees a seat writes a job in its own transaction, and ``replanning`` does it.
"""

from datetime import timedelta
from importlib import import_module

from django.utils import timezone

from takatuf.kernel.jobs import task
from takatuf.kernel.jobs.backend import JobTask
from takatuf.kernel.references import reference
from takatuf.opportunities.enums import Way
from takatuf.placement import queries
from takatuf.placement.models import Application

SETTLES_IN = timedelta(minutes=5)  # several cancellations are thought over together


def pass_on_by_round(application: Application) -> bool:
    """The seat just given up goes on by a round's order; False where no round has given one."""
    if application.opportunity.way != Way.ROUND:
        return False
    if queries.round_with_order(application.shift_role_id) is None:
        return False
    pass_seat_on.enqueue(application.pk)
    return True


def fill_by_round(role) -> bool:
    """The free seats of the role are filled by a round's order; False where none has given one.

    While the round is running people are proposed, for the body to approve; afterwards those
    who wait are offered the seats.
    """
    if role.shift.opportunity.way != Way.ROUND:
        return False
    if running := queries.running_round_of(role.pk):
        propose_more.enqueue(running.pk, role.pk)
        return True
    if queries.round_with_order(role.pk) is None:
        return False
    offer_in_order.enqueue(role.pk)
    return True


def think_again_of(matching_round) -> None:
    """Later, and once for all that changes until then."""
    assert isinstance(rethink, JobTask), rethink  # noqa: S101 - task_class makes no other
    rethink.using(
        unique_key=reference(matching_round), run_after=timezone.now() + SETTLES_IN
    ).enqueue(matching_round.pk)


# Named, not imported: this is read by web processes too, which never load the kernels.
def _replanning():
    return import_module("takatuf.placement.commands.replanning")


@task(atomic=False)
def pass_seat_on(application_id: int) -> None:
    """Job: the next by the round's order instead of who gave this place up."""
    _replanning().pass_seat_on(application_id)


@task(atomic=False)
def propose_more(round_id: int, shift_role_id: int) -> None:
    """Job: people for what is free in the role, for the body to approve."""
    _replanning().propose_more(round_id, shift_role_id)


@task(atomic=False)
def offer_in_order(shift_role_id: int) -> None:
    """Job: what is free in the role, for those who wait, by the order of a closed round."""
    _replanning().offer_in_order(shift_role_id)


@task(atomic=False)
def rethink(round_id: int) -> None:
    """Job: everything undecided worked out again, taken if much is gained."""
    _replanning().rethink(round_id)
