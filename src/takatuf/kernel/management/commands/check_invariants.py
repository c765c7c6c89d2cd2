"""Ask every module whether its rows still make sense; one line per row that does not."""

from django.core.management.base import BaseCommand, CommandError

from takatuf.kernel.registries import invariants


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--only", help="run the invariants whose name contains this")

    def handle(self, *, only=None, **options):  # noqa: ARG002 - Django passes its own options
        wanted = [(name, check) for name, check in invariants if not only or only in name]
        if not wanted:
            raise CommandError(f"No invariant has “{only}” in its name.")
        broken = 0
        for name, check in wanted:
            for sentence in check():
                broken += 1
                self.stdout.write(f"{name}: {sentence}")
        if broken:
            raise CommandError(f"{broken} broken")
        self.stdout.write(f"{len(wanted)} invariants hold")
