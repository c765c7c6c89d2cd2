"""The best an agent can do at given gains: an exact choice of roles that fit its week.

Roles come sorted by their end. After the first k of them a *label* says: so many minutes are
used, so much is gained, this role came last. Labels that another one beats are dropped.

Where a day has a limit, or nights their rest, or ways their minutes, labels with other last
roles are not compared until nothing to come can tell them apart. A way is never longer than by
a third place, so the last role that has a place speaks for all before it; what is done from
anywhere stands between the two, and hides nothing.
"""

import numpy as np

from takatuf.engine.matching.instance import MINUTES_A_DAY
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.tables import way_between, way_within

FIRST_LABELS = 1 << 12  # room at first, where all that could be is more


@njit(cache=True)
def workspace(t):
    """Room for any one agent: the roles it may choose from, and the labels."""
    most = t.most
    labels = min(FIRST_LABELS, (most + 1) * (t.longest // t.unit + 2))
    wanted = (
        np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most, np.int64),
        np.zeros(most, np.float64), np.zeros(most, np.int64), np.zeros(most, np.int64),
    )  # fmt: skip
    return wanted, _labels(most, labels)


@njit(cache=True)
def _labels(most, room):
    """For the labels after k roles where they begin, and for each label: minutes used, those of
    its last day, what it gains, its last role, the label before that, its last role with a
    place. Then for each k the soonest start among the roles after it, how many of its labels
    are of the past, and after how many roles a way from role k stands in nobody's way.
    """
    return (
        np.zeros(most + 2, np.int64), np.zeros(room, np.int32), np.zeros(room, np.int32),
        np.zeros(room, np.float64), np.zeros(room, np.int32), np.zeros(room, np.int64),
        np.zeros(room, np.int32), np.zeros(most + 2, np.int64), np.zeros(most + 2, np.int64),
        np.zeros(most + 2, np.int64),
    )  # fmt: skip


@njit(cache=True)
def want(wanted, count, t, i, worth):
    """Add pair ``i`` to the roles to choose from; returns how many there are now."""
    start, end, day, gain, pair, _chosen = wanted
    r = t.role[i]
    start[count], end[count], day[count] = t.start[r], t.end[r], t.day[r]
    gain[count], pair[count] = worth, i
    return count + 1


@njit(cache=True)
def best_week(wanted, kept, count, a, t):
    """Choose among ``count`` roles; every role after the first of agent ``a`` costs the spread.

    Leaves the pairs taken at the head of the last list of ``wanted``.

    :returns: what is gained, how many roles are taken, the labels (for their room may grow)
    """
    while not _label(wanted, kept, count, t.cap[a], t):
        kept = _labels(t.most, 2 * len(kept[1]))
    value, taken = _read(wanted, kept, count, a, t)
    return value, taken, kept


@njit(cache=True)
def _label(wanted, kept, count, cap, t):
    """Fill the labels role by role; whether there was room for them."""
    start, end, _day, gain, _pair, _chosen = wanted
    offset, used, today, value, item, before, placed, _soonest, past, _free = kept
    offset[0], offset[1], past[0] = 0, 1, 1
    used[0], today[0], value[0], item[0], before[0], placed[0] = 0, 0, 0.0, -1, -1, -1
    ruled = t.day_cap > 0 or t.rest > 0
    if t.pace > 0 and _ways_bind(wanted, kept, count, t):
        ruled = True
    if ruled:
        _look_ahead(wanted, kept, count)
    for k in range(count):
        ready = _ended_by(end, k, start[k] - t.buffer)
        most = 2 * offset[k + 1] - offset[k] + offset[ready + 1] - offset[ready]
        if most > len(used):
            return False
        left_out = not _alone_fits(end[k] - start[k], cap, t) or gain[k] <= t.spread
        if ruled:
            _carry_told_apart(wanted, kept, k, t)
            if not left_out:
                _add_ruled(wanted, kept, k, ready, cap, t)
        elif left_out:
            _carry(kept, k)
        else:
            _merge(wanted, kept, k, ready, cap, t)
    return True


@njit(cache=True)
def _alone_fits(length, cap, t):
    return length <= cap and (t.day_cap == 0 or length <= t.day_cap)


@njit(cache=True)
def _read(wanted, kept, count, a, t):
    """The best of the labels, or the best role alone, which costs no spread where it is the
    first of the week.
    """
    start, end, _day, gain, pair, chosen = wanted
    offset, value, item, before = kept[0], kept[3], kept[4], kept[5]
    first = t.spread * t.begun[a]
    single, alone = 0.0, -1
    for k in range(count):
        if gain[k] - first > single and _alone_fits(end[k] - start[k], t.cap[a], t):
            single, alone = gain[k] - first, k
    best = offset[count]
    for label in range(offset[count], offset[count + 1]):
        if value[label] > value[best]:
            best = label
    several = value[best] + t.spread - first if value[best] > 0 else 0.0
    if single >= several:
        if alone < 0:
            return 0.0, 0
        chosen[0] = pair[alone]
        return single, 1
    taken = 0
    while item[best] >= 0:
        chosen[taken] = pair[item[best]]
        taken += 1
        best = before[best]
    return several, taken


@njit(cache=True)
def _carry(kept, k):
    """The labels after k roles are labels after k + 1 too."""
    offset, write = kept[0], kept[0][k + 1]
    for label in range(offset[k], offset[k + 1]):
        _copy(kept, label, write)
        write += 1
    offset[k + 2] = write


@njit(cache=True, inline="always")
def _copy(kept, label, write):
    used, today, value, item, before, placed = kept[1:7]
    used[write], today[write], value[write] = used[label], today[label], value[label]
    item[write], before[write], placed[write] = item[label], before[label], placed[label]


@njit(cache=True)
def _ended_by(end, count, moment):
    """How many of the sorted ends lie at or before the moment."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if end[middle] <= moment:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _merge(wanted, kept, k, ready, cap, t):
    """Labels with and without role k, fewest minutes first, each gaining more than the last."""
    start, end, _day, gain, _pair, _chosen = wanted
    offset, used, value, item, before = kept[0], kept[1], kept[3], kept[4], kept[5]
    length, worth = end[k] - start[k], gain[k] - t.spread
    new, new_end = offset[ready], offset[ready + 1]
    old, old_end = offset[k], offset[k + 1]
    write, top = offset[k + 1], -1.0
    while new < new_end and used[new_end - 1] + length > cap:
        new_end -= 1
    while old < old_end or new < new_end:
        without, with_k = np.inf, np.inf  # minutes of the next label of either kind
        if old < old_end:
            without = used[old]
        if new < new_end:
            with_k = used[new] + length
        from_old = without < with_k or (without == with_k and value[old] >= value[new] + worth)
        source = old if from_old else new
        gained = value[source] if from_old else value[source] + worth
        if gained > top:
            top = gained
            used[write] = used[source] if from_old else used[source] + length
            value[write] = gained
            item[write] = item[source] if from_old else k
            before[write] = before[source] if from_old else source
            write += 1
        if from_old:
            old += 1
        else:
            new += 1
    offset[k + 2] = write


# ---------------------------------------------------------------- the last role matters
@njit(cache=True)
def _ways_bind(wanted, kept, count, t):
    """Whether a way between two of the roles takes longer than lies between them; fills, for
    each role, after how many roles its way to none that comes does.
    """
    start, end, _day, gain, pair, _chosen = wanted
    free, found = kept[9], False
    longest = way_within(t, pair, count)
    for k in range(count):
        free[k] = 0
        if longest == 0 or gain[k] <= t.spread:
            continue
        near, r = start[k] - t.buffer, t.role[pair[k]]
        for j in range(_ended_by(end, k, near - longest), _ended_by(end, k, near)):
            if end[j] + way_between(t, r, t.role[pair[j]]) > near:
                free[j], found = k + 1, True
    return found


@njit(cache=True)
def _look_ahead(wanted, kept, count):
    start, soonest = wanted[0], kept[7]
    soonest[count] = 2**62
    for k in range(count - 1, -1, -1):
        soonest[k] = min(soonest[k + 1], start[k])


@njit(cache=True)
def _carry_told_apart(wanted, kept, k, t):
    """The labels after k roles, but of those of the past the best: nothing to come can tell
    these apart by what came last. They stand first.
    """
    _start, end, day, _gain, _pair, _chosen = wanted
    offset, used, _today, value, item, _before, placed, soonest, past, free = kept
    until, next_day = soonest[k + 1] - t.rest, soonest[k + 1] // MINUTES_A_DAY
    first, known = offset[k + 1], offset[k] + past[k]
    write = first
    for label in range(offset[k], known):
        _copy(kept, label, write)
        write += 1
    over = write
    for label in range(known, offset[k + 1]):
        last, there = item[label], placed[label]
        if (
            (t.rest > 0 and end[last] > until)
            or (t.day_cap > 0 and day[last] >= next_day)
            or (t.pace > 0 and there >= 0 and free[there] > k + 1)
        ):
            _copy(kept, label, write)
            write += 1
            continue
        at = write
        for other in range(first, over):
            if used[other] <= used[label] and value[other] >= value[label]:
                at = -1
                break
            if used[other] >= used[label] and value[other] <= value[label]:
                at = other
                break
        if at == write:
            _copy(kept, over, write)
            at, over = over, over + 1
            write += 1
        if at >= 0:
            _copy(kept, label, at)
    past[k + 1], offset[k + 2] = over - first, write


@njit(cache=True)
def _add_ruled(wanted, kept, k, ready, cap, t):
    """Add the labels that end with role k, where what came last stands in the way of some."""
    start, end, day, gain, pair, _chosen = wanted
    offset, used, today, value, item, before, placed = kept[:7]
    length, worth, first = end[k] - start[k], gain[k] - t.spread, offset[k + 2]
    r = t.role[pair[k]]
    for label in range(offset[ready], offset[ready + 1]):
        last = item[label]
        same_day = last >= 0 and day[last] == day[k]
        if last >= 0 and not same_day and start[k] - end[last] < t.rest:
            continue
        there = placed[label]
        if t.pace > 0 and there >= 0:
            way = way_between(t, r, t.role[pair[there]])
            if start[k] - end[there] < t.buffer + way:
                continue
        on_day = length + (today[label] if same_day else 0)
        if used[label] + length > cap or (t.day_cap > 0 and on_day > t.day_cap):
            continue
        write = offset[k + 2]
        used[write], today[write] = used[label] + length, on_day if t.day_cap > 0 else 0
        value[write] = value[label] + worth
        item[write], before[write] = k, label
        placed[write] = there if t.anywhere[r] else k
        if not _is_beaten(kept, first, write):
            offset[k + 2] = write + 1


@njit(cache=True, inline="always")
def _is_beaten(kept, first, new):
    """Whether a label that ends with the same role uses no more and gains no less."""
    used, today, value, placed = kept[1], kept[2], kept[3], kept[6]
    for label in range(first, new):
        if (
            used[label] <= used[new]
            and today[label] <= today[new]
            and value[label] >= value[new]
            and (placed[label] == placed[new] or placed[label] < 0)
        ):
            return True
    return False
