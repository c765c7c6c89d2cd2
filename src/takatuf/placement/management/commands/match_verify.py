"""Check a plan against its instance, without the solver: `match_verify IN.npz PLAN.npz`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.verifying import faults
from takatuf.placement.management.commands.match_solve import MALFORMED
from takatuf.placement.plan_files import read_instance, read_plan


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("instance", type=Path, help="the .npz file of the instance")
        parser.add_argument("plan", type=Path, help="the .npz file of the plan")

    def handle(self, *, instance, plan, **options):  # noqa: ARG002 - Django's own
        try:
            given = read_instance(instance)
            checked = read_plan(plan, given)
        except Malformed as error:
            raise CommandError(str(error), returncode=MALFORMED) from None
        if found := faults(given, checked):
            raise CommandError("The plan is not what it says: " + "; ".join(found) + ".")
        self.stdout.write(
            f"holds: objective {checked.objective}, bound {checked.bound:.0f}, "
            f"gap {checked.gap:.4%}"
        )
