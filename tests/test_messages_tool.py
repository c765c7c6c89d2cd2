"""The Arabic texts can be read, and those of different modules agree: Django shows one catalogue."""

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


def faults_of(monkeypatch, msgid, arabic) -> list[str]:
    wanted, known = Catalog(locale="ar"), Catalog(locale="ar")
    for made in (wanted, known):
        made._num_plurals = messages.FORMS
    wanted.add(msgid, locations=[("a.py", 0)])
    known.add(msgid, arabic)
    monkeypatch.setattr(messages, "extracted", lambda _module: wanted)
    monkeypatch.setattr(messages, "translated", lambda _module: known)
    return messages.faults("needs")


@pytest.mark.parametrize("glued", ["أُغلقت الحاجة.أُغلقت", "أُغلقت،ثم فُتحت", "أُغلقت,ثم فُتحت"])
def test_two_sentences_that_a_merge_has_glued_are_refused(monkeypatch, glued):
    [line] = faults_of(monkeypatch, "Closed.", glued)
    assert "no space after the mark" in line

    forms = ("لا حاجة", "حاجة", "حاجتان", "%(n)s حاجات", glued + " %(n)s", "%(n)s حاجة")
    [line] = faults_of(monkeypatch, ("%(n)s need", "%(n)s needs"), forms)
    assert "no space after the mark" in line


def test_a_mark_within_an_address_or_a_number_is_fine(monkeypatch):
    whole = "أُغلقت. الرقم 1,000.5، والبريد name@example.org."
    assert faults_of(monkeypatch, "Closed.", whole) == []


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
