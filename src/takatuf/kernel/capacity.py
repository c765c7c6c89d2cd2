"""Seats that cannot be sold twice.

A model that inherits ``Capacity`` has ``seats`` and ``taken``; taking a seat is one
conditional UPDATE, which both engines do atomically. Row locks or
count-then-insert are not enough: on SQLite there are no row locks, and counting before
inserting lets two people in through one door.
"""

from collections.abc import Iterator

from django.db import models
from django.db.models import F, Q


class Capacity(models.Model):
    """Something with a limited number of seats."""

    seats = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def seats_left(self) -> int:
        return self.seats - self.taken

    @classmethod
    def capacity_constraints(cls, name: str) -> list[models.BaseConstraint]:
        """For the concrete model's Meta; the database refuses an oversold row."""
        return [
            models.CheckConstraint(
                name=f"{name}_is_not_oversold", condition=Q(taken__lte=F("seats"))
            ),
        ]


def take_seat(model: type[Capacity], pk: int) -> bool:
    """Take one seat if one is free; say whether it was."""
    updated = model._base_manager.filter(pk=pk, taken__lt=F("seats")).update(
        taken=F("taken") + 1
    )
    return bool(updated)


def release_seat(model: type[Capacity], pk: int) -> None:
    """Give one seat back.

    :raises AssertionError: if none was taken, which is a bug of the caller.
    """
    updated = model._base_manager.filter(pk=pk, taken__gt=0).update(taken=F("taken") - 1)
    if not updated:
        raise AssertionError(f"{model.__name__} {pk} had no seat taken.")


def miscounts(model: type[Capacity], claims: str, holding: Q) -> Iterator[str]:
    """Invariant: ``taken`` equals the live claims that hold a seat.

    :param claims: the related name of the claims.
    :param holding: which of them hold a seat, in terms of the model.
    """
    rows = model._base_manager.annotate(live=models.Count(claims, filter=holding))
    for row in rows.exclude(taken=F("live")).iterator():
        yield f"{row._meta.label_lower}:{row.pk} counts {row.taken} taken, {row.live} hold"
