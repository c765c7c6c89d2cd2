"""The region's reference lists."""

from django.db.models import QuerySet

from takatuf.registry.models import Field, Governorate, Skill


def governorates() -> QuerySet[Governorate]:
    """The seat and the governorates, in the region's order."""
    return Governorate.objects.filter(is_active=True).order_by("position", "pk")


def fields() -> QuerySet[Field]:
    """Fields of volunteer work."""
    return Field.objects.filter(is_active=True).order_by("position", "pk")


def skills() -> QuerySet[Skill]:
    """Skills with their fields, grouped by field."""
    rows = Skill.objects.filter(is_active=True).select_related("field")
    return rows.order_by("field__position", "position", "pk")
