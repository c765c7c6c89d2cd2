"""Every migration of ours can be taken back, and its name says what it does."""

import re

from django.db import migrations
from django.db.migrations.loader import MigrationLoader

OURS = "takatuf."


def our_migrations() -> list[migrations.Migration]:
    loader = MigrationLoader(None)
    return [
        migration
        for migration in loader.disk_migrations.values()
        if type(migration).__module__.startswith(OURS)
    ]


def one_way(operations) -> list:
    return [operation for operation in operations if not operation.reversible]


def test_every_migration_has_a_way_back():
    found = [f"{each}: {one_way(each.operations)}" for each in our_migrations()]
    assert not [line for line in found if not line.endswith(": []")], "\n".join(found)


def test_names_say_what_a_migration_does():
    found = [str(each) for each in our_migrations() if re.search(r"_auto_\d|\d{8}", each.name)]
    assert not found


def test_a_migration_without_a_way_back_is_seen():
    there, back = migrations.RunPython.noop, migrations.RunPython.noop
    assert one_way([migrations.RunPython(there)])
    assert not one_way([migrations.RunPython(there, back)])
