"""Ready rows of placement, and a shortcut to an opportunity somebody can join."""

import uuid
from datetime import datetime, timedelta

import factory
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts.models import CharterAcceptance, GuardianConsent, VolunteerCharter
from takatuf.opportunities.enums import OpportunityStatus, Way
from takatuf.opportunities.models import Opportunity, OpportunityRole, Shift, ShiftRole
from takatuf.placement import commands
from takatuf.placement.enums import ApplicationStatus
from takatuf.placement.models import Application
from takatuf.registry.enums import Role
from takatuf.registry.models import Body, Interest
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
    VolunteerFactory,
)


def charter() -> VolunteerCharter:
    row, _created = VolunteerCharter.objects.get_or_create(
        version="test",
        defaults={
            "text_ar": "ميثاق",
            "text_en": "Charter",
            "in_force_from": timezone.now() - timedelta(days=400),
        },
    )
    return row


def volunteer(**person_fields):
    """A grown-up with a profile who accepted the charter: fits any general place."""
    person = PersonFactory(**person_fields)
    VolunteerFactory(person=person, weekly_minutes=2400)
    CharterAcceptance.objects.create(
        person=person, charter=charter(), accepted_at=timezone.now()
    )
    return person


def manager_of(body):
    return OfficeFactory(body=body, role=Role.UNIT_MANAGER).person


class OpportunityFactory(factory.django.DjangoModelFactory):
    """Published, open to everyone, in three days."""

    class Meta:
        model = Opportunity

    code = factory.Sequence(lambda n: f"P-{n:05d}")
    body = factory.SubFactory(BodyFactory)
    title = factory.Sequence(lambda n: f"غرس شتلات الحي {n}")
    field = factory.SubFactory(FieldFactory)
    governorate = factory.SubFactory(GovernorateFactory)
    way = Way.OPEN
    place = "حديقة الحي"
    tasks = ["غرس", "سقي", "تنظيف"]
    gains = "العمل ضمن فريق"
    unpaid = True
    status = OpportunityStatus.PUBLISHED
    created_by = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)
    submitted_at = factory.LazyFunction(timezone.now)
    submitted_by = factory.SelfAttribute("created_by")
    published_at = factory.LazyFunction(timezone.now)
    reconfirm_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class ShiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shift

    opportunity = factory.SubFactory(OpportunityFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=3))


def in_the_morning() -> datetime:
    """Three days on at ten: where parts of the day count, for the night has none."""
    day = timezone.localtime() + timedelta(days=3)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def shift_role(*, seats=2, minimum=1, shift=None, role=None, **opportunity_fields) -> ShiftRole:
    """One role of one shift with so many seats."""
    shift = shift or ShiftFactory(opportunity=OpportunityFactory(**opportunity_fields))
    role = role or OpportunityRole.objects.create(
        opportunity=shift.opportunity, title=f"مساعد {shift.pk}"
    )
    Opportunity.objects.filter(pk=shift.opportunity_id).update(
        seats_total=F("seats_total") + seats
    )
    return ShiftRole.objects.create(shift=shift, role=role, seats=seats, minimum=minimum)


def application(*, person=None, role=None, status=ApplicationStatus.CONFIRMED, **fields):
    """A place in any state, the seat taken with it where the state holds one."""
    role = role or shift_role()
    at = timezone.now()
    holds = status in ("offered", "confirmed", "attended", "no_show", "excused")
    if holds:
        ShiftRole.objects.filter(pk=role.pk).update(taken=role.taken + 1)
        role.taken += 1
        Opportunity.objects.filter(pk=role.shift.opportunity_id).update(
            seats_taken=F("seats_taken") + 1
        )
    return Application.objects.create(
        opportunity=role.shift.opportunity,
        shift=role.shift,
        shift_role=role,
        person=person or volunteer(),
        batch=uuid.uuid4(),
        status=status,
        applied_at=at,
        confirmed_at=at if status in ("confirmed", "attended", "no_show", "excused") else None,
        offer_expires_at=at + timedelta(hours=48) if status == "offered" else None,
        ended_at=at if status in ("declined", "withdrawn", "expired") else None,
        reason="سبب" if status == "declined" else "",
        **fields,
    )


def status_of(row):
    return Application.objects.get(pk=row.pk).status


def minor(*, consent=True, years=16, **person_fields):
    """Somebody under 18, with or without a guardian who agreed."""
    born = timezone.localdate() - timedelta(days=years * 365 + 10)
    person = volunteer(full_name="سارة محمد العطوي", birth_date=born, **person_fields)
    if consent:
        GuardianConsent.objects.create(
            minor=person, guardian_name="ولي أمر", guardian_contact="guardian@example.com",
            relation="father", status="given", text_version="1", asked_at=timezone.now(),
            answered_at=timezone.now(), expires_on=timezone.localdate() + timedelta(days=300),
        )  # fmt: skip
    return person


def desk_person():
    """Somebody who acts for the regional desk."""
    body = Body.objects.filter(is_desk=True).first() or BodyFactory(is_desk=True)
    return OfficeFactory(body=body, role=Role.DESK).person


def days_ahead(count: int = 14) -> dict:
    """The days of a round from today on, as ``Scope`` takes them."""
    today = timezone.localdate()
    return {"first_day": today, "last_day": today + timedelta(days=count - 1)}


def team_leader_of(body):
    team = TeamFactory(body=body)
    return OfficeFactory(body=body, team=team, role=Role.TEAM_LEADER).person


def asked(role, **person):
    """An application that waits for the body's answer."""
    return application(person=volunteer(**person), role=role, status="applied")


def at_opportunity(name, role, *more) -> str:
    """The address of a page of the role's opportunity."""
    return reverse(f"placement:{name}", args=[role.shift.opportunity.code, *more])


def who_cares(role, **person):
    """Somebody who cares for the field of the role's opportunity."""
    someone = volunteer(**person)
    Interest.objects.create(profile=someone.volunteer, field=role.shift.opportunity.field)
    return someone


def apply(person, *roles, **fields):
    """As the person does it: all of the roles or none."""
    return commands.apply(
        person=person, shift_role_ids=[r.pk for r in roles], by=person, at=timezone.now(),
        **fields,
    )  # fmt: skip


def taken(role) -> int:
    """Seats of the role that are taken now."""
    role.refresh_from_db()
    return role.taken


def states(*rows):
    return [status_of(row) for row in rows]
