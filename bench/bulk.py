"""Writing tens of millions of rows: tables without their indexes meanwhile, then with them.

A row is a tuple of plain texts, whole numbers and None in the form both engines read: a UUID
as 32 hex digits, a moment as ``2026-01-31 09:00:00`` in UTC, a yes as 1.
"""

# ruff: noqa: S608 - table and column names are Django's own

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

CHUNK = 20_000
SQLITE_CACHE_KB = 1_000_000
Row = tuple[Any, ...]


class Table:
    """Gathers rows of one model and hands them to the database in chunks.

    :param named: the columns a row gives, in order, by the fields' names. Every other column
        of the model gets its default, so that a new one with a default changes nothing here.
    """

    def __init__(self, writer: "Writer", model: type[models.Model], named: str):
        names = named.split()
        fields = {field.name: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in names]
        self._rest = tuple(_default(field) for field in rest if not field.primary_key)
        given = [fields[name] for name in names]
        self.columns = [f.column for f in (*given, *rest) if f in given or not f.primary_key]
        self.name = model._meta.db_table
        self._writer, self._rows = writer, []  # type: ignore[var-annotated]
        self.count = 0

    def add(self, row: Row) -> None:
        self._rows.append(row + self._rest)
        if len(self._rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        self.count += len(self._rows)
        self._writer.write(self, self._rows)
        self._rows = []


def _default(field: models.Field) -> Any:
    if not field.has_default():
        return None if field.null else ""
    value = field.get_default()
    if isinstance(value, bool):
        return int(value)
    return DjangoJSONEncoder().encode(value) if isinstance(value, list | dict) else value


class Writer:
    """An open bulk load: its tables take rows and nothing is checked before the end."""

    def __init__(self) -> None:
        self._tables: list[Table] = []

    def table(self, model: type[models.Model], named: str) -> Table:
        table = Table(self, model, named)
        self._tables.append(table)
        return table

    def write(self, table: Table, rows: list[Row]) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        for table in self._tables:
            table.flush()


@contextmanager
def bulk_load(*loaded: type[models.Model]) -> Iterator[Writer]:
    """Take rows for these models; afterwards every index and constraint is back and holds."""
    connection.close()
    load = _sqlite_load if connection.vendor == "sqlite" else _postgres_load
    with load([model._meta.db_table for model in loaded]) as writer:
        yield writer
        writer.finish()


# ---------------------------------------------------------------- SQLite
class _SqliteWriter(Writer):
    def __init__(self, cursor: Any):
        super().__init__()
        self._cursor = cursor

    def write(self, table: Table, rows: list[Row]) -> None:
        marks = ", ".join("?" * len(table.columns))
        self._cursor.executemany(
            f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})", rows
        )


@contextmanager
def _sqlite_load(tables: list[str]) -> Iterator[Writer]:
    connection.ensure_connection()
    raw = connection.connection
    for pragma in (
        "journal_mode=DELETE", "journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF",
        f"cache_size=-{SQLITE_CACHE_KB}", "locking_mode=EXCLUSIVE",
    ):  # fmt: skip
        raw.execute(f"PRAGMA {pragma}").fetchall()
    marks = ", ".join("?" * len(tables))
    indexes = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        f"AND tbl_name IN ({marks})",
        tables,
    ).fetchall()
    for name, _sql in indexes:
        raw.execute(f"DROP INDEX {name}")
    cursor = raw.cursor()
    cursor.execute("BEGIN")
    yield _SqliteWriter(cursor)
    cursor.execute("COMMIT")
    for _name, sql in indexes:
        raw.execute(sql)
    for table in tables:
        wrong = raw.execute(f"PRAGMA foreign_key_check({table})").fetchone()
        if wrong:
            raise ValueError(f"a row of {table} points nowhere: {tuple(wrong)}")
    raw.execute("PRAGMA locking_mode=NORMAL").fetchall()
    raw.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.close()  # the next one opens with the product's own settings


# ---------------------------------------------------------------- PostgreSQL
class _PostgresWriter(Writer):
    def write(self, table: Table, rows: list[Row]) -> None:
        with connection.cursor() as cursor:
            copy = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN"
            with cursor.copy(copy) as stream:
                for row in rows:
                    stream.write_row(row)


@contextmanager
def _postgres_load(tables: list[str]) -> Iterator[Writer]:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'; SET maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s) "
            "AND contype IN ('f', 'u') ORDER BY contype DESC",
            [tables],
        )
        constraints = cursor.fetchall()
        for table, name, _sql in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield _PostgresWriter()
        for _name, sql in indexes:
            cursor.execute(sql)
        for table, name, sql in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {sql}')
        for table in tables:
            _count_on(cursor, table)
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()


def _count_on(cursor: Any, table: str) -> None:
    """The next row of the table is numbered after the last one written here."""
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, 'id') WHERE EXISTS (SELECT 1 FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attname = 'id')",
        [table, table],
    )
    found = cursor.fetchone()
    if found and found[0]:
        cursor.execute(
            f"SELECT setval('{found[0]}', (SELECT COALESCE(MAX(id), 1) FROM {table}))"
        )
