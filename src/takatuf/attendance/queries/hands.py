"""Who had a hand in hours, asked of what only grows: the ledger, and the history of each row.

A row of a day sheet names whoever marked it last; its history names everybody who did.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from takatuf.attendance.models import HourClaim, HourEntry, Presence
from takatuf.kernel.models import Transition

ROWS = f"{Presence._meta.label_lower}:"  # what the references of all rows begin with
AT_ONCE = 500  # claims in one statement


def entered_by(claims: Sequence[HourClaim]) -> dict[UUID, frozenset[UUID]]:
    """``Person.ref`` of whoever entered or confirmed each claim, or marked its row at any time.

    Two statements for 500 claims. A sheet's claims exist once it is closed, and a closed
    sheet is marked no more: what is answered here stays so.
    """
    hands: dict[UUID, set[UUID]] = {claim.pk: set() for claim in claims}
    for start in range(0, len(claims), AT_ONCE):
        some = claims[start : start + AT_ONCE]
        entries = HourEntry.objects.filter(claim__in=some)
        for key, ref in entries.values_list("claim_id", "claimant"):
            hands[key] |= {ref} if ref else set()
        rows = {f"{ROWS}{claim.presence_id}": claim.pk for claim in some if claim.presence_id}
        for row, ref in _marks().filter(subject__in=rows).values_list("subject", "actor"):
            hands[rows[row]] |= {ref} if ref else set()
    return {key: frozenset(refs) for key, refs in hands.items()}


def is_marked_by(*, row_of: str = "claim__presence_id", **actor: Any) -> Exists:
    """Of a line of the ledger: the row that its claim came from was marked by such an actor.

    :param row_of: where the row's key is, of something else than a line.
    """
    key = Cast(OuterRef(row_of), TextField())
    row = Concat(Value(ROWS), key, output_field=TextField())
    return Exists(_marks().filter(subject=row, **actor))


def without_hands_of(claims: QuerySet[HourClaim], refs: Iterable[UUID]) -> QuerySet[HourClaim]:
    """Claims that nobody of these entered, confirmed, or marked the row of: ``entered_by``."""
    own = list(refs)
    entered = HourEntry.objects.filter(claim=OuterRef("pk"), claimant__in=own)
    marked = is_marked_by(row_of="presence_id", actor__in=own)
    return claims.exclude(Exists(entered)).exclude(marked)


def _marks() -> QuerySet[Transition]:
    """A word beside a name marks nobody."""
    return Transition.objects.exclude(action="noted")
