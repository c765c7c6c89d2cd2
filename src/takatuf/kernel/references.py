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


def named(refs: Iterable[str]) -> dict[str, str]:
    """What these objects are called, in the reader's language; nothing for what is gone.

    A query for each kind.
    """
    return {
        reference(obj): str(obj)
        for label, keys in _by_kind(refs).items()
        for obj in apps.get_model(label)._default_manager.filter(pk__in=keys)
    }


def _by_kind(refs: Iterable[str]) -> dict[str, list[str]]:
    keys = defaultdict(list)
    for ref in refs:
        label, _, key = ref.partition(":")
        keys[label].append(key)
    return keys


def invented(refs: Iterable[str]) -> set[str]:
    """Of the objects these references name, those of the demo; a query for each kind."""
    return {
        f"{label}:{pk}"
        for label, own in _by_kind(refs).items()
        for pk in apps.get_model(label)
        ._default_manager.filter(pk__in=own, is_demo=True)
        .values_list("pk", flat=True)
    }
