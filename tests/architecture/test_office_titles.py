"""Offices are called by one noun each, and no text guesses whether a man or a woman holds one."""

import re

from babel.messages.pofile import read_po
from django.utils import translation

from takatuf.registry.enums import BodyStatus, Role
from tests.architecture.source import ROOT

SOURCE = ROOT / "src" / "takatuf"
GUESSED = re.compile(
    r"مدير|رئيسها\b|رئيس (?:ال)?جهة|\b(?:ال|ل)?قائد|\b(?:ال|ل|لل)?مدقق|"
    r"\b(?:ال|ل|لل)?مراجع(?:ي|ين|و|ون)?\b"
)


def texts():
    """Where each Arabic text stands, and what it says."""
    for path in sorted(SOURCE.glob("*/locale/ar/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ar"):
                said = (
                    message.string if isinstance(message.string, tuple) else (message.string,)
                )
                yield from (
                    (f"{path.parts[-5]}: {message.id}", one) for one in said if message.id
                )
    for path in sorted(SOURCE.glob("*/templates/**/*.ar.txt")):
        yield path.name, path.read_text()


def test_no_text_guesses_who_holds_an_office():
    found = [(where, said) for where, said in texts() if GUESSED.search(said)]

    assert found == []


def test_offices_are_called_as_in_their_invitation():
    invitation = SOURCE / "registry/templates/registry/messages/invitation.ar.txt"
    with translation.override("ar"):
        named = {role: str(Role(role).label) for role in Role}

    said = invitation.read_text().replace("قيادة الفريق", "قيادة فريق")
    assert [label for label in named.values() if label not in said] == []


def test_a_verified_body_is_called_so_whether_or_not_its_head_is_in_office():
    for language in ("ar", "en"):
        with translation.override(language):
            assert BodyStatus.ACTIVE.label == BodyStatus.VERIFIED.label
