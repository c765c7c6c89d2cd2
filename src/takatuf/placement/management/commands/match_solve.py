"""Solve a matching instance: `match_solve IN.npz OUT.npz`; exit code 2 for a malformed file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from takatuf.engine.matching.instance import Malformed
from takatuf.engine.matching.plan import heads_of
from takatuf.engine.matching.solving import ASKED_GAP, solve
from takatuf.placement.plan_files import read_instance, write_plan

MALFORMED = 2  # the exit code


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()  # it needs no database and no settings

    def add_arguments(self, parser):
        parser.add_argument("instance", type=Path, help="the .npz file of the instance")
        parser.add_argument("plan", type=Path, help="where to write the plan")
        parser.add_argument(
            "--gap", type=float, default=ASKED_GAP,
            help="stop once the plan is proven to be within this share of the best (0.005)",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same plan")

    def handle(self, *, instance, plan, gap, seed, **options):  # noqa: ARG002 - Django's own
        if not 0 <= gap < 1:
            raise CommandError(
                "--gap is a share from 0 to below 1, such as 0.005.", returncode=MALFORMED
            )
        if seed < 0:
            raise CommandError("--seed is a whole number from 0 on.", returncode=MALFORMED)
        try:
            given = read_instance(instance)
            solved = solve(given, gap=gap, seed=seed)
        except Malformed as error:
            raise CommandError(str(error), returncode=MALFORMED) from None
        try:
            write_plan(plan, solved)
        except OSError as error:
            raise CommandError(
                f"{plan} cannot be written: {error.strerror}.", returncode=MALFORMED
            ) from None
        self.stdout.write(
            f"objective {solved.objective}  bound {solved.bound:.0f}  gap {solved.gap:.4%}  "
            f"seats {heads_of(given, solved.assigned).sum()}/{given.role_max.sum()}  "
            f"missing {solved.shortfall.sum()}"
        )
