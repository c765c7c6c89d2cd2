"""The full-text index under the search table, on either engine, and how it is asked.

SQLite: an FTS5 table over the two shadow columns, kept in step by triggers, so inside the
same transaction as the row. Its ``ascii`` tokenizer keeps every letter beyond ASCII, so a
term is always one token. PostgreSQL: two stored vectors of terms, each with a GIN index.
Neither engine folds or stems anything: that was done when the row was written.
"""

# ruff: noqa: S608, ARG002 - the SQL is put together from this file's own constants; Django's
# operations have Django's signatures.

from collections.abc import Sequence
from typing import Literal

from django.db.migrations.operations.base import Operation

from takatuf.kernel.search.terms import QueryWord

# Where the words must stand: all in the title; some only in the text; anywhere, with typos.
Scope = Literal["title", "text", "misspelt"]

TABLE = "kernel_searchdocument"
INDEX = "kernel_search_index"
COLUMNS = ("title_terms", "terms")

SQLITE_FORWARDS = (
    f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(title_terms, terms, content='{TABLE}',
        content_rowid='id', detail='column', columnsize=0, prefix='3 4',
        tokenize='ascii')""",
    f"""CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN
        INSERT INTO {INDEX}(rowid, title_terms, terms)
        VALUES (new.id, new.title_terms, new.terms); END""",
    f"""CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, title_terms, terms)
        VALUES ('delete', old.id, old.title_terms, old.terms); END""",
    f"""CREATE TRIGGER {INDEX}_update AFTER UPDATE OF id, title_terms, terms ON {TABLE}
        WHEN old.terms IS NOT new.terms OR old.title_terms IS NOT new.title_terms
        OR old.id IS NOT new.id BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, title_terms, terms)
        VALUES ('delete', old.id, old.title_terms, old.terms);
        INSERT INTO {INDEX}(rowid, title_terms, terms)
        VALUES (new.id, new.title_terms, new.terms); END""",
    f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",
)
SQLITE_BACKWARDS = (
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE IF EXISTS {INDEX}",
)


# Columns Django does not know: our terms as they are, past PostgreSQL's parser and
# dictionaries. Stored, because a common word rechecks thousands of rows.
VECTORS = {column: f"{column}_vector" for column in COLUMNS}
POSTGRES_FORWARDS = tuple(
    sql
    for column, vector in VECTORS.items()
    for sql in (
        f"""ALTER TABLE {TABLE} ADD COLUMN {vector} tsvector GENERATED ALWAYS AS
        (array_to_tsvector(array_remove(string_to_array({column}, ' '), ''))) STORED""",
        f"CREATE INDEX {INDEX}_{column} ON {TABLE} USING gin ({vector})",
    )
)
POSTGRES_BACKWARDS = tuple(
    f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {vector}" for vector in VECTORS.values()
)


class SearchIndex(Operation):
    """Migration operation: make the index over ``SearchDocument`` and fill it.

    On SQLite altering the table makes Django copy it, which drops its triggers: a later
    migration that does so ends with ``SearchIndex()`` again, preceded by its reverse.
    """

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label, state):
        """The models do not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        sqlite = schema_editor.connection.vendor == "sqlite"
        for sql in SQLITE_FORWARDS if sqlite else POSTGRES_FORWARDS:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        sqlite = schema_editor.connection.vendor == "sqlite"
        for sql in SQLITE_BACKWARDS if sqlite else POSTGRES_BACKWARDS:
            schema_editor.execute(sql, params=None)

    def describe(self):
        return "Make the full-text index of the search table"

    @property
    def migration_name_fragment(self):
        return "search_index"


# ---------------------------------------------------------------- asking
def match_any(word: QueryWord, vendor: str, *, typos: bool) -> str:
    """``("w"* OR "stem")`` in the engine's own query language.

    Terms hold nothing but letters and digits (``arabic.tokens``), so quoting is all they need.
    """
    whole = dict.fromkeys((*word.exact, *word.stems, *(word.typos if typos else ())))
    if vendor == "sqlite":
        parts = [f'"{p}"*' for p in word.prefixes] + [f'"{t}"' for t in whole]
        return f"({' OR '.join(parts)})"
    parts = [f"'{p}':*" for p in word.prefixes] + [f"'{t}'" for t in whole]
    return f"({' | '.join(parts)})"


def match_all(words: Sequence[QueryWord], vendor: str, *, typos: bool = False) -> str:
    parts = [match_any(word, vendor, typos=typos) for word in words]
    return (" AND " if vendor == "sqlite" else " & ").join(parts)


def candidates_sql(
    vendor: str, words: Sequence[QueryWord], scope: Scope, where: str, limit: int
) -> tuple[str, list[str]]:
    """SQL for up to ``limit`` rows (id, title_terms, weight), and its first parameters."""
    match = match_all(words, vendor, typos=scope == "misspelt")
    select = f"SELECT d.id, d.title_terms, d.weight FROM {TABLE} d"
    if vendor == "sqlite":
        asked = f"JOIN {INDEX} i ON i.rowid = d.id WHERE {INDEX} MATCH %s AND {where}"
        # The newest candidates: FTS5 walks its rows backwards as cheaply as forwards.
        sql = f"{select} {asked} ORDER BY i.rowid DESC LIMIT {limit}"
        return sql, [_sqlite_scope(match, scope)]
    # In a query of its own the words are unknown to the planner: shown to it, their prefixes
    # make it expect so many rows that it reads the whole table for the first 2,000 of them.
    in_title, anywhere = (f"d.{vector} @@ (SELECT %s::tsquery)" for vector in VECTORS.values())
    found = {
        "title": in_title,
        "text": f"{anywhere} AND NOT {in_title}",
        "misspelt": anywhere,
    }[scope]
    sql = f"{select} WHERE {found} AND {where} LIMIT {limit}"
    return sql, [match] * found.count("%s")


def _sqlite_scope(match: str, scope: Scope) -> str:
    if scope == "title":
        return f"title_terms : ({match})"
    if scope == "text":
        return f"(terms : ({match})) NOT (title_terms : ({match}))"
    return f"terms : ({match})"
