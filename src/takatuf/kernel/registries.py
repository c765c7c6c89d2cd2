"""What modules add to the pages and checks of floors below them.

Each module writes its own in ``contributions.py``; its AppConfig loads it at start.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things in the order they were added; a name is taken once."""

    def __init__(self, title: str):
        self.title = title
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        """:raises ValueError: if the name is taken by another item."""
        if self._items.setdefault(name, item) is not item:
            raise ValueError(f"{self.title}: {name!r} is already taken.")
        return item

    def register(self, name: str) -> Callable[[T], T]:
        """``@registry.register("name")`` above a function or class."""
        return lambda item: self.add(name, item)

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._items.items())

    def __len__(self) -> int:
        return len(self._items)


# name -> function() yielding one sentence per broken row; see manage.py check_invariants
invariants: Registry = Registry("invariants")
# "app.model.field" -> kernel.privacy.PersonalField (export, erase, who may see)
personal_fields: Registry = Registry("personal fields")
# name -> function(person, offices, at) -> list[kernel.desk.DeskItem]
desk_items: Registry = Registry("desk items")
# name -> function(at) -> int, run by the worker every few minutes: expiries, reminders
reminders: Registry = Registry("reminders")
# kind -> takatuf.imports.importers.Importer: how sheets of this kind are read and taken
importers: Registry = Registry("importers")
# template name -> kernel.outbox.Template
message_templates: Registry = Registry("message templates")
# key -> function(request) -> dict, for the page shell (menus, office switcher)
shell_parts: Registry = Registry("shell parts")
# name -> kernel.measures.Measure: a public figure with its definition and its query
measures: Registry = Registry("measures")
# name -> function() -> kernel.specimens.Part: what a module adds to the page of parts, `/ui/`
ui_parts: Registry = Registry("interface parts")
