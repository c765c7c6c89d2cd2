"""The opportunity's page as one person may act on it: rules, shifts, what they have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import ShiftStatus, Way
from takatuf.placement.eligibility import About, Answer, Verdict, requirements
from takatuf.placement.enums import LIVE, STANDING, ApplicationStatus
from takatuf.placement.models import Application
from takatuf.placement.queries.facts import engagement_rows, known_about, place_of
from takatuf.placement.queries.standing import with_position

BEST_FIRST = (
    ApplicationStatus.CONFIRMED, ApplicationStatus.OFFERED, ApplicationStatus.APPLIED,
    ApplicationStatus.WAITING,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Option:
    """One role of one shift: what may be chosen, or why not."""

    shift_role: Any
    verdict: Verdict | None  # None: nobody is signed in
    taken_by_me: bool

    @property
    def seats_left(self) -> int:
        return self.shift_role.seats_left

    @property
    def choosable(self) -> bool:
        return self.verdict is not None and self.verdict.eligible and not self.taken_by_me

    @property
    def obstacle(self) -> Answer | None:
        """What stands in the way of this shift or role alone."""
        first = self.verdict.first_obstacle if self.verdict else None
        return first if first and first.about != About.PERSON else None

    @property
    def out_of_age(self) -> Answer | None:
        """It is for another age, which nothing they do changes."""
        answers = self.verdict.answers if self.verdict else ()
        return next((a for a in answers if a.rule == "age" and a.stops and not a.mend), None)

    @property
    def remarks(self) -> tuple[Answer, ...]:
        return self.verdict.remarks if self.verdict else ()

    @property
    def notes(self) -> list[Answer]:
        """All there is to say of this choice: what stops it first, then what is only noted."""
        return [*([self.obstacle] if self.obstacle else []), *self.remarks]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A shift to come with its options, and the person's application to it."""

    shift: Any
    options: list[Option]
    application: Application | None

    @property
    def stands(self) -> bool:
        """The person counts on this shift: has, awaits or asked for a place."""
        return self.application is not None and self.application.status in STANDING

    @property
    def choosable(self) -> bool:
        return any(option.choosable for option in self.options)

    @property
    def shared(self) -> list[Answer]:
        """What is to be said of every role alike is said once, of the shift."""
        if len(self.options) == 1:
            return []
        first, *others = [option.notes for option in self.options] or [[]]
        said = [{note.sentence for note in notes} for notes in others]
        return [note for note in first if all(note.sentence in each for each in said)]

    @property
    def choices(self) -> list[tuple[Option, list[Answer]]]:
        """Each role with what is to be said of it alone."""
        shared = {note.sentence for note in self.shared}
        return [
            (option, [note for note in option.notes if note.sentence not in shared])
            for option in self.options
        ]

    @property
    def seats_left(self) -> int:
        return sum(option.seats_left for option in self.options)

    @property
    def seats(self) -> int:
        return sum(option.shift_role.seats for option in self.options)

    @property
    def seats_taken(self) -> int:
        return sum(option.shift_role.taken for option in self.options)


@dataclass(frozen=True, kw_only=True)
class RoleAnswers:
    """What one role alone asks, answered for the person."""

    title: str
    answers: list[Answer]

    @property
    def suits(self) -> bool:
        return not any(answer.stops for answer in self.answers)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """``own`` and ``roles`` for who is signed in, ``requirements`` for who is not."""

    opportunity: Any
    signed_in: bool
    lines: list[Line]
    own: list[Answer] = field(default_factory=list)  # the same for every role and shift
    roles: list[RoleAnswers] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)
    mine: list[Application] = field(default_factory=list)  # live, soonest first
    age: int | None = None  # theirs today, where it is under 18
    others_for_age: int = 0  # opportunities that take it, where nothing opens this one

    @property
    def can_join(self) -> bool:
        return any(line.choosable for line in self.lines)

    @property
    def off_times(self) -> bool:
        """Whatever can be chosen lies outside the person's usual times."""
        choices = [o for line in self.lines for o in line.options if o.choosable]
        return bool(choices) and all(
            any(note.rule == "times" for note in option.remarks) for option in choices
        )

    @property
    def suiting(self) -> list[RoleAnswers]:
        """The roles that suit, where the person can join and not every role does."""
        return [role for role in self.roles if role.suits] if self.can_join else []

    @property
    def others(self) -> list[RoleAnswers]:
        """The roles that do not, where another one does: told apart, for who wants to know."""
        return [role for role in self.roles if not role.suits] if self.suiting else []

    @property
    def answers(self) -> list[Answer]:
        """Each answer once: of the person, and of the roles that suit, or of all of them.

        To whom it is closed by age the rest is of no use.
        """
        if self._out_of_age:
            return []
        shown = self.suiting or self.roles
        alone = [answer for role in shown for answer in role.answers]
        found = {
            (answer.rule, answer.sentence): answer for answer in reversed(self.own + alone)
        }
        return list(reversed(found.values()))

    @property
    def _out_of_age(self) -> Answer | None:
        """No shift is for their age, and nothing they do changes that."""
        if self.can_join or self.mine:
            return None
        closed = [option.out_of_age for line in self.lines for option in line.options]
        return closed[0] if closed and all(closed) else None

    @property
    def by_request(self) -> bool:
        return self.opportunity.way == Way.BY_REQUEST

    @property
    def by_round(self) -> bool:
        return self.opportunity.way == Way.ROUND

    @property
    def asks(self) -> bool:
        """Somebody decides: people ask, and may add a word."""
        return self.by_request or self.by_round

    @property
    def only_waiting(self) -> bool:
        """Every shift left to choose is full: joining is joining the line."""
        choices = [o for line in self.lines for o in line.options if o.choosable]
        full = all(option.seats_left <= 0 for option in choices)
        return bool(choices) and full and not self.asks

    @property
    def only_choice(self) -> int | None:
        """The one place there is to choose, for who has none here: it comes ticked."""
        keys = [o.shift_role.pk for line in self.lines for o in line.options if o.choosable]
        return keys[0] if len(keys) == 1 and not self.mine else None

    @property
    def one_tap(self) -> bool:
        """Nothing is left to choose or to write: the first button joins."""
        return self.only_choice is not None and not self.asks

    @property
    def standing(self) -> str:
        """How the person stands here at best; empty where they asked for nothing."""
        have = {row.status for row in self.mine}
        return next((str(each) for each in BEST_FIRST if each in have), "")

    @property
    def obstacle(self) -> Answer | None:
        """The first thing in the way, when nothing can be chosen and nothing is had."""
        if not self.signed_in or self.can_join or self.mine:
            return None
        own = self._out_of_age or next((a for a in self.answers if a.stops), None)
        return own or next(
            (o.obstacle for line in self.lines for o in line.options if o.obstacle), None
        )

    @property
    def several_roles(self) -> bool:
        """What one role asks for is then said at that role, not once for all."""
        return len({o.shift_role.role_id for line in self.lines for o in line.options}) > 1

    @property
    def next_shift(self):
        """The soonest that has a seat: a date shown above the button is one to join."""
        free = next((line for line in self.lines if line.seats_left > 0), None)
        line = free or next(iter(self.lines), None)
        return line.shift if line else None

    @property
    def seats_left(self) -> int:
        """In all shifts shown."""
        return sum(line.seats_left for line in self.lines)


