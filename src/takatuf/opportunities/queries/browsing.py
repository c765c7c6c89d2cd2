"""The public list: a page of it, how many each filter would leave, always as committed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock

from django.db import connection
from django.db.models import Case, F, Q, QuerySet
from django.db.models import When as If
from django.utils import timezone

from takatuf.accounts.enums import ADULT_AGE, YOUNGEST_AGE
from takatuf.kernel import search
from takatuf.kernel.prepared import Row
from takatuf.opportunities.catalogue import Catalogue, Listed
from takatuf.opportunities.enums import LENGTHS, Length, Sort, When
from takatuf.opportunities.filters import FLAGS, SEVERAL, Filters, days_of
from takatuf.opportunities.models import Opportunity
from takatuf.opportunities.queries.cards import Card, card_of, card_rows, next_start
from takatuf.opportunities.queries.stamps import shard_numbers

PAGE = 20
KIND = "opportunity"
EPOCH = date(1970, 1, 1).toordinal()
LATEST = 1 << 34  # newer than any publication, in seconds: turns "newest" into "smallest"
LONGEST_CURSOR = 40
RELOAD_BEYOND = 2_000  # changed rows; reading all of them anew is then quicker
COLUMNS = (
    "pk", "field__code", "klass", "governorate__code", "mode", "shift_minutes", "min_age",
    "max_age", "accessible", "gives_training", "seats_total", "seats_taken", "on_weekend",
    "start", "published_at", "reconfirm_by", "listed",
)  # fmt: skip

Counts = dict[str, dict[object, int]]
Seen = dict[int, tuple[object, int]]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page.

    :param rows: what its cards show, as the database gives it.
    :param total: how many match, over all pages.
    :param counts: filter → value → how many would match with that value and all other filters.
    :param next: cursor of the next page, empty on the last.
    :param corrected: the words matched only with a letter corrected.
    :param seen: the list's versions it was made from.
    """

    rows: list[Row]
    total: int
    counts: Counts
    next: str = ""
    corrected: bool = False
    seen: object = None

    @property
    def cards(self) -> list[Card]:
        return [card_of(row) for row in self.rows]

    @property
    def stamp(self) -> object:
        """What it rests on, to compare with ``stamp_of`` its rows later."""
        return self.seen, self.rows


