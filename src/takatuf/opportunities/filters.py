"""What the public list can be asked for; the same words in the address, a wish, a cache key."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from takatuf.accounts.enums import ADULT_AGE, YOUNGEST_AGE
from takatuf.opportunities.enums import Class, Length, Mode, Sort, When

FRIDAY, SATURDAY = 4, 5
SEVERAL = ("field", "klass", "place", "length", "mode")  # any of the values will do
FLAGS = ("minors", "accessible", "training", "seats", "weekend")  # yes, or not asked
LONGEST_QUERY = 100
YES = frozenset({"1", "true", "True"})
# Names in the address where Python's would read oddly.
ADDRESS = {"klass": "class"}
# One age under 18 is asked for by a link: it narrows to what takes somebody of that age.
AGES = tuple(str(age) for age in range(YOUNGEST_AGE, ADULT_AGE))
KNOWN = {"klass": Class.values, "length": Length.values, "mode": Mode.values}
MOST_VALUES = 40


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The list as asked for. Unknown values were left out when it was read."""

    q: str = ""
    field: tuple[str, ...] = ()  # codes
    klass: tuple[str, ...] = ()
    place: tuple[str, ...] = ()  # codes of governorates
    length: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    when: str = ""
    age: str = ""  # of ``AGES``
    minors: bool = False
    accessible: bool = False
    training: bool = False
    seats: bool = False
    weekend: bool = False
    sort: str = Sort.SOONEST

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Filters":
        """From ``request.GET``, or a dict of lists and strings such as ``as_dict`` made."""
        several: dict[str, Any] = {name: _values(given, name) for name in SEVERAL}
        flags: dict[str, Any] = {name: _one(given, name) in YES for name in FLAGS}
        when, age, sort = (_one(given, name) for name in ("when", "age", "sort"))
        return cls(
            q=_one(given, "q")[:LONGEST_QUERY],
            when=when if when in When.values else "",
            age=age if age in AGES else "",
            sort=sort if sort in Sort.values else Sort.SOONEST,
            **several,
            **flags,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """(name, value) as they stand in the address, always in the same order."""
        found: list[tuple[str, str]] = []
        for each in fields(self):
            name, value = ADDRESS.get(each.name, each.name), getattr(self, each.name)
            if isinstance(value, tuple):
                found += [(name, one) for one in value]
            elif value is True:
                found.append((name, "1"))
            elif value and value != Sort.SOONEST:
                found.append((name, value))
        return found

    def query(self, **more: str) -> str:
        """``?…`` for an address, empty where nothing is asked."""
        pairs = [*self.pairs(), *((name, value) for name, value in more.items() if value)]
        return f"?{urlencode(pairs)}" if pairs else "?"

    def lasting(self) -> "Filters":
        """As a wish keeps them: no order, and no age, which is another one next year."""
        return replace(self, sort=Sort.SOONEST, age="", minors=self.minors or bool(self.age))

    def as_dict(self) -> dict[str, list[str]]:
        """For a wish; ``read`` takes it back."""
        found: dict[str, list[str]] = {}
        for name, value in self.lasting().pairs():
            found.setdefault(name, []).append(value)
        return found

    def without(self, name: str, value: str = "") -> "Filters":
        """The same with one condition taken off."""
        now = getattr(self, name)
        left: Any = "" if isinstance(now, str) else False
        if isinstance(now, tuple):
            left = tuple(one for one in now if one != value)
        return replace(self, **{name: left})

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort=Sort.SOONEST) != Filters()


def days_of(when: str, today: date) -> range:
    """Ordinals of the days a choice of time means."""
    first = today.toordinal()
    if when == When.TODAY:
        return range(first, first + 1)
    if when == When.WEEK:  # to the end of the week, which is Saturday
        return range(first, first + (SATURDAY - today.weekday()) % 7 + 1)
    if when == When.WEEKEND:
        days = [today + timedelta(days=n) for n in range(7)]
        weekend = [day.toordinal() for day in days if day.weekday() in (FRIDAY, SATURDAY)]
        return range(weekend[0], weekend[0] + (2 if today.weekday() != SATURDAY else 1))
    return range(first, first + 31)


def _values(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    address = ADDRESS.get(name, name)
    raw: Any = given.getlist(address) if hasattr(given, "getlist") else given.get(address, ())
    values = [raw] if isinstance(raw, str) else [str(value) for value in raw]
    known = KNOWN.get(name)
    kept = {value for value in values if value and (known is None or value in known)}
    return tuple(sorted(kept))[:MOST_VALUES]


def _one(given: Mapping[str, Any], name: str) -> str:
    raw = given.get(name, "")
    return str(raw[0] if isinstance(raw, list) and raw else raw or "").strip()
