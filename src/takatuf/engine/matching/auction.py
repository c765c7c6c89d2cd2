"""Seats are auctioned: whoever wants one most at the going price holds it.

The first ``low`` seats of a role open at minus its penalty, for that is what leaving one empty
costs; the others open at 0. A role's price is that of its cheapest seat. An agent adds the role
that is worth most to it above its price, and bids up to where its second best would do as well,
plus epsilon; who held the seat looks for another.

After Bertsekas and Castañón, "The auction algorithm for the transportation problem", Annals of
Operations Research 20 (1989), 67-96, for agents that hold several roles.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.tables import clash


class Seats(NamedTuple):
    """Each role's seats, a heap by price; ``holder`` is the pair in a seat or -1."""

    first: NDArray[np.int64]
    price: NDArray[np.float64]
    holder: NDArray[np.int64]


@njit(cache=True)
def open_seats(t, heads):
    """The seats that are left where roles hold so many heads already."""
    first = np.zeros(len(t.high) + 1, np.int64)
    for r in range(len(t.high)):
        first[r + 1] = first[r] + max(0, t.room[r] - heads[r])
    price = np.zeros(first[-1], np.float64)
    for r in range(len(t.high)):
        below = min(max(0, t.low[r] - heads[r]), first[r + 1] - first[r])
        for seat in range(first[r], first[r] + below):
            price[seat] = -t.penalty[r]
    return Seats(first, price, np.full(first[-1], -1, np.int64))


@njit(cache=True)
def _sink(seats, r):
    """Put the first seat of a role's heap where its price belongs."""
    _first, price, holder = seats
    at, begin, end = seats.first[r], seats.first[r], seats.first[r + 1]
    while True:
        child = begin + 2 * (at - begin) + 1
        if child >= end:
            return
        if child + 1 < end and price[child + 1] < price[child]:
            child += 1
        if price[at] <= price[child]:
            return
        price[at], price[child] = price[child], price[at]
        holder[at], holder[child] = holder[child], holder[at]
        at = child


@njit(cache=True)
def _holdings(t, a, held, mine):
    """Write an agent's roles to the head of ``mine``; returns how many, and their minutes."""
    count, minutes = 0, 0
    for i in range(t.begin[a], t.begin[a + 1]):
        if held[i]:
            mine[count] = t.role[i]
            minutes += t.end[t.role[i]] - t.start[t.role[i]]
            count += 1
    return count, minutes


@njit(cache=True)
def _goes_with(t, r, mine, count):
    """Whether role ``r`` goes with these: no clash, rest kept, the day not too long."""
    on_day = t.end[r] - t.start[r]
    for k in range(count):
        o = mine[k]
        if clash(t, r, o):
            return False
        if t.day[r] == t.day[o]:
            on_day += t.end[o] - t.start[o]
    return t.day_cap == 0 or on_day <= t.day_cap


@njit(cache=True)
def _wish(t, a, seats, held, mine):
    """The most and second most an agent gains by one more role, and the pair of the most."""
    count, used = _holdings(t, a, held, mine)
    extra = t.spread if count + t.begun[a] else 0
    most, second, found = 0.0, 0.0, -1
    for i in range(t.begin[a], t.begin[a + 1]):
        r = t.role[i]
        seat = seats.first[r]
        if held[i] or seat == seats.first[r + 1]:
            continue
        net = t.score[i] - seats.price[seat] - extra
        if net <= second or used + t.end[r] - t.start[r] > t.cap[a]:
            continue
        if (count or t.day_cap) and not _goes_with(t, r, mine, count):
            continue
        if net > most:
            most, second, found = net, most, i
        else:
            second = net
    return most, second, found


@njit(cache=True)
def auction(t, queue, seats, held, epsilon):
    """Let the agents of the queue bid until nobody wants another seat at its price.

    Agents of several heads and locked pairs are no business of the auction: their seats are
    not among those opened. ``seats`` and ``held`` are changed in place.

    :returns: how many bids were made
    """
    ring = np.zeros(len(t.cap) + 1, np.int64)
    waiting = np.zeros(len(t.cap), np.bool_)
    mine = np.zeros(t.most, np.int64)
    head, tail, bids = 0, 0, 0
    for a in queue:
        ring[tail], waiting[a] = a, True
        tail += 1
    while head != tail:
        a = ring[head]
        head = (head + 1) % len(ring)
        waiting[a] = False
        while True:
            most, second, i = _wish(t, a, seats, held, mine)
            if i < 0:
                break
            seat = seats.first[t.role[i]]
            loser = seats.holder[seat]
            seats.price[seat] += most - max(second - epsilon, 0.0)
            seats.holder[seat] = i
            held[i] = True
            bids += 1
            _sink(seats, t.role[i])
            if loser >= 0:
                held[loser] = False
                if not waiting[t.agent[loser]]:
                    ring[tail], waiting[t.agent[loser]] = t.agent[loser], True
                    tail = (tail + 1) % len(ring)
    return bids
