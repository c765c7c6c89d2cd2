"""What if: a round's plan with other settings, worked out by a job and kept beside it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module

from django.db import transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.jobs import task
from takatuf.kernel.transitions import record
from takatuf.placement import policies, queries
from takatuf.placement.enums import RoundStatus, TrialStatus
from takatuf.placement.models import Round, RoundTrial
from takatuf.placement.rounds import settings as round_settings

GIVEN_UP = timedelta(hours=2)  # of a job without an end: another may be asked for
WHAT_IF = ("spread", "stay", "away")  # the settings that are tried: fairness, stability, reach


class CannotTry(DomainError):
    """There is nothing to compare, or something is being worked out already."""


@transaction.atomic
def try_settings(
    *, matching_round: Round, options: Mapping[str, int], by, at: datetime
) -> RoundTrial:
    """Have it worked out what the plan would be; asked before, what is known already.

    :param options: of those in ``WHAT_IF``; the others are the round's.
    :raises NotAllowed: if ``by`` does not run the round.
    :raises CannotTry: once something is approved, while another is worked out, and for the
        settings of the plan itself.
    :raises BadSetting: for a setting outside its bounds.
    """
    found = queries.lock_round(matching_round.pk)
    if not policies.may_run_round(by, found):
        raise NotAllowed(_("Only those who run this round can do that."))
    if found.status != RoundStatus.PROPOSED:
        raise CannotTry(_("Other settings are tried before anything is approved."))
    asked = {name: value for name, value in options.items() if name in WHAT_IF}
    own = round_settings.as_opened(found.options)
    chosen = round_settings.complete(own | asked)
    if chosen == own:
        raise CannotTry(_("These are the settings of the plan. Change one of them."))
    rows = RoundTrial.objects.filter(round=found, attempt=found.attempt)
    if known := rows.filter(options=chosen, status=TrialStatus.DONE).first():
        return known
    if rows.filter(status=TrialStatus.WORKING, asked_at__gt=at - GIVEN_UP).exists():
        raise CannotTry(_("Another one is being worked out. Wait for it."))
    made = RoundTrial.objects.create(
        round=found, attempt=found.attempt, options=chosen, asked_at=at
    )
    record(
        subject=found, action="tried other settings", by=by, at=at, from_state=found.status,
        to_state=found.status, acting_body=found.body,
    )  # fmt: skip
    work_out_trial.enqueue(made.pk)
    return made


@task(atomic=False)
def work_out_trial(trial_id: int) -> None:
    """Job: may be killed anywhere and run again."""
    # Named, not imported: this is read by web processes too, which never load the kernels.
    import_module("takatuf.placement.commands.trying").try_out(trial_id)
