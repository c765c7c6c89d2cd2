"""Queries of the busiest pages, written by the ORM once and asked again with other values.

For a page of twenty rows Django spends longer on writing the SQL than the database on
answering it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = tuple[Any, ...]
Converters = list[tuple[int, tuple[list[Callable], Any]]]


class Prepared:
    """``ask = Prepared(lambda *codes: Thing.objects.filter(code__in=codes).values_list(…))``

    The values given must be the query's only parameters, in their order; other constants
    would be taken for them, so that is refused when the query is written.
    """

    def __init__(self, rows: Callable[..., QuerySet]):
        self._rows = rows
        self._written: dict[int, tuple[str, Converters]] = {}

    def __call__(self, *values: Any) -> list[Row]:
        """The rows as the driver gives them: enough to see whether something changed."""
        written = self._written.get(len(values)) or self._write(values)
        with connection.cursor() as cursor:
            cursor.execute(written[0], values)
            return cursor.fetchall()

    def read(self, rows: list[Row]) -> Iterator[Row]:
        """The same rows with values as Python knows them."""
        _sql, converters = next(iter(self._written.values()))
        for row in map(list, rows):
            for place, (functions, expression) in converters:
                for convert in functions:
                    row[place] = convert(row[place], expression, connection)
            yield tuple(row)

    def _write(self, values: Sequence[Any]) -> tuple[str, Converters]:
        compiler = self._rows(*values).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if tuple(parameters) != tuple(values):
            raise ValueError(f"Besides its values the query holds {parameters}.")
        chosen = [column[0] for column in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(chosen)
        written = self._written[len(values)] = sql, list(found.items())
        return written
