"""Two thousand invented volunteers, with skills, interests and free hours."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from takatuf.accounts.models import CharterAcceptance, Person
from takatuf.demo.words import FAMILIES, FATHERS, MEN, WEIGHTS, WOMEN
from takatuf.demo.world import World
from takatuf.kernel.text.arabic import sort_key
from takatuf.registry.enums import Basis, PartOfDay
from takatuf.registry.models import (
    Availability,
    Interest,
    LanguageSpoken,
    SkillGrant,
    VolunteerProfile,
)

BATCH = 2_000
COMMON_SKILLS = [
    "first-aid", "tutoring", "graphic-design", "accounting", "programming", "sign-language",
    "translation-en", "photography", "event-organising", "driving", "data-entry", "tree-planting",
    "elderly-support", "content-writing", "packing", "first-line-service",
]  # fmt: skip


def add_volunteers(world: World) -> None:
    """People first, then what is known of them, in a few large writes."""
    world.say(f"{world.scale.volunteers:,} volunteers")
    people = [_person(world, number) for number in range(world.scale.volunteers)]
    joined = [person.joined_at for person in people]
    Person.objects.bulk_create(people, batch_size=BATCH)  # writes today as the day of joining
    for person, day in zip(people, joined, strict=True):
        person.joined_at = day
    Person.objects.bulk_update(people, ["joined_at"], batch_size=500)
    profiles = [_profile(world, person) for person in people]
    VolunteerProfile.objects.bulk_create(profiles, batch_size=BATCH)
    _add_details(world, people, profiles)
    today = timezone.localdate(world.now)
    world.volunteers = [p for p in people if not p.is_minor(on=today)]
    world.minors = [p for p in people if p.is_minor(on=today)]


def full_name(world: World, *, woman: bool) -> str:
    first = world.rng.choice(WOMEN if woman else MEN)
    return f"{first} {world.rng.choice(FATHERS)} {world.rng.choice(FAMILIES)}"


def _person(world: World, number: int) -> Person:
    woman = world.rng.random() < 0.56
    name = full_name(world, woman=woman)
    years = world.rng.choices([15, 18, 22, 28, 36, 48], [5, 18, 30, 25, 15, 7])[0]
    born = timezone.localdate(world.now) - timedelta(
        days=int(years * 365.25) + world.rng.randrange(1, 1400)
    )
    person = Person(
        full_name=name,
        name_sort_key=sort_key(name)[:140],
        email=f"volunteer{number + 1}@demo.example",
        email_verified=True,
        birth_date=date(born.year, born.month, min(born.day, 28)),
        gender="female" if woman else "male",
        is_demo=True,
        # Before the year whose work is told.
        joined_at=world.local(-380 - world.rng.randrange(1, 700) // 16, 10),
    )
    person.set_unusable_password()
    return person


def _profile(world: World, person: Person) -> VolunteerProfile:
    governorate = world.governorates[world.pick(WEIGHTS)]
    return VolunteerProfile(
        person=person,
        governorate=governorate,
        home_latitude=round(float(governorate.latitude) + world.rng.uniform(-0.06, 0.06), 2),
        home_longitude=round(float(governorate.longitude) + world.rng.uniform(-0.06, 0.06), 2),
        reach_km=world.rng.choice([15, 30, 30, 60]),
        weekly_minutes=world.rng.choice([240, 480, 480, 720]),
        created_at=world.now,
        is_demo=True,
    )


def _add_details(world: World, people: list, profiles: list) -> None:
    interests: list[Any] = []
    languages: list[Any] = []
    free: list[Any] = []
    grants: list[Any] = []
    for person, profile in zip(people, profiles, strict=True):
        fields = world.rng.sample(list(world.fields.values()), 3)
        interests += [Interest(profile=profile, field=field) for field in fields]
        spoken = ["ar"] + (["en"] if world.rng.random() < 0.4 else [])
        languages += [LanguageSpoken(profile=profile, language=code) for code in spoken]
        cells = [(day, part) for day in range(7) for part in PartOfDay]
        free += [
            Availability(profile=profile, weekday=day, part=part)
            for day, part in world.rng.sample(cells, world.rng.randrange(3, 12))
        ]
        grants += _grants(world, person)
    for model, rows in (
        (Interest, interests), (LanguageSpoken, languages), (Availability, free),
        (SkillGrant, grants),
    ):  # fmt: skip
        model.objects.bulk_create(rows, batch_size=BATCH)
    if world.charter:
        CharterAcceptance.objects.bulk_create(
            [
                CharterAcceptance(person=p, charter=world.charter, accepted_at=world.now)
                for p in people
            ],
            batch_size=BATCH,
        )


def _grants(world: World, person: Person) -> list[SkillGrant]:
    count = world.rng.choices([0, 1, 2, 3], [35, 35, 20, 10])[0]
    return [
        SkillGrant(
            person=person,
            skill=world.skills[code],
            level=world.rng.choices([1, 2, 3], [40, 40, 20])[0],
            basis=world.rng.choices([Basis.DECLARED, Basis.EVIDENCED], [70, 30])[0],
            source="بيانات تجريبية",
            granted_at=world.now,
        )
        for code in world.rng.sample(COMMON_SKILLS, count)
    ]
