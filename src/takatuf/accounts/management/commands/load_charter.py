from django.core.management.base import BaseCommand
from django.utils import timezone

from takatuf.accounts import commands


class Command(BaseCommand):
    help = "Bring the volunteers' charter that comes with Takatuf into force (repeatable)."

    def handle(self, *args, **options):  # noqa: ARG002 - Django's signature
        charter = commands.load_charter(at=timezone.now())
        self.stdout.write(
            f"charter {charter.version} in force since {charter.in_force_from:%F}"
        )
