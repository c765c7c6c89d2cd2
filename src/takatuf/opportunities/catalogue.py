"""The public list in memory: which opportunities there are, by what they can be filtered.

Pure. Each facet value is a whole number whose bit *n* says whether the opportunity in slot
*n* has it: intersecting filters and counting what is left are single operations on numbers,
whatever the size of the list. Sorted keys give any page at the price of the first.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SLOT_BITS = 32
SLOT = (1 << SLOT_BITS) - 1
# Matches are sorted on the spot while their square is below so many times the list; more are
# met sooner on a walk along the order.
FEW = 16


@dataclass(frozen=True, slots=True)
class Listed:
    """One opportunity of the list, in plain numbers and codes.

    :param facets: (facet, value) pairs it is found under.
    :param keys: non-negative whole numbers in the order of the catalogue's sorts; the
        smaller stands first.
    """

    pk: int
    facets: tuple[tuple[str, object], ...]
    keys: tuple[int, ...]


GONE = Listed(pk=0, facets=(), keys=())  # what stands in a free slot


class Catalogue:
    """Opportunities by slot. Not for several threads at once: the owner locks."""

    def __init__(self, sorts: Iterable[str]):
        self._rows: list[Listed] = []
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._bits: dict[str, dict[object, int]] = defaultdict(lambda: defaultdict(int))
        self._orders: dict[str, list[int]] = {sort: [] for sort in sorts}
        self._places = {sort: place for place, sort in enumerate(self._orders)}
        self._all = 0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, pk: int) -> bool:
        return pk in self._slots

    # ------------------------------------------------------------ filling
    def load(self, rows: Iterable[Listed]) -> None:
        """Fill an empty catalogue: faster than putting one by one."""
        if self._rows:
            raise ValueError("Only an empty catalogue is loaded.")
        self._rows = list(rows)
        members: dict[tuple[str, object], list[int]] = defaultdict(list)
        for slot, row in enumerate(self._rows):
            self._slots[row.pk] = slot
            for pair in row.facets:
                members[pair].append(slot)
        for (facet, value), slots in members.items():
            self._bits[facet][value] = bits_of(slots, len(self._rows))
        self._all = (1 << len(self._rows)) - 1
        for place, order in enumerate(self._orders.values()):
            order.extend(
                sorted(_entry(row, place, slot) for slot, row in enumerate(self._rows))
            )

    def put(self, row: Listed) -> None:
        """Add it, or renew what is known of it."""
        self.drop(row.pk)
        slot = self._free.pop() if self._free else len(self._rows)
        if slot == len(self._rows):
            self._rows.append(row)
        self._rows[slot] = row
        self._slots[row.pk] = slot
        bit = 1 << slot
        self._all |= bit
        for facet, value in row.facets:
            self._bits[facet][value] |= bit
        for place, order in enumerate(self._orders.values()):
            insort(order, _entry(row, place, slot))

    def drop(self, pk: int) -> None:
        """Take it out; nothing happens if it is not in."""
        slot = self._slots.pop(pk, None)
        if slot is None:
            return
        row = self._rows[slot]
        keep = ~(1 << slot)
        self._all &= keep
        for facet, value in row.facets:
            self._bits[facet][value] &= keep
        for place, order in enumerate(self._orders.values()):
            del order[bisect_left(order, _entry(row, place, slot))]
        self._rows[slot] = GONE
        self._free.append(slot)

    # ------------------------------------------------------------ asking
    @property
    def everything(self) -> int:
        return self._all

    def having(self, facet: str, values: Iterable[object]) -> int:
        """Those with any of the values."""
        found = 0
        for value in values:
            found |= self._bits[facet].get(value, 0)
        return found

    def among(self, pks: Iterable[int]) -> int:
        found = 0
        for pk in pks:
            slot = self._slots.get(pk)
            if slot is not None:
                found |= 1 << slot
        return found

    def below(self, sort: str, key: int) -> int:
        """Those whose key is smaller."""
        order = self._orders[sort]
        end = bisect_left(order, key << SLOT_BITS)
        return bits_of([entry & SLOT for entry in order[:end]], len(self._rows))

    def counts(self, facet: str, mask: int) -> dict[object, int]:
        """How many of the mask each value of the facet has; values without any are left out."""
        found = {v: (bits & mask).bit_count() for v, bits in self._bits[facet].items()}
        return {value: count for value, count in found.items() if count}

    def page(
        self, mask: int, sort: str, *, after: tuple[int, int] | None, limit: int
    ) -> list[tuple[int, int]]:
        """(key, pk) of the first ``limit`` of the mask beyond ``after``, in order."""
        few = mask.bit_count() ** 2 <= FEW * len(self._rows)
        entries = self._few(mask, sort) if few else self._walk(mask, sort, after)
        found: list[tuple[int, int]] = []
        for entry in entries:
            key = entry >> SLOT_BITS
            # Equal keys are met in order of slot and shown in order of pk: see them all.
            if len(found) >= limit and key > found[-1][0]:
                break
            place = key, self._rows[entry & SLOT].pk
            if after is None or place > after:
                found.append(place)
        return sorted(found)[:limit]

    def _few(self, mask: int, sort: str) -> list[int]:
        place = self._places[sort]
        return sorted(_entry(self._rows[slot], place, slot) for slot in slots_of(mask))

    def _walk(self, mask: int, sort: str, after: tuple[int, int] | None) -> Iterator[int]:
        order = self._orders[sort]
        start = bisect_left(order, after[0] << SLOT_BITS) if after else 0
        octets = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
        size = len(octets)
        for index in range(start, len(order)):
            slot = order[index] & SLOT
            if slot >> 3 < size and octets[slot >> 3] >> (slot & 7) & 1:
                yield order[index]


def _entry(row: Listed, place: int, slot: int) -> int:
    return row.keys[place] << SLOT_BITS | slot


def bits_of(slots: Iterable[int], size: int) -> int:
    """The number with these bits set."""
    octets = bytearray((size + 7) // 8)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")


def slots_of(mask: int) -> Iterator[int]:
    """The set bits, lowest first; for masks with few."""
    octets = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    for index, octet in enumerate(octets):
        left = octet
        while left:
            low = left & -left
            yield (index << 3) + low.bit_length() - 1
            left ^= low
