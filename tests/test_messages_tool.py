"""The Arabic texts of different modules agree: Django shows one catalogue for all."""

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
