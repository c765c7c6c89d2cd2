"""What a card of the public list shows, as plain values in one query."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from takatuf.kernel.prepared import Prepared, Row
from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.registry import queries as registry

VALUES = (
    "pk", "code", "title", "klass", "mode", "way", "place", "next_start", "last_end",
    "shift_count", "shift_minutes", "seats_total", "seats_taken", "needs_label_ar",
    "needs_label_en", "is_demo", "body__name_ar", "body__name_en", "team__name",
    "governorate__name_ar", "governorate__name_en", "body__figures__applications_answered",
    "body__figures__answered_in_time",
)  # fmt: skip


class Card(NamedTuple):
    """Equal values look alike: the drawn card is kept under them."""

    pk: int
    code: str
    title: str
    klass: str
    mode: str
    way: str
    place: str
    next_start: datetime
    last_end: datetime
    shift_count: int
    shift_minutes: int
    seats_total: int
    seats_taken: int
    needs_label_ar: str
    needs_label_en: str
    is_demo: bool
    body_ar: str
    body_en: str
    team: str | None
    governorate_ar: str | None
    governorate_en: str | None
    answered: int | None
    in_time: int | None

    @property
    def seats_left(self) -> int:
        return self.seats_total - self.seats_taken

    @property
    def reply_percent(self) -> int | None:
        """How many applications the body answered in time; None before there were any."""
        return registry.percent_in_time(self.in_time, self.answered)


def next_start(planned: str = ShiftStatus.PLANNED) -> Coalesce:
    """The date shown of an opportunity, everywhere: when its next shift with a seat begins;
    of a full one, its next shift.
    """
    free = Shift.objects.filter(
        opportunity=OuterRef("pk"), status=planned, starts_at__gte=OuterRef("first_start"),
        roles__taken__lt=F("roles__seats"),
    )  # fmt: skip
    return Coalesce(
        Subquery(free.order_by("starts_at").values("starts_at")[:1]), F("first_start")
    )


def _cards(planned: str, *pks: int) -> QuerySet:
    rows = Opportunity.objects.annotate(next_start=next_start(planned))
    return rows.filter(pk__in=pks).values_list(*VALUES)


_rows = Prepared(_cards)


def card_rows(pks: Sequence[int]) -> list[Row]:
    """In the order asked for. Equal rows mean that a card looks as it did."""
    found = {row[0]: row for row in _rows(ShiftStatus.PLANNED.value, *pks)} if pks else {}
    return [found[pk] for pk in pks if pk in found]


def card_of(row: Row) -> Card:
    return Card._make(next(_rows.read([row])))


def cards(pks: Sequence[int]) -> list[Card]:
    """In the order asked for; one query."""
    return [card_of(row) for row in card_rows(pks)]
