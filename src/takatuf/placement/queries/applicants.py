"""Who asked for a place, for the unit that answers; and whom it might ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from takatuf.kernel.text.arabic import sort_key
from takatuf.opportunities import queries as opportunities
from takatuf.placement.eligibility import Answer, Verdict
from takatuf.placement.enums import (
    HOLDING,
    STANDING,
    UNANSWERED,
    AgeBand,
    ApplicationStatus,
    Origin,
    age_band,
)
from takatuf.placement.models import Application
from takatuf.placement.queries.facts import Known, known_about
from takatuf.registry import queries as registry
from takatuf.registry.enums import Basis, SkillLevel

SHOWN_IN_LINE = 200  # rows of one role; the rest is counted
CANDIDATES = 300  # judged for one place
SUGGESTED = 20  # shown
FOUND_BY_NAME = 10
# Who asked or came of their own wish is known to the body by name; an invitation alone, or
# its move to another time, opens nobody's.
CHOSE_TO_COME = Q(origin=Origin.APPLIED) | Q(confirmed_at__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What a body learns of a person: as much as the choice needs, and no more."""

    verdict: Verdict
    band: AgeBand
    level: str  # of the skill asked for, in words; "" where none is asked or none is held
    basis: str
    recent_minutes: int

    @property
    def fits(self) -> bool:
        return self.verdict.eligible

    @property
    def unmet(self) -> list[Answer]:
        """What the person does not meet. That the shift began is no news of the person."""
        return [each for each in self.verdict.answers if each.stops and each.rule != "open"]


@dataclass(frozen=True, kw_only=True)
class Row:
    application: Application
    name: str  # the first alone of who has only been invited
    fit: Fit
    position: int  # in line; 0 for who does not wait
    known: bool  # by name, as somebody who asked or came of their own wish

    @property
    def contact_shown(self) -> bool:
        """A phone number is for who is coming, not for who asks."""
        return self.application.status == ApplicationStatus.CONFIRMED


@dataclass(frozen=True, kw_only=True)
class Role:
    """One role of the shift with its people: who asks, who is coming, who waits."""

    shift_role: Any
    asking: list[Row]
    coming: list[Row]
    waiting: list[Row]
    more: int  # rows beyond those shown

    @property
    def is_full(self) -> bool:
        return self.shift_role.seats_left <= 0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A shift of the opportunity, with how many ask and are coming."""

    shift: Any
    places: list  # its roles with their seats
    asking: int
    waiting: int
    coming: int
    seats: int
    due: datetime | None  # when the first answer is owed


def choices(opportunity, *, at: datetime) -> list[Choice]:
    """The shifts not yet over with their counts, soonest first: two queries."""
    status = "applications__status"
    counted = (
        opportunities.shift_roles()
        .filter(shift__opportunity=opportunity)
        .values("shift_id")
        .annotate(
            asking=Count("pk", filter=Q(**{status: ApplicationStatus.APPLIED})),
            line=Count("pk", filter=Q(**{status: ApplicationStatus.WAITING})),
            coming=Count("pk", filter=Q(**{f"{status}__in": HOLDING})),
            due=Min(
                "applications__answer_due_at", filter=Q(**{status: ApplicationStatus.APPLIED})
            ),
        )
        .order_by()
    )
    found: dict[int, Any] = {row["shift_id"]: row for row in counted}
    lines = opportunities.shift_lines(opportunity, at)
    nothing: dict[str, Any] = {"asking": 0, "line": 0, "coming": 0, "due": None}
    return [
        Choice(
            shift=line.shift, places=line.places, seats=line.seats, asking=row["asking"],
            waiting=row["line"],
            coming=row["coming"], due=row["due"],
        )
        for line in lines
        for row in [found.get(line.shift.pk, nothing)]
    ]  # fmt: skip


def applicants_of(opportunity, choice: Choice, *, at: datetime) -> list[Role]:
    """The shift's roles with everybody who asked, in order of coming (of a round's plan, where
    there is one); with how each fits.
    """
    rows = list(
        Application.objects.filter(shift=choice.shift, status__in=STANDING)
        .select_related("person", "shift_role", "opportunity", "shift")
        .order_by("-line_points", "pk")
    )
    unasked = [row for row in rows if row.origin != Origin.APPLIED and row.confirmed_at is None]
    met = _met([row.person for row in unasked], opportunity) if unasked else set()
    strangers = {row.pk for row in unasked if row.person_id not in met}
    shown, more = {}, {}
    for place in choice.places:
        own = [row for row in rows if row.shift_role_id == place.pk]
        shown[place.pk] = own[:SHOWN_IN_LINE]
        more[place.pk] = len(own) - len(shown[place.pk])
    people = {row.person_id: row.person for own in shown.values() for row in own}
    known = known_about(list(people.values()), opportunity, at=at)
    return [
        _role(place, shown[place.pk], more[place.pk], known, strangers, at=at)
        for place in choice.places
    ]


def _role(
    place,
    rows: list[Application],
    more: int,
    known: dict[int, Known],
    strangers: set[int],
    *,
    at: datetime,
) -> Role:
    asking: list[Row] = []
    coming: list[Row] = []
    waiting: list[Row] = []
    for row in rows:
        fit = fit_of(known[row.person_id], place, at=at, apart_from=row.pk)
        full = row.person.full_name
        known_here = row.pk not in strangers
        name = full if known_here else full.partition(" ")[0]
        if row.status == ApplicationStatus.WAITING:
            position = len(waiting) + 1
            waiting.append(
                Row(application=row, name=name, fit=fit, position=position, known=known_here)
            )
        else:
            kind = asking if row.status in UNANSWERED else coming
            kind.append(Row(application=row, name=name, fit=fit, position=0, known=known_here))
    return Role(shift_role=place, asking=asking, coming=coming, waiting=waiting, more=more)


def fit_of(known: Known, place, *, at: datetime, apart_from: int | None = None) -> Fit:
    """How one person fits one role of a shift, judged as somebody the body chooses."""
    held = known.passport.grants.get(place.role.skill_id, [])
    level, basis = held[0][:2] if held else (None, None)
    return Fit(
        verdict=known.verdict(place, at=at, apart_from=apart_from, invited=True),
        band=age_band(known.person.age(on=timezone.localdate(place.shift.starts_at))),
        level=str(SkillLevel(level).label) if level else "",
        basis=str(Basis(basis).label) if basis else "",
        recent_minutes=known.passport.recent_minutes,
    )


# ---------------------------------------------------------------- whom to ask
@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Somebody who fits and is free. Who never asked this body stays a first name to it."""

    person: Any
    name: str
    fit: Fit
    away: float | None  # km, roughly: homes are kept to the kilometre
    met_before: bool


