"""The plain values the rules read and give."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from takatuf.placement.ways import Spot
from takatuf.registry.enums import PARTS_OF_DAY


class About(StrEnum):
    """What decides a rule: its answer is the same for all shifts, for a role's, or for one."""

    PERSON = "person"
    ROLE = "role"
    SHIFT = "shift"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A skill somebody holds: level 1-3, on a basis, until a day (None: no end)."""

    skill_id: int
    level: int
    basis: str
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """A place the person already has or asked for: ``[starts_at, ends_at)``.

    :param spot: where it is; None for work from anywhere.
    :param offered: kept for the person, who has not answered yet.
    """

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    title: str
    spot: Spot | None = None
    offered: bool = False


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What the rules need to know about a person; nothing else is loaded."""

    age: int | None
    gender: str
    has_profile: bool
    charter_accepted: bool
    consent_given: bool
    covenant_signed: bool
    languages: frozenset[str]
    grants: tuple[Grant, ...]
    engagements: tuple[Engagement, ...]
    weekly_minutes: int
    minutes_in_week: int
    free: frozenset[tuple[int, str]] | None  # (weekday, part of day); None: never said
    invited: bool
    consent_asked_at: datetime | None = None  # the guardian has the link and may still answer


@dataclass(frozen=True, kw_only=True)
class Place:
    """One role of one shift, as the rules see it."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    title: str
    stands: bool  # the shift is planned and the opportunity neither over nor cancelled
    paused: bool  # nobody new comes in of their own accord
    confirmed_until: date | None  # after it as if paused, until the body says it still stands
    by_invitation: bool
    min_age: int
    max_age: int | None
    gender_rule: str
    gender_reason: str
    languages: frozenset[str]
    skill_id: int | None
    skill_name: str
    level: int | None
    least_basis: str
    credential_id: int | None = None  # a second skill
    credential_name: str = ""
    credential_licensed: bool = False
    spot: Spot | None = None  # where it is; None for work from anywhere

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One rule's verdict: a tick, or the one-line way to meet it.

    :param mend: where the person can do something about it: a key the page turns into a
        link (charter, birth_date, guardian, guardian_again, covenant, gender, skills, profile,
        times), or "".
    :param blocking: False for what is worth knowing but refuses nobody.
    """

    rule: str
    title: str
    met: bool
    sentence: str
    mend: str = ""
    about: About = About.PERSON
    blocking: bool = True

    @property
    def stops(self) -> bool:
        return self.blocking and not self.met


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All answers of all rules, in order."""

    answers: tuple[Answer, ...] = field(default_factory=tuple)

    @property
    def eligible(self) -> bool:
        return not any(answer.stops for answer in self.answers)

    @property
    def first_obstacle(self) -> Answer | None:
        return next((answer for answer in self.answers if answer.stops), None)

    @property
    def remarks(self) -> tuple[Answer, ...]:
        """What the person should know, though it refuses nothing."""
        return tuple(a for a in self.answers if not a.blocking and not a.met)


def parts_of(starts_at: datetime, ends_at: datetime) -> frozenset[tuple[int, str]]:
    """The ``(weekday, part of day)`` cells a shift touches, local time; Sunday is 0.

    Between 23:00 and 06:00 there is none: nobody was asked about the night.
    """
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    cells = set()
    day = start.date()
    while day <= end.date():
        midnight = datetime.combine(day, time.min, tzinfo=start.tzinfo)
        for part, (first, after) in PARTS_OF_DAY.items():
            begins, ends = (
                midnight + timedelta(minutes=first),
                midnight + timedelta(minutes=after),
            )
            if begins < end and start < ends:
                cells.add(((day.weekday() + 1) % 7, str(part)))
        day += timedelta(days=1)
    return frozenset(cells)
