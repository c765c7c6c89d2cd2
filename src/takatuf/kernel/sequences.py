"""Numbers without gaps: certificates, decisions, receipts."""

from collections.abc import Iterator
from datetime import datetime

from django.db import models, transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from takatuf.kernel.models import IssuedNumber, Sequence
from takatuf.kernel.references import reference
from takatuf.kernel.registries import invariants


@transaction.atomic
def issue_number(
    *, kind: str, at: datetime, subject: models.Model | None = None, scope: str = ""
) -> IssuedNumber:
    """Take the next number inside the caller's transaction: a rollback gives it back.

    :param subject: what is numbered; where its row needs the number first, leave it out and
        name it with ``bind_number`` in the same transaction.
    """
    year = timezone.localtime(at).year
    sequence, _ = Sequence.objects.get_or_create(kind=kind, scope=scope, year=year)
    # The UPDATE locks the row on both engines until the transaction ends; reading does not.
    Sequence.objects.filter(pk=sequence.pk).update(last=F("last") + 1)
    sequence.refresh_from_db(fields=["last"])
    return IssuedNumber.objects.create(
        sequence=sequence,
        number=sequence.last,
        subject=reference(subject) if subject else "",
        issued_at=at,
    )


def bind_number(issued: IssuedNumber, subject: models.Model) -> None:
    """Name what a number was taken for, once its row is stored."""
    IssuedNumber.objects.filter(pk=issued.pk, subject="").update(subject=reference(subject))


def void_number(*, issued: IssuedNumber, reason: str, at: datetime) -> None:
    """Mark a number void. It keeps its place in the count."""
    IssuedNumber.objects.filter(pk=issued.pk, voided_at=None).update(
        void_reason=reason, voided_at=at
    )


@invariants.register("sequences have no gaps")
def gaps() -> Iterator[str]:
    rows = Sequence.objects.annotate(count=Count("issued"), highest=Max("issued__number"))
    for sequence in rows:
        if not sequence.last == sequence.count == (sequence.highest or 0):
            yield f"{sequence}: {sequence.count} numbers issued, highest {sequence.highest}"
    for issued in IssuedNumber.objects.filter(subject="", voided_at=None).select_related(
        "sequence"
    ):
        yield f"{issued}: numbers nothing"
