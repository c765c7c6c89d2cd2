"""What is longer than the house likes: `tools/budgets.py`. It tells; only the hard limit fails.

A file has at most 400 lines (500 is the hard limit), a function's body 30, a template 120. The
body is what a reader must hold in mind; signature and docstring are not counted, for they spare
him the body and nobody should save on them. A budget that would make the code worse is broken
with a comment that says why.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FILE_LIMIT, FUNCTION_LINES, TEMPLATE_LINES = 400, 500, 30, 120
FOLDERS = ("src", "tests", "tools", "bench", "bin")


def python_files() -> Iterator[Path]:
    """Every program and module of the house; what migrations hold is Django's to write."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    yield from (ROOT / "bin" / name for name in ("demo", "lock", "test"))


def long_files(limit: int) -> list[str]:
    counted = ((path, _lines(path)) for path in python_files())
    return [f"{_name(path)}: {lines} lines" for path, lines in counted if lines > limit]


def long_functions(source: str, name: str) -> list[str]:
    """The functions of this source whose body passes the budget."""
    functions = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [
        f"{name}:{node.lineno} {node.name}(): {length} lines"
        for node in functions
        if (length := _body_lines(node)) > FUNCTION_LINES
    ]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the end."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def over() -> list[str]:
    """One line for everything over its soft budget."""
    lines = long_files(FILE_LINES)
    for path in python_files():
        lines += long_functions(path.read_text(encoding="utf-8"), _name(path))
    for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
        if (length := _lines(path)) > TEMPLATE_LINES:
            lines.append(f"{_name(path)}: {length} lines")
    return lines


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    print("\n".join(over()) or "everything is within its budget")
