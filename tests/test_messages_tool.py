"""The Arabic texts of different modules agree: Django shows one catalogue for all."""

import pytest
from babel.messages.catalog import Catalog

from tools import messages


def catalogue(arabic: str, *, context: str | None = None) -> Catalog:
    made = Catalog(locale="ar")
    made.add("Closed", arabic, context=context)
    return made


def clashes_of(monkeypatch, **modules: Catalog) -> list[str]:
    monkeypatch.setattr(messages, "modules", lambda: sorted(modules))
    monkeypatch.setattr(messages, "translated", modules.__getitem__)
    return messages.clashes()


def test_two_modules_that_say_one_text_differently_are_named(monkeypatch):
    [line] = clashes_of(monkeypatch, needs=catalogue("مغلق"), registry=catalogue("مغلقة"))

    assert "'Closed'" in line
    assert "needs 'مغلق'" in line
    assert "registry 'مغلقة'" in line


def test_the_same_words_or_a_context_of_its_own_are_fine(monkeypatch):
    same = {"needs": catalogue("مغلق"), "registry": catalogue("مغلق")}
    apart = {"needs": catalogue("مغلق"), "registry": catalogue("مغلقة", context="body")}

    assert clashes_of(monkeypatch, **same) == []
    assert clashes_of(monkeypatch, **apart) == []


def test_our_own_modules_agree():
    assert messages.clashes() == []


GOOD = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "a"\nmsgstr "أ"\n'
)


def test_compiling_leaves_the_compiled_text_and_nothing_else(tmp_path):
    source = tmp_path / "django.po"
    source.write_text(GOOD, encoding="utf-8")

    assert messages._compile_one(source)
    assert not messages._compile_one(source)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["django.mo", "django.po"]


def test_compiling_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    source = tmp_path / "django.po"
    source.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(messages, "write_mo", _no_room)

    with pytest.raises(OSError, match="No space left"):
        messages._compile_one(source)

    assert [path.name for path in tmp_path.iterdir()] == ["django.po"]


def _no_room(*_args):
    raise OSError("No space left on device")
