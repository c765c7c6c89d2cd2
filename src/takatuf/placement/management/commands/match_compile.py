"""Compile the matching engine ahead of its first use: after installing or upgrading."""

from django.core.management.base import BaseCommand

from takatuf.engine.matching.warming import warm


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()  # it needs no database and no settings

    def handle(self, **options):  # noqa: ARG002 - Django's own
        self.stdout.write("compiled" if warm() else "compiled already")
