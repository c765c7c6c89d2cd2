"""Taking past hours from spreadsheets, as volunteering units keep them.

What a sheet says nobody here has seen: the hours are kept as *imported, unverified*, shown
apart and never counted. A row must name somebody who is known, the day, and how long: by the
times, by a total, or by both. Where both stand, the times are the record and the total is
their sum: a total rounded to the hour or half hour is taken for what it is, with a remark;
one that is further off makes the row bad, since nobody but the unit knows which of them errs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takatuf.accounts import commands as accounts
from takatuf.attendance import commands, queries
from takatuf.attendance.enums import HourState
from takatuf.attendance.models import HourClaim
from takatuf.imports.importers import (
    DATE,
    EMAIL,
    END_DATE,
    END_TIME,
    HOURS,
    MOBILE,
    NAME_PARTS,
    NATIONAL_ID,
    OPPORTUNITY_TITLE,
    PERSON_NAME,
    START_DATE,
    START_TIME,
    TIMES,
    Bad,
    ByDay,
    Candidate,
    CellProblem,
    Duplicate,
    Entry,
    New,
    Outcome,
    Row,
    RunContext,
    Stretch,
    Unchanged,
)
from takatuf.imports.queries import taken_in
from takatuf.kernel.errors import DomainError
from takatuf.kernel.references import reference
from takatuf.kernel.sayings import Hours, Saying
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.text.names import name_parts, name_similarity
from takatuf.registry import queries as registry
from takatuf.registry.importers import OfABody

FIRST_DAY = replace(
    DATE, required=True, synonyms=(*DATE.synonyms, *START_DATE.synonyms),
    others=(*DATE.others, "تاريخ الانتهاء", "تاريخ النهاية"),
)  # fmt: skip
ROUNDING = 30  # minutes: half an hour either way is a total rounded to whole hours
WORDS_TELL = 6  # minutes: a tenth of an hour
LONGEST_STRETCH = 16 * 60  # from one time to another, unless the total says so too
A_DAY, HALF_A_DAY, A_WORKING_DAY = 24 * 60, 12 * 60, 8 * 60
ONE, THIRTEEN = time(1), time(13)
LONGEST_SPAN = 366  # days of one row
EARLIEST = date(1990, 1, 1)
SOMEBODY_ELSE = 0.5  # a likeness below it is another person's name
WORK_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row says about time."""

    started_at: datetime
    ended_at: datetime
    minutes: int
    remark: Saying | str = ""
    days: int = 1