def panel(person, opportunity, lines: Sequence, *, at: datetime) -> Panel:
    """Four queries however many shifts (five for minors, two more where nothing they do
    opens it); none for who is not signed in.

    :param lines: the shifts as ``opportunities.queries.shift_lines`` gives them.
    """
    coming = [
        line
        for line in lines
        if line.shift.status == ShiftStatus.PLANNED and line.shift.starts_at > at
    ]
    if not getattr(person, "is_authenticated", False):
        return Panel(
            opportunity=opportunity, signed_in=False, requirements=_asked(coming),
            lines=[_line(line, None, None, at=at) for line in coming],
        )  # fmt: skip
    rows = list(with_position(engagement_rows([person.pk], at=at, opportunity=opportunity)))
    known = known_about([person], opportunity, at=at, rows=rows)[person.pk]
    own = {row.shift_id: row for row in rows if row.opportunity_id == opportunity.pk}
    shown = [_line(line, known, own.get(line.shift.pk), at=at) for line in coming]
    live = [r for r in own.values() if r.status in LIVE and r.shift.ends_at > at]
    today = timezone.localdate(at)
    found = Panel(
        opportunity=opportunity,
        signed_in=True,
        lines=shown,
        own=_own_answers(shown),
        roles=_role_answers(shown),
        mine=sorted(live, key=lambda row: (row.shift.starts_at, row.pk)),
        age=person.age(on=today) if person.is_minor(on=today) else None,
    )
    if found.age is None or not found.obstacle or found.obstacle.mend:
        return found
    others = opportunities.others_for(found.age, apart_from=opportunity.pk, at=at)
    return replace(found, others_for_age=others)


def _line(line, known, application: Application | None, *, at: datetime) -> Line:
    stands = application is not None and application.status in STANDING
    options = []
    for shift_role in line.places:
        verdict = None
        if known is not None:
            # One's own place here neither clashes with itself nor counts twice.
            apart = application.pk if application else None
            verdict = known.verdict(shift_role, at=at, apart_from=apart)
        options.append(Option(shift_role=shift_role, verdict=verdict, taken_by_me=stands))
    return Line(shift=line.shift, options=options, application=application)


def _own_answers(lines: list[Line]) -> list[Answer]:
    first = next((option for line in lines for option in line.options), None)
    return _about(first, About.PERSON) if first else []


def _role_answers(lines: list[Line]) -> list[RoleAnswers]:
    roles = {o.shift_role.role_id: o for line in reversed(lines) for o in line.options}
    return [
        RoleAnswers(title=option.shift_role.role.title, answers=_about(option, About.ROLE))
        for _role, option in sorted(roles.items())
    ]


def _about(option: Option, about: About) -> list[Answer]:
    answers = option.verdict.answers if option.verdict else ()
    return [answer for answer in answers if answer.about == about]


def _asked(lines: Iterable) -> list[str]:
    """Plain statements, each once, in the order of the rules."""
    roles = {place.role_id: place for line in lines for place in line.places}
    sentences = [words for place in roles.values() for words in requirements(place_of(place))]
    return list(dict.fromkeys(sentences))
