"""``manage.py load_region``: the region's places, fields, skills, announced teams and desk."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from takatuf.kernel.errors import DomainError
from takatuf.registry import commands


class Command(BaseCommand):
    help = "Load the region's package data (TAKATUF_REGION). Loading again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("region", nargs="?", default=settings.REGION)

    def handle(self, *, region: str, **options):  # noqa: ARG002 - Django's signature
        if region != settings.REGION:
            raise CommandError(
                f"Takatuf is set up for {settings.REGION!r}; set TAKATUF_REGION={region} first."
            )
        try:
            loaded = commands.load_region(by=None, at=timezone.now())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            "loaded "
            + ", ".join(f"{count} new {kind}" for kind, count in sorted(loaded.new.items()))
        )
