"""What an agent in a role is worth: one whole number, by one function, used everywhere.

Points count in tenths, and each tenth in ``FINE`` steps that nothing but recent hours fill: of
two who are worth the same, the one with fewer recent hours comes first.
"""

import numpy as np

from takatuf.engine.matching.eligibility import apart2
from takatuf.engine.matching.kernels import njit
from takatuf.engine.matching.region import (
    APPLIED,
    FINE,
    INCUMBENT,
    MINUTES_AN_HOUR,
    NO_SKILL,
    RESTED_MINUTES,
)


@njit(cache=True)
def lasting(e, w):
    """The part that is the same for every role: rest, and the hours that decide a tie."""
    rested = max(0, RESTED_MINUTES - e.recent)
    hours = min(FINE - 1, e.recent // MINUTES_AN_HOUR)
    return FINE * (w.rest * rested // RESTED_MINUTES) + FINE - 1 - hours


@njit(cache=True)
def cause(e, r, w):
    return w.cause if e.causes & r.causes != 0 else 0


@njit(cache=True)
def fit(e, r, w):
    return w.fit - w.surplus * (e.level - r.level) if r.skill != NO_SKILL else 0


@njit(cache=True)
def away(e, r, w):
    """Lost by the way there and back: whole tenths, of the exact distance."""
    return 0 if r.anywhere == 1 else lost_by(apart2(e, r), w)


@njit(cache=True)
def lost_by(square, w):
    return np.int64(w.away * np.sqrt(np.float64(square)) / 10)


@njit(cache=True)
def applied(e, w):
    return w.applied if e.tie & APPLIED != 0 else 0


@njit(cache=True)
def stays(e, w):
    return w.stay if e.tie & INCUMBENT != 0 else 0


@njit(cache=True)
def score(e, r, w):
    """Points in steps of a hundredth of a tenth, 1 or more; a team's for all its heads.

    ``e.lasting`` must be filled.
    """
    tenths = np.int64(
        w.base + r.priority + cause(e, r, w) + fit(e, r, w) - away(e, r, w)
        + applied(e, w) + stays(e, w)
    )  # fmt: skip
    return max(np.int64(1), FINE * tenths + e.lasting) * e.size


@njit(cache=True)
def most(r, w, square):
    """No untied person's score so far from the role exceeds this and what is lasting of it."""
    nearest = 0 if r.anywhere == 1 else lost_by(square, w)
    fitting = w.fit if r.skill != NO_SKILL else 0
    return np.int64(FINE) * (w.base + r.priority + w.cause + fitting - nearest)
