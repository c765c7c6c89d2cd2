"""Public figures: each with what it counts, in words, and the query that counts it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure of the public pages.

    :param title: what the figure is called; lazy, in the reader's language.
    :param definition: one sentence: what is counted, over which period, what is left out.
    :param compute: ``compute(at) -> {scope: value}``; scope "" is the region, otherwise a
        governorate's code.
    """

    title: object
    definition: object
    compute: Callable[[datetime], dict[str, Decimal]]
