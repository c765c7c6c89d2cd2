"""Taking volunteers from spreadsheets.

A contact on a list proves nothing: the code typed from one of them claims the account, and the
others go, whoever wrote them (``accounts.commands.enter_by_contact``). For the same reason a
merge never puts a contact or an identity number on a person who is there already, unless the
desk does it for one whom nobody claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from takatuf.accounts import commands as accounts
from takatuf.accounts.enums import YOUNGEST_AGE
from takatuf.accounts.queries import years_old
from takatuf.imports.importers import (
    BIRTH_DATE,
    EMAIL,
    GENDER,
    MOBILE,
    NAME_PARTS,
    NATIONAL_ID,
    NOTES,
    PERSON_NAME,
    PLACE,
    SKILLS,
    ActingBody,
    Bad,
    Candidate,
    CellProblem,
    Duplicate,
    Entry,
    New,
    Outcome,
    Row,
    RunContext,
)
from takatuf.kernel.identities import stored_id
from takatuf.kernel.references import reference
from takatuf.kernel.sayings import Saying, in_turn
from takatuf.kernel.text.arabic import clean_name, sort_key
from takatuf.kernel.text.names import name_parts
from takatuf.registry import commands, policies, queries, vocabulary
from takatuf.registry.importers import OfABody, acting, bodies_run_by

LANGUAGES = SKILLS.named(
    "languages", _("Languages"),
    "اللغات", "اللغة", "لغات", "اللغات التي يجيدها",
    "languages", "language", "spoken languages",
)  # fmt: skip
TEAM = PLACE.named(
    "team", _("Team"),
    "الفريق", "اسم الفريق", "الفريق التطوعي", "فريق", "team", "team name",
)  # fmt: skip
DISTRICT = PLACE.named(
    "district", _("District"),
    "الحي", "حي", "اسم الحي", "district", "neighbourhood",
)  # fmt: skip
OLDEST = 120
NAMES = {PERSON_NAME.name, *PERSON_NAME.made_of}


@dataclass
class Reading:
    """A row understood: what we know, and the words that matched nothing of ours."""

    values: Mapping[str, Any]
    governorate: str = ""
    skills: dict[int, int] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)  # said as skills, and none of ours
    left_over: list[str] = field(default_factory=list)

    @property
    def note(self) -> str:
        return "\n".join(self.left_over)[:2000]


class PeopleImporter(OfABody):
    kind: ClassVar[str] = "people"
    title = _("Volunteers")
    explanation = _(
        "One person a row: name, and whatever is known of identity number, mobile, e-mail, "
        "birth date, place, skills and languages. With the people taken, an identity number is "
        "kept only as a keyed fingerprint and its last three digits."
    )
    fields = (
        PERSON_NAME.as_required(), *NAME_PARTS, NATIONAL_ID, MOBILE, EMAIL, BIRTH_DATE, GENDER,
        PLACE, DISTRICT, SKILLS, LANGUAGES, TEAM, NOTES,
    )  # fmt: skip

    def bodies_for(self, person, *, at: datetime) -> Sequence[ActingBody]:
        run_by = bodies_run_by(person, at=at)
        return acting(body for body in run_by if policies.body_may_partner(body))

    def body_for_code(self, code: str) -> str:
        return super().body_for_code(code) if code else ""  # people are the region's, too

    def check(self, values: Mapping[str, Any]) -> None:
        if not any(known for name, known in values.items() if name not in NAMES):
            raise CellProblem(
                _(
                    "Nothing but a name stands here: add a mobile, an e-mail or an identity "
                    "number, or delete the row."
                )
            )
        born: date | None = values.get("birth_date")
        age = years_old(born, on=timezone.localdate())
        if age is not None and not 0 <= age <= OLDEST:
            said = Saying(_("The birth date cannot be right: %(date)s."), date=born)
            raise CellProblem(said, "birth_date")
        if age is not None and age < YOUNGEST_AGE:
            text = _("The birth date %(date)s makes a child under seven: check the year.")
            raise CellProblem(Saying(text, date=born), "birth_date")

    def keys(self, values: Mapping[str, Any]) -> Sequence[str]:
        given = ("mobile", "email")
        keys = [f"{name}:{values[name]}" for name in given if values.get(name)]
        if values.get("national_id"):
            keys.append(f"id:{stored_id(values['national_id']).hash}")
        if values.get("birth_date"):
            name = "".join(name_parts(values["name"]))
            keys.append(f"born:{name}:{values['birth_date']}")
        return keys

    def namesake(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        born = values.get("birth_date")
        return (f"born:{born}", values["name"]) if born else None

    def prepare(self, rows: Sequence[Row], run: RunContext) -> Sequence[Outcome]:
        known = queries.people_like([row.values for row in rows])
        reader = _Reader()
        return [self._judge(row, known, reader, run) for row in rows]

    def apply(self, entries: Sequence[Entry], run: RunContext) -> Sequence[str]:
        readings = [entry.data or _Reader().read(entry.row.values) for entry in entries]
        people = commands.add_imported_people(
            people=[_new_person(reading) for reading in readings],
            acting_body=run.acting_body, by=run.by, at=run.at,
        )  # fmt: skip
        return [reference(person) for person in people]

    def merge(self, row: Row, reference: str, run: RunContext) -> str:
        reading = _Reader().read(row.values)
        commands.complete_imported_person(
            person_key=int(reference.rpartition(":")[2]), person=_new_person(reading),
            acting_body=run.acting_body, by=run.by, at=run.at,
        )  # fmt: skip
        return reference

    def _judge(self, row: Row, known, reader: "_Reader", run: RunContext) -> Outcome:
        try:
            clean_name(row.values["name"])
        except ValueError:
            return Bad(_("The name holds characters that are not letters."), field="name")
        why, people = known.matches(row.values)
        if not people:
            reading = reader.read(row.values)
            return New(reading, remark=_remark(reading))
        may_differ = why != "id"
        return Duplicate(_REASONS[why], [_candidate(p, run) for p in people[:5]], may_differ)


_REASONS = {
    "id": _("Somebody with this identity number is known already."),
    "mobile": _("Somebody with this mobile is known already."),
    "email": _("Somebody with this e-mail is known already."),
    "name": _("Somebody with a like name and the same birth date is known already."),
}


class _Reader:
    """The vocabulary, read once for many rows."""

    def __init__(self) -> None:
        self.places = vocabulary.place_codes()
        self.skills = vocabulary.skill_words(queries.skills())

    def read(self, values: Mapping[str, Any]) -> Reading:
        reading = Reading(values)
        reading.governorate = vocabulary.read_place(values.get("place"), self.places)
        reading.skills, reading.strange = vocabulary.read_skills(
            values.get("skills") or (), self.skills
        )
        reading.languages, more = vocabulary.read_languages(values.get("languages") or ())
        reading.left_over += [*reading.strange, *more]
        if values.get("place") and not reading.governorate:
            reading.left_over.append(values["place"])
        reading.left_over += [values[n] for n in ("district", "notes") if values.get(n)]
        return reading


def _remark(reading: Reading) -> Saying | str:
    place = reading.values.get("place")
    said: Saying | str = ""
    if place and not reading.governorate:
        said = Saying(_("The place is not one of the region's: %(place)s"), place=place)
    if reading.strange:
        text = _("Not known as a skill, kept as a note: %(skills)s")
        said = in_turn(said, Saying(text, skills=reading.strange))
    return said


def _candidate(person, run: RunContext) -> Candidate:
    """The desk sees the name; a body only as much as tells two people apart."""
    title = str(person)
    if not queries.is_regional(run.by, run.acting_body):
        first, _space, rest = person.full_name.partition(" ")
        title = f"{first} {rest[:1]}…" if rest else first
    facts = {
        "name": title,
        "mobile": accounts.masked(person.phone or ""),
        "email": accounts.masked(person.email or ""),
        "birth_date": str(person.birth_date.year) if person.birth_date else "",
    }
    facts = {name: words for name, words in facts.items() if words}
    return Candidate(reference(person), title, facts)


def _new_person(reading: Reading) -> commands.ImportedPerson:
    values = reading.values
    stored = stored_id(values["national_id"]) if values.get("national_id") else None
    return commands.ImportedPerson(
        full_name=clean_name(values["name"]),
        name_sort_key=sort_key(values["name"]),
        email=values.get("email"),
        phone=values.get("mobile"),
        birth_date=values.get("birth_date"),
        gender=values.get("gender") or "",
        id_hash=stored.hash if stored else None,
        id_last_three=stored.last_three if stored else "",
        password=make_password(None),
        governorate=reading.governorate,
        skills=reading.skills,
        languages=reading.languages,
        team=values.get("team") or "",
        note=reading.note,
    )