def place_to_fill(opportunity, shift_role_id: int, *, at: datetime):
    """A role of a shift to come of this opportunity; None if there is no such."""
    rows = opportunities.shift_roles_of(opportunity, at)
    return rows.filter(pk=shift_role_id).first()


def suggestions(opportunity, place, *, at: datetime) -> list[Suggestion]:
    """Volunteers of the governorate who fit the place and are free then, nearest first."""
    if opportunity.governorate_id is None:
        return []
    profiles = registry.volunteers_to_ask(**_like(opportunity, place), limit=CANDIDATES)
    return _suggested(profiles, opportunity, place, at=at)[:SUGGESTED]


def people_met(opportunity, place, words: str, *, at: datetime) -> list[Suggestion]:
    """People of this name who asked this body for a place before, fitting or not."""
    key = sort_key(words)
    if len(key) < 2:  # noqa: PLR2004 - one letter finds everybody
        return []
    before = Application.objects.filter(
        CHOSE_TO_COME, person=OuterRef("pk"), opportunity__body=opportunity.body_id
    )
    people = get_user_model().objects.filter(
        Exists(before), name_sort_key__contains=key, is_active=True, erased_at__isnull=True
    )
    found = list(people.order_by("name_sort_key", "pk")[:FOUND_BY_NAME])
    known = known_about(found, opportunity, at=at)
    taken = _spoken_for(found, place)
    return [
        Suggestion(
            person=person, name=person.full_name, fit=fit_of(known[person.pk], place, at=at),
            away=None, met_before=True,
        )
        for person in found
        if person.pk not in taken
    ]  # fmt: skip


def person_to_invite(opportunity, place, ref: UUID):
    """Somebody the body may invite: met before, or among whom the region suggests.

    None alike for a stranger and for nobody.
    """
    person = get_user_model().objects.filter(ref=ref, is_active=True).first()
    if person is None:
        return None
    if _met([person], opportunity):
        return person
    if opportunity.governorate_id is None:
        return None
    like = _like(opportunity, place)
    return person if registry.volunteers_to_ask(**like, limit=1, person_id=person.pk) else None


def _like(opportunity, place) -> dict:
    at_home = opportunity if opportunity.latitude is not None else opportunity.governorate
    return {
        "governorate_id": opportunity.governorate_id,
        "field_id": opportunity.field_id,
        "skills": place.role.skill_ids,
        "near": (at_home.latitude, at_home.longitude),
    }


def _suggested(profiles: Sequence, opportunity, place, *, at: datetime) -> list[Suggestion]:
    people = [profile.person for profile in profiles]
    known = known_about(people, opportunity, at=at)
    taken = _spoken_for(people, place)
    met = _met(people, opportunity)
    found = []
    for profile in profiles:
        person = profile.person
        fit = fit_of(known[person.pk], place, at=at)
        if person.pk in taken or not fit.fits or fit.verdict.remarks:
            continue
        before = person.pk in met
        name = person.full_name if before else person.full_name.partition(" ")[0]
        found.append(
            Suggestion(person=person, name=name, fit=fit, away=profile.away, met_before=before)
        )
    return found


def _spoken_for(people: Sequence, place) -> set[int]:
    """Who has an application to the shift, or ended one: nobody is asked twice."""
    rows = Application.objects.filter(person__in=people, shift=place.shift_id)
    return set(rows.values_list("person_id", flat=True))


def _met(people: Sequence, opportunity) -> set[int]:
    rows = Application.objects.filter(
        CHOSE_TO_COME, person__in=people, opportunity__body=opportunity.body_id
    )
    return set(rows.values_list("person_id", flat=True))
