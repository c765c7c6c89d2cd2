"""Reading placement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus, Way
from takatuf.placement.eligibility import Applicant, Engagement, Grant, Place
from takatuf.placement.enums import HOLDING, LIVE, ApplicationStatus
from takatuf.placement.models import Application, Covenant
from takatuf.registry import policies as registry_policies
from takatuf.registry import queries as registry

WITH_EVERYTHING = (
    "opportunity__body", "opportunity__governorate", "shift", "person",
    "shift_role__role__skill", "shift_role__shift__opportunity",
)  # fmt: skip


def lock_person(person_id: int) -> None:
    """Let one change of a person's places happen at a time, so that clashes are seen."""
    get_user_model().objects.select_for_update().only("pk").get(pk=person_id)


def week_of(moment: datetime) -> tuple[datetime, datetime]:
    """``[start, end)`` of the volunteer week around a moment: Sunday 00:00 local time."""
    local = timezone.localtime(moment)
    start = (local - timedelta(days=(local.weekday() + 1) % 7)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return start, start + timedelta(days=7)


# ---------------------------------------------------------------- what the rules ask


def place_of(shift_role) -> Place:
    """A shift role (with shift, role__skill and opportunity at hand) as the rules see it."""
    shift, role = shift_role.shift, shift_role.role
    opportunity = shift.opportunity
    return Place(
        shift_id=shift.pk,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        title=opportunity.title,
        takes_people=(
            opportunity.status in PUBLIC
            and not opportunity.intake_paused
            and shift.status == ShiftStatus.PLANNED
        ),
        by_invitation=opportunity.way == Way.INVITATION,
        min_age=opportunity.min_age,
        max_age=opportunity.max_age,
        gender_rule=opportunity.gender_rule,
        gender_reason=opportunity.gender_reason,
        languages=frozenset(opportunity.languages),
        skill_id=role.skill_id,
        skill_name=role.skill.name if role.skill else "",
        level=role.level,
        least_basis=role.least_basis,
    )


def applicants(
    people: Sequence,
    opportunity,
    *,
    at: datetime,
    around: datetime,
    apart_from: int | None = None,
) -> dict[int, Applicant]:
    """What the rules need about each person, in a constant number of queries.

    :param around: a moment of the shift in question: its week counts the hours.
    :param apart_from: an application left out of the engagements (the one being judged).
    """
    ids = [person.pk for person in people]
    profiles = registry.profiles_of(ids)
    grants = registry.best_grants(ids)
    languages = registry.languages_of(ids)
    consents = accounts.people_with_live_consent(ids, on=timezone.localdate(at))
    accepted = accounts.people_who_accepted_charter(ids, at=at)
    signed = set(
        Covenant.objects.filter(person_id__in=ids, opportunity=opportunity).values_list(
            "person_id", flat=True
        )
    )
    engaged = _engagements(ids, at=at, apart_from=apart_from)
    week_start, week_end = week_of(around)
    return {
        person.pk: _applicant(
            person,
            on=timezone.localdate(around),
            profile=profiles.get(person.pk),
            grants=grants.get(person.pk, {}),
            spoken=frozenset(languages.get(person.pk, ())),
            consent=person.pk in consents,
            accepted=person.pk in accepted,
            signed=person.pk in signed,
            engagements=[e for e, _status in engaged[person.pk]],
            minutes=sum(
                int((e.ends_at - e.starts_at).total_seconds() // 60)
                for e, status in engaged[person.pk]
                if status in HOLDING and week_start <= e.starts_at < week_end
            ),
        )
        for person in people
    }


def _applicant(
    person, *, on, profile, grants, spoken, consent, accepted, signed, engagements, minutes
) -> Applicant:  # noqa: PLR0913
    return Applicant(
        age=person.age(on=on),
        gender=person.gender,
        has_profile=profile is not None,
        charter_accepted=accepted,
        consent_given=consent,
        covenant_signed=signed,
        languages=spoken,
        grants=tuple(
            Grant(skill_id=skill, level=level, basis=basis, valid_until=until)
            for skill, held in grants.items()
            for level, basis, until in held
        ),
        engagements=tuple(engagements),
        weekly_minutes=profile.weekly_minutes if profile else 0,
        minutes_in_week=minutes,
        invited=False,
    )


def _engagements(ids: Iterable[int], *, at: datetime, apart_from: int | None):
    """Places held or asked for, of the running week onwards."""
    start, _end = week_of(at)
    rows = (
        Application.objects.filter(
            person_id__in=ids,
            status__in=[ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED, "attended"],
            shift__ends_at__gt=start,
        )
        .exclude(pk=apart_from)
        .values_list(
            "person_id", "status", "shift_id", "shift__starts_at", "shift__ends_at",
            "opportunity__title",
        )
    )  # fmt: skip
    engaged: dict[int, list[tuple[Engagement, str]]] = defaultdict(list)
    for person_id, status, shift_id, starts_at, ends_at, title in rows:
        engagement = Engagement(
            shift_id=shift_id, starts_at=starts_at, ends_at=ends_at, title=title
        )
        engaged[person_id].append((engagement, status))
    return engaged


def standing_application(person_id: int, shift_id: int) -> Application | None:
    """The person's one application that still stands for a shift, whatever became of it."""
    return (
        Application.objects.filter(
            person_id=person_id, shift_id=shift_id, status__in={*LIVE, *HOLDING}
        )
        .select_related(*WITH_EVERYTHING)
        .first()
    )


def lock_application(pk: int) -> Application:
    """Hold the application's row until the transaction ends.

    :raises Application.DoesNotExist: if there is none.
    """
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related(*WITH_EVERYTHING)
        .get(pk=pk)
    )


# ---------------------------------------------------------------- lists


def application_visible_to(person, pk: int) -> Application:
    """The person's own application, or one to a body they manage.

    :raises Application.DoesNotExist: missing and not theirs look alike.
    """
    application = Application.objects.select_related(*WITH_EVERYTHING).get(pk=pk)
    own = application.person_id == person.pk
    if own or registry_policies.may_manage_body(person, application.opportunity.body):
        return application
    raise Application.DoesNotExist


def application_for_link(pk: int) -> Application:
    """For the holder of a signed link, which is its own permission.

    :raises Application.DoesNotExist: if it is gone.
    """
    return Application.objects.select_related(*WITH_EVERYTHING).get(pk=pk)


def places_of(person, *, at: datetime) -> QuerySet[Application]:
    """What is to come for a person: places, offers, waiting, unanswered; soonest first."""
    return (
        Application.objects.filter(person=person, status__in=LIVE, shift__ends_at__gt=at)
        .select_related("opportunity__body", "opportunity__governorate", "shift", "shift_role__role")
        .order_by("shift__starts_at", "pk")
    )  # fmt: skip


def own_applications(person, opportunity) -> dict[int, Application]:
    """The person's current application to each shift of an opportunity, by shift id."""
    rows = (
        Application.objects.filter(person=person, opportunity=opportunity)
        .select_related("shift", "shift_role__role")
        .order_by("pk")
    )
    return {row.shift_id: row for row in rows}


def waiting_for_answer(bodies: Iterable[int]) -> QuerySet[Application]:
    """Applications the bodies owe an answer, the oldest first."""
    return (
        Application.objects.filter(
            opportunity__body_id__in=list(bodies), status=ApplicationStatus.APPLIED
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("applied_at", "pk")
    )


def waiting_by_opportunity(bodies: Iterable[int]) -> list[dict]:
    """How many wait for an answer at each opportunity of the bodies, the most pressing first."""
    return list(
        Application.objects.filter(
            opportunity__body_id__in=list(bodies), status=ApplicationStatus.APPLIED
        )
        .values("opportunity_id", "opportunity__code", "opportunity__title")
        .annotate(waiting=Count("pk"), due=Min("answer_due_at"))
        .order_by("due", "opportunity_id")
    )


def misplaced() -> QuerySet[Application]:
    """Invariant: rows whose shift or role belongs to another opportunity or shift."""
    return Application.objects.exclude(
        shift__opportunity_id=F("opportunity_id"), shift_role__shift_id=F("shift_id")
    )


def applicants_of(opportunity) -> QuerySet[Application]:
    """Everyone who applied to an opportunity, by shift, role and order of coming."""
    return (
        Application.objects.filter(opportunity=opportunity)
        .select_related("person", "shift", "shift_role__role__skill", "answered_by")
        .order_by("shift__starts_at", "shift_role_id", "pk")
    )


def roster(shift) -> QuerySet[Application]:
    """Who has, or had, a place on a shift: for the day sheet."""
    return (
        Application.objects.filter(shift=shift, status__in=["confirmed", "attended", "no_show", "excused"])
        .select_related("person", "shift_role__role")
        .order_by("shift_role_id", "person__name_sort_key", "pk")
    )  # fmt: skip


def waiting_list(shift_role_id: int) -> QuerySet[Application]:
    """Everyone waiting for a seat, the first in line first."""
    return (
        Application.objects.filter(
            shift_role_id=shift_role_id, status=ApplicationStatus.WAITING
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def position_in_line(application: Application) -> int:
    """1 for the first on the waiting list."""
    ahead = Application.objects.filter(
        shift_role_id=application.shift_role_id,
        status=ApplicationStatus.WAITING,
        pk__lt=application.pk,
    )
    return ahead.count() + 1


def expired_offers(at: datetime) -> QuerySet[Application]:
    return Application.objects.filter(
        status=ApplicationStatus.OFFERED, offer_expires_at__lte=at
    ).order_by("offer_expires_at", "pk")


def to_remind(at: datetime, *, before: timedelta) -> QuerySet[Application]:
    """Confirmed places whose shift starts within ``before`` and who were not asked again."""
    return (
        Application.objects.filter(
            status=ApplicationStatus.CONFIRMED,
            reminded_at=None,
            shift__starts_at__gt=at,
            shift__starts_at__lte=at + before,
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def live_on_shift(shift_id: int) -> QuerySet[Application]:
    return (
        Application.objects.filter(shift_id=shift_id, status__in=LIVE)
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def future_of(person_id: int, *, at: datetime) -> QuerySet[Application]:
    return (
        Application.objects.filter(
            person_id=person_id, status__in=LIVE, shift__starts_at__gt=at
        )
        .select_related(*WITH_EVERYTHING)
        .order_by("pk")
    )


def has_applied_to(person_id: int, body_id: int) -> bool:
    """Whether the body has met this person: a condition of seeing their volunteer card."""
    return Application.objects.filter(
        person_id=person_id, opportunity__body_id=body_id
    ).exists()


def short_of_people(bodies: Iterable[int], *, at: datetime, until: datetime):
    """Shift roles of the bodies that start soon with fewer people than their minimum."""
    return (
        opportunities.shift_roles()
        .filter(
            shift__opportunity__body_id__in=list(bodies),
            shift__status=ShiftStatus.PLANNED,
            shift__starts_at__gt=at,
            shift__starts_at__lte=until,
            shift__opportunity__status__in=PUBLIC,
        )
        .annotate(
            confirmed=Count(
                "applications", filter=Q(applications__status=ApplicationStatus.CONFIRMED)
            )
        )
        .filter(confirmed__lt=F("minimum"))
        .select_related("shift__opportunity", "role")
        .order_by("shift__starts_at", "pk")
    )
