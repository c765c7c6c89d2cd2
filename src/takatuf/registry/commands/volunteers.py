"""Volunteers' regional profiles: made at the welcome, filled in over time by their owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from takatuf.accounts import commands as accounts
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.transitions import record
from takatuf.registry.commands.skills import grant_skill, revoke_grant
from takatuf.registry.enums import Basis, GrantStatus
from takatuf.registry.models import (
    Availability,
    Field,
    Governorate,
    Interest,
    LanguageSpoken,
    Skill,
    SkillGrant,
    VolunteerProfile,
)

INTERESTS_ASKED = 3
ONE_KILOMETRE = Decimal("0.01")  # of a degree: as near as a home point is ever kept
REGION_BOX = ((Decimal(16), Decimal(33)), (Decimal(34), Decimal(56)))  # the Kingdom, roundly


class CannotSave(DomainError):
    """The profile cannot be kept like this."""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What a volunteer says of place and time."""

    governorate: Governorate
    reach_km: int
    weekly_minutes: int
    suggestions_a_week: int
    about: str = ""
    home: tuple[Decimal, Decimal] | None = None  # latitude, longitude; rounded when kept


@transaction.atomic
def complete_welcome(
    *, person, governorate: Governorate, interests: Iterable[Field], charter, by, at: datetime
) -> VolunteerProfile:
    """The last step of joining: where, what for, and the charter accepted.

    :param charter: the version read; None while none is in force.
    :raises CannotSave: with fewer than three interests.
    :raises takatuf.accounts.commands.CharterChanged: if a newer version came meanwhile.
    """
    _require_owner(person, by)
    chosen = list(interests)
    if len(chosen) < INTERESTS_ASKED:
        raise CannotSave(_("Choose at least three interests."), field="interests")
    if charter is not None:
        accounts.accept_charter(person=person, charter=charter, by=by, at=at)
    profile, is_new = VolunteerProfile.objects.get_or_create(
        person=person,
        defaults={"governorate": governorate, "created_at": at, "is_demo": person.is_demo},
    )
    if not is_new:
        profile.governorate = governorate
        profile.save(update_fields=["governorate"])
    _keep(Interest, profile, "field", chosen)
    record(subject=profile, action="welcomed" if is_new else "edited", by=by, at=at)
    return profile


@transaction.atomic
def save_preferences(
    *, profile: VolunteerProfile, preferences: Preferences, by, at: datetime
) -> None:
    """Place, reach, hours a week and words about oneself; the home point is rounded to 1 km.

    :raises CannotSave: if the point is nowhere near.
    """
    _require_owner(profile.person, by)
    home = _rounded(preferences.home)
    VolunteerProfile.objects.filter(pk=profile.pk).update(
        governorate=preferences.governorate,
        reach_km=preferences.reach_km,
        weekly_minutes=preferences.weekly_minutes,
        suggestions_a_week=preferences.suggestions_a_week,
        about=preferences.about,
        home_latitude=home[0] if home else None,
        home_longitude=home[1] if home else None,
    )
    profile.refresh_from_db()
    record(subject=profile, action="edited", by=by, at=at)


@transaction.atomic
def save_profile(
    *, profile: VolunteerProfile, preferences: Preferences, interests: Iterable[Field], by,
    at: datetime,
) -> None:  # fmt: skip
    """The whole page of the profile at once.

    :raises CannotSave: as ``save_preferences``.
    """
    save_preferences(profile=profile, preferences=preferences, by=by, at=at)
    save_interests(profile=profile, interests=interests, by=by, at=at)


@transaction.atomic
def save_interests(
    *, profile: VolunteerProfile, interests: Iterable[Field], by, at: datetime
) -> None:
    _require_owner(profile.person, by)
    _keep(Interest, profile, "field", list(interests))
    record(subject=profile, action="interests", by=by, at=at)


