"""Naming any object in one short string, for tables that must not point upward."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.db.models import Model


def reference(obj: Model) -> str:
    """``placement.application:42``."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def resolve(ref: str) -> Model | None:
    """The object a reference names, or None if it is gone."""
    label, _, key = ref.partition(":")
    return apps.get_model(label)._default_manager.filter(pk=key).first()


def invented(refs: Iterable[str]) -> set[str]:
    """Of the objects these references name, those of the demo; a query for each kind."""
    keys = defaultdict(list)
    for ref in refs:
        label, _, key = ref.partition(":")
        keys[label].append(key)
    return {
        f"{label}:{pk}"
        for label, own in keys.items()
        for pk in apps.get_model(label)
        ._default_manager.filter(pk__in=own, is_demo=True)
        .values_list("pk", flat=True)
    }
