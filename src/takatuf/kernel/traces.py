"""Links between objects of any floors, and the story they tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import TraceLink
from takatuf.kernel.references import reference
from takatuf.kernel.registries import Registry

Relation = TraceLink.Relation


class Circular(DomainError):
    """The link would make an object follow from itself."""


@transaction.atomic
def link(
    source: models.Model, relation: str, target: models.Model, *, at: datetime
) -> TraceLink:
    """Link two objects; linking twice is one link.

    :raises Circular: if the target already leads back to the source by this relation.
    """
    start, end = reference(source), reference(target)
    if start in _reachable(end, relation) or start == end:
        raise Circular(_("These two are already linked the other way round."))
    row, _created = TraceLink.objects.get_or_create(
        source=start, relation=relation, target=end, defaults={"made_at": at}
    )
    return row


@dataclass(frozen=True, kw_only=True)
class Linked:
    """The other end of a link, as a page shows it."""

    title: str
    url: str
    state: str = ""
    whose: str = ""
    facts: str = ""
    is_demo: bool = False


# "app.model" -> function(keys) -> {key: Linked}; each floor describes its own, or one above it.
describers: Registry[Callable[[list[str]], dict[str, Linked]]] = Registry("trace describers")


def described(references: Iterable[str]) -> list[Linked]:
    """What the references name, in their order; what nobody describes is left out."""
    wanted = [ref.partition(":")[::2] for ref in references]
    found: dict[tuple[str, str], Linked] = {}
    for label in dict.fromkeys(label for label, _key in wanted if label in describers):
        keys = [key for name, key in wanted if name == label]
        found |= {(label, key): one for key, one in describers[label](keys).items()}
    return [found[ref] for ref in wanted if ref in found]


def around(ref: str) -> list[tuple[str, bool, str]]:
    """Every link of an object: its relation, whether it points away, and the other end."""
    rows = TraceLink.objects.filter(Q(source=ref) | Q(target=ref)).order_by("pk")
    return [
        (row.relation, row.source == ref, row.target if row.source == ref else row.source)
        for row in rows
    ]


def unlink(source: models.Model, relation: str, target: models.Model) -> None:
    TraceLink.objects.filter(
        source=reference(source), relation=relation, target=reference(target)
    ).delete()


def sources(target: models.Model, relation: str) -> list[str]:
    """References of what points at the target, oldest link first."""
    rows = TraceLink.objects.filter(target=reference(target), relation=relation)
    return list(rows.order_by("pk").values_list("source", flat=True))


def _reachable(start: str, relation: str) -> set[str]:
    seen: set[str] = set()
    frontier = {start}
    while frontier:
        rows = TraceLink.objects.filter(source__in=frontier, relation=relation)
        frontier = set(rows.values_list("target", flat=True)) - seen
        seen |= frontier
    return seen
