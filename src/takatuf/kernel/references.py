"""Naming any object in one short string, for tables that must not point upward."""

from django.apps import apps
from django.db.models import Model


def reference(obj: Model) -> str:
    """``placement.application:42``."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def resolve(ref: str) -> Model | None:
    """The object a reference names, or None if it is gone."""
    label, _, key = ref.partition(":")
    return apps.get_model(label)._default_manager.filter(pk=key).first()
