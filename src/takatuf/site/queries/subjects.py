"""What a line of the log is about, in words: many objects of many kinds in one query."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language

# Words that stand on public pages or are a number; nothing about persons. `name_ar` is read in
# the reader's language.
TITLES = {
    "opportunities.opportunity": "title",
    "opportunities.shift": "opportunity__title",
    "placement.application": "opportunity__title",
    "placement.cover": "application__opportunity__title",
    "placement.coverask": "cover__application__opportunity__title",
    "placement.covenant": "opportunity__title",
    "placement.proposal": "opportunity__title",
    "placement.round": "body__name_ar",
    "attendance.presence": "shift__opportunity__title",
    "attendance.peopleserved": "shift__opportunity__title",
    "needs.need": "title",
    "registry.body": "name_ar",
    "registry.unit": "body__name_ar",
    "registry.office": "body__name_ar",
    "registry.invitation": "body__name_ar",
    "registry.team": "name",
    "registry.teamrequest": "team__name",
    "registry.teammember": "team__name",
    "registry.skillgrant": "skill__name_ar",
    "registry.skillrequest": "skill__name_ar",
    "registry.concern": "number",
    "credentials.certificate": "serial",
    "credentials.idcard": "number",
    "imports.importrun": "original_name",
}


def titles_of(references: Iterable[str]) -> dict[str, str]:
    """What each is called, one query for all; those with no title, or gone, are left out."""
    keys = defaultdict(set)
    for ref in references:
        label, _, key = ref.partition(":")
        if label in TITLES:
            keys[label].add(key)
    if not keys:
        return {}
    first, *rest = [_titled(label, keys[label]) for label in sorted(keys)]
    return {f"{label}:{key}": title for label, key, title in first.union(*rest, all=True)}


def _titled(label: str, keys: set[str]) -> QuerySet:
    rows = apps.get_model(label)._default_manager.filter(pk__in=keys).order_by()
    return rows.values_list(
        Value(label), Cast("pk", CharField()), Cast(_words(TITLES[label]), CharField())
    )


def _words(path: str):
    if path.endswith("name_ar") and get_language() == "en":
        return Coalesce(NullIf(F(path.removesuffix("ar") + "en"), Value("")), F(path))
    return F(path)
