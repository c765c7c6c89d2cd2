"""The steps by which the region at scale comes about."""

import resource
from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.bulk import bulk_load
from bench.crowd import DETAILS, PEOPLE, Crowd
from bench.house import Stop
from bench.labour import LABOUR, Labour
from takatuf.accounts import commands as accounts
from takatuf.accounts.models import Person
from takatuf.demo import bodies, cast
from takatuf.demo.management.commands.load_demo import PASSWORD
from takatuf.demo.world import Scale, World
from takatuf.kernel import search
from takatuf.registry import commands as registry
from takatuf.registry import queries

KNOWN = 3_000  # volunteers the teams are made of
TEAMS = 32


def make(
    *, volunteers: int, opportunities: int, places: int, body_count: int,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Fill an empty database.

    :raises Stop: if there are people in it already.
    """
    call_command("migrate", verbosity=0)
    if Person.objects.exists():
        raise Stop("There are people in this database already: name an empty one.")
    scale = Scale(volunteers=volunteers, bodies=body_count, teams=TEAMS, past=0, present=0)
    world = _world(scale, say)
    last = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    crowd = Crowd(world, volunteers, first=last + 1)
    say(f"{volunteers:,} people")
    with bulk_load(*PEOPLE) as writer:
        crowd.add_people(writer)
    _bodies(world, crowd)
    say(f"{opportunities:,} opportunities with {places:,} places, sheets and hours")
    with bulk_load(*LABOUR) as writer:
        labour = Labour(world, crowd, writer, size=opportunities, places=places)
        labour.write()
        say("indexes, constraints")
    labour.roll_up()
    say("profiles")
    with bulk_load(*DETAILS) as writer:
        crowd.add_details(writer)
    say(f"search: {search.rebuild():,} documents")
    _tell(labour, say)


def _world(scale: Scale, say: Callable[[str], None]) -> World:
    world = World(scale=scale, now=timezone.now(), say=say)
    world.password = PASSWORD
    long_ago = world.now - timedelta(days=1500)
    registry.load_region(at=long_ago)
    world.charter = accounts.load_charter(at=long_ago)
    world.governorates = {row.code: row for row in queries.governorates()}
    world.fields = {row.code: row for row in queries.fields()}
    world.skills = {row.code: row for row in queries.skills()}
    world.desk = queries.desk_body()
    cast.add_desk(world)
    return world


def _bodies(world: World, crowd: Crowd) -> None:
    """By the real commands: they are few."""
    known = Person.objects.filter(pk__gte=crowd.first).order_by("pk")
    world.volunteers = list(known[: min(KNOWN, crowd.adults)])
    bodies.add_bodies(world)
    cast.prove_addresses()


def _tell(labour: Labour, say: Callable[[str], None]) -> None:
    for model, table in labour.tables.items():
        say(f"{table.count:12,} {model._meta.label}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"done on {connection.vendor}; {peak} MB of memory at most")
