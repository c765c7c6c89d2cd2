"""The charter: one version in force, accepted by each person themself, once."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse

from takatuf.accounts import commands, queries, texts
from takatuf.accounts.models import CharterAcceptance, VolunteerCharter
from takatuf.accounts.tests import factories
from takatuf.kernel.text import agreed

pytestmark = pytest.mark.django_db
NOW = factories.NOW
PUBLISHED = {
    "charter-1.ar.txt": "dd8bbc6613d14f92",
    "charter-1.en.txt": "b3aabad29544b085",
    "guardian-consent-1.ar.txt": "b23be00a5090818e",
    "guardian-consent-1.en.txt": "260058e693aaaf3d",
    "guardian-consent-2.ar.txt": "98f44b4e6acf0e6a",
    "guardian-consent-2.en.txt": "f7d86894dcca0414",
}


@pytest.fixture(autouse=True)
def no_charter():
    VolunteerCharter.objects.all().delete()


def test_loading_twice_changes_nothing():
    first = commands.load_charter(at=NOW)
    second = commands.load_charter(at=NOW + timedelta(days=1))

    assert first == second
    assert second.in_force_from == NOW
    assert VolunteerCharter.objects.count() == 1


def test_both_languages_have_the_same_lines():
    for name in (
        f"charter-{texts.CHARTER_VERSION}",
        f"guardian-consent-{texts.CONSENT_VERSION}",
    ):
        kinds = [
            [line.kind for line in agreed.lines(texts.read(f"{name}.{language}.txt"))]
            for language in ("ar", "en")
        ]
        assert kinds[0] == kinds[1]


@pytest.mark.parametrize(("name", "digest"), PUBLISHED.items())
def test_a_published_text_is_never_edited(name, digest):
    """Somebody agreed to these words: other words are a new version in a new file."""
    assert sha256(texts.read(name).encode()).hexdigest()[:16] == digest


def test_accepting_twice_is_one_acceptance():
    person, charter = factories.person(), commands.load_charter(at=NOW)
    assert not queries.has_accepted_current(person, NOW)

    for _ in range(2):
        commands.accept_charter(person=person, charter=charter, by=person, at=NOW)

    assert CharterAcceptance.objects.count() == 1
    assert queries.has_accepted_current(person, NOW)


def test_an_old_version_cannot_be_accepted_and_must_be_renewed():
    person, old = factories.person(), commands.load_charter(at=NOW)
    commands.accept_charter(person=person, charter=old, by=person, at=NOW)
    later = NOW + timedelta(days=10)
    VolunteerCharter.objects.create(version="2", text_ar="…", text_en="…", in_force_from=later)

    assert queries.has_accepted_current(person, NOW)
    assert not queries.has_accepted_current(person, later)
    with pytest.raises(commands.CharterChanged):
        commands.accept_charter(person=person, charter=old, by=person, at=later)
    assert CharterAcceptance.objects.count() == 1


def test_what_was_accepted_can_be_read_again_in_ones_own_account(client):
    person, charter = factories.person(), commands.load_charter(at=NOW)
    commands.accept_charter(person=person, charter=charter, by=person, at=NOW)
    factories.sign_in(client, person)

    page = client.get(reverse("my_account")).content.decode()

    assert agreed.lines(charter.text_ar)[2].words in page


def test_nobody_accepts_for_somebody_else():
    person, other = factories.person(), factories.person()
    charter = commands.load_charter(at=NOW)

    with pytest.raises(commands.CharterChanged):
        commands.accept_charter(person=person, charter=charter, by=other, at=NOW)

    assert not CharterAcceptance.objects.exists()


def test_while_there_is_no_charter_nothing_is_missing():
    person = factories.person()

    assert queries.has_accepted_current(person, NOW)
