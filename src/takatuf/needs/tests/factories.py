"""Ready needs for tests of this floor and those above."""

from datetime import UTC, datetime, timedelta

import factory

from takatuf.kernel.text.arabic import normalise
from takatuf.needs.enums import NeedStatus, TargetGroup, Urgency
from takatuf.needs.models import Need
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    GovernorateFactory,
    OfficeFactory,
    PersonFactory,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


class NeedFactory(factory.django.DjangoModelFactory):
    """Reported and unanswered; ``NeedFactory(validated=True)`` is everybody's to see."""

    class Meta:
        model = Need

    class Params:
        validated = factory.Trait(status=NeedStatus.VALIDATED, decided_at=NOW)

    code = factory.Sequence(lambda n: f"N-2026-{n:04d}")
    title = factory.Sequence(lambda n: f"زيارة كبار السن {n}")
    description = "يقيم عدد من كبار السن وحدهم ولا يزورهم أحد إلا في الأعياد."
    field = factory.SubFactory(FieldFactory, code="elderly_care")
    governorate = factory.SubFactory(GovernorateFactory)
    target_group = TargetGroup.OLDER_PEOPLE
    urgency = Urgency.MEDIUM
    search_text = factory.LazyAttribute(lambda need: normalise(need.title))
    reported_at = NOW - timedelta(days=2)
    due_at = NOW + timedelta(days=10)


def desk_person():
    """Somebody of the regional desk."""
    return OfficeFactory(role=Role.DESK, body=desk_body()).person


def desk_body():
    body = BodyFactory._meta.model.objects.filter(is_desk=True).first()
    return body or BodyFactory(desk=True)


def manager_of(body):
    return OfficeFactory(body=body, role=Role.UNIT_MANAGER).person


def words(**changes) -> dict:
    """What ``report_need`` takes besides who and when."""
    return {
        "title": "دروس تقوية للمرحلة المتوسطة",
        "description": "يتأخر طلاب المرحلة المتوسطة في الرياضيات ولا يجدون من يعينهم.",
        "field": FieldFactory(code="education"),
        "governorate": GovernorateFactory(),
        "target_group": TargetGroup.YOUTH,
        "urgency": Urgency.HIGH,
    } | changes


__all__ = [
    "NOW", "NeedFactory", "PersonFactory", "desk_body", "desk_person", "manager_of", "words",
]  # fmt: skip


def every_need() -> list[dict]:
    return list(Need.objects.order_by("pk").values())
