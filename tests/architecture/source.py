"""The files of the house, as the architecture tests read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "takatuf"
NOT_PRODUCT = {"tests", "migrations"}


def product_files(pattern: str = "*.py") -> Iterator[Path]:
    """The product's own files: no tests, no migrations."""
    for path in sorted(PACKAGE.rglob(pattern)):
        if not NOT_PRODUCT & set(path.relative_to(PACKAGE).parts):
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
