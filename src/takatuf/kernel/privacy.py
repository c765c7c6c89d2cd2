"""What is known about a personal field: why it is kept, who sees it, how it leaves.

Modules classify their fields in ``contributions.py`` through
``kernel.registries.personal_fields``; the register of processing, the export of a person's
own data and erasure read the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from takatuf.kernel.registries import personal_fields


class Erase(StrEnum):
    """What erasure does with the value."""

    CLEAR = "clear"  # emptied in its row
    DELETE_ROW = "delete_row"  # the row goes with it
    KEEP = "keep"  # kept for the legal term, and said so


@dataclass(frozen=True, kw_only=True)
class PersonalField:
    """One field that says something about somebody.

    :param model: ``accounts.Person``.
    :param field: the field's name.
    :param purpose: why it is kept; a lazy sentence people read.
    :param who_may_see: in words, who sees it besides the person.
    :param export: ``export(person)`` gives what the person's own copy contains: a plain
        value, or a list of them where there are several rows.
    :param erase: what erasure does with it.
    """

    model: str
    field: str
    purpose: Any
    who_may_see: Any
    export: Callable[[Any], Any]
    erase: Erase


def classify(*fields: PersonalField) -> None:
    """Add fields to the registry under ``app.Model.field``."""
    for field in fields:
        personal_fields.add(f"{field.model}.{field.field}", field)


def own_data(person) -> dict[str, Any]:
    """Everything the registry knows about a person, for their own copy."""
    return {name: field.export(person) for name, field in personal_fields}
