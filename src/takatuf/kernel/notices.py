"""News that travels up the floors, as jobs written in the transaction of what happened.

A lower module declares what it announces, in its ``notices.py``::

    @dataclass(frozen=True, kw_only=True)
    class ConsentWithdrawn(Notice):  # known as "accounts.consent_withdrawn"
        person_id: int

and its command says ``announce(ConsentWithdrawn(person_id=…))``. A higher module listens, in
its ``receivers.py``::

    @receives(ConsentWithdrawn)
    def free_places(notice: ConsentWithdrawn) -> None: …

Each receiver gets a job of its own: it is called at least once, its effect and the job's end
are one transaction, and one that fails is tried again without holding up the others.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, get_type_hints
from uuid import UUID

from django.core.checks import Error, register
from django.db import transaction

from takatuf.kernel.jobs import task

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
PLAIN = (str, int, float, bool, type(None))
WRITTEN: dict[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
}
READ: dict[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}

known: dict[str, type["Notice"]] = {}
receivers: dict[str, dict[str, Callable[[Any], None]]] = {}


class Notice:
    """Something that happened, in fields that fit into JSON (also dates and UUIDs)."""

    notice_name: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str = "", **kwargs):
        super().__init_subclass__(**kwargs)
        name = name or _name_of(cls)
        cls.notice_name = name
        # dataclass(slots=True) makes the class a second time; another class may not.
        taken = known.setdefault(name, cls)
        if (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"The notice name {name!r} is already taken.")
        known[name] = cls


def _name_of(cls: type) -> str:
    """``placement.place_freed`` for ``takatuf.placement.notices.PlaceFreed``."""
    module = cls.__module__.removeprefix("takatuf.").removesuffix(".notices")
    return f"{module}.{CAPITAL.sub('_', cls.__name__).lower()}"


N = TypeVar("N", bound=Notice)
Receiver = TypeVar("Receiver", bound=Callable[[Any], None])


def receives(notice: type[Notice]) -> Callable[[Receiver], Receiver]:
    """Call the function below, at least once, for every such notice."""

    def subscribe(function: Receiver) -> Receiver:
        name = f"{function.__module__}.{function.__qualname__}"
        receivers.setdefault(getattr(notice, "notice_name", str(notice)), {})[name] = function
        return function

    return subscribe


@transaction.atomic(savepoint=False)
def announce(notice: Notice) -> None:
    """Tell every receiver. Call inside the command's transaction: both stay or neither."""
    written = _write(notice)
    for receiver in receivers.get(notice.notice_name, {}):
        deliver_notice.enqueue(notice.notice_name, receiver, written)


@task()
def deliver_notice(notice: str, receiver: str, written: dict) -> None:
    """:raises LookupError: if the code no longer has the notice or the receiver."""
    function = receivers.get(notice, {}).get(receiver)
    if function is None or notice not in known:
        raise LookupError(f"{receiver} no longer receives {notice}")
    function(_read(known[notice], written))


def _write(notice: Notice) -> dict[str, Any]:
    return {name: _plain(name, value) for name, value in asdict(notice).items()}  # type: ignore[call-overload]


def _plain(name: str, value: Any) -> Any:
    if type(value) in WRITTEN:
        return WRITTEN[type(value)](value)
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, PLAIN):
        return value
    raise TypeError(f"{name}: {type(value).__name__} does not fit into a notice")


def _read(notice: type[N], written: dict) -> N:
    hints = get_type_hints(notice)
    values = {}
    for field in fields(notice):  # type: ignore[arg-type]
        if field.name in written:  # a field added since then takes its default
            values[field.name] = _typed(hints[field.name], written[field.name])
    return notice(**values)


def _typed(hint: Any, value: Any) -> Any:
    """Dates and UUIDs from their words; also behind ``| None`` and in ``list[…]``."""
    if value is None:
        return None
    if isinstance(value, list):
        inner = getattr(hint, "__args__", (None,))[0]
        return [_typed(inner, item) for item in value]
    for kind in (hint, *getattr(hint, "__args__", ())):
        if kind in READ:
            return READ[kind](value)
    return value


@register()
def receivers_listen_to_known_notices(app_configs, **kwargs):  # noqa: ARG001 - Django's signature
    """A notice nobody receives is fine; a receiver that will never be called is not."""
    return [
        Error(
            f"{receiver} receives {name!r}, which no module announces.",
            hint="Name a Notice subclass from the lower module's notices.py.",
            id="takatuf.E010",
        )
        for name, functions in receivers.items()
        if name not in known
        for receiver in functions
    ]
