"""Fill an empty database with the region's facts and a year of demo data."""

import time
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts.models import Person
from takatuf.demo import bodies, cast, mishaps, past, people, present, rare, rounds, tasks
from takatuf.demo.world import SCALES, World
from takatuf.kernel import search
from takatuf.registry import commands as registry
from takatuf.registry import queries
from takatuf.site import commands as site

PASSWORD = "takatuf-demo-2026"  # noqa: S105 - printed for everyone, good for demo data only


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=sorted(SCALES), default="demo")

    def handle(self, *, scale, **options):  # noqa: ARG002 - Django passes its own options
        if not settings.DEMO:
            raise CommandError("Set TAKATUF_DEMO=1: demo data belongs in a demo only.")
        if Person.objects.exists():
            raise CommandError(
                "There are people already: demo data goes into an empty database."
            )
        self.started = time.monotonic()
        with transaction.atomic():
            self.load(World(scale=SCALES[scale], now=timezone.now(), say=self.say))
        self.say("done")

    def say(self, words):
        self.stdout.write(f"  {time.monotonic() - self.started:5.1f} s  {words}")
        self.stdout.flush()

    def load(self, world: World) -> None:
        long_ago = world.now - timedelta(days=420)
        world.password = PASSWORD
        registry.load_region(at=long_ago)
        world.charter = accounts.load_charter(at=long_ago)
        world.governorates = {row.code: row for row in queries.governorates()}
        world.fields = {row.code: row for row in queries.fields()}
        world.skills = {row.code: row for row in queries.skills()}
        world.desk = queries.desk_body()
        cast.add_desk(world)
        people.add_volunteers(world)
        bodies.add_bodies(world)
        cast.name_cast(world)
        present.add_needs(world)
        past.add_past(world)
        present.add_present(world)
        cast.add_cast(world)
        past.add_certificates(world)
        tasks.add_tasks(world)
        rare.add_rare(world)
        rounds.add_rounds(world)
        mishaps.add_mishaps(world)
        world.say("search")
        search.rebuild()
        site.count_figures(at=world.now)
        cast.write_cast(world)
