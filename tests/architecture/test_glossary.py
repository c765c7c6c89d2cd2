"""The glossary names identifiers as the code has them."""

import re

import pytest

from tests.architecture.source import ROOT

SOURCE = ROOT / "src" / "takatuf"
ROW = re.compile(r"^\| (.+?) \| `(.+?)` \| (\w+)(.*?) \|$", re.MULTILINE)


def built():
    """Every identifier whose floor is built, with its floor."""
    for _term, names, floor, note in ROW.findall((ROOT / "docs/glossary.md").read_text()):
        if note != " (to come)":
            yield from ((floor, name) for name in re.findall(r"\w+", names))


def is_defined(floor: str, name: str) -> bool:
    """As a class, function, field or module, outside tests and migrations."""
    defined = re.compile(
        rf"^\s*(?:(?:class|def) {name}\b|{name}(?:: [^=\n]+)? = )", re.MULTILINE
    )
    for path in (SOURCE / floor).rglob("*.py"):
        inside = path.relative_to(SOURCE).parts
        if {"tests", "migrations"} & set(inside):
            continue
        if name in (*inside[:-1], path.stem) or defined.search(path.read_text()):
            return True
    return False


@pytest.mark.parametrize(("floor", "name"), sorted(set(built())))
def test_an_identifier_of_the_glossary_is_in_its_floor(floor, name):
    assert is_defined(floor, name)


def test_a_name_nobody_defined_is_not_found():
    assert not is_defined("credentials", "membership_card")
    assert len(list(built())) > 30  # the table is read