@transaction.atomic
def save_availability(
    *, profile: VolunteerProfile, grid: Iterable[tuple[int, str]], by, at: datetime
) -> None:
    """The parts of the week on which the volunteer is usually free; empty says nothing."""
    _require_owner(profile.person, by)
    wanted = set(grid)
    rows = Availability.objects.filter(profile=profile)
    standing = {(row.weekday, row.part): row.pk for row in rows}
    gone = [pk for cell, pk in standing.items() if cell not in wanted]
    Availability.objects.filter(pk__in=gone).delete()
    Availability.objects.bulk_create(
        Availability(profile=profile, weekday=weekday, part=part)
        for weekday, part in sorted(wanted - standing.keys())
    )
    record(subject=profile, action="availability", by=by, at=at)


@transaction.atomic
def declare_skills(
    *, profile: VolunteerProfile, levels: Mapping[Skill, int], languages: Iterable[str], by,
    at: datetime,
) -> None:  # fmt: skip
    """What the volunteer says they can do, and the languages they speak.

    Declarations left out are taken back; what others confirmed is not touched.
    """
    _require_owner(profile.person, by)
    declared = SkillGrant.objects.filter(
        person=profile.person, basis=Basis.DECLARED, status=GrantStatus.ACTIVE
    )
    wanted = {skill.pk for skill in levels}
    for grant in declared.exclude(skill_id__in=wanted):
        revoke_grant(grant=grant, reason="", by=by, at=at)
    for skill, level in levels.items():
        grant_skill(
            person=profile.person, skill=skill, level=level, basis=Basis.DECLARED, by=by, at=at
        )
    _keep(LanguageSpoken, profile, "language", list(languages))


@transaction.atomic
def save_proposals(*, profile: VolunteerProfile, agreed: bool, by, at: datetime) -> None:
    """Whether matching rounds may propose the volunteer for places they did not ask for.

    Saying the same twice is saying it once.

    :raises CannotSave: if a volunteer under 18 agrees: they ask for each place themselves.
    """
    _require_owner(profile.person, by)
    if agreed == (profile.proposals_agreed_at is not None):
        return
    if agreed and profile.person.is_minor(on=timezone.localdate(at)):
        raise CannotSave(
            _("Under 18, each place is asked for by yourself, with its covenant signed.")
        )
    profile.proposals_agreed_at = at if agreed else None
    profile.save(update_fields=["proposals_agreed_at"])
    action = "agreed to be proposed" if agreed else "not proposed any more"
    record(subject=profile, action=action, by=by, at=at)


@transaction.atomic
def clear_import_note(*, profile: VolunteerProfile, by, at: datetime) -> None:
    """The volunteer has sorted out what an imported sheet said; the words go."""
    _require_owner(profile.person, by)
    VolunteerProfile.objects.filter(pk=profile.pk).update(import_note="")
    profile.import_note = ""
    record(subject=profile, action="import_note_cleared", by=by, at=at)


def _keep(model, profile: VolunteerProfile, column: str, wanted: list) -> None:
    """Make the profile's rows of a small table exactly these."""
    rows = model.objects.filter(profile=profile)
    standing = {getattr(row, column): row.pk for row in rows}
    gone = [pk for value, pk in standing.items() if value not in wanted]
    model.objects.filter(pk__in=gone).delete()
    new = dict.fromkeys(value for value in wanted if value not in standing)
    model.objects.bulk_create(model(profile=profile, **{column: value}) for value in new)


def _rounded(home: tuple[Decimal, Decimal] | None) -> tuple[Decimal, Decimal] | None:
    if home is None:
        return None
    for value, (least, most) in zip(home, REGION_BOX, strict=True):
        if not least <= value <= most:
            raise CannotSave(
                _("This point is not in the Kingdom. Latitude first, then longitude."),
                field="home",
            )
    rounded = [value.quantize(ONE_KILOMETRE, rounding=ROUND_HALF_EVEN) for value in home]
    return rounded[0], rounded[1]


def _require_owner(person, by) -> None:
    if by is None or by.pk != person.pk:
        raise NotAllowed(_("Only the volunteer themself can change this."))
