"""People from spreadsheets: many at once, and completing one who was known."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts.enums import BirthDateBasis, Channel
from takatuf.accounts.queries import is_adult_by_any_date, is_claimed
from takatuf.kernel.errors import DomainError
from takatuf.kernel.text.arabic import sort_key
from takatuf.kernel.transitions import record
from takatuf.registry import queries
from takatuf.registry.enums import Basis, TeamStatus
from takatuf.registry.models import (
    Governorate,
    LanguageSpoken,
    SkillGrant,
    Team,
    TeamMember,
    VolunteerProfile,
)

SOURCE = "imported list"


@dataclass(frozen=True, kw_only=True)
class ImportedPerson:
    """A person as a list described them. No identity number: only its keyed hash."""

    full_name: str
    name_sort_key: str
    email: str | None
    phone: str | None
    birth_date: date | None
    gender: str
    id_hash: str | None
    id_last_three: str
    password: str
    governorate: str
    skills: dict[int, int] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    team: str = ""
    note: str = ""


class CannotComplete(DomainError):
    """The row cannot be put on this person."""


@transaction.atomic
def add_imported_people(
    *, people: Sequence[ImportedPerson], acting_body: str, by, at: datetime
) -> list:
    """Enter people nobody knew; a fixed number of queries for any number of them.

    What another person holds already (a family's one mobile, for instance) is left out here:
    contacts open accounts, so each has one owner.
    """
    persons = get_user_model()
    rows = [_account(one) for one in _without_taken(people)]
    created = persons.objects.bulk_create(rows, batch_size=500)
    _add_volunteers(list(zip(created, people, strict=True)), acting_body, by=by, at=at)
    return created


@transaction.atomic
def complete_imported_person(
    *, person_key: int, person: ImportedPerson, acting_body: str, by, at: datetime
) -> None:
    """The row is somebody known: add what is missing, change nothing that is there.

    Contacts and identity are added only by the desk, and only while nobody claimed the account:
    otherwise whoever imports could open the account of somebody else. Who claimed it joins
    teams by their own wish alone: its leader would learn their name from a guessed mobile.

    :raises CannotComplete: if that person is gone.
    """
    persons = get_user_model()
    known = persons.objects.select_for_update().filter(pk=person_key, erased_at=None).first()
    if known is None:
        raise CannotComplete(_("This person is not here any more."))
    claimed = is_claimed(known)
    if queries.is_regional(by, acting_body) and not claimed:
        _complete_account(known, person)
    if claimed:
        person = replace(person, team="")
    _add_volunteers([(known, person)], acting_body, by=by, at=at)
    record(subject=known, action="completed_by_import", by=by, at=at)


def _account(one: ImportedPerson):
    channel = Channel.EMAIL if one.email else Channel.SMS if one.phone else Channel.IN_APP
    return get_user_model()(
        full_name=one.full_name, name_sort_key=one.name_sort_key, email=one.email,
        phone=one.phone, birth_date=one.birth_date, gender=one.gender, id_hash=one.id_hash,
        id_last_three=one.id_last_three, password=one.password, channel=channel,
        birth_date_basis=BirthDateBasis.SHEET if one.birth_date else BirthDateBasis.SAID,
    )  # fmt: skip


def _without_taken(people: Sequence[ImportedPerson]) -> list[ImportedPerson]:
    persons = get_user_model().objects
    taken = {
        name: set(
            persons.filter(
                **{f"{name}__in": [getattr(p, name) for p in people if getattr(p, name)]}
            ).values_list(name, flat=True)
        )
        for name in ("email", "phone", "id_hash")
    }
    kept = []
    for one in people:
        values = dict(one.__dict__)
        for name, known in taken.items():
            if values[name] in known:
                values[name] = None
                if name == "id_hash":
                    values["id_last_three"] = ""
            elif values[name]:
                known.add(values[name])
        kept.append(ImportedPerson(**values))
    return kept


def _complete_account(known, person: ImportedPerson) -> None:
    persons = get_user_model().objects
    missing = {}
    for name in ("email", "phone", "id_hash", "birth_date", "gender"):
        value = getattr(person, name)
        if not value or getattr(known, name):
            continue
        unique = name in ("email", "phone", "id_hash")
        if unique and persons.filter(**{name: value}).exists():
            continue
        missing[name] = value
    if "id_hash" in missing:
        missing["id_last_three"] = person.id_last_three
    if "birth_date" in missing:
        missing["birth_date_basis"] = BirthDateBasis.SHEET
    if missing:
        persons.filter(pk=known.pk).update(**missing)


def _add_volunteers(pairs: list, acting_body: str, *, by, at: datetime) -> None:
    """Profiles, skills as declared, languages and teams; what stands already stays."""
    _add_profiles(pairs, at=at)
    _add_skills(pairs, by=by, at=at)
    _add_languages(pairs)
    _add_members(pairs, acting_body, at=at)


def _add_profiles(pairs: list, *, at: datetime) -> None:
    places = {place.code: place for place in Governorate.objects.all()}
    standing = queries.profiles_of([account.pk for account, _one in pairs])
    VolunteerProfile.objects.bulk_create(
        [
            VolunteerProfile(
                person=account, governorate=places[one.governorate], created_at=at,
                import_note=one.note,
            )
            for account, one in pairs
            if one.governorate in places and account.pk not in standing
        ],
        batch_size=500,
    )  # fmt: skip


def _add_skills(pairs: list, *, by, at: datetime) -> None:
    SkillGrant.objects.bulk_create(
        [
            SkillGrant(
                person=account, skill_id=skill, level=level, basis=Basis.DECLARED,
                source=SOURCE, granted_by=by, granted_at=at,
            )
            for account, one in pairs
            for skill, level in one.skills.items()
        ],
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip


def _add_languages(pairs: list) -> None:
    profiles = queries.profiles_of([account.pk for account, _one in pairs])
    LanguageSpoken.objects.bulk_create(
        [
            LanguageSpoken(profile=profiles[account.pk], language=language)
            for account, one in pairs
            if account.pk in profiles
            for language in sorted(one.languages)
        ],
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip


def _add_members(pairs: list, acting_body: str, *, at: datetime) -> None:
    """Adults whose list names a team of the importing body; minors wait for a guardian."""
    body = queries.body_by_reference(acting_body)
    if body is None or not any(one.team for _account, one in pairs):
        return
    today = timezone.localdate(at)
    teams = {
        team.name_sort_key: team
        for team in Team.objects.filter(body=body, status=TeamStatus.ACTIVE)
    }
    TeamMember.objects.bulk_create(
        [
            TeamMember(team=teams[sort_key(one.team)], person=account, joined_on=today)
            for account, one in pairs
            if sort_key(one.team) in teams
            and is_adult_by_any_date(account, on=today)
        ],
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip
