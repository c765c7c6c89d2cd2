"""The damage that each invariant must find, module by module.

A case makes rows as the product does and then spoils something behind the product's back, past
triggers and constraints where they stand in the way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

Case = Callable[[], Iterator[None]]
CASES: list[tuple[str, Case]] = []


def case(name: str) -> Callable[[Case], None]:
    """Above a generator: sound rows before its ``yield``, the damage after. An invariant that
    forbids several things has a case for each.
    """
    return lambda function: CASES.append((name, function))


def spoil(sql: str, *, table: str, check: str = "", unique: str = "") -> None:
    """Run ``sql`` without the table's triggers and the constraint that would refuse it."""
    with connection.cursor() as cursor, _without(cursor, table, check, unique):
        cursor.execute(sql)
        assert cursor.rowcount > 0, "the damage touched nothing"


@contextmanager
def _without(cursor, table: str, check: str, unique: str):
    if unique:
        cursor.execute(f"DROP INDEX {unique}")
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"PRAGMA ignore_check_constraints = {'ON' if check else 'OFF'}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    if check:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")