class HoursImporter(OfABody):
    kind: ClassVar[str] = "hours"
    title = _("Past hours")
    explanation = _(
        "One piece of work a row: who (identity number, mobile, e-mail or name), what, the "
        "day, and from when until when or how many hours. They are kept as imported and "
        "unverified: shown apart, never added to approved hours."
    )
    fields = (
        PERSON_NAME.as_required(), *NAME_PARTS, NATIONAL_ID, MOBILE, EMAIL, OPPORTUNITY_TITLE,
        FIRST_DAY, END_DATE, START_TIME, END_TIME, TIMES, HOURS,
    )  # fmt: skip
    by_day = ByDay("date", "minutes", "times")
    no_body = _("Say whose hours these are: name a body with --body CODE.")

    def check(self, values: Mapping[str, Any]) -> None:
        read(values)
        if values["date"] > timezone.localdate():
            raise CellProblem(
                _("The day is still to come: past hours are imported only."), "date"
            )

    def understood(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The hours that will be kept, whatever total stands there, and when they end."""
        reading = read(values)
        kept: dict[str, Any] = {"minutes": reading.minutes}
        ended = timezone.localtime(reading.ended_at).time()
        if values.get("start_time") is not None:
            kept["end_time"] = ended
        elif isinstance(values.get("times"), tuple):
            kept["times"] = values["times"][0], ended
        return {**values, **kept}

    def keys(self, values: Mapping[str, Any]) -> Sequence[str]:
        who = values.get("national_id") or values.get("mobile") or values.get("email")
        who = who or " ".join(name_parts(values["name"]))
        start = values.get("start_time") or values.get("times") or values.get("minutes")
        return [f"{who}|{values['date']}|{start}|{normalise(values.get('title') or '')}"]

    def stretch(self, values: Mapping[str, Any]) -> Stretch | None:
        """Where the row says when: a total alone may have been at any time of the day.

        One mobile may be a family's, so it is of one person only with their name.
        """
        if values.get("start_time") is None and not isinstance(values.get("times"), tuple):
            return None
        reading = read(values)
        ended = reading.ended_at - timedelta(days=reading.days - 1)
        contact = values.get("mobile") or values.get("email") or ""
        who = values.get("national_id") or f"{contact}|{' '.join(name_parts(values['name']))}"
        return Stretch(who, reading.started_at, ended, reading.days)

    def prepare(self, rows: Sequence[Row], run: RunContext) -> Sequence[Outcome]:
        body_id = _key(run.acting_body)
        people = queries.volunteers_like([row.values for row in rows], body_id)
        found = [_person_of(row.values, people, run) for row in rows]
        persons = [one.pk for one in found if not isinstance(one, Bad | Duplicate)]
        readings = [read(row.values) for row in rows]
        known = queries.claims_around(
            persons, body_id, min(r.started_at for r in readings),
            max(r.ended_at for r in readings),
        )  # fmt: skip
        ours = taken_in(run.run, [_reference(each) for some in known.values() for each in some])
        return [
            one if isinstance(one, Bad | Duplicate) else _judge(row, one, reading, known, ours)
            for row, one, reading in zip(rows, found, readings, strict=True)
        ]

    def apply(self, entries: Sequence[Entry], run: RunContext) -> Sequence[str]:
        body = _body(run)
        rows = []
        for entry in entries:
            person = entry.data or _certain_person(entry.row, body, run)
            rows.append(_past_hours(entry.row, person, body))
        claims = commands.import_many_hours(rows=rows, by=run.by, at=run.at)
        return [reference(claim) for claim in claims]

    def merge(self, row: Row, reference: str, run: RunContext) -> str:
        """The row is of this person, or these very hours are known."""
        if reference.startswith(HourClaim._meta.label_lower):
            return reference
        person = queries.person_by_key(_key(reference))
        made = commands.import_many_hours(
            rows=[_past_hours(row, person, _body(run))], by=run.by, at=run.at
        )  # fmt: skip
        return _reference(made[0])


# ---------------------------------------------------------------- time


def read(values: Mapping[str, Any]) -> Reading:
    """:raises CellProblem: with a sentence, where times, total and days do not agree."""
    start, end, total = values.get("start_time"), values.get("end_time"), values.get("minutes")
    days = _days(values)
    if start is None and isinstance(stretch := values.get("times"), timedelta):
        return _for_so_long(values["date"], stretch, total, days)
    if start is None and values.get("times"):
        start, end = values["times"]
    if start is not None and end is not None:
        return _between(values["date"], start, end, total, days)
    if not total:
        raise CellProblem(
            _("Neither hours nor both times stand here: add one of them."), "minutes"
        )
    if total > days * A_DAY:
        raise CellProblem(_too_long(values["date"], total, days), "minutes")
    began = timezone.make_aware(datetime.combine(values["date"], start or time()))
    return Reading(began, began + timedelta(minutes=total), total)


def _days(values: Mapping[str, Any]) -> int:
    last = values.get("end_date")
    if values["date"] < EARLIEST:
        raise CellProblem(_("This day is too long ago: check the year."), "date")
    if last is None:
        return 1
    days = (last - values["date"]).days + 1
    if not 1 <= days <= LONGEST_SPAN:
        raise CellProblem(_("The last day must follow the first within a year."), "end_date")
    return days


def _too_long(day: date, total: int, days: int) -> Saying:
    if days == 1:
        said = _(
            "%(hours)s on %(day)s are more than a day has: write the hours of that day alone, "
            "and the others at their own days."
        )
        return Saying(said, hours=Hours(total), day=day)
    said = _(
        "%(hours)s from %(day)s until %(last)s are more than these days have: check the hours "
        "and the last day."
    )
    return Saying(said, hours=Hours(total), day=day, last=day + timedelta(days=days - 1))


def _between(day: date, start: time, end: time, total: int | None, days: int) -> Reading:
    began = timezone.make_aware(datetime.combine(day, start))
    ended = timezone.make_aware(datetime.combine(day, end))
    if ended <= began:  # past midnight
        ended += timedelta(days=1)
    stretch = _minutes(ended - began)
    on_a_dial = ONE <= min(start, end) <= max(start, end) < THIRTEEN
    if total is None and on_a_dial and 0 < stretch - HALF_A_DAY <= A_WORKING_DAY:
        # 11:00 until 2:00: the hand went past twelve, and three hours is all that is said.
        return _for_so_long(day, timedelta(minutes=stretch - HALF_A_DAY), None, days)
    said = total if total is not None else stretch * days
    if stretch > HALF_A_DAY and abs(said - (stretch - HALF_A_DAY) * days) <= ROUNDING * days:
        # 8:00 until 2:00, six hours: the clock's afternoon.
        ended, stretch = ended - timedelta(minutes=HALF_A_DAY), stretch - HALF_A_DAY
    _agree(said, stretch * days, days)
    if stretch > LONGEST_STRETCH and total is None:
        words = _("From %(start)s until %(end)s is %(hours)s hours: check morning and evening.")
        times = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "hours": _clock(stretch)}
        raise CellProblem(Saying(words, **times), "end_time")
    ended += timedelta(days=days - 1)
    return Reading(began, ended, stretch * days, _rounded(said, stretch * days), days)


def _for_so_long(day: date, stretch: timedelta, total: int | None, days: int) -> Reading:
    """Times that tell no morning from an evening: kept like a total alone, at no hour."""
    minutes = _minutes(stretch) * days
    said = minutes if total is None else total
    _agree(said, minutes, days)
    began = timezone.make_aware(datetime.combine(day, time()))
    ended = began + timedelta(days=days - 1) + stretch
    return Reading(began, ended, minutes, _rounded(said, minutes), days)


def _agree(said: int, made: int, days: int) -> None:
    """:raises CellProblem: if the total is further from what the times make than rounding."""
    if abs(said - made) > ROUNDING * days:
        raise CellProblem(
            Saying(
                _("The times make %(times)s hours, the total says %(total)s: put one right."),
                times=_clock(made),
                total=_clock(said),
            ),
            "minutes",
        )


def _rounded(said: int, made: int) -> Saying | str:
    if said == made:
        return ""
    return Saying(
        _("The total says %(total)s, the times make %(times)s: the times were taken."),
        total=_length(said), times=_length(made),
    )  # fmt: skip


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _length(minutes: int) -> Hours | str:
    """In words, unless they would round away what tells two lengths apart."""
    return Hours(minutes) if minutes % WORDS_TELL == 0 else _clock(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


# ---------------------------------------------------------------- people


def _person_of(values: Mapping[str, Any], people, run: RunContext):
    """The person the row certainly names; else why it cannot be taken as it is."""
    why, known = people.known(values)
    if why == "id" and name_similarity(known[0].full_name, values["name"]) < SOMEBODY_ELSE:
        return Bad(
            _("This identity number is known under another name: check both."), "national_id"
        )
    if why == "id":
        return known[0]
    if why and name_similarity(known[0].full_name, values["name"]) >= SOMEBODY_ELSE:
        return known[0]  # a family's one mobile is no proof; with the name it is
    same, alike = people.named(values["name"])
    identified = any(values.get(name) for name in ("national_id", "mobile", "email"))
    if len(same) == 1 and not identified:
        return same[0]
    if alike:
        return Duplicate(
            _("Somebody of the body has a like name: is it the same person?"),
            [_candidate(person, run) for person in alike[:5]],
            may_differ=False,
        )
    return Bad(
        _("Nobody is known by this number or name: import or add the volunteer first."), "name"
    )


def _certain_person(row: Row, body, run: RunContext):
    """:raises DomainError: if the row does not certainly name somebody any more."""
    people = queries.volunteers_like([row.values], body.pk)
    person = _person_of(row.values, people, run)
    if isinstance(person, Bad | Duplicate):
        raise DomainError(person.reason)
    return person


def _candidate(person, run: RunContext) -> Candidate:
    """The desk sees the name; a body only as much as tells two people apart."""
    title = str(person)
    if not registry.is_regional(run.by, run.acting_body):
        first, _space, rest = person.full_name.partition(" ")
        title = f"{first} {rest[:1]}…" if rest else first
    facts = {
        "name": title,
        "mobile": accounts.masked(person.phone or ""),
        "email": accounts.masked(person.email or ""),
    }
    facts = {name: words for name, words in facts.items() if words}
    return Candidate(reference(person), title, facts)


# ---------------------------------------------------------------- hours


def _judge(
    row: Row, person, reading: Reading, known: Mapping[int, list], ours: set[str]
) -> Outcome:
    """:param ours: references of what this very file brought: its rows only get a remark."""
    around = [
        claim
        for claim in known.get(person.pk, ())
        if claim.started_at < reading.ended_at and claim.ended_at > reading.started_at
    ]
    for claim in around:
        if (claim.work, claim.started_at, claim.minutes) == (
            _work(row), reading.started_at, reading.minutes,
        ):  # fmt: skip
            return Unchanged(_reference(claim))
    around = [claim for claim in around if _reference(claim) not in ours]
    if around:
        return Duplicate(
            _("Hours of this person at this time are known already."),
            [_known_hours(claim) for claim in around[:5]],
        )
    return New(person, remark=reading.remark)


def _known_hours(claim: HourClaim) -> Candidate:
    facts = {
        "title": claim.what,
        "date": timezone.localdate(claim.started_at).isoformat(),
        "minutes": Hours(claim.minutes),
    }
    return Candidate(_reference(claim), HourState(claim.state).label, facts)


def _past_hours(row: Row, person, body) -> commands.PastHours:
    reading = read(row.values)
    return commands.PastHours(
        person=person, body=body, work=_work(row), started_at=reading.started_at,
        ended_at=reading.ended_at, minutes=reading.minutes,
    )  # fmt: skip


def _work(row: Row) -> str:
    return " ".join((row.values.get("title") or "").split())[:WORK_LENGTH]


def _body(run: RunContext):
    return registry.body_by_reference(run.acting_body)


def _key(ref: str) -> int:
    return int(ref.rpartition(":")[2])


def _reference(claim: HourClaim) -> str:
    return reference(claim)
