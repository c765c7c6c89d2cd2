"""Run jobs and periodic functions until stopped: Ctrl-C lets the job at hand end first."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from takatuf.kernel.jobs.supervisor import Supervisor
from takatuf.kernel.jobs.worker import Worker
from takatuf.kernel.models import Job


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the server has run them; a worker starts at once

    def add_arguments(self, parser):
        parser.add_argument(
            "--processes", type=int, default=1, help="worker processes (default: 1)"
        )
        parser.add_argument(
            "--queue",
            action="append",
            default=[],
            help="only jobs of this queue; may be given several times (default: all)",
        )
        parser.add_argument(
            "--once", action="store_true", help="run what is due, then end (for cron and tests)"
        )
        parser.add_argument("--child-of", type=int, help="used by the supervisor itself")

    def handle(self, *, processes, queue, once, child_of, **options):  # noqa: ARG002 - Django's own
        if processes < 1:
            raise CommandError("--processes must be at least 1.")
        if once:
            self.stdout.write(f"{Worker(queues=queue).run_once()} jobs run")
        elif child_of:
            worker = Worker(queues=queue, parent=child_of)
            worker.stop_on_signals()
            worker.run_until_stopped()
        else:
            _refuse_unready_tables()
            Supervisor(processes=processes, queues=queue).run()


def _refuse_unready_tables():
    """A database that is away is waited for; one that nobody has migrated is told at once."""
    try:
        Job.objects.exists()
    except OperationalError as problem:
        if "no such table" in str(problem):
            raise
    finally:
        connection.close()
