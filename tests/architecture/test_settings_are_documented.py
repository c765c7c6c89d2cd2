"""docs/operate/settings.md lists each variable the product reads, and no other."""

import ast
import re

from tests.architecture.source import ROOT, product_files

DOCUMENT = ROOT / "docs" / "operate" / "settings.md"
VARIABLE = re.compile(r"(?:TAKATUF_[A-Z_]+|DATABASE_URL)")
ROW = re.compile(rf"^\| `({VARIABLE.pattern})` \|", re.MULTILINE)


def variables_in(source: str) -> set[str]:
    """Names given to os.environ or to the readers of config/environment.py."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and VARIABLE.fullmatch(node.value)
    }


def test_every_variable_is_documented_and_every_documented_one_is_read():
    read = set().union(*(variables_in(path.read_text()) for path in product_files()))
    documented = set(ROW.findall(DOCUMENT.read_text()))
    assert read - documented == set(), "read, not in docs/operate/settings.md"
    assert documented - read == set(), "in docs/operate/settings.md, read nowhere"


def test_a_variable_is_seen():
    assert variables_in('text("TAKATUF_NEW", default="")') == {"TAKATUF_NEW"}
