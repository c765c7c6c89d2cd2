"""Links between objects of any floors, and the story they tell."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from takatuf.kernel.errors import DomainError
from takatuf.kernel.models import TraceLink
from takatuf.kernel.references import reference


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


def unlink(source: models.Model, relation: str, target: models.Model) -> None:
    TraceLink.objects.filter(
        source=reference(source), relation=relation, target=reference(target)
    ).delete()


def targets(source: models.Model, relation: str) -> list[str]:
    """References of what the source points at, oldest link first."""
    rows = TraceLink.objects.filter(source=reference(source), relation=relation)
    return list(rows.order_by("pk").values_list("target", flat=True))


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
