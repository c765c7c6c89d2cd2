"""What a card of the public list shows, as plain values in one query."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from takatuf.kernel.prepared import Prepared, Row
from takatuf.opportunities.models import Opportunity
from takatuf.registry import queries as registry

VALUES = (
    "pk", "code", "title", "klass", "mode", "way", "place", "first_start", "last_end",
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
    first_start: datetime
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


_rows = Prepared(lambda *pks: Opportunity.objects.filter(pk__in=pks).values_list(*VALUES))


def card_rows(pks: Sequence[int]) -> list[Row]:
    """In the order asked for. Equal rows mean that a card looks as it did."""
    found = {row[0]: row for row in _rows(*pks)} if pks else {}
    return [found[pk] for pk in pks if pk in found]


def card_of(row: Row) -> Card:
    return Card._make(next(_rows.read([row])))


def cards(pks: Sequence[int]) -> list[Card]:
    """In the order asked for; one query."""
    return [card_of(row) for row in card_rows(pks)]
