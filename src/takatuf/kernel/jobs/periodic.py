"""Functions the worker calls every few minutes: expiries, reminders, cleaning."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

DEFAULT_INTERVAL = timedelta(minutes=3)
F = TypeVar("F", bound=Callable)


def every(**interval) -> Callable[[F], F]:
    """``@every(hours=6)`` below ``@reminders.register("…")``; without it, every 3 minutes."""

    def mark(function: F) -> F:
        function.interval = timedelta(**interval)  # type: ignore[attr-defined]
        return function

    return mark


def interval_of(function: Callable) -> timedelta:
    return getattr(function, "interval", DEFAULT_INTERVAL)
