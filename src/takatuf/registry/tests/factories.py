"""Ready rows of the registry for tests of this floor and those above."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from takatuf.registry import queries
from takatuf.registry.enums import Basis, BodyStatus, Role, Sector, SkillLevel, TeamStatus
from takatuf.registry.models import (
    Body,
    Concern,
    Field,
    Governorate,
    Invitation,
    Office,
    Skill,
    SkillGrant,
    Team,
    TeamMember,
    Unit,
    VolunteerProfile,
)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "accounts.Person"

    full_name = factory.Sequence(lambda n: f"Person Number {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    birth_date = date(1995, 5, 5)


class GovernorateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Governorate
        django_get_or_create = ("code",)

    code = "tabuk"
    name_ar = "تبوك"
    name_en = "Tabuk"
    latitude = "28.4150"
    longitude = "36.5340"


class FieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Field
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"field-{n}")
    name_ar = factory.LazyAttribute(lambda o: f"مجال {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Field {o.code}")


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"skill-{n}")
    name_ar = factory.LazyAttribute(lambda o: f"مهارة {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Skill {o.code}")
    field = factory.SubFactory(FieldFactory)


class BodyFactory(factory.django.DjangoModelFactory):
    """An active non-profit; ``BodyFactory(desk=True)`` is the association."""

    class Meta:
        model = Body

    class Params:
        desk = factory.Trait(is_desk=True, code="desk")
        waiting = factory.Trait(status=BodyStatus.REGISTERED, verified_at=None)
        firm = factory.Trait(sector=Sector.PRIVATE, serves_profit=True)

    code = factory.Sequence(lambda n: f"body-{n}")
    name_ar = factory.Sequence(lambda n: f"جمعية {n}")
    name_en = factory.Sequence(lambda n: f"Society {n}")
    name_sort_key = factory.LazyAttribute(lambda o: o.name_ar)
    sector = Sector.NON_PROFIT
    governorate = factory.SubFactory(GovernorateFactory)
    licence_number = factory.Sequence(lambda n: f"L-{n}")
    status = BodyStatus.ACTIVE
    verified_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    body = factory.SubFactory(BodyFactory)
    name = factory.Sequence(lambda n: f"وحدة {n}")


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    code = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"فريق {n}")
    name_sort_key = factory.LazyAttribute(lambda o: o.name)
    body = factory.SubFactory(BodyFactory)
    governorate = factory.SubFactory(GovernorateFactory)
    status = TeamStatus.ACTIVE
    created_at = factory.LazyFunction(timezone.now)


class OfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Office

    person = factory.SubFactory(PersonFactory)
    role = Role.UNIT_MANAGER
    body = factory.SubFactory(BodyFactory)
    starts_on = date(2024, 1, 1)


class TeamMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)
    joined_on = date(2024, 1, 1)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    body = factory.SubFactory(BodyFactory)
    role = Role.UNIT_MANAGER
    contact = factory.Sequence(lambda n: f"invited{n}@example.com")
    invited_by = factory.SubFactory(PersonFactory)
    invited_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class VolunteerFactory(factory.django.DjangoModelFactory):
    """A profile with its person."""

    class Meta:
        model = VolunteerProfile

    person = factory.SubFactory(PersonFactory)
    governorate = factory.SubFactory(GovernorateFactory)
    created_at = factory.LazyFunction(timezone.now)


class SkillGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SkillGrant

    person = factory.SubFactory(PersonFactory)
    skill = factory.SubFactory(SkillFactory)
    level = SkillLevel.MEDIUM
    basis = Basis.DECLARED
    granted_at = factory.LazyFunction(timezone.now)


class ConcernFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Concern

    number = factory.Sequence(lambda n: f"C-2026-{n}")
    kind = Concern.Kind.CONDUCT
    text = "Something happened."
    reported_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))


def now():
    return timezone.now()


def desk_member():
    """Somebody at the regional desk, which is made where there is none."""
    desk = queries.desk_body() or BodyFactory(desk=True)
    return OfficeFactory(role=Role.DESK, body=desk).person
