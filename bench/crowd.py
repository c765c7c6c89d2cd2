"""A million volunteers, row by row: the same number always gives the same person."""

from array import array
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

from django.utils import timezone

from bench.bulk import Row, Writer
from takatuf.accounts.models import CharterAcceptance, Person
from takatuf.demo.people import COMMON_SKILLS, full_name
from takatuf.demo.words import WEIGHTS
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

PEOPLE = (Person,)
DETAILS = (
    VolunteerProfile, Interest, LanguageSpoken, Availability, SkillGrant, CharterAcceptance,
)  # fmt: skip
ADULT_SHARE = 0.95
INTERESTS, FREE = 2, 3


class Crowd:
    """The volunteers by number, from 0, and what they gave so far.

    :param first: the primary key of number 0.
    """

    def __init__(self, world: World, size: int, first: int):
        self.world, self.size, self.first = world, size, first
        self.adults = int(size * ADULT_SHARE)  # these come first; the rest is under 18
        self.total = array("L", bytes(8 * size))  # approved minutes
        self.recent = array("L", bytes(8 * size))

    def some(self, count: int, out: Collection[int] = ()) -> list[int]:
        """Different adults. Every second one is of the fifth that comes again and again.

        :param out: who is somewhere else that day
        """
        rng, few = self.world.rng, max(1, self.adults // 5)
        found: dict[int, None] = {}
        while len(found) < count:
            among = few if rng.random() < 0.5 else self.adults
            number = int(rng.random() * among)
            if number not in out:
                found[number] = None
        return list(found)

    def add_people(self, writer: Writer) -> None:
        people = writer.table(
            Person,
            "id ref password full_name name_sort_key email birth_date gender is_demo joined_at",
        )
        for number in range(self.size):
            people.add(self._person(number))

    def _person(self, number: int) -> Row:
        rng, today = self.world.rng, timezone.localdate(self.world.now)
        woman = rng.random() < 0.56
        name = full_name(self.world, woman=woman)
        days = (
            rng.randrange(22 * 366, 60 * 365)
            if number < self.adults
            else rng.randrange(5500, 6500)
        )
        born = today - timedelta(days=days)
        ref = ref_of(number)
        joined = today - timedelta(days=rng.randrange(1100, 1500))
        return (
            self.first + number, ref, "!" + ref, name, _sort_key(name),
            f"person{number}@demo.example", str(date(born.year, born.month, min(born.day, 28))),
            "female" if woman else "male", 1, f"{joined} 07:00:00",
        )  # fmt: skip

    def add_details(self, writer: Writer) -> None:
        """Profiles with the minutes given, and what is known of each."""
        tables = {
            VolunteerProfile: "id person governorate home_latitude home_longitude reach_km "
            "weekly_minutes recent_minutes total_minutes created_at is_demo",
            Interest: "profile field",
            LanguageSpoken: "profile language",
            Availability: "profile weekday part",
            SkillGrant: "person skill level basis source granted_at",
            CharterAcceptance: "person charter accepted_at",
        }
        open_tables = {model: writer.table(model, named) for model, named in tables.items()}
        for number in range(self.size):
            for model, row in self._details(number):
                open_tables[model].add(row)

    def _details(self, number: int) -> Iterator[tuple[type, Row]]:
        world, rng, person = self.world, self.world.rng, self.first + number
        profile, now = number + 1, f"{self.world.now:%Y-%m-%d %H:%M:%S}"
        place = world.governorates[world.pick(WEIGHTS)]
        yield VolunteerProfile, (
            profile, person, place.pk,
            f"{float(place.latitude) + rng.uniform(-0.06, 0.06):.2f}",
            f"{float(place.longitude) + rng.uniform(-0.06, 0.06):.2f}",
            rng.choice([15, 30, 30, 60]), rng.choice([240, 480, 480, 720]),
            self.recent[number], self.total[number], now, 1,
        )  # fmt: skip
        for field in rng.sample(list(world.fields.values()), INTERESTS):
            yield Interest, (profile, field.pk)
        for language in ("ar", "en") if rng.random() < 0.4 else ("ar",):
            yield LanguageSpoken, (profile, language)
        for cell in rng.sample(range(7 * len(PartOfDay)), FREE):
            yield Availability, (profile, cell % 7, PartOfDay.values[cell // 7])
        for code in rng.sample(COMMON_SKILLS, rng.choice([0, 1, 1, 2])):
            basis = rng.choice([Basis.DECLARED.value, Basis.EVIDENCED.value])
            yield (
                SkillGrant,
                (person, world.skills[code].pk, rng.choice([1, 2, 3]), basis, "", now),
            )
        yield CharterAcceptance, (person, world.charter.pk, now)


def ref_of(number: int) -> str:
    """A person's ``ref``, as 32 hex digits of a UUID of the fourth kind."""
    text = blake2b(number.to_bytes(8, "big"), digest_size=16, key=b"crowd").hexdigest()
    return f"{text[:12]}4{text[13:16]}8{text[17:]}"


@lru_cache(maxsize=65_536)
def _sort_key(name: str) -> str:
    return sort_key(name)[:140]