class _Held:
    """The process's catalogue, and the versions it has seen."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.catalogue = Catalogue(Sort.values)
        self.seen: Seen | None = None


_held = _Held()


def listing(filters: Filters, *, after: str = "", limit: int = PAGE, at: datetime) -> Listing:
    """At most five queries, whatever the number of opportunities and of the page."""
    found = _found(filters.q)
    with _held.lock:
        catalogue = _catalogue()
        masks = _masks(catalogue, filters, found, at=at)
        mask = _all_of(catalogue, masks)
        places = catalogue.page(mask, filters.sort, after=_cursor(after), limit=limit + 1)
        total, counts, seen = mask.bit_count(), _counts(catalogue, masks, at=at), _held.seen
    shown = places[:limit]
    return Listing(
        rows=card_rows([pk for _key, pk in shown]), total=total, counts=counts, seen=seen,
        next="{}.{}".format(*shown[-1]) if len(places) > limit else "",
    )  # fmt: skip


def stamp_of(pks: Sequence[int]) -> object:
    """Two queries: equal to a listing's stamp while it is what one would get now.

    :param pks: of its rows.
    """
    return shard_numbers(), card_rows(pks)


def soonest(*, limit: int, at: datetime) -> Listing:
    """The list as nobody narrowed it, for a page that shows only its beginning."""
    return listing(Filters(), limit=limit, at=at)


def count(filters: Filters, *, at: datetime) -> int:
    """How many match: two queries at most, three with words."""
    found = _found(filters.q)
    with _held.lock:
        catalogue = _catalogue()
        return _all_of(catalogue, _masks(catalogue, filters, found, at=at)).bit_count()


def others_for(age: int, *, apart_from: int, at: datetime) -> int:
    """How many others of the list take somebody of this age under 18: two queries at most."""
    with _held.lock:
        catalogue = _catalogue()
        masks = _masks(catalogue, Filters(age=str(age)), None, at=at)
        return (_all_of(catalogue, masks) & ~catalogue.among([apart_from])).bit_count()


def nearest(filters: Filters, *, at: datetime) -> Filters | None:
    """Where nothing matches: the list without the condition whose removal leaves most; if no
    single one helps, with the one condition alone that leaves most. An age stays: nobody
    grows older by leaving it out.
    """
    asked = [name for name in (*SEVERAL, *FLAGS, "when", "q") if getattr(filters, name)]
    without = [replace(filters, **{name: _none(filters, name)}) for name in asked]
    alone = [
        replace(filters, **{name: _none(filters, name) for name in asked if name != kept})
        for kept in asked
    ]
    for tries in (without, alone):
        counted = [(count(other, at=at), -place) for place, other in enumerate(tries)]
        most, place = max(counted, default=(0, 0))
        if most:
            return tries[-place]
    return None


def matches(opportunity_id: int, wishes: Iterable[Filters], *, at: datetime) -> list[bool]:
    """Which of the wishes a listed opportunity answers; one query for each with words."""
    alone = Catalogue(Sort.values)
    alone.load(_rows(Q(pk=opportunity_id, listed=True)))
    return [bool(_all_of(alone, _masks(alone, wish, _found(wish.q), at=at))) for wish in wishes]


def _none(filters: Filters, name: str):
    return type(getattr(filters, name))()


# ---------------------------------------------------------------- filters as masks
def _found(words: str) -> list[int] | None:
    """Opportunities the words find; None where no words were asked."""
    if not words:
        return None
    references = search.references(words, kinds=[KIND])
    return [int(reference.rpartition(":")[2]) for reference in references]


def _masks(
    catalogue: Catalogue, filters: Filters, found: list[int] | None, *, at: datetime
) -> dict[str, int]:
    """Filter → those it leaves. ``""`` stands for what every list leaves out."""
    today = timezone.localdate(at)
    masks = {"": catalogue.everything & ~_past(catalogue, at=at)}
    if found is not None:
        masks["q"] = catalogue.among(found)
    for name in SEVERAL:
        if values := getattr(filters, name):
            masks[name] = catalogue.having(name, values)
    if filters.age:
        masks["age"] = catalogue.having("age", [int(filters.age)])
    for name in FLAGS:
        if getattr(filters, name):
            masks[name] = catalogue.having(name, [True])
    if filters.when:
        masks["when"] = catalogue.having("day", days_of(filters.when, today))
    return masks


def _past(catalogue: Catalogue, *, at: datetime) -> int:
    """Shifts that began since the row was written, and listings not confirmed again."""
    today = timezone.localdate(at).toordinal()
    known = catalogue.counts("confirmed", catalogue.everything)
    lapsed = [day for day in known if isinstance(day, int) and day < today]
    return catalogue.below(Sort.SOONEST, int(at.timestamp())) | catalogue.having(
        "confirmed", lapsed
    )


def _all_of(catalogue: Catalogue, masks: Mapping[str, int], *, apart_from: str = "-") -> int:
    mask = catalogue.everything
    for name, each in masks.items():
        if name != apart_from:
            mask &= each
    return mask


def _counts(catalogue: Catalogue, masks: Mapping[str, int], *, at: datetime) -> Counts:
    """For each filter what its values would leave, its own choice apart."""
    today = timezone.localdate(at)
    counts: Counts = {}
    for name in (*SEVERAL, *FLAGS, "age"):
        counts[name] = catalogue.counts(name, _all_of(catalogue, masks, apart_from=name))
    rest = _all_of(catalogue, masks, apart_from="when")
    counts["when"] = {
        when: (rest & catalogue.having("day", days_of(when, today))).bit_count()
        for when in When.values
    }
    return counts


def _cursor(after: str) -> tuple[int, int] | None:
    key, _dot, pk = after.partition(".")
    if len(after) > LONGEST_CURSOR or not (
        key.isascii() and key.isdecimal() and pk.isascii() and pk.isdecimal()
    ):
        return None
    return int(key), int(pk)


# ---------------------------------------------------------------- keeping up
def _catalogue() -> Catalogue:
    """The catalogue as the database stands. Call with the lock held.

    Inside a transaction it is made anew and not kept: what the transaction wrote may yet be
    taken back. The stamp is read before the rows, so a row may be newer than the stamp and is
    then read once more; it is never older.
    """
    if connection.in_atomic_block:
        fresh = Catalogue(Sort.values)
        fresh.load(_rows(Q(listed=True)))
        return fresh
    now = shard_numbers()
    if _held.seen != now and not _follow(now):
        fresh = Catalogue(Sort.values)
        fresh.load(_rows(Q(listed=True)))
        _held.catalogue = fresh
    _held.seen = now
    return _held.catalogue


def _follow(now: Seen) -> bool:
    """Take in what changed since; False where everything must be read again."""
    seen = _held.seen
    if seen is None or not seen.keys() <= now.keys():
        return False
    changed = Q(pk__in=())
    for shard, (epoch, number) in now.items():
        known_epoch, known = seen.get(shard, (epoch, 0))
        if known_epoch != epoch or known > number:
            return False
        if known < number:
            changed |= Q(listing_shard=shard, listing_version__gt=known)
    found = list(_columns(changed)[: RELOAD_BEYOND + 1])
    if len(found) > RELOAD_BEYOND:
        return False
    for row in found:
        if row[-1]:
            _held.catalogue.put(_listed(row))
        else:
            _held.catalogue.drop(row[0])
    return True


def _rows(where: Q) -> Iterator[Listed]:
    rows = _columns(where).order_by("pk")
    return map(_listed, rows.iterator(chunk_size=5_000))


def _columns(where: Q) -> QuerySet:
    """Found and sorted by the date their cards show; most need no look at their shifts."""
    taken = If(shift_count__gt=1, seats_taken__gt=0, then=next_start())
    rows = Opportunity.objects.filter(where)
    return rows.annotate(start=Case(taken, default=F("first_start"))).values_list(*COLUMNS)


def _listed(row: tuple) -> Listed:
    (
        pk, field, klass, place, mode, minutes, min_age, max_age, accessible, training,
        seats, taken, weekend, next_start, published_at, reconfirm_by, _listed_now,
    ) = row  # fmt: skip
    flags = {
        "minors": min_age < ADULT_AGE, "accessible": accessible, "training": training,
        "seats": seats > taken, "weekend": weekend,
    }  # fmt: skip
    start = int(next_start.timestamp())
    return Listed(
        pk=pk,
        facets=tuple(
            _pair(name, value)
            for name, value in (
                ("field", field), ("klass", klass), ("place", place), ("mode", mode),
                ("length", length_of(minutes)), ("day", _day(start)),
                ("confirmed", reconfirm_by.toordinal()),
                *((name, True) for name, has in flags.items() if has),
                *(("age", age) for age in minors_of(min_age, max_age)),
            )
        ),
        keys=(start, LATEST - int(published_at.timestamp()), minutes),  # as in Sort
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _pair(name: str, value: object) -> tuple[str, object]:
    """One object for equal pairs: a hundred thousand rows share some hundreds of them."""
    return name, value


def minors_of(min_age: int, max_age: int | None) -> range:
    """The ages under 18 it takes."""
    return range(max(min_age, YOUNGEST_AGE), min((max_age or ADULT_AGE) + 1, ADULT_AGE))


def length_of(minutes: int) -> str:
    return next((name for name, most in LENGTHS.items() if minutes <= most), Length.DAY)


def _day(moment: int) -> int:
    """The ordinal of the local day."""
    return EPOCH + (moment + _offset(moment // 3600)) // 86_400


@lru_cache(maxsize=50_000)
def _offset(hour: int) -> int:
    """Seconds local time is ahead of UTC in that hour."""
    utc = datetime.fromtimestamp(hour * 3600, UTC)
    ahead = timezone.localtime(utc).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
