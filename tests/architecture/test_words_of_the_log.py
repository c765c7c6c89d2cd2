"""Whatever the log of changes keeps of a change, it has words for in both languages."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps
from django.utils import translation

from takatuf.attendance.enums import HourState
from takatuf.kernel.models import Transition
from takatuf.needs.enums import ACTION_WORDS as OF_A_NEED
from takatuf.opportunities.enums import ShiftStatus
from takatuf.opportunities.showing import ACTIONS as OF_AN_OPPORTUNITY
from takatuf.placement.enums import LET_LAPSE, WITHDREW, ProposalStatus
from takatuf.registry.enums import SkillRequestStatus
from takatuf.registry.queries.pages import HAPPENED as OF_A_BODY_OR_TEAM
from takatuf.site.audit_words import ACTIONS, FIELDS, KINDS, RELATIONS
from takatuf.site.queries import audit
from tests.architecture.source import PACKAGE, name_of, product_files

TRANSLATED = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
# What an action is worked out from, and every word that can come of it.
WORKED_OUT = {
    "opportunities/commands/moving.py": {ShiftStatus.CANCELLED, ShiftStatus.MOVED},
    "placement/commands/answering.py": {WITHDREW, LET_LAPSE},
    "placement/commands/following.py": {"attended", "no show", "excused"},
    "placement/commands/proposals.py": {
        ProposalStatus.APPROVED, ProposalStatus.REJECTED, "partly_approved", "approved",
    },
    "registry/commands/confirming.py": {
        SkillRequestStatus.CONFIRMED, SkillRequestStatus.REFUSED,
    },
}  # fmt: skip
# A life nobody writes into the log, and where its changes are read instead.
NOT_LOGGED = {
    "attendance.hourentry": "the ledger itself, read as the claim's",
    "placement.roundtrial": "its round's log says that it was tried",
}


@cache
def said() -> dict[str, set[str]]:
    """Word of an action → the files that say it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in product_files():
        inside = path.relative_to(PACKAGE).as_posix()
        for words in _actions(ast.parse(path.read_text("utf-8"))):
            if isinstance(words, str):
                found[words].add(inside)
            else:
                assert inside in WORKED_OUT, (
                    f"{name_of(path)}:{words}: say here which actions can come of this"
                )
    for inside, words in WORKED_OUT.items():
        for word in words:
            found[str(word)].add(inside)
    return found


def _actions(tree: ast.AST) -> Iterator[str | int]:
    """Each action that is written down, or the line where it is worked out from something."""
    for node in ast.walk(tree):
        for value in _given(node):
            yield from _words(value)


def _given(node: ast.AST) -> list[ast.expr]:
    """Where an action is given: to a call, as a default, chosen between two beforehand."""
    if isinstance(node, ast.Call) and _name(node.func) == "note_change":
        return [node.args[1]]
    if isinstance(node, ast.Call) and _name(node.func) not in {"add_argument", "DeskItem"}:
        return [each.value for each in node.keywords if each.arg == "action"]
    if isinstance(node, ast.Assign) and _name(node.targets[0]) == "action":
        return [node.value] if isinstance(node.value, ast.IfExp) else []
    if isinstance(node, ast.FunctionDef):
        defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        return [value for each, value in defaults if each.arg == "action" and value]
    return []


def _words(value: ast.AST) -> Iterator[str | int]:
    if isinstance(value, ast.Constant):
        if value.value:
            yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from _words(value.body)
        yield from _words(value.orelse)
    elif _name(value) in {"action", "value"}:
        return  # handed on by who was given it
    elif not (isinstance(value, ast.Call) and _name(value.func) in TRANSLATED):
        yield value.lineno  # type: ignore[attr-defined]


def _name(node: ast.AST) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def test_every_action_has_words_and_no_words_are_left_over():
    said_or_ledger = {*said(), *HourState.values, "factor_removed"}
    assert said_or_ledger - ACTIONS.keys() == set()
    assert ACTIONS.keys() - said_or_ledger == set()


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (OF_A_NEED, ["needs/commands.py"]),
        (OF_AN_OPPORTUNITY, ["opportunities/commands/drafting.py", "opportunities/commands/gate.py",
                             "opportunities/commands/importing.py", "opportunities/commands/life.py"]),
        (OF_A_BODY_OR_TEAM, ["registry/commands/bodies.py", "registry/commands/closing.py",
                             "registry/commands/region.py"]),
    ],
    ids=["need", "opportunity", "body"],
)  # fmt: skip
def test_a_thing_that_tells_its_own_story_has_words_for_each_action(words, files):
    told = {word for word, where in said().items() if where & set(files)}
    assert told
    assert told - words.keys() == set()


@pytest.mark.parametrize(
    "words", [ACTIONS, KINDS, FIELDS, OF_A_NEED, OF_AN_OPPORTUNITY, OF_A_BODY_OR_TEAM],
    ids=["actions", "kinds", "fields", "need", "opportunity", "body"],
)  # fmt: skip
def test_the_words_are_of_the_readers_language(words):
    with translation.override("ar"):
        assert [key for key, text in words.items() if re.search("[A-Za-z]", str(text))] == []
    with translation.override("en"):
        assert [key for key, text in words.items() if not str(text).isascii()] == []


def test_every_life_is_a_kind_of_the_log():
    lives = {
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("takatuf.")
        and any(f.name in ("status", "state") for f in model._meta.concrete_fields)
    }
    assert lives - KINDS.keys() == NOT_LOGGED.keys()


def test_an_auditor_reads_a_whole_region_without_a_foreign_word(demo_region):
    """Every line of the log of the demo, as an Arabic reader has it."""
    with translation.override("ar"):
        foreign, before, pages = set(), 0, 0
        while pages == 0 or before:
            lines, before = audit.latest(before=before)
            pages += 1
            for line in lines:
                words = {line.words, line.kind, line.before, line.after, line.who}
                foreign |= {text for text in words if re.search("[A-Za-z]", text)}
        changed = Transition.objects.exclude(note=None).values_list("subject", flat=True)
        for subject in changed.distinct():
            for line in audit.story_of(subject).lines:
                foreign |= {name for name, _old, _new in line.changes if name.isascii()}
    assert pages > 1
    assert foreign == set()


def test_every_relation_reads_both_ways():
    with translation.override("ar"):
        assert not [
            pair
            for pair in RELATIONS.values()
            if re.search("[A-Za-z]", "".join(map(str, pair)))
        ]
