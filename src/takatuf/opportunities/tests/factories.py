"""Ready opportunities for tests of this floor and those above."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from takatuf.kernel.transitions import history
from takatuf.opportunities import commands
from takatuf.opportunities.enums import OpportunityStatus, Support
from takatuf.opportunities.models import (
    Opportunity,
    OpportunityRole,
    Shift,
    ShiftRole,
)
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    PersonFactory,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


class OpportunityFactory(factory.django.DjangoModelFactory):
    """A draft with everything the gate asks but shifts; ``published=True`` for a public one."""

    class Meta:
        model = Opportunity

    class Params:
        published = factory.Trait(
            status=OpportunityStatus.PUBLISHED,
            submitted_at=NOW - timedelta(days=1),
            submitted_by=factory.SelfAttribute("created_by"),
            published_at=NOW - timedelta(days=1),
            reconfirm_by=(NOW + timedelta(days=29)).date(),
        )

    code = factory.Sequence(lambda n: f"OPP{n:05}")
    body = factory.SubFactory(
        BodyFactory,
        about="جمعية أهلية تخدم سكان المنطقة وتنظم العمل التطوعي فيها منذ سنوات طويلة.",
    )
    title = factory.Sequence(lambda n: f"تعبئة السلال الغذائية للأسر {n}")
    purpose = (
        "تصل السلال إلى الأسر قبل بداية الشهر، فيخف عنها عبء المصاريف ويصلها الطعام الطازج."
    )
    beneficiaries = "الأسر المحتاجة"
    tasks = ["فرز المواد الغذائية", "تعبئة السلال", "تحميل السيارات"]
    gains = "خبرة في العمل ضمن فريق"
    field = factory.SubFactory(FieldFactory, code="social")
    governorate = factory.SubFactory(GovernorateFactory)
    place = "مستودع الجمعية"
    support = [Support.MEALS]
    safety = "قفازات للجميع ومسعف في الموقع طوال المناوبة."
    training = "لقاء تعريفي مدته نصف ساعة قبل أول مناوبة."
    supervisor = factory.SubFactory(PersonFactory)
    supervisor_role = "مديرة وحدة التطوع"
    unpaid = True
    hours_estimate = Decimal("6.0")
    created_by = factory.SubFactory(PersonFactory)
    created_at = NOW - timedelta(days=2)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpportunityRole

    opportunity = factory.SubFactory(OpportunityFactory)
    title = factory.Sequence(lambda n: f"دور {n}")


class ShiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shift

    opportunity = factory.SubFactory(OpportunityFactory)
    starts_at = NOW + timedelta(days=7)
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=3))


class ShiftRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ShiftRole

    shift = factory.SubFactory(ShiftFactory)
    role = factory.LazyAttribute(lambda o: RoleFactory(opportunity=o.shift.opportunity))
    seats = 5


def opportunity(
    *, shifts: int = 2, seats: int = 5, at: datetime = NOW, **fields
) -> Opportunity:
    """A draft that passes the gate, with a role and shifts; the listing derived."""
    made = OpportunityFactory(**fields)
    if "hours_estimate" not in fields:
        made.hours_estimate = Decimal(3 * shifts)
        made.save(update_fields=["hours_estimate"])
    role = RoleFactory(opportunity=made)
    for number in range(shifts):
        start = at + timedelta(days=7 + number)
        shift = ShiftFactory(opportunity=made, starts_at=start)
        ShiftRoleFactory(shift=shift, role=role, seats=seats)
    commands.refresh_listing(made, at=at)
    return made


def published(**fields) -> Opportunity:
    return opportunity(published=True, **fields)


def manager_of(body, role: str = "unit_manager"):
    """A person who runs the body's day."""
    person = PersonFactory()
    person.offices.create(
        role=role, body=body, starts_on=timezone.localdate() - timedelta(days=400)
    )
    return person


def seats_of(made) -> dict[int, tuple[int, int]]:
    """The least and the most people of its one role, as shifts are given them."""
    return {made.roles.get().pk: (1, 5)}


def actions(thing) -> list[str]:
    """What was done to it, oldest first."""
    return [entry.action for entry in history(thing)]


def draft(**fields) -> Opportunity:
    """Made now, for pages that look at the clock themselves."""
    return opportunity(at=timezone.now(), **fields)


def soon(**fields):
    """Published as of now, for pages that look at the clock themselves."""
    now, yesterday = timezone.now(), timezone.now() - timedelta(days=1)
    return published(
        at=now,
        published_at=yesterday,
        submitted_at=yesterday,
        reconfirm_by=timezone.localdate() + timedelta(days=29),
        **fields,
    )
