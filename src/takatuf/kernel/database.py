"""What the database itself refuses, on both engines."""

from django.db.migrations.operations.base import Operation

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_append_only_{verb_lower} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
POSTGRES_ROWS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_append_only_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


class AppendOnly(Operation):
    """Migration operation: from here on the table takes INSERT and nothing else."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str):
        self.table = table

    def state_forwards(self, app_label, state):
        """The models do not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for sql in create_statements(self.table, schema_editor.connection.vendor):
            schema_editor.execute(sql, params=None)  # a % in it is no placeholder

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for sql in drop_statements(self.table, schema_editor.connection.vendor):
            schema_editor.execute(sql, params=None)  # a % in it is no placeholder

    def describe(self):
        return f"Make {self.table} append-only"

    @property
    def migration_name_fragment(self):
        return f"{self.table}_append_only"


def create_statements(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            SQLITE.format(table=table, verb=verb, verb_lower=verb.lower())
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        POSTGRES_FUNCTION,
        POSTGRES_ROWS.format(table=table),
        POSTGRES_TRUNCATE.format(table=table),
    ]


def drop_statements(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_append_only_{v}" for v in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_append_only_truncate ON {table}",
    ]
