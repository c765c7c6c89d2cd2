"""Every message any module can write, in both languages."""

import pytest

from takatuf.kernel import outbox
from takatuf.kernel.registries import message_templates

ARABIC = range(0x0600, 0x0700)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", [name for name, _ in message_templates])
def test_its_words_are_complete(name, language):
    template = message_templates[name]

    words = outbox.rendered(name, language=language, context=template.sample)

    assert words.subject
    assert words.body
    assert str(template.purpose)
    if language == "ar":
        assert any(ord(letter) in ARABIC for letter in words.subject)
