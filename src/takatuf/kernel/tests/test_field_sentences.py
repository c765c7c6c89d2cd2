"""What Django says of a form field is ours in both languages, and says what to change."""

import pytest
from django import forms
from django.utils import translation

from takatuf.kernel.field_sentences import SENTENCES
from tools import messages


def said(field: forms.Field, value, language: str) -> str:
    with translation.override(language):
        with pytest.raises(forms.ValidationError) as refusal:
            field.clean(value)
        return str(refusal.value.messages[0])


def test_an_empty_field_is_told_in_our_words():
    assert said(forms.CharField(), "", "en") == "This is needed, and it is empty."
    assert said(forms.CharField(), "", "ar") == "هذه خانة لا بد منها، وهي فارغة."


def test_english_counts_one_and_many():
    assert "1 letter at most" in said(forms.CharField(max_length=1), "ab", "en")
    assert "2 letters at most" in said(forms.CharField(max_length=2), "abc", "en")


def test_every_sentence_has_its_own_english():
    """A sentence added for Arabic alone would come back as Django's in English."""
    with messages.po_path("kernel", "en").open("rb") as file:
        english = messages._texts(messages.read_po(file, locale="en"))
    wanted = [key for key, _context in messages._texts(messages.extracted("kernel"))]
    asked = {text for text in wanted if text in _sources()}

    assert len(asked) == len(SENTENCES)
    assert asked == {key for key, _context in english}


def _sources() -> set[str]:
    path = messages.PACKAGE / "kernel" / "field_sentences.py"
    return {messages._first(text) for text, _context, _said in messages.messages_in(path)}
