"""What a room may hold: imports at the top, no reading or writing of rows in views."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import PACKAGE, name_of, product_files
from tools import budgets

ROWS = {
    "objects", "filter", "exclude", "annotate", "aggregate", "save", "delete", "create",
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_related",
    "prefetch_related", "raw",
}  # fmt: skip


def hidden_imports(source: str) -> Iterator[int]:
    """Lines of imports inside a function."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno


def row_calls(source: str) -> Iterator[tuple[int, str]]:
    """Lines that read or write rows through the ORM, with what they call."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ROWS
            and not _is_session(node.value)
        ):
            yield node.lineno, node.attr


def _is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session"


def plain_rows(source: str) -> list[int]:
    """Lines that name Django's own field for several rows."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if getattr(node, "attr", getattr(node, "id", "")) == "ModelMultipleChoiceField"
        or (
            isinstance(node, ast.ImportFrom)
            and "ModelMultipleChoiceField" in {each.name for each in node.names}
        )
    ]


def is_view(path) -> bool:
    rooms = path.relative_to(PACKAGE).parts[1:]
    return bool(rooms) and rooms[0].removesuffix(".py").startswith("views")


def test_imports_stand_at_the_top():
    hidden = [
        f"{name_of(path)}:{line}"
        for path in product_files()
        # Django forbids models until the apps are ready, and calls ready() then.
        if path.name != "apps.py"
        for line in hidden_imports(path.read_text())
    ]
    assert not hidden, "\n".join(hidden)


def test_views_touch_no_rows():
    found = [
        f"{name_of(path)}:{line} .{call}"
        for path in product_files()
        if is_view(path)
        for line, call in row_calls(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_several_rows_are_asked_for_by_the_field_that_knows_what_a_key_is():
    """Django's own gives the database keys it cannot hold."""
    found = [
        f"{name_of(path)}:{line}"
        for path in product_files()
        if path != PACKAGE / "kernel" / "fields.py"
        for line in plain_rows(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_no_file_passes_the_hard_limit():
    """Of the product; a file of tests may tell its whole story."""
    found = [f for f in budgets.long_files(budgets.FILE_LIMIT) if "/tests/" not in f]
    assert not found, "\n".join(found)


def test_a_hidden_import_is_seen():
    assert list(hidden_imports("def f():\n    import os\n")) == [2]


@pytest.mark.parametrize("line", ["Need.objects.all()", "need.save()", "needs.filter(a=1)"])
def test_a_row_call_is_seen(line):
    assert list(row_calls(line))


def test_the_session_of_a_request_is_no_row():
    assert not list(row_calls("request.session.save()"))


@pytest.mark.parametrize(
    "line",
    [
        "bodies = forms.ModelMultipleChoiceField()",
        "from django.forms import ModelMultipleChoiceField as Rows",
    ],
)
def test_a_plain_field_of_several_rows_is_seen(line):
    assert plain_rows(line)


def test_a_long_function_is_seen():
    body = "    pass\n" * (budgets.FUNCTION_LINES + 1)
    assert budgets.long_functions(f"def f():\n{body}", "x.py")


def test_a_signature_and_a_docstring_cost_nothing():
    body = "    pass\n" * budgets.FUNCTION_LINES
    assert not budgets.long_functions(f'def f(\n    a,\n):\n    """Say why."""\n{body}', "x.py")
