"""Check a round's stored plan, without the solver, and its proposals against it.

As long as people and places say what they said, who may do what is judged anew, too.

`verify_round N` says in one line whether all holds; exit code 1 if something does not.
"""

from django.core.management.base import BaseCommand, CommandError

from takatuf.placement.enums import SOLVED
from takatuf.placement.models import Round, RoundPlan
from takatuf.placement.rounds.checking import faults_of
from takatuf.placement.rounds.judging import Anew, judged_anew


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("round", type=int, help="the number of the round")

    def handle(self, *, round, **options):  # noqa: A002, ARG002 - as it is typed; Django's own
        found = Round.objects.filter(pk=round).first()
        if found is None:
            raise CommandError(f"There is no round {round}.")
        if found.status not in SOLVED:
            raise CommandError(f"Round {round} is not worked out: it is {found.status}.")
        if wrong := faults_of(found):
            raise CommandError(_not_holding(round, wrong))
        anew = judged_anew(found)
        if anew is not None and anew.faults:
            raise CommandError(_not_holding(round, anew.faults))
        plan = RoundPlan.objects.get(round=found)
        self.stdout.write(
            f"Round {round} holds: plan feasible, objective {plan.objective}, bound "
            f"{plan.bound:.0f} and gap {plan.gap:.4%} proven, {plan.seats_filled} proposals "
            f"equal to the plan, inputs {plan.digest[:12]}, engine {plan.engine_version}; "
            f"{_said_of(anew)}."
        )


def _not_holding(number: int, faults: list[str]) -> str:
    return f"Round {number} does not hold: {'; '.join(faults)}."


def _said_of(anew: Anew | None) -> str:
    if anew is None:
        return "what people or places say has changed since, so who fits was not judged anew"
    return f"judged anew, {anew.fitting} pairs fit and {anew.left_out} are rightly left out"
