"""Invented bodies with their staff and teams; each says it is invented in its name."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from takatuf.accounts.models import Person
from takatuf.demo.people import full_name
from takatuf.demo.words import BODY_KINDS, PLACES, PLACES_EN, TEAM_NAMES, WEIGHTS, BodyKind
from takatuf.demo.world import World
from takatuf.kernel.text.arabic import sort_key
from takatuf.registry import commands as registry
from takatuf.registry import policies
from takatuf.registry.enums import Role, Sector
from takatuf.registry.models import Body, TeamMember

ABOUT = (
    "جهة تجريبية من بيانات العرض، تعمل في {place} وتقدم خدماتها لسكان المحافظة، "
    "ولديها وحدة تطوع تستقبل المتطوعين وتتابعهم."
)


def add_bodies(world: World) -> None:
    """Bodies of every sector and state, each with a head and two managers."""
    world.say(f"{world.scale.bodies} bodies and {world.scale.teams} teams")
    for number, (kind, place) in enumerate(_kinds_and_places(world)):
        body = registry.add_body(
            details=_details(world, kind, place, number), by=None,
            at=world.local(-400 + number, 9), is_demo=True,
        )  # fmt: skip
        _staff(world, body, number, at=world.local(-388 + number, 9))
        body.refresh_from_db()
        world.fields_of[body.pk] = kind.field
        if policies.body_may_use_volunteers(body):
            world.bodies.append(body)
    _others(world)
    _teams(world)


def _kinds_and_places(world: World) -> list[tuple[BodyKind, str]]:
    """Different kind and place each while they last: the big city has one of every kind."""
    pairs = [(kind, "tabuk") for kind in BODY_KINDS]
    others = [(kind, place) for kind in BODY_KINDS for place in PLACES if place != "tabuk"]
    pairs += sorted(others, key=lambda pair: -WEIGHTS[pair[1]] + world.rng.random() * 6)
    more = list(pairs)
    while len(pairs) < world.scale.bodies - 2:
        pairs += more
    return pairs[: world.scale.bodies - 2]


def _details(world: World, kind: BodyKind, place: str, number: int) -> registry.BodyDetails:
    again = number // (len(BODY_KINDS) * len(PLACES))
    mark = f" {again + 1}" if again else ""
    return registry.BodyDetails(
        name_ar=f"{kind.name_ar} ب{PLACES[place]}{mark} (تجريبية)",
        name_en=f"{PLACES_EN[place]} {kind.name_en}{mark} (demo)",
        sector=kind.sector,
        governorate=world.governorates[place],
        licence_number=f"DEMO-{1000 + number}" if kind.sector != Sector.GOVERNMENT else "",
        about=ABOUT.format(place=PLACES[place]),
        contact_email=f"body{number + 1}@demo.example",
    )


def _staff(world: World, body: Body, number: int, *, at: datetime) -> None:
    since = timezone.localdate(world.now) - timedelta(days=390)
    head = staff_member(world, f"head{number + 1}")
    managers = [staff_member(world, f"manager{number + 1}{letter}") for letter in "ab"]
    registry.appoint(
        person=head, role=Role.BODY_HEAD, body=body, by=None, at=world.now, starts_on=since
    )
    unit = registry.add_unit(body=body, name="وحدة التطوع", by=head, at=world.now)
    for manager in managers:
        registry.appoint(
            person=manager, role=Role.UNIT_MANAGER, body=body, unit=unit, by=None, at=world.now,
            starts_on=since,
        )  # fmt: skip
    registry.activate_if_headed(body=body, by=None, at=at)
    world.heads[body.pk], world.managers[body.pk] = head, managers


def staff_member(world: World, handle: str, *, name: str = "") -> Person:
    """Somebody with a password; the hash is made once, it is the slow part."""
    name = name or full_name(world, woman=world.rng.random() < 0.5)
    if not world.password_hash:
        world.password_hash = make_password(world.password)
    return Person.objects.create(
        full_name=name, name_sort_key=sort_key(name)[:140], email=f"{handle}@demo.example",
        email_verified=True, birth_date=timezone.localdate(world.now).replace(day=1) - timedelta(days=365 * 38),
        gender="", is_demo=True, password=world.password_hash,
    )  # fmt: skip


def _others(world: World) -> None:
    """One that waits for the desk, one that is suspended."""
    who = staff_member(world, "newbody")
    registry.register_body(
        details=registry.BodyDetails(
            name_ar="جمعية ضيافة الطريق بتيماء (تجريبية)", name_en="Tayma Road Hospitality (demo)",
            sector=Sector.NON_PROFIT, governorate=world.governorates["tayma"],
            licence_number="DEMO-9001", about=ABOUT.format(place="تيماء"),
            contact_email="newbody@demo.example",
        ),
        by=who, at=world.now - timedelta(days=2), is_demo=True,
        licence_link="https://example.org/licences/DEMO-9001",
    )  # fmt: skip
    suspended = world.bodies.pop()
    registry.suspend_body(
        body=suspended, reason="تغيّرت إدارة التطوع فيها ولم تُسمَّ إدارة جديدة بعد (بيانات تجريبية).",
        by=world.desk_person, at=world.now - timedelta(days=20),
    )  # fmt: skip


def _teams(world: World) -> None:
    since = timezone.localdate(world.now) - timedelta(days=300)
    fields = list(world.fields.values())
    for number in range(world.scale.teams):
        body = world.bodies[number % len(world.bodies)]
        word = TEAM_NAMES[number % len(TEAM_NAMES)]
        again = number // len(TEAM_NAMES)
        name = f"فريق {word}{f' {again + 1}' if again else ''} التطوعي (تجريبي)"
        team = registry.found_team(
            body=body, name=name, governorate=body.governorate, by=None,
            at=world.now - timedelta(days=300), field=world.rng.choice(fields),
            about="فريق تجريبي من بيانات العرض.", is_demo=True,
        )  # fmt: skip
        # The first of them is the demo's volunteer, who leads no team.
        members = world.rng.sample(world.volunteers[1:], world.rng.randrange(6, 25))
        registry.appoint(
            person=members[0], role=Role.TEAM_LEADER, body=body, team=team, by=None,
            at=world.now, starts_on=since,
        )  # fmt: skip
        TeamMember.objects.bulk_create(
            TeamMember(
                team=team, person=p, joined_on=since, shows_name=world.rng.random() < 0.7
            )
            for p in members
        )
        world.teams.append((team, members[0]))
