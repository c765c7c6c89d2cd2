"""Public figures: each with what it counts, in words, and the query that counts it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

MANY = 11


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure of the public pages.

    :param title: what the figure is called; lazy, in the reader's language.
    :param definition: one sentence: what is counted, over which period, what is left out.
    :param counted: the same after a number, in the form the number asks for; None where one
        form does for all.
    :param compute: ``compute(at) -> {scope: value}``; scope "" is the region, otherwise a
        governorate's code.
    """

    title: object
    definition: object
    compute: Callable[[datetime], dict[str, Decimal]]
    counted: Callable[[int], str] | None = None

    def after(self, value: Decimal | None) -> object:
        """What stands after the number: its noun, or the title where nothing was counted."""
        if self.counted is None or value is None:
            return self.title
        # A fraction keeps its figure: 2.5 takes the form of many, never the dual.
        return self.counted(int(value) if value == int(value) else MANY)
